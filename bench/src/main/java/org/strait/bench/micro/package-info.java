/// JMH benchmarks of the kernels, one class per family of operations. Each runs for the backends
/// where it differs and for operands that fit the cache or do not; the parameter {@code size} says
/// which, and every benchmark names the bytes it moves, so that bytes divided by the score are
/// bytes per second. Start with {@link org.strait.bench.micro.Workbench}.
package org.strait.bench.micro;
