package org.strait.launcher.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.launcher.config.UserMistake;

/// Host files in the dialects of the MPIs.
class HostListTest {
  @Test
  void dialects() {
    HostList hosts =
        HostList.parse(
            "hosts",
            List.of(
                "# my cluster",
                "",
                "node1 slots=4   # the head",
                "node2:2",
                "  node3  ",
                "root@10.0.0.4 slots = 3 max_slots=8",
                "node3 max-slots=2",
                "node5:2 binding=user:0"));
    assertEquals("node1:4,node2:2,node3:2,root@10.0.0.4:3,node5:2", hosts.toString());
    assertEquals("10.0.0.4", hosts.hosts().get(3).name());
    assertEquals(hosts.toString(), HostList.list(hosts.toString()).toString());
  }

  @Test
  void hostsAreFilledInOrder() {
    List<HostList.Seat> seats = HostList.list("a:2,b:3").seats(4);
    assertEquals(List.of(0, 1, 2, 3), seats.stream().map(HostList.Seat::rank).toList());
    assertEquals("a a b b", String.join(" ", seats.stream().map(s -> s.host().name()).toList()));
    assertEquals(List.of(0, 1, 0, 1), seats.stream().map(HostList.Seat::localRank).toList());
    assertEquals(2, seats.getLast().localSize());
    assertEquals(1, HostList.list("a:2,b:3").seats(3).getLast().localSize());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "node1 slot=4 ! hosts:1: \"slot=4\" is not understood; write node1, node1:4 or node1 slots=4",
        "node1:4 slots=4 ! hosts:1: \"slots=4\" is not understood; write node1, node1:4 or node1"
            + " slots=4",
        "node1:0 ! hosts:1: 0 slots; give every host at least one",
        "node_1:x ! hosts:1: \"node_1:x\" is no host; write node1, node1:4 or node1 slots=4",
        "-oProxyCommand=sh ! hosts:1: \"-oProxyCommand=sh\" is no host; write node1, node1:4 or node1"
            + " slots=4",
        "-oX@a ! hosts:1: \"-oX@a\" is no host; write node1, node1:4 or node1 slots=4",
        "# nothing ! hosts: no host; write one host a line, such as node1 slots=4",
      })
  void typosAreNamedWithTheirLine(String line, String message) {
    assertEquals(
        message,
        assertThrows(UserMistake.class, () -> HostList.parse("hosts", List.of(line))).getMessage());
  }

  @Test
  void theLineIsTheRightOne() {
    assertEquals(
        "hosts:3: \"b:c\" is no host; write node1, node1:4 or node1 slots=4",
        assertThrows(UserMistake.class, () -> HostList.parse("hosts", List.of("a", "# x", "b:c")))
            .getMessage());
    assertEquals(
        "--hostfile: there is no file no/such; check the path",
        assertThrows(UserMistake.class, () -> HostList.read(Path.of("no/such"))).getMessage());
  }

  @Test
  void addresses() {
    assertEquals("127.0.0.1", HostList.list("localhost:2,127.0.0.1").ownAddress());
    assertEquals(
        "host \"no-such-host.invalid\" does not resolve; correct the name, or give its address",
        assertThrows(UserMistake.class, HostList.list("no-such-host.invalid")::ownAddress)
            .getMessage());
    // 192.0.2.1 is for documentation: nobody has it, but it is not this machine's loopback address.
    assertEquals(
        "host localhost (127.0.0.1) is this machine to itself only, and other hosts are named too;"
            + " give the name or address by which the others reach it",
        assertThrows(UserMistake.class, HostList.list("localhost,192.0.2.1")::ownAddress)
            .getMessage());
  }

  @Test
  void tooFewSlots() {
    assertEquals(
        "--np 4, but the hosts have 3 slots (a:2,b:1); lower --np, or give hosts more slots:"
            + " node1:4",
        assertThrows(UserMistake.class, () -> HostList.list("a:2,b").seats(4)).getMessage());
  }
}
