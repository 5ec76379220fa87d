package org.strait.bench.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/// Weights as peers leave them: float64, little-endian.
final class WeightsFile {
  private WeightsFile() {}

  static double[] read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    double[] weights = new double[bytes.remaining() / Double.BYTES];
    bytes.asDoubleBuffer().get(weights);
    return weights;
  }
}
