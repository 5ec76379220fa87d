/// Rows: reading, labelling, splitting, generating and hashing them. Everything here runs inside
/// one data centre; no class of this package sends anything. A {@link
/// org.strait.engine.data.Dataset} is sparse rows and labels in native memory, a {@link
/// org.strait.engine.data.Shard} is the part that one rank trains on, a {@link
/// org.strait.engine.data.Batch} is what one step sees. May import {@code org.strait.memory} and
/// {@code org.strait.kernels}. Start with {@link org.strait.engine.data.LibSvmReader}.
package org.strait.engine.data;
