/// Vectors to payloads and back: what travels between data centres. May import {@code
/// org.strait.memory} and {@code org.strait.kernels}. Start with {@link
/// org.strait.engine.compress.Compressor}.
package org.strait.engine.compress;
