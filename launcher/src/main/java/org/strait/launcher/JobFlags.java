package org.strait.launcher;

import java.util.Arrays;
import java.util.List;
import org.strait.launcher.config.JobKey;
import org.strait.launcher.config.Settings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The flags of a training job: one for every {@link JobKey}.
final class JobFlags {
  private JobFlags() {}

  /// Adds the flags to a command.
  static void addTo(CommandSpec command) {
    for (JobKey key : JobKey.values()) {
      OptionSpec.Builder option =
          OptionSpec.builder(key.flag())
              .description(
                  key.description()
                      + (key.fallback().isEmpty() || key.kind() == JobKey.Kind.FLAG
                          ? ""
                          : " (default: " + key.fallback().replace("%", "%%") + ")"));
      switch (key.kind()) {
        case FILES -> option.type(String[].class).arity("1..*").paramLabel(key.label());
        case FLAG -> option.type(String.class).arity("0..1").fallbackValue("true").paramLabel("B");
        default -> option.type(String.class).arity("1").paramLabel(key.label());
      }
      command.addOption(option.build());
      if (onByDefault(key)) {
        command.addOption(
            OptionSpec.builder(no(key))
                .type(boolean.class)
                .arity("0")
                .description("short for " + key.flag() + " false")
                .build());
      }
    }
  }

  /// What was given on the command line.
  static Settings of(CommandSpec command) {
    Settings settings = new Settings();
    for (JobKey key : JobKey.values()) {
      Object value = command.findOption(key.flag()).getValue();
      if (value instanceof String[] several) {
        settings.flag(key, Arrays.asList(several));
      } else if (value != null) {
        settings.flag(key, List.of(value.toString()));
      }
      if (onByDefault(key) && Boolean.TRUE.equals(command.findOption(no(key)).getValue())) {
        settings.flag(key, List.of("false"));
      }
    }
    return settings;
  }

  private static boolean onByDefault(JobKey key) {
    return key.kind() == JobKey.Kind.FLAG && key.fallback().equals("true");
  }

  private static String no(JobKey key) {
    return "--no-" + key.key();
  }
}
