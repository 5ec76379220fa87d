/// The `strait` command: its sub-commands, what they print and their exit statuses. Start with
/// {@link org.strait.launcher.Main}; {@link org.strait.launcher.TrainingRun} is the story of one
/// training run.
package org.strait.launcher;
