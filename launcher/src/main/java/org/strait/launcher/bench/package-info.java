/// What {@code strait bench} asks for and gets: the measurements themselves come from another
/// module ({@link java.util.ServiceLoader}). Start with {@link
/// org.strait.launcher.bench.BenchSuite}.
package org.strait.launcher.bench;
