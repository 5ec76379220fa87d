package org.strait.launcher;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.strait.engine.rendezvous.Sockets;
import org.strait.engine.rendezvous.TcpStore;
import org.strait.engine.transport.ConnectOptions;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobJson;
import org.strait.launcher.config.LaunchShape;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.identity.Build;
import org.strait.launcher.identity.Identity;
import org.strait.launcher.meet.Addresses;
import org.strait.launcher.meet.Follower;
import org.strait.launcher.meet.Leader;
import org.strait.launcher.meet.Meeting;
import org.strait.launcher.start.StoreHost;
import org.strait.launcher.worker.JobCheck;
import org.strait.launcher.worker.RankPlace;
import org.strait.launcher.worker.Worker;

/// This process as one rank of a launch that somebody else made. Rank 0 has the job, the record and
/// the user's ear; the others do what it says and end when it does.
final class LaunchedRank {
  private static final Duration GATHERING = Duration.ofMinutes(2);
  private static final long STORE_NANOS = 60_000_000_000L;

  /// What rank 0 trains.
  @FunctionalInterface
  interface JobSource {
    /// The job, resolved for as many ranks as there are.
    Job resolve(LaunchShape shape) throws IOException;
  }

  private final Identity me;
  private final String command;
  private final Meeting meeting;
  private final boolean sharesJvm;

  /// @param command digest of the arguments
  /// @param sharesJvm whether other ranks are threads of the same JVM
  LaunchedRank(Identity me, String command, Meeting meeting, boolean sharesJvm) {
    this.me = me;
    this.command = command;
    this.meeting = meeting;
    this.sharesJvm = sharesJvm;
  }

  /// Rank 0: gathers the others and trains. If that fails, connections stay open until the process
  /// ends, which is after the user was told: the others wait for that.
  ///
  /// @param done told the status before the others may end
  int lead(JobSource source, TrainingRun run, IntConsumer done)
      throws IOException, InterruptedException {
    Leader leader = Leader.open(meeting, me, Build.here(), command);
    try {
      Job job = source.resolve(LaunchShape.of(me.size(), me.localSize()));
      check(job);
      leader.gather(GATHERING);
      int status = run.lead(job, leader, me, sharesJvm);
      done.accept(status);
      leader.bye(status);
      leader.close();
      return status;
    } catch (UserMistake e) {
      throw leader.refuse(e);
    }
  }

  private void check(Job job) {
    int asked = job.geography().ranksHere();
    if (asked != me.size()) {
      StringBuilder dcs = new StringBuilder();
      job.geography().topology().dcs().stream()
          .filter(dc -> job.geography().here().map(dc.name()::equals).orElse(true))
          .forEach(
              dc ->
                  dcs.append(dcs.isEmpty() ? "" : ", ")
                      .append(dc.name())
                      .append(' ')
                      .append(dc.ranks()));
      throw new UserMistake(
          "the job has " + asked + " ranks (" + dcs + "), but " + me.by() + " started " + me.size(),
          "start " + asked + ", or change --dcs and --ranks");
    }
    JobCheck.check(job);
  }

  /// What rank 0 tells the others.
  static JsonObject welcome(Job job, StoreHost store, Path out, Map<String, Integer> ranksByHost) {
    JsonObject welcome = new JsonObject();
    welcome.add("job", JobJson.write(job));
    welcome.addProperty("host", store.host());
    welcome.addProperty("store", Sockets.format(store.host(), store.port()));
    welcome.addProperty("token", store.token());
    welcome.addProperty("connectToken", Worker.connectToken(job, store.token()));
    welcome.addProperty("out", out.toString());
    JsonObject hosts = new JsonObject();
    ranksByHost.forEach(hosts::addProperty);
    welcome.add("ranksByHost", hosts);
    RankPlace.figures(out).ifPresent(text -> welcome.addProperty("figures", text));
    return welcome;
  }

  /// Another rank: does what rank 0 says.
  ///
  /// @param halt ends the process at once
  int follow(IntConsumer halt, CommonOptions options) {
    Follower follower;
    try {
      follower = Follower.join(meeting, me, Build.here(), command, GATHERING);
    } catch (Follower.RefusedException e) {
      return ExitStatus.MISTAKE; // rank 0 says why
    }
    try (follower) {
      follower.obey(
          status -> {
            if (status < 0) {
              options.complain("strait: rank 0 is gone or silent; " + me.label() + " ends");
            }
            halt.accept(status < 0 ? ExitStatus.RANK_LOST : status);
          });
      JsonObject welcome = follower.welcome();
      String token = welcome.get("token").getAsString();
      String host = address(follower, welcome.get("host").getAsString());
      int status =
          Worker.runHere(
              () -> JobJson.read(welcome.getAsJsonObject("job")),
              me.rank(),
              me.size(),
              () -> TcpStore.connect(welcome.get("store").getAsString(), token, STORE_NANOS),
              ConnectOptions.defaults()
                  .withBind(host, 0)
                  .withHost(me.host())
                  .withToken(welcome.get("connectToken").getAsString()),
              new RankPlace(
                  Path.of(welcome.get("out").getAsString()),
                  welcome.getAsJsonObject("ranksByHost").get(me.host()).getAsInt(),
                  sharesJvm,
                  Optional.ofNullable(welcome.get("figures")).map(JsonElement::getAsString)),
              follower::line);
      return follower.leave(status, List.of());
    }
  }

  /// The address of this rank that others reach: where its way to rank 0 begins, unless that is the
  /// loopback address of a host that others reach by another.
  private static String address(Follower follower, String leaderHost) {
    Optional<InetAddress> leader = Addresses.resolve(leaderHost);
    InetAddress own = follower.ownAddress();
    boolean local =
        own.isLoopbackAddress() || leader.map(InetAddress::isLoopbackAddress).orElse(false);
    return local ? leaderHost : own.getHostAddress();
  }
}
