package org.strait.launcher.start;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.strait.launcher.config.UserMistake;

/// A Java program that calls MPI.Init, taken apart: `java FLAGS MainClass ARGS`, or the same from
/// the flags on. Flags of two words are kept together.
///
/// @param java the java command
/// @param flags of the JVM, without the class path
/// @param classPath empty if the program names none
/// @param main the class
/// @param args the program's own
record MpjProgram(
    String java, List<String> flags, String classPath, String main, List<String> args) {
  private static final List<String> CLASS_PATH = List.of("-cp", "-classpath", "--class-path");
  private static final List<String> TWO_WORDS =
      List.of(
          "--add-modules",
          "--add-opens",
          "--add-exports",
          "--add-reads",
          "--module-path",
          "-p",
          "--enable-native-access");

  static MpjProgram parse(List<String> command) {
    int at = 0;
    String java = WorkerCommandLine.java();
    if (command.getFirst().equals("java") || command.getFirst().endsWith("/java")) {
      java = command.getFirst();
      at = 1;
    }
    List<String> flags = new ArrayList<>();
    String classPath = "";
    while (at < command.size() && command.get(at).startsWith("-")) {
      String flag = command.get(at++);
      boolean two = TWO_WORDS.contains(flag) || CLASS_PATH.contains(flag) || flag.equals("-jar");
      if (two && at == command.size()) {
        throw none();
      }
      if (CLASS_PATH.contains(flag)) {
        classPath = command.get(at++);
      } else if (flag.equals("-jar")) {
        throw new UserMistake(
            "MPJ Express programs need mpj.jar on the class path, which -jar shuts out",
            "write -cp " + command.get(at) + " MainClass");
      } else {
        // The one-token form is the only one that mpjrun takes.
        flags.add(two ? flag + "=" + command.get(at++) : flag);
      }
    }
    if (at == command.size()) {
      throw none();
    }
    String main = command.get(at);
    if (!main.matches("[A-Za-z_$][\\w$]*(\\.[A-Za-z_$][\\w$]*)*")) {
      throw new UserMistake(
          "\"" + main + "\" is no Java class, and MPJ Express starts Java programs",
          "write java -cp app.jar MainClass; ./strait itself takes --engine local, ssh or mpjrun");
    }
    return new MpjProgram(java, flags, classPath, main, command.subList(at + 1, command.size()));
  }

  private static UserMistake none() {
    return new UserMistake("there is no class to run", "write java -cp app.jar MainClass ARGS");
  }

  /// The command of one rank.
  ///
  /// @param jars that go before the program's class path
  /// @param first arguments that go before the program's
  List<String> command(List<String> jars, List<String> first) {
    List<String> words = new ArrayList<>(List.of(java));
    words.addAll(flags);
    List<String> path = new ArrayList<>(jars);
    path.add(classPath.isEmpty() ? "." : classPath);
    words.addAll(List.of("-cp", String.join(File.pathSeparator, path), main));
    words.addAll(first);
    words.addAll(args);
    return words;
  }
}
