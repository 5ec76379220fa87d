package org.strait.engine.model;

import org.strait.engine.data.Batch;
import org.strait.engine.data.ContentHash;
import org.strait.kernels.Backend;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// One rank's copy of the model: weights (0 at first), gradient and scratch. Methods that compute
/// allocate nothing. Not thread-safe.
public final class Replica implements AutoCloseable {
  private final Model model;
  private final int features;
  private final ParameterLayout layout;
  private final HostMemory memory;
  private final Floats weights;
  private final Floats gradient;
  private final Scratch scratch;

  private Replica(
      Model model, int features, int mostRows, Backend backend, HostMemory memory, Floats given) {
    this.model = model;
    this.features = features;
    layout = model.parameters(features);
    if (given != null && given.length() != layout.length()) {
      throw new IllegalArgumentException(
          "gradient has " + given.length() + " floats, the model has " + layout.length());
    }
    this.memory = memory.child("replica");
    weights = this.memory.floats(layout.length());
    gradient = given != null ? given : this.memory.floats(layout.length());
    long floats = model.scratchFloats(mostRows, features, backend.threads());
    scratch = new Scratch(backend, this.memory.floats(floats));
  }

  /// A replica with all weights 0.
  ///
  /// @param model what to train
  /// @param features number of features that all data centres agree on
  /// @param mostRows rows of the largest batch it will see
  /// @param backend what to compute with
  /// @param memory owner that its memory counts against; close the replica before it
  public static Replica of(
      Model model, int features, int mostRows, Backend backend, HostMemory memory) {
    return new Replica(model, features, mostRows, backend, memory, null);
  }

  /// Like {@link #of}, with the gradient in memory that the caller owns, for instance memory that
  /// the ranks of a host share.
  ///
  /// @param gradient as many floats as {@link Model#parameters} says
  public static Replica over(
      Floats gradient,
      Model model,
      int features,
      int mostRows,
      Backend backend,
      HostMemory memory) {
    return new Replica(model, features, mostRows, backend, memory, gradient);
  }

  /// Sets the weights to what training begins with.
  ///
  /// @param seed the same in all ranks of all data centres
  public void initialise(long seed) {
    model.initialise(features, weights, seed);
  }

  /// Returns Σ loss over the rows at the present weights and overwrites the gradient with Σ of its
  /// derivatives: sums, not means, without regularisation.
  public double lossAndGradient(Batch batch) {
    return model.lossAndGradient(batch, weights, gradient, scratch);
  }

  /// Σ loss over the rows at the present weights; leaves the gradient as it is.
  public double loss(Batch batch) {
    return model.loss(batch, weights, scratch);
  }

  /// Scores of the rows at the present weights; any number of rows. Modified: scores.
  public void scores(Batch batch, Floats scores) {
    model.scores(batch, weights, scores, scratch);
  }

  /// diagonal ← diagonal + Σ_r c·x(r)², with the bound c of the loss's curvature (Jacobi
  /// preconditioner). Modified: diagonal.
  ///
  /// @throws IllegalStateException if the model has no such bound
  public void addSquares(Batch batch, Floats diagonal) {
    model.addSquares(batch, diagonal, scratch);
  }

  /// What is trained.
  public Model model() {
    return model;
  }

  /// Number of features of the rows it sees.
  public int features() {
    return features;
  }

  /// What weights and gradient consist of.
  public ParameterLayout layout() {
    return layout;
  }

  /// The weights themselves; whoever changes them changes the replica.
  public Floats weights() {
    return weights;
  }

  /// The gradient that {@link #lossAndGradient} left.
  public Floats gradient() {
    return gradient;
  }

  /// The part of weights or gradient that penalties are of; the same run if that is all.
  public Floats penalised(Floats run) {
    long count = model.penalised(features);
    return count == run.length() ? run : run.slice(0, count);
  }

  /// What it computes with, and in.
  public Scratch scratch() {
    return scratch;
  }

  /// SHA-256 of the weights as little-endian bytes, 64 hexadecimal digits.
  public String hash() {
    return new ContentHash().add(weights).hex();
  }

  /// Frees its memory; a gradient that was given stays.
  @Override
  public void close() {
    memory.close();
  }
}
