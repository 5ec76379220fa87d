package org.strait.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.strait.bench.run.BenchCase;
import org.strait.launcher.config.UserMistake;

/// Which cases a user wants: {@code A,B}, each a part of the name or, with {@code *}, a pattern for
/// all of it; letters of any case.
public final class CasePattern {
  private CasePattern() {}

  /// The cases that match.
  ///
  /// @throws UserMistake if a part of the pattern matches none
  static List<BenchCase> choose(List<BenchCase> cases, Optional<String> pattern) {
    return choose(cases, BenchCase::name, pattern);
  }

  /// Those of anything whose names match.
  ///
  /// @throws UserMistake if a part of the pattern matches none
  public static <T> List<T> choose(
      List<T> cases, Function<? super T, String> name, Optional<String> pattern) {
    if (pattern.isEmpty()) {
      return cases;
    }
    List<String> words = Arrays.asList(pattern.get().split(",", -1));
    for (String word : words) {
      if (word.isBlank() || cases.stream().noneMatch(c -> matches(word, name.apply(c)))) {
        throw new UserMistake(
            "--only: no case matches \"" + word + "\"",
            "there are: " + names(cases.stream().map(name).toList()));
      }
    }
    return cases.stream()
        .filter(c -> words.stream().anyMatch(word -> matches(word, name.apply(c))))
        .toList();
  }

  private static boolean matches(String word, String name) {
    String wanted = word.strip().toLowerCase(Locale.ROOT);
    String given = name.toLowerCase(Locale.ROOT);
    return wanted.contains("*")
        ? Arrays.stream(wanted.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.collectingAndThen(Collectors.joining(".*"), Pattern::compile))
            .matcher(given)
            .matches()
        : given.contains(wanted);
  }

  /// Names that differ in their last word only become one.
  private static String names(List<String> cases) {
    Function<String, String> stem = name -> name.substring(0, name.lastIndexOf(' '));
    return cases.stream()
        .collect(
            Collectors.groupingBy(
                stem,
                LinkedHashMap::new,
                Collectors.mapping(
                    name -> name.substring(name.lastIndexOf(' ') + 1), Collectors.joining("|"))))
        .entrySet()
        .stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
