/// The state of a training between two rounds, in a file or in a message. Imports nothing of ours;
/// bytes are in {@code docs/protocol.md}. Start with {@link
/// org.strait.engine.checkpoint.Checkpoint}.
package org.strait.engine.checkpoint;
