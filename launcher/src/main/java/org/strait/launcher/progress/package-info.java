/// What a run shows while it runs: a view redrawn in place on a terminal, a line every few seconds
/// elsewhere. Start with {@link org.strait.launcher.progress.ProgressViews}.
package org.strait.launcher.progress;
