/// Vectors to payloads and back: what travels between data centres. A {@link
/// org.strait.engine.compress.Compressor} chosen by {@link org.strait.engine.compress.Compressors}
/// encodes; {@link org.strait.engine.compress.Codecs} decodes whatever any of them wrote. The bytes
/// are in {@code docs/protocol.md}. May import {@code org.strait.memory} and {@code
/// org.strait.kernels}. Start with {@link org.strait.engine.compress.Compressor}.
package org.strait.engine.compress;
