/// The last lines of a command, for people. Start with {@link
/// org.strait.launcher.summary.RunSummary}.
package org.strait.launcher.summary;
