package org.strait.engine.net;

import java.util.SplittableRandom;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.kernels.Backend;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.memory.HostMemory;

/// Images of noise with a bright bar: class 0 across, class 1 upright, class 2 on the diagonal.
final class TinyImages {
  private TinyImages() {}

  static Dataset rows(Shape shape, int rows, long seed, HostMemory memory) {
    SplittableRandom random = new SplittableRandom(seed);
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int row = 0; row < rows; row++) {
        int label = random.nextInt(3);
        int place = 1 + random.nextInt(shape.height() - 2);
        int feature = 0;
        for (int y = 0; y < shape.height(); y++) {
          for (int x = 0; x < shape.width(); x++) {
            boolean bar = label == 0 ? y == place : label == 1 ? x == place : x == y;
            for (int c = 0; c < shape.channels(); c++) {
              double noise = 0.3 * random.nextGaussian() + 0.05 * c;
              builder.entry(feature++, (float) (noise + (bar ? 1 : 0)));
            }
          }
        }
        builder.endRow(label);
      }
      return builder.build("tiny images", shape.floats(), memory);
    }
  }

  static Backend backend(String name, int threads) {
    try {
      return Backends.choose(name, threads).backend();
    } catch (BackendUnavailableException e) {
      throw new IllegalStateException(name, e);
    }
  }
}
