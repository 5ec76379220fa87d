/// Trainers that are not Strait's and use its engine to average their vectors over data centres.
/// Start with {@link org.strait.examples.ForeignTrainer}; {@code examples/README.md} says how to
/// run them.
package org.strait.examples;
