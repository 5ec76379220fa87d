package org.strait.launcher.identity;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.strait.launcher.config.UserMistake;

/// What MPJ Express puts before a program's arguments: `RANK SIZE smpdev` where ranks are threads
/// of one JVM (multicore mode), `RANK CONFIGURATION niodev` where they are processes.
///
/// @param rank number of this rank
/// @param size number of ranks
/// @param device smpdev or niodev
/// @param configuration MPJ's second argument
/// @param rest the program's own arguments
public record MpjArguments(
    int rank, int size, String device, String configuration, List<String> rest) {
  private static final String SIZE_KEY = "#Number of Processes";
  private static final List<String> DEVICES =
      List.of("smpdev", "niodev", "mxdev", "hybdev", "native");

  /// Copies the list.
  public MpjArguments {
    rest = List.copyOf(rest);
  }

  /// Whether all ranks are threads of this JVM.
  public boolean multicore() {
    return device.equals("smpdev");
  }

  /// The first three arguments, as MPI.Init wants them.
  public String[] forInit() {
    return new String[] {Integer.toString(rank), configuration, device};
  }

  /// Takes MPJ's arguments off the front, if they are there.
  ///
  /// @throws UserMistake if they are there and make no sense, or name another device
  public static Optional<MpjArguments> of(String... args) {
    if (args.length < 3 || !args[0].matches("\\d{1,6}") || !DEVICES.contains(args[2])) {
      return Optional.empty();
    }
    int rank = Integer.parseInt(args[0]);
    List<String> rest = Arrays.asList(args).subList(3, args.length);
    return switch (args[2]) {
      case "smpdev" -> Optional.of(of(rank, args[1], args[2], args[1], rest));
      case "niodev" -> Optional.of(of(rank, size(args[1]), args[2], args[1], rest));
      default ->
          throw new UserMistake(
              "MPJ Express device " + args[2] + " is not supported",
              "use mpjrun -dev multicore, or -dev niodev with a machines file");
    };
  }

  private static MpjArguments of(
      int rank, String size, String device, String configuration, List<String> rest) {
    if (!size.matches("\\d{1,6}")) {
      throw new UserMistake(
          "MPJ Express gives \"" + configuration + "\" for the number of ranks",
          "start through mpjrun 0.44");
    }
    return new MpjArguments(rank, Integer.parseInt(size), device, configuration, rest);
  }

  private static String size(String configuration) {
    List<String> words = List.of(configuration.split(";"));
    int at = words.indexOf(SIZE_KEY);
    return at < 0 || at + 1 >= words.size() ? "" : words.get(at + 1);
  }
}
