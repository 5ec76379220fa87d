package org.strait.engine.net;

import java.util.LinkedHashMap;
import java.util.Map;
import org.strait.engine.data.Batch;
import org.strait.engine.data.Draws;
import org.strait.engine.model.Model;
import org.strait.engine.model.ParameterLayout;
import org.strait.engine.model.Scratch;
import org.strait.memory.Floats;

/// A net of layers that scores classes, as a model. Get one from {@link Nets} or {@link
/// NetBuilder}. Rows are images or vectors of the net's input, dense or sparse. {@link
/// #lossAndGradient} is training: dropout drops and images are augmented, in a way that follows
/// from the seed and the number of the batch; {@link #loss} and {@link #scores} see rows and
/// weights as they are.
public final class Net implements Model {
  /// Key of the layers in a model file.
  public static final String LAYERS = "net";

  /// Key of the shape of a row in a model file.
  public static final String INPUT = "input";

  /// Most rows that go through the layers at once: products of matrices gain nothing from more.
  private static final int MOST_ROWS = 256;

  /// Most floats of all layers together: a quarter of a gigabyte.
  private static final long MOST_FLOATS = 1L << 26;

  private final String name;
  private final Shape input;
  private final Sequence layers;
  private final int classes;
  private final SoftTargets targets;
  private final Augmentation augmentation;

  /// @param layers the last gives the scores
  /// @param augmentation null for none
  /// @throws IllegalArgumentException if a layer does not fit; names it and the shapes
  Net(String name, Shape input, Sequence layers, SoftTargets targets, Augmentation augmentation) {
    this.name = name;
    this.input = input;
    this.layers = layers;
    this.targets = targets;
    this.augmentation = augmentation;
    classes = layers.output(input).floats();
  }

  Shape input() {
    return input;
  }

  Sequence layers() {
    return layers;
  }

  SoftTargets lossOfScores() {
    return targets;
  }

  Augmentation augmentation() {
    return augmentation;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Targets targets() {
    return Targets.CLASSES;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public boolean probabilistic() {
    return true;
  }

  @Override
  public Map<String, String> metadata() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(LAYERS, layers.text());
    texts.put(INPUT, input.toString());
    return texts;
  }

  @Override
  public ParameterLayout parameters(int features) {
    checkFeatures(features);
    return layers.parameters("", input, ParameterLayout.EMPTY);
  }

  @Override
  public long scratchFloats(int rows, int features) {
    return scratchFloats(rows, features, 1);
  }

  @Override
  public long scratchFloats(int rows, int features, int threads) {
    return floats(Math.min(Math.max(1, rows), chunkRows(threads)), threads);
  }

  private long floats(int rows, int threads) {
    return Place.Room.padded((long) rows * input.floats())
        + 2 * Place.Room.padded(rows)
        + layers.floats(input, rows, threads, false);
  }

  /// Rows that go through at once.
  private int chunkRows(int threads) {
    int rows = MOST_ROWS;
    while (rows > 1 && floats(rows, threads) > MOST_FLOATS) {
      rows /= 2;
    }
    return rows;
  }

  @Override
  public void initialise(int features, Floats weights, long seed) {
    checkFeatures(features);
    weights.fill(0);
    Draws draws = new Draws();
    draws.key(seed, -2, 0);
    layers.initialise(input, weights, draws);
  }

  @Override
  public double lossAndGradient(Batch batch, Floats weights, Floats gradient, Scratch scratch) {
    return run(weights, gradient, scratch).lossAndGradient(batch);
  }

  @Override
  public double loss(Batch batch, Floats weights, Scratch scratch) {
    return run(weights, null, scratch).loss(batch);
  }

  @Override
  public void scores(Batch batch, Floats weights, Floats scores, Scratch scratch) {
    if (scores.length() != (long) batch.rows() * classes) {
      throw new IllegalArgumentException(
          scores.length() + " scores for " + batch.rows() + " rows and " + classes + " classes");
    }
    run(weights, null, scratch).scores(batch, scores);
  }

  private NetRun run(Floats weights, Floats gradient, Scratch scratch) {
    if (scratch.kept() instanceof NetRun run && run.isFor(this, weights, gradient)) {
      return run;
    }
    int threads = scratch.backend().threads();
    int rows = chunkRows(threads);
    while (rows > 1 && floats(rows, threads) > scratch.all().length()) {
      rows--;
    }
    NetRun run = new NetRun(this, weights, gradient, scratch.all(), scratch.backend(), rows);
    scratch.keep(run);
    return run;
  }

  private void checkFeatures(int features) {
    if (features != input.floats()) {
      throw new IllegalArgumentException(
          "rows of "
              + features
              + " features for a net whose input is "
              + input
              + ", "
              + input.floats()
              + " features; give --input the shape of the rows");
    }
  }
}
