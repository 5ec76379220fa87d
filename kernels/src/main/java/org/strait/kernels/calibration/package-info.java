/// What kernels cost on a machine, and the cheapest choice for a job: a backend has a price to
/// start, each kind of work a price to get warm and a price per element. May import {@code
/// org.strait.kernels} and {@code org.strait.memory}.
package org.strait.kernels.calibration;
