/// Measuring this machine's kernels once, each backend in a process of its own, and keeping the
/// figures in a file of the user's cache folder. May import {@code org.strait.kernels}, {@code
/// org.strait.launcher.config}, {@code org.strait.launcher.record} and {@code
/// org.strait.launcher.start}.
package org.strait.launcher.calibrate;
