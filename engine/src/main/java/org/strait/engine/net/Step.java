package org.strait.engine.net;

/// What the stages of a net must know of the step under way.
final class Step {
  private boolean training;
  private boolean accumulates;
  private long seed;
  private long number;
  private int firstRow;

  /// @param newSeed of what is random in this rank's steps
  /// @param newNumber of the step
  void train(long newSeed, long newNumber) {
    training = true;
    seed = newSeed;
    number = newNumber;
  }

  /// Nothing is random.
  void evaluate() {
    training = false;
  }

  /// @param row of the batch at which the rows under way begin; gradients of later ones are added
  void begin(int row) {
    firstRow = row;
    accumulates = row > 0;
  }

  boolean training() {
    return training;
  }

  /// Whether gradients are added to those that are there, else they replace them.
  boolean accumulates() {
    return accumulates;
  }

  /// What to multiply the gradients that are there with.
  float beta() {
    return accumulates ? 1 : 0;
  }

  /// A seed for what is random in one layer, in this step of this rank.
  long seed(int layer) {
    return seed + 0x632BE59BD9B4E019L * (layer + 1);
  }

  long number() {
    return number;
  }

  int firstRow() {
    return firstRow;
  }
}
