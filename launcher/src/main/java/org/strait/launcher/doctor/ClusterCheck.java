package org.strait.launcher.doctor;

import java.util.ArrayList;
import java.util.List;

/// The cluster that this process runs in, if it does.
final class ClusterCheck implements Check {
  @Override
  public List<Finding> look(Host host) {
    List<Finding> findings = new ArrayList<>();
    String job = host.variable("SLURM_JOB_ID");
    if (!job.isEmpty()) {
      findings.add(
          Finding.fine(
              "slurm",
              "in job "
                  + job
                  + " on "
                  + host.variable("SLURM_JOB_NODELIST")
                  + "; srun ./strait train … starts one rank for each task"));
    } else if (host.program("srun").isPresent()) {
      findings.add(
          Finding.fine("slurm", "srun is there; sbatch a script that calls srun ./strait train …"));
    }
    if (!host.variable("KUBERNETES_SERVICE_HOST").isEmpty()) {
      findings.add(Finding.fine("kubernetes", "in pod " + host.variable("HOSTNAME")));
    }
    if (findings.isEmpty()) {
      findings.add(Finding.fine("cluster", "none: this machine is on its own"));
    }
    return findings;
  }
}
