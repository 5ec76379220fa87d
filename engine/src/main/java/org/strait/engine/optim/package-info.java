/// How weights move once the mean gradient is known. Optimisers see one contiguous run of
/// parameters and the exact global objective; every replica runs the same optimiser on the same
/// bits, so replicas stay identical. Imports nothing of ours but {@code org.strait.memory} and
/// {@code org.strait.kernels}. Start with {@link org.strait.engine.optim.Optimizer}.
package org.strait.engine.optim;
