package org.strait.launcher.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strait.engine.topology.Link;

/// Networks to emulate between data centres on one machine. A profile is a name or a pair such as
/// `80ms 50Mbit/s` (one-way delay and bandwidth of every link), which may go on with `jitter 5ms`
/// and `loss 0.1%`.
///
/// `demo` has the delays between cloud regions in Ireland, Virginia and Singapore: half of the
/// round trips that public inter-region latency tables typically show for them (about 80, 170 and
/// 220 ms in 2026). Data centres that carry the region's name get its delays; if none does, the
/// first three take the regions in order. All others are {@value #GENERIC_DELAY_MILLIS} ms away.
/// `hospital` is a guess at clinics on business lines of one country: 15 ms, 50 Mbit/s up, 3 ms of
/// jitter, one packet in ten thousand lost. `ss` is the worst pair of cloud regions around 2016,
/// Singapore to São Paulo; `azure` two regions of a fast backbone; `commodity` home lines.
public final class WanProfiles {
  /// Price of 10^9 bytes between data centres where no topology file says otherwise.
  public static final double DEFAULT_PRICE_PER_GIGABYTE = 0.02;

  /// Its currency.
  public static final String DEFAULT_CURRENCY = "USD";

  /// Where the default price comes from.
  public static final String DEFAULT_PRICE_NOTE =
      "0.02 USD/GB assumed: typical list price between cloud regions, November 2026; edit in the"
          + " topology file";

  static final long GENERIC_DELAY_MILLIS = 100;
  private static final List<String> NAMES =
      List.of(
          "none",
          "lan",
          "metro",
          "demo",
          "aws11",
          "aws11-2016",
          "aws10",
          "azure",
          "commodity",
          "hospital",
          "ss");
  private static final List<String> REGIONS = List.of("eu-west", "us-east", "ap-southeast");
  private static final long[][] REGION_DELAY_MILLIS = {{0, 40, 85}, {40, 0, 110}, {85, 110, 0}};
  private static final long DEMO_BITS_PER_SECOND = 50_000_000;
  private static final Pattern CUSTOM =
      Pattern.compile(
          "\\s*([0-9.]+\\s*[a-zµ]+)[\\s,]+([0-9.]+\\s*[A-Za-z]+(?:/s)?)"
              + "(?:[\\s,]+jitter\\s+([0-9.]+\\s*[a-zµ]+))?(?:[\\s,]+loss\\s+([0-9.]+\\s*%?))?\\s*");

  private WanProfiles() {}

  /// Names of the profiles.
  public static List<String> names() {
    return NAMES;
  }

  /// The links between all pairs of data centres, in both directions, with default prices.
  ///
  /// @throws IllegalArgumentException if the profile is neither known nor a pair; message "WHAT;
  ///     WHAT TO DO"
  public static List<Link> links(String profile, List<String> dcs) {
    List<String> places = places(profile, dcs);
    List<Link> links = new ArrayList<>();
    for (int from = 0; from < dcs.size(); from++) {
      for (int to = 0; to < dcs.size(); to++) {
        if (from != to) {
          links.add(link(profile, dcs, places, from, to));
        }
      }
    }
    if (dcs.size() < 2) {
      link(
          profile,
          List.of("a", "b"),
          places(profile, List.of("a", "b")),
          0,
          1); // checks the name all the same
    }
    return links;
  }

  /// Human names of the data centres under a profile: its regions where it has any.
  static List<String> places(String profile, List<String> dcs) {
    if (WanMatrices.names().contains(profile)) {
      return WanMatrices.places(profile, dcs);
    }
    if (!profile.equals("demo") || dcs.stream().anyMatch(REGIONS::contains)) {
      return dcs;
    }
    List<String> places = new ArrayList<>(dcs);
    for (int i = 0; i < Math.min(places.size(), REGIONS.size()); i++) {
      places.set(i, REGIONS.get(i));
    }
    return places;
  }

  private static Link link(
      String profile, List<String> dcs, List<String> places, int from, int to) {
    return switch (profile) {
      case "none" -> link(dcs, from, to, 0, 0);
      case "lan" -> link(dcs, from, to, 100_000, 10_000_000_000L);
      case "metro" -> link(dcs, from, to, 1_000_000, 1_000_000_000L);
      case "demo" ->
          link(dcs, from, to, demoDelayMillis(places, from, to) * 1_000_000, DEMO_BITS_PER_SECOND);
      case "azure" -> link(dcs, from, to, 40_000_000, 13_500_000_000L);
      case "commodity" -> link(dcs, from, to, 50_000_000, 110_000_000L);
      case "hospital" -> link(dcs, from, to, 15_000_000, 50_000_000L, 3_000_000, 1e-4);
      case "ss" -> link(dcs, from, to, 165_000_000, 100_000_000L);
      case "aws11", "aws11-2016", "aws10" ->
          link(
              dcs,
              from,
              to,
              WanMatrices.delayNanos(profile, places.get(from), places.get(to)),
              WanMatrices.bitsPerSecond(profile, places.get(from), places.get(to)));
      default -> custom(profile, dcs, from, to);
    };
  }

  private static long demoDelayMillis(List<String> places, int from, int to) {
    int a = REGIONS.indexOf(places.get(from));
    int b = REGIONS.indexOf(places.get(to));
    return a < 0 || b < 0 ? GENERIC_DELAY_MILLIS : REGION_DELAY_MILLIS[a][b];
  }

  private static Link custom(String profile, List<String> dcs, int from, int to) {
    Matcher m = CUSTOM.matcher(profile);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "unknown network \""
              + profile
              + "\"; known: "
              + String.join(", ", NAMES)
              + ", or delay and bandwidth such as \"80ms 50Mbit/s\" or \"80ms 50Mbit/s jitter 5ms loss"
              + " 0.1%\"");
    }
    String bandwidth = m.group(2).replaceAll("(?<=bit)$", "/s");
    return link(
        dcs,
        from,
        to,
        Units.nanos(m.group(1)),
        Units.bitsPerSecond(bandwidth),
        m.group(3) == null ? 0 : Units.nanos(m.group(3)),
        m.group(4) == null ? 0 : Units.fraction(m.group(4)));
  }

  private static Link link(List<String> dcs, int from, int to, long delayNanos, long bits) {
    return link(dcs, from, to, delayNanos, bits, 0, 0);
  }

  private static Link link(
      List<String> dcs, int from, int to, long delayNanos, long bits, long jitter, double loss) {
    return new Link(
        dcs.get(from), dcs.get(to), delayNanos, bits, DEFAULT_PRICE_PER_GIGABYTE, jitter, loss, 0);
  }
}
