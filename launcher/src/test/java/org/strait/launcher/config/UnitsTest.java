package org.strait.launcher.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.topology.Link;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "80 ms,80000000",
    "80ms,80000000",
    "0.5 s,500000000",
    "100 us,100000",
    "2min,120000000000"
  })
  void times(String text, long nanos) {
    assertEquals(nanos, Units.nanos(text));
  }

  @ParameterizedTest
  @CsvSource({"50 Mbit/s,50000000", "1.5Gbit/s,1500000000", "10 MB/s,80000000"})
  void bandwidths(String text, long bitsPerSecond) {
    assertEquals(bitsPerSecond, Units.bitsPerSecond(text));
  }

  @ParameterizedTest
  @CsvSource({"2 GiB,2147483648", "3 MB,3000000", "17B,17"})
  void sizes(String text, long bytes) {
    assertEquals(bytes, Units.bytes(text));
  }

  @ParameterizedTest
  @CsvSource({"1%,0.01", "0.01,0.01", "100 %,1", "0,0"})
  void shares(String text, double share) {
    assertEquals(share, Units.fraction(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ms", "-3 ms", "3 parsecs", "NaN ms", "1e300 s", "3"})
  void whatIsNoTimeIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Units.nanos(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "1d", "0x1p3", "", "1,5"})
  void whatIsNoNumberIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Units.number(text));
  }

  @Test
  void suggestionsAreNearOrAbsent() {
    List<String> known = List.of("rows", "rounds", "ranks", "target");
    assertEquals(Optional.of("rounds"), Suggestion.nearest("rond", known));
    assertEquals(Optional.of("target"), Suggestion.nearest("tagret", known));
    assertEquals(Optional.of("ranks"), Suggestion.nearest("RANK", known));
    assertEquals(Optional.empty(), Suggestion.nearest("elephant", known));
  }

  @Test
  void demoNetworkHasTheRegionsDelaysByNameOrByOrder() {
    List<Link> named = WanProfiles.links("demo", List.of("us-east", "other", "ap-southeast"));
    assertEquals(100_000_000, delay(named, "us-east", "other"));
    assertEquals(110_000_000, delay(named, "ap-southeast", "us-east"));
    List<Link> ordered = WanProfiles.links("demo", List.of("a", "b", "c", "d"));
    assertEquals(40_000_000, delay(ordered, "a", "b"));
    assertEquals(85_000_000, delay(ordered, "c", "a"));
    assertEquals(110_000_000, delay(ordered, "b", "c"));
    assertEquals(100_000_000, delay(ordered, "d", "a"));
    assertEquals(50_000_000, ordered.getFirst().bitsPerSecond());
    assertEquals(12, ordered.size());
  }

  @ParameterizedTest
  @CsvSource({
    "none,0,0",
    "lan,100000,10000000000",
    "metro,1000000,1000000000",
    "80ms 50Mbit/s,80000000,50000000",
    "80 ms 50 Mbit,80000000,50000000"
  })
  void profiles(String profile, long delayNanos, long bitsPerSecond) {
    for (Link link : WanProfiles.links(profile, List.of("a", "b"))) {
      assertEquals(delayNanos, link.delayNanos());
      assertEquals(bitsPerSecond, link.bitsPerSecond());
      assertEquals(0.02, link.pricePerGigabyte());
    }
  }

  private static long delay(List<Link> links, String from, String to) {
    return links.stream()
        .filter(l -> l.from().equals(from) && l.to().equals(to))
        .findFirst()
        .orElseThrow()
        .delayNanos();
  }
}
