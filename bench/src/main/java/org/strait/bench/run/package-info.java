/// Timing side by side. A {@link org.strait.bench.run.BenchCase} prepares {@link
/// org.strait.bench.run.Bout}s; a bout is one piece of work done by several contenders; {@link
/// org.strait.bench.run.Interleaver} lets them take turns; {@link org.strait.bench.run.Ledger}
/// turns times into rows. Start with {@link org.strait.bench.run.Bout}.
package org.strait.bench.run;
