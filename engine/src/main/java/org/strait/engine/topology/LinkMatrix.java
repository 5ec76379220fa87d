package org.strait.engine.topology;

/// Delay, bandwidth and price of every ordered pair of data centres, as described or measured.
public final class LinkMatrix {
  private final double[][] delaySeconds;
  private final double[][] bytesPerSecond;
  private final double[][] pricePerByte;

  /// @param delaySeconds one way, from row to column
  /// @param bytesPerSecond at least 0; 0 and infinity stand for "no limit known"
  /// @param pricePerByte in the topology's currency, at least 0
  /// @throws IllegalArgumentException if a figure is negative or not a number, or the shapes differ
  public LinkMatrix(double[][] delaySeconds, double[][] bytesPerSecond, double[][] pricePerByte) {
    int dcs = delaySeconds.length;
    this.delaySeconds = copy("delay", delaySeconds, dcs);
    this.bytesPerSecond = copy("bandwidth", bytesPerSecond, dcs);
    this.pricePerByte = copy("price", pricePerByte, dcs);
  }

  /// Links of which nothing is known.
  public static LinkMatrix unknown(int dcs) {
    return new LinkMatrix(new double[dcs][dcs], new double[dcs][dcs], new double[dcs][dcs]);
  }

  /// What a topology says of its links.
  public static LinkMatrix of(Topology topology) {
    int dcs = topology.dcs().size();
    double[][] delay = new double[dcs][dcs];
    double[][] bandwidth = new double[dcs][dcs];
    double[][] price = new double[dcs][dcs];
    for (int from = 0; from < dcs; from++) {
      for (int to = 0; to < dcs; to++) {
        if (from != to) {
          Link link = topology.link(from, to);
          delay[from][to] = link.delayNanos() / 1e9;
          bandwidth[from][to] = link.bitsPerSecond() / 8.0;
          price[from][to] = link.pricePerGigabyte() / 1e9;
        }
      }
    }
    return new LinkMatrix(delay, bandwidth, price);
  }

  /// Number of data centres.
  public int dcs() {
    return delaySeconds.length;
  }

  /// Seconds until the last of so many bytes has arrived.
  public double seconds(int from, int to, double bytes) {
    double rate = bytesPerSecond[from][to];
    return delaySeconds[from][to] + (rate > 0 ? bytes / rate : 0);
  }

  /// What so many bytes cost.
  public double price(int from, int to, double bytes) {
    return pricePerByte[from][to] * bytes;
  }

  /// One-way delay.
  public double delaySeconds(int from, int to) {
    return delaySeconds[from][to];
  }

  private static double[][] copy(String what, double[][] values, int dcs) {
    if (values.length != dcs) {
      throw new IllegalArgumentException(what + " of " + values.length + " rows, not " + dcs);
    }
    double[][] copy = new double[dcs][];
    for (int from = 0; from < dcs; from++) {
      if (values[from].length != dcs) {
        throw new IllegalArgumentException(
            what + " of row " + from + " has " + values[from].length + " columns, not " + dcs);
      }
      copy[from] = values[from].clone();
      for (double value : copy[from]) {
        if (!(value >= 0)) {
          throw new IllegalArgumentException(what + " is " + value + ", must be at least 0");
        }
      }
    }
    return copy;
  }
}
