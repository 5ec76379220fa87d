/// Starts the ranks of a run as processes on this machine and watches them: the first death is
/// named, the others are given a moment and then ended. Knows nothing of training. May import
/// {@code org.strait.launcher.config}. Start with {@link org.strait.launcher.start.Supervisor}.
package org.strait.launcher.start;
