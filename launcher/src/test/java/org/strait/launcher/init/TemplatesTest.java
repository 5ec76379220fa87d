package org.strait.launcher.init;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobFile;
import org.strait.launcher.config.JobKey;
import org.strait.launcher.config.JobResolver;
import org.strait.launcher.config.Settings;
import org.strait.launcher.config.UserMistake;

/// What `strait init` writes is read by what it is for.
class TemplatesTest {
  @TempDir Path folder;

  private Path write(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void theJobIsOneAndHasEverySetting() throws Exception {
    String text = Templates.of("job").text();
    write("rows.libsvm", "1 1:1\n");
    Job job =
        JobResolver.resolve(new Settings(), JobFile.read(write("job.yaml", text)), new Settings());
    assertEquals(3, job.geography().topology().dcs().size());
    assertEquals("logistic", job.objective().model());
    for (JobKey key : JobKey.values()) {
      boolean plain = key == JobKey.DATA || key == JobKey.DCS;
      String line = "\n" + (plain ? "" : "# ") + key.key() + ": ";
      assertTrue(text.contains(line), key.key());
    }
    assertTrue(text.lines().allMatch(line -> line.length() <= 100), text);
  }

  /// Each default, taken out of its comment, is a value of its setting; some need another setting.
  @Test
  void everyDefaultMayBeWrittenDown() throws Exception {
    write("rows.libsvm", "1 1:1\n");
    String text = Templates.of("job").text();
    for (JobKey key : JobKey.values()) {
      if (!key.fallback().isEmpty()) {
        String out = text.replace("\n# " + key.key() + ": ", "\n" + key.key() + ": ");
        assertFalse(out.equals(text), key.key());
        Path file = write("job-" + key.key() + ".yaml", out);
        JobFile job = JobFile.read(file);
        try {
          JobResolver.resolve(new Settings(), job, new Settings());
        } catch (UserMistake e) {
          assertTrue(e.getMessage().contains(" is for "), e.getMessage());
        }
      }
    }
  }

  @Test
  void theTopologyIsOne() throws Exception {
    write("rows.libsvm", "1 1:1\n");
    write("topology.yaml", Templates.of("topology").text());
    Path job = write("job.yaml", "data: rows.libsvm\ntopology: topology.yaml\n");
    Job read = JobResolver.resolve(new Settings(), JobFile.read(job), new Settings());
    assertEquals(
        List.of("eu-west", "us-east", "ap-south"),
        read.geography().topology().dcs().stream().map(dc -> dc.name()).toList());
  }

  @Test
  void theBatchScriptIsOne() throws Exception {
    Path script = write("job.sbatch", Templates.of("slurm").text());
    Process bash = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
    assertTrue(bash.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, bash.exitValue());
  }

  @Test
  void otherNamesAreRefused() {
    UserMistake mistake = assertThrows(UserMistake.class, () -> Templates.of("slurn"));
    assertTrue(mistake.getMessage().contains("did you mean \"slurm\"?"), mistake.getMessage());
  }
}
