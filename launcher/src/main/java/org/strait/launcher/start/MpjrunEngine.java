package org.strait.launcher.start;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.strait.launcher.config.UserMistake;

/// MPJ Express's own mpjrun starts the ranks: as threads of one JVM, or, where hosts are named, as
/// processes by the daemons that run there. A command that is strait's own is given the way mpjrun
/// wants it.
final class MpjrunEngine implements LaunchEngine {
  private Path machines;

  @Override
  public List<RankSpec> processes(LaunchRequest request) {
    MpjHome home = MpjHome.find(request.environment(), request.notes());
    MpjProgram program = MpjProgram.parse(strait(request.command()));
    List<String> command = new ArrayList<>(List.of(program.java()));
    command.addAll(List.of("-jar", home.jar("starter.jar").toString()));
    command.addAll(List.of("-np", "" + request.ranks()));
    if (request.hosts().isPresent()) {
      machines = machines(request.hosts().get());
      command.addAll(List.of("-dev", "niodev", "-machinesfile", machines.toString()));
    } else {
      command.addAll(List.of("-dev", "multicore"));
    }
    if (!program.classPath().isEmpty()) {
      command.addAll(List.of("-cp", program.classPath()));
    }
    command.addAll(request.pass());
    command.addAll(program.flags());
    command.add(program.main());
    command.addAll(program.args());
    return List.of(
        new RankSpec(
            0,
            "",
            WatchedCommand.local(command, RankVariables.own()),
            Map.of("MPJ_HOME", home.path().toString(), "PATH", path(program, request))));
  }

  /// mpjrun starts whatever java the PATH has first.
  private static String path(MpjProgram program, LaunchRequest request) {
    String path = request.environment().getOrDefault("PATH", "");
    Path folder = Path.of(program.java()).getParent();
    return folder == null ? path : folder + File.pathSeparator + path;
  }

  @Override
  public boolean oneProcessPerRank() {
    return false;
  }

  @Override
  public boolean hidesExitStatus(LaunchRequest request) {
    List<String> command = request.command();
    return isStrait(command) && command.size() > 1 && command.get(1).equals("train");
  }

  @Override
  public boolean ranksShareProcess(LaunchRequest request) {
    return request.hosts().isEmpty();
  }

  private static boolean isStrait(List<String> command) {
    return Path.of(command.getFirst()).getFileName().toString().equals("strait");
  }

  /// `./strait train …` as the class that it runs, with the flags that its ranks need.
  private static List<String> strait(List<String> command) {
    if (!isStrait(command)) {
      return command;
    }
    List<String> words =
        new ArrayList<>(
            List.of(
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                WorkerCommandLine.jar(),
                "org.strait.launcher.Main"));
    words.addAll(command.subList(1, command.size()));
    return words;
  }

  private static Path machines(HostList hosts) {
    try {
      Path file = Files.createTempFile("strait-machines-", "");
      return Files.write(file, hosts.hosts().stream().map(HostSlots::name).toList());
    } catch (IOException e) {
      throw new UserMistake(
          "cannot write a machines file: " + e.getMessage(), "check the temporary folder");
    }
  }

  @Override
  public void close() {
    try {
      if (machines != null) {
        Files.deleteIfExists(machines);
      }
    } catch (IOException e) {
      System.getLogger(MpjrunEngine.class.getName()).log(System.Logger.Level.DEBUG, "close", e);
    }
  }
}
