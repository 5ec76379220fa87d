/// The specification: every operation as the loop one would write on a blackboard, one class per
/// family. It is the fallback where nothing faster runs and the judge of whatever is faster. May
/// import {@code org.strait.kernels} and {@code org.strait.memory}. Start with {@link
/// org.strait.kernels.scalar.ScalarBackend}.
package org.strait.kernels.scalar;
