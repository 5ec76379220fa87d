/// What a run is asked to do: the job file, the topology file and the command line, read into one
/// checked value. Every mistake is told with file, line and column (or the flag) and what to do.
/// May import {@code org.strait.engine.topology}. Start with {@link
/// org.strait.launcher.config.Job}; all settings and their defaults stand in {@link
/// org.strait.launcher.config.JobKey}.
package org.strait.launcher.config;
