/// JMH benchmarks of the kernels, one class per family of operations. Each runs for the backends
/// where it differs and for operands of four sizes: in the first, second or last cache or in none.
/// {@link org.strait.bench.micro.Amount} says how much a call does, {@link
/// org.strait.bench.micro.Summary} runs them and tells rates. Start with {@link
/// org.strait.bench.micro.Workbench}.
package org.strait.bench.micro;
