package org.strait.engine.data;

/// Images of another size: bilinear where they grow, and where they shrink the same triangle made
/// so wide that every pixel counts (Heckbert, "Filtered image rescaling", Graphics Gems III, 1992),
/// first along rows, then along columns. Plain arithmetic, so every machine gets the same bytes.
final class Resampling {
  private Resampling() {}

  /// Overwrites {@code to}, whose shape has as many channels.
  static void bilinear(byte[] from, RowShape shape, byte[] to, RowShape wanted) {
    int channels = shape.channels();
    Weights columns = new Weights(shape.width(), wanted.width());
    Weights rows = new Weights(shape.height(), wanted.height());
    float[] narrow = new float[shape.height() * wanted.width() * channels];
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 0; x < wanted.width(); x++) {
        for (int c = 0; c < channels; c++) {
          float sum = 0;
          for (int k = 0; k < columns.counts[x]; k++) {
            int source = (y * shape.width() + columns.firsts[x] + k) * channels + c;
            sum += columns.weights[x][k] * (from[source] & 0xff);
          }
          narrow[(y * wanted.width() + x) * channels + c] = sum;
        }
      }
    }
    int line = wanted.width() * channels;
    for (int y = 0; y < wanted.height(); y++) {
      for (int i = 0; i < line; i++) {
        float sum = 0;
        for (int k = 0; k < rows.counts[y]; k++) {
          sum += rows.weights[y][k] * narrow[(rows.firsts[y] + k) * line + i];
        }
        to[y * line + i] = (byte) Math.clamp(Math.round(sum), 0, 255);
      }
    }
  }

  /// Which of n places make each of m, and how much.
  private static final class Weights {
    private final int[] firsts;
    private final int[] counts;
    private final float[][] weights;

    private Weights(int n, int m) {
      firsts = new int[m];
      counts = new int[m];
      weights = new float[m][];
      double step = (double) n / m;
      double reach = Math.max(1, step);
      for (int i = 0; i < m; i++) {
        double centre = (i + 0.5) * step;
        int first = Math.max(0, (int) Math.floor(centre - reach));
        int end = Math.min(n, (int) Math.ceil(centre + reach));
        float[] some = new float[end - first];
        double sum = 0;
        for (int k = first; k < end; k++) {
          double weight = Math.max(0, 1 - Math.abs(k + 0.5 - centre) / reach);
          some[k - first] = (float) weight;
          sum += weight;
        }
        for (int k = 0; k < some.length; k++) {
          some[k] /= (float) sum;
        }
        firsts[i] = first;
        counts[i] = some.length;
        weights[i] = some;
      }
    }
  }
}
