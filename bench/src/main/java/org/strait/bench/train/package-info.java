/// Whole trainings side by side: from a file to a model, each contender in a process of its own.
/// Start with {@link org.strait.bench.train.TrainBench}.
package org.strait.bench.train;
