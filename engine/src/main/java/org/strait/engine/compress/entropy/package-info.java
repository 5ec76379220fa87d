/// Symbols of one byte to as few bits as their frequencies allow, and back. A {@link
/// org.strait.engine.compress.entropy.SymbolCoder} cuts a run of symbols into blocks; each block
/// says which model it is coded with and is coded by itself, so threads share the blocks and no
/// state is left between payloads. The coder is rANS (Duda 2013, arXiv 1311.2540) in the form of
/// Giesen 2014 (arXiv 1402.3392): states of 31 bits, words of 16, interleaved. The bytes are in
/// {@code docs/protocol.md}. May import {@code org.strait.memory} and {@code org.strait.kernels}.
package org.strait.engine.compress.entropy;
