package org.strait.launcher;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.identity.Ancestors;
import org.strait.launcher.identity.Identities;
import org.strait.launcher.identity.Identity;
import org.strait.launcher.identity.MpjArguments;
import org.strait.launcher.meet.Addresses;
import org.strait.launcher.meet.Meeting;
import org.strait.launcher.meet.Meetings;
import org.strait.launcher.start.MpjHome;

/// What a command finds around itself: who started it, and how.
///
/// @param environment variables of the process
/// @param mpj what MPJ Express put before the arguments
/// @param args the arguments without that
record Surroundings(
    Map<String, String> environment, Optional<MpjArguments> mpj, List<String> args) {
  /// How the line with rank 0's exit status begins.
  static final String LAST_WORD = "strait: exit status ";

  /// Copies the list.
  Surroundings {
    args = List.copyOf(args);
  }

  /// @param given arguments as the process got them
  static Surroundings of(Map<String, String> environment, String... given) {
    Optional<MpjArguments> mpj = MpjArguments.of(given);
    return new Surroundings(
        environment, mpj, mpj.map(MpjArguments::rest).orElseGet(() -> List.of(given)));
  }

  /// Who this process is in the launch of somebody else, if it is in one.
  Optional<Identity> identity() {
    return Identities.find(environment, mpj, Addresses.hostName(), Ancestors.ofThisProcess());
  }

  /// Ends this process when the one that made the launch is gone: not every launcher manages that
  /// when it is killed.
  void endWithLauncher(IntConsumer halt) {
    Ancestors.ofThisProcess()
        .launcher(mpj.isPresent())
        .ifPresent(
            launcher -> {
              var _ = launcher.onExit().thenRun(() -> halt.accept(ExitStatus.INTERRUPTED));
            });
  }

  /// Whether other ranks are threads of this JVM.
  boolean sharesJvm() {
    return mpj.map(MpjArguments::multicore).orElse(false);
  }

  /// Whether another rank speaks for this one.
  boolean silent() {
    try {
      return identity().map(me -> me.rank() > 0).orElse(false);
    } catch (UserMistake e) {
      return false;
    }
  }

  /// What rank 0 says last where the launcher keeps exit statuses to itself: mpjrun ends with 0
  /// whatever happened.
  Optional<String> lastWord(int status) {
    return mpj.isPresent() && !silent()
        ? Optional.of(LAST_WORD + status + " (mpjrun itself always ends with 0)")
        : Optional.empty();
  }

  /// What tells this command from another one of the same launch.
  String command() {
    return Meetings.digest(String.join("\0", args));
  }

  /// Where this rank meets the others.
  Meeting meeting(Identity me, Optional<String> rendezvous) {
    return Meetings.choose(
        me,
        command(),
        rendezvous,
        environment,
        mpj,
        mpj.isPresent() ? MpjHome.loader(environment) : Main.class.getClassLoader());
  }
}
