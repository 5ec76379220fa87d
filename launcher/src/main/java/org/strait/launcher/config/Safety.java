package org.strait.launcher.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.strait.engine.topology.DataCenter;

/// What guards a run against losses, and what tries it.
///
/// @param checkpointRounds a checkpoint after every so many rounds; 0 if only time counts
/// @param checkpointSeconds a checkpoint after so many seconds; 0 if only rounds count
/// @param resume folder of the run to go on from
/// @param quorum how many data centres must be there: majority, all, or a number
/// @param kill the data centre to kill, and when
/// @param rejoin the data centre to start again, and when
public record Safety(
    long checkpointRounds,
    double checkpointSeconds,
    Optional<Path> resume,
    String quorum,
    Optional<At> kill,
    Optional<At> rejoin) {
  /// A data centre and a time.
  ///
  /// @param seconds since the first round
  public record At(String dc, double seconds) {
    @Override
    public String toString() {
      return dc + "@" + seconds + "s";
    }
  }

  /// As it is written: `100`, `30.0s` or `never`.
  String checkpointEvery() {
    if (checkpointRounds > 0) {
      return "" + checkpointRounds;
    }
    return checkpointSeconds > 0 ? checkpointSeconds + " s" : "never";
  }

  static Safety of(SettingValues values, Geography geography) {
    List<String> names = geography.topology().dcs().stream().map(DataCenter::name).toList();
    Optional<At> kill = at(values, JobKey.KILL, names);
    Optional<At> rejoin = at(values, JobKey.REJOIN, names);
    if (rejoin.isPresent()
        && (kill.isEmpty()
            || !kill.get().dc().equals(rejoin.get().dc())
            || kill.get().seconds() >= rejoin.get().seconds())) {
      throw values
          .where(JobKey.REJOIN)
          .mistake(
              rejoin.get().dc() + " is not killed before",
              "add --kill " + rejoin.get().dc() + "@SECONDS with fewer seconds");
    }
    for (JobKey key : List.of(JobKey.KILL, JobKey.REJOIN)) {
      if (values.text(key).isPresent() && (geography.here().isPresent() || names.size() < 2)) {
        throw values
            .where(key)
            .mistake(
                "needs several data centres that this launch starts",
                "leave it out, or kill the other launch yourself");
      }
    }
    long rounds = 0;
    double seconds = 0;
    String every = values.must(JobKey.CHECKPOINT_EVERY);
    if (every.matches("\\d+")) {
      rounds = values.count(JobKey.CHECKPOINT_EVERY).orElseThrow();
    } else if (!every.equals("never")) {
      try {
        seconds = Units.nanos(every) / 1e9;
      } catch (IllegalArgumentException e) {
        throw values
            .where(JobKey.CHECKPOINT_EVERY)
            .mistake(
                "\"" + every + "\" is neither rounds nor a time", "write for instance 100 or 30s");
      }
    }
    return new Safety(
        rounds,
        seconds,
        values
            .text(JobKey.RESUME)
            .map(
                text ->
                    values
                        .where(JobKey.RESUME)
                        .folder()
                        .resolve(text)
                        .toAbsolutePath()
                        .normalize()),
        quorum(values, names.size(), geography.topology().gateways()),
        kill,
        rejoin);
  }

  private static String quorum(SettingValues values, int dcs, int gateways) {
    String text = values.must(JobKey.QUORUM).toLowerCase(Locale.ROOT);
    if (gateways > 1 && dcs > 1) {
      boolean all = text.equals("all") || text.equals("" + dcs);
      if (!all && values.has(JobKey.QUORUM)) {
        throw values
            .where(JobKey.QUORUM)
            .mistake(
                "no loss is survived with --gateways " + gateways,
                "write --quorum all, or leave --gateways out");
      }
      return "all";
    }
    if (text.equals("majority") || text.equals("all")) {
      return text;
    }
    if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > dcs) {
      throw values
          .where(JobKey.QUORUM)
          .mistake(
              "\"" + text + "\" is no quorum of " + dcs + " data centres",
              "write majority, all, or a number from 1 to " + dcs);
    }
    return text;
  }

  private static Optional<At> at(SettingValues values, JobKey key, List<String> names) {
    Optional<String> text = values.text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    int mark = text.get().lastIndexOf('@');
    if (mark < 1) {
      throw values
          .where(key)
          .mistake("\"" + text.get() + "\" names no time", "write for instance dc3@10s");
    }
    String dc = text.get().substring(0, mark);
    if (!names.contains(dc)) {
      throw values
          .where(key)
          .mistake("no data centre \"" + dc + "\"", Suggestion.remedy(dc, names));
    }
    String time = text.get().substring(mark + 1);
    try {
      return Optional.of(
          new At(dc, Units.nanos(time.matches("[0-9.]+") ? time + "s" : time) / 1e9));
    } catch (IllegalArgumentException e) {
      throw Setting.mistake(values.where(key).where(), e);
    }
  }
}
