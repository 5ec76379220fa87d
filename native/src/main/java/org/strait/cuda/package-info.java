/// The place of the CUDA backend: device memory and streams, cuBLAS for matrix products, and our
/// own kernels as {@code .cu} files compiled at start (NVRTC) against the CUDA that the system has.
/// It will join through {@link org.strait.kernels.BackendProvider} under the name {@code cuda}, and
/// is taken only when asked for by that name. Empty until then.
package org.strait.cuda;
