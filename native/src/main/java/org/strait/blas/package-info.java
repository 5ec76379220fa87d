/// Matrix products by OpenBLAS, reached through JavaCPP. {@link org.strait.blas.OpenBlasProvider}
/// loads the library and joins {@link org.strait.kernels.Backends} under the name {@code openblas};
/// all families but the matrix products stay those of the backend below. May import {@code
/// org.strait.kernels} and {@code org.strait.memory}.
package org.strait.blas;
