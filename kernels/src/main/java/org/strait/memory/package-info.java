/// Runs of numbers in native memory and the owner that frees them. One kind of memory only: a
/// Vector API kernel that has met heap-backed segments is several times slower, so a run cannot be
/// heap-backed. Imports nothing of ours. Start with {@link org.strait.memory.HostMemory}.
package org.strait.memory;
