package org.strait.engine.topology;

import java.util.List;

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

  /// These figures, and those of another where these say nothing.
  public LinkMatrix or(LinkMatrix other) {
    int dcs = dcs();
    double[][] delay = new double[dcs][dcs];
    double[][] rate = new double[dcs][dcs];
    for (int from = 0; from < dcs; from++) {
      for (int to = 0; to < dcs; to++) {
        double known = delaySeconds[from][to];
        delay[from][to] = known > 0 ? known : other.delaySeconds[from][to];
        known = bytesPerSecond[from][to];
        rate[from][to] = known > 0 ? known : other.bytesPerSecond[from][to];
      }
    }
    return new LinkMatrix(delay, rate, pricePerByte);
  }

  /// The same with rates that were seen, where some were.
  ///
  /// @param seen bytes per second; 0 where nobody knows
  public LinkMatrix withRates(double[][] seen) {
    LinkMatrix rates = new LinkMatrix(new double[dcs()][dcs()], seen, pricePerByte);
    return rates.or(this);
  }

  /// Whether nothing is known of delays and rates.
  public boolean isUnknown() {
    for (int from = 0; from < dcs(); from++) {
      for (int to = 0; to < dcs(); to++) {
        if (delaySeconds[from][to] > 0 || bytesPerSecond[from][to] > 0) {
          return false;
        }
      }
    }
    return true;
  }

  /// All figures, for another that is to have them alike; {@link #parse} reads it.
  public String text() {
    StringBuilder text = new StringBuilder().append(dcs());
    for (double[][] figures : List.of(delaySeconds, bytesPerSecond, pricePerByte)) {
      for (double[] row : figures) {
        for (double figure : row) {
          text.append(' ').append(figure);
        }
      }
    }
    return text.toString();
  }

  /// Reads {@link #text}.
  public static LinkMatrix parse(String text) {
    String[] words = text.split(" ", -1);
    int dcs = Integer.parseInt(words[0]);
    double[][][] figures = new double[3][dcs][dcs];
    for (int i = 1; i < words.length; i++) {
      int at = i - 1;
      figures[at / (dcs * dcs)][at / dcs % dcs][at % dcs] = Double.parseDouble(words[i]);
    }
    return new LinkMatrix(figures[0], figures[1], figures[2]);
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
