/// `./strait bench codec`: bytes, errors and speed of every compressor, and of the entropy coder
/// beside zstd and lz4 over the same codes. Start with {@link org.strait.bench.codec.CodecBench}.
package org.strait.bench.codec;
