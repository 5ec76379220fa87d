package org.strait.launcher.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.strait.engine.topology.Link;

/// Networks by name.
class WanProfilesTest {
  private static final List<String> TWO = List.of("x", "y");

  private static Link first(String profile, List<String> dcs) {
    return WanProfiles.links(profile, dcs).getFirst();
  }

  @Test
  void placesAreTakenByNameOrInOrder() {
    Link inOrder = first("aws11", TWO);
    assertEquals(30_000_000L, inOrder.delayNanos(), "half of N. Virginia to N. California");
    assertEquals(4_363_000_000L, inOrder.bitsPerSecond());
    Link byName = first("aws11", List.of("sa-east-1", "ap-southeast-1"));
    assertEquals(179_000_000L, byName.delayNanos());
    assertEquals(1_924_000_000L, byName.bitsPerSecond());
    assertEquals(100_000_000L, first("aws11-2016", TWO).bitsPerSecond());
    Link tokyoLondon = first("aws10", List.of("tokyo", "london"));
    assertEquals(105_000_000L, tokyoLondon.delayNanos());
    assertEquals(366_000_000L, tokyoLondon.bitsPerSecond());
    assertEquals(List.of("us-east-1", "us-west-1"), WanProfiles.places("aws11", TWO));
  }

  @Test
  void everyProfileHasEveryPair() {
    for (String name : WanProfiles.names()) {
      List<Link> links = WanProfiles.links(name, List.of("a", "b", "c", "d"));
      assertEquals(12, links.size(), name);
      for (Link link : links) {
        assertEquals(!name.equals("none"), link.shaped(), name);
      }
    }
  }

  @Test
  void jitterAndLossMayBeWrittenBehind() {
    Link link = first("80ms 100Mbit/s jitter 5 ms loss 0.1%", TWO);
    assertEquals(80_000_000L, link.delayNanos());
    assertEquals(100_000_000L, link.bitsPerSecond());
    assertEquals(5_000_000L, link.jitterNanos());
    assertEquals(0.001, link.loss());
    assertEquals(0.01, first("1ms 1Gbit/s loss 1%", TWO).loss());
  }

  @Test
  void whatAProfileHasNotIsSaid() {
    String many =
        assertThrows(
                IllegalArgumentException.class,
                () -> WanProfiles.links("aws10", Collections.nCopies(11, "x")))
            .getMessage();
    assertTrue(many.contains("has 10 places, there are 11 data centres"), many);
    String other =
        assertThrows(
                IllegalArgumentException.class,
                () -> WanProfiles.links("aws10", List.of("tokyo", "mars")))
            .getMessage();
    assertTrue(other.contains("has no place \"mars\"; it has oregon, "), other);
  }

  @Test
  void longLinksGetMoreConnections() {
    assertEquals(4, LinkStreams.auto(new Link("a", "b", 0, 0, 0)), "nobody knows");
    assertEquals(1, LinkStreams.auto(new Link("a", "b", 1_000_000, 50_000_000, 0)));
    assertEquals(12, LinkStreams.auto(new Link("a", "b", 80_000_000, 100_000_000, 0)));
    assertEquals(16, LinkStreams.auto(new Link("a", "b", 165_000_000, 1_000_000_000, 0)));
  }
}
