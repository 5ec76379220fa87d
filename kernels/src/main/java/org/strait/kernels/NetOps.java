package org.strait.kernels;

import org.strait.memory.Floats;

/// What layers of nets need besides matrix products. Operations run on the caller's thread and may
/// be called by several threads at once for different parts of the results, so a net shares out
/// whole images itself ({@link Backend#run}). The same bits on every backend: sums are taken in
/// float32 in the order that is given. Images are as {@link Windows} has them, channels last: a
/// window's row is then one run of memory, pixels of all images are the rows of one matrix, and
/// pooling works on channels side by side.
public interface NetOps {
  /// y(r, c) ← y(r, c) + bias(c), then, if rectified, max(0, ·), for the rows from ≤ r < to. A sum
  /// that is not a number stays one. Modified: y.
  void addBias(Matrix y, Floats bias, boolean rectify, int from, int to);

  /// sums(c) ← sums(c) + Σ_r dy(r, c), r from ≤ r < to in that order, after dy(r, c) ← 0 wherever
  /// y(r, c) is not above 0. Without y nothing is set to 0. Modified: dy, sums.
  ///
  /// @param y a matrix of the shape of dy, or null
  void maskAndSum(Matrix y, Matrix dy, Floats sums, int from, int to);

  /// x(i) ← max(0, x(i)) for from ≤ i < to; what is not a number stays one. Modified: x.
  void relu(Floats x, long from, long to);

  /// dy(i) ← 0 wherever y(i) is not above 0, for from ≤ i < to. Modified: dy.
  void mask(Floats y, Floats dy, long from, long to);

  /// Writes what each window of an image sees as a row of {@link Windows#patchFloats}, window after
  /// window (im2col). Modified: patches, {@link Windows#count} rows from {@code patchesAt} on.
  ///
  /// @param imageAt element of {@code images} at which the image begins
  void patches(Windows windows, Floats images, long imageAt, Floats patches, long patchesAt);

  /// The opposite sum (col2im): each element of the image becomes the sum of what the windows' rows
  /// have for it, window after window. Modified: images, one image from {@code imageAt} on.
  void addPatches(Windows windows, Floats patches, long patchesAt, Floats images, long imageAt);

  /// The largest element in the image under each window, channel by channel. Modified: pooled,
  /// {@link Windows#pooledFloats} from {@code pooledAt} on.
  void maxPool(Windows windows, Floats images, long imageAt, Floats pooled, long pooledAt);

  /// Gives each element of {@code dPooled} to the first element (row by row) under its window that
  /// is the largest. Modified: dImages, one image from {@code imageAt} on, overwritten.
  void maxPoolBack(
      Windows windows, Floats images, Floats dImages, long imageAt, Floats dPooled, long pooledAt);

  /// The mean of the elements in the image under each window, channel by channel. Modified: pooled.
  void averagePool(Windows windows, Floats images, long imageAt, Floats pooled, long pooledAt);

  /// Gives each element of {@code dPooled} in equal shares to those that its mean was of. Modified:
  /// dImages, one image from {@code imageAt} on, overwritten.
  void averagePoolBack(
      Windows windows, Floats dImages, long imageAt, Floats dPooled, long pooledAt);
}
