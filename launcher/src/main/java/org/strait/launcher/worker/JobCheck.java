package org.strait.launcher.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.strait.engine.collective.Collectives;
import org.strait.engine.compress.Compressors;
import org.strait.engine.model.Model;
import org.strait.engine.model.Models;
import org.strait.engine.net.Nets;
import org.strait.engine.transport.Transports;
import org.strait.kernels.Backends;
import org.strait.kernels.scalar.ScalarBackend;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobKey;
import org.strait.launcher.config.Suggestion;
import org.strait.launcher.config.UserMistake;
import org.strait.memory.HostMemory;

/// Checks every name of a job before any rank is started for it. What only the rows can tell, the
/// ranks find.
public final class JobCheck {
  private JobCheck() {}

  /// Checks names of model, labels, solver, exchange, backend, transport and allreduce.
  ///
  /// @throws UserMistake that says what is wrong and which names there are
  public static void check(Job job) {
    String model = job.objective().model();
    Model.Targets targets = checked("--model", () -> JobModel.targets(model));
    checked("--labels", () -> Models.labels(model, targets, job.data().labels().orElse("auto")));
    if (Nets.knows(model)) {
      checked(
          "--model " + model,
          () -> {
            Nets.check(model, job.objective().net());
            return null;
          });
    }
    Plan plan = Plan.of(job, 1);
    try (HostMemory memory = HostMemory.unlimited("check")) {
      checked(
          "--exchange",
          () -> Compressors.parse(plan.exchange(), 1, new ScalarBackend().codec(), memory));
    }
    checked(
        JobKey.BACKEND.flag(),
        () -> {
          Backends.check(job.machine().backend());
          return null;
        });
    List<String> transports = new ArrayList<>(Transports.names());
    transports.remove("loopback"); // ranks are processes
    known(JobKey.TRANSPORT, job.machine().transport(), transports);
    known(
        JobKey.ALLREDUCE,
        job.machine().allreduce().replaceFirst("^(hierarchical):[1-9]\\d{0,3}$", "$1"),
        Collectives.names());
    MpjFolder.jars(job);
  }

  private static <T> T checked(String where, Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      String[] parts = e.getMessage().split("; ", 2);
      throw new UserMistake(where + ": " + parts[0], parts.length > 1 ? parts[1] : "correct it");
    }
  }

  private static void known(JobKey key, String name, List<String> names) {
    if (!names.contains(name)) {
      throw new UserMistake(
          key.flag() + ": unknown " + key.key() + " \"" + name + "\"",
          Suggestion.remedy(name, names));
    }
  }
}
