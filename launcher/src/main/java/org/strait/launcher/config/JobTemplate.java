package org.strait.launcher.config;

import java.util.Locale;

/// A job file to start from: every setting of {@link JobKey} with its default and meaning,
/// commented out but for the few that a job cannot do without.
public final class JobTemplate {
  private static final int WIDTH = 100;

  private JobTemplate() {}

  /// The text of the file. As it is it trains on `rows.libsvm`, cut into three data centres; each
  /// setting works as soon as the `# ` before it is taken away and a value stands there.
  public static String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        ## A job: ./strait train job.yaml (flags override what stands here; docs/job-file.md).
        ## Take "# " away from the settings that you change; the others stand at the values shown.

        data: rows.libsvm
        dcs: 3
        """);
    for (JobKey.Group group : JobKey.Group.values()) {
      text.append('\n').append("## ── ").append(title(group)).append('\n');
      for (JobKey key : JobKey.values()) {
        if (key.group() == group && key != JobKey.DATA && key != JobKey.DCS) {
          append(text, key);
        }
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, JobKey key) {
    StringBuilder line = new StringBuilder("##");
    for (String word : key.description().replace("%%", "%").split(" ", -1)) {
      if (line.length() + 1 + word.length() > WIDTH) {
        text.append(line).append('\n');
        line.setLength(0);
        line.append("##");
      }
      line.append(' ').append(word);
    }
    text.append('\n').append(line).append('\n');
    text.append("# ").append(key.key()).append(": ").append(key.fallback());
    text.append(key.fallback().isEmpty() ? "# " + key.label() : "").append('\n');
  }

  private static String title(JobKey.Group group) {
    return switch (group) {
      case TOP -> "the run";
      case PLACES -> "data centres";
      default -> group.name().toLowerCase(Locale.ROOT);
    };
  }
}
