package org.strait.launcher.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.launcher.config.UserMistake;

/// Java command lines taken apart.
class MpjProgramTest {
  private static MpjProgram parse(String words) {
    return MpjProgram.parse(List.of(words.split(" ")));
  }

  @Test
  void flagsClassPathClassAndArguments() {
    MpjProgram program =
        parse(
            "/jdk/bin/java -Xmx1g --add-modules jdk.incubator.vector -cp a.jar:b -Dx=y p.Main -n 3");
    assertEquals("/jdk/bin/java", program.java());
    assertEquals(List.of("-Xmx1g", "--add-modules=jdk.incubator.vector", "-Dx=y"), program.flags());
    assertEquals("a.jar:b", program.classPath());
    assertEquals("p.Main", program.main());
    assertEquals(List.of("-n", "3"), program.args());
    assertEquals(
        List.of(
            "/jdk/bin/java",
            "-Xmx1g",
            "--add-modules=jdk.incubator.vector",
            "-Dx=y",
            "-cp",
            "mpj.jar:a.jar:b",
            "p.Main",
            "0",
            "niodev",
            "-n",
            "3"),
        program.command(List.of("mpj.jar"), List.of("0", "niodev")));
    assertEquals(WorkerCommandLine.java(), parse("Hello").java());
    assertEquals(
        List.of("m.jar:.", "Hello"),
        parse("Hello").command(List.of("m.jar"), List.of()).subList(2, 4));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "java -cp x ! there is no class to run; write java -cp app.jar MainClass ARGS",
        "java -cp ! there is no class to run; write java -cp app.jar MainClass ARGS",
        "java -jar app.jar ! MPJ Express programs need mpj.jar on the class path, which -jar shuts"
            + " out; write -cp app.jar MainClass",
        "./strait train ! \"./strait\" is no Java class, and MPJ Express starts Java programs; write"
            + " java -cp app.jar MainClass; ./strait itself takes --engine local, ssh or mpjrun",
      })
  void otherCommandsAreMistakes(String words, String message) {
    assertEquals(message, assertThrows(UserMistake.class, () -> parse(words)).getMessage());
  }
}
