package org.strait.engine.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.tls.TestPki;
import org.strait.engine.transport.tls.TlsFiles;
import org.strait.engine.transport.tls.TlsIdentity;

/// Two gateways that do not fit, over real sockets: each says so in one line. Gateway 0 waits,
/// gateway 1 comes.
@Timeout(60)
class WireRefusalsTest {
  @TempDir Path folder;
  private final Topology topology = Topology.uniform(2, 1);

  private TestPki pki;

  private TestPki pki() {
    pki = pki == null ? new TestPki(folder, "ca") : pki;
    return pki;
  }

  private ConnectOptions options(boolean tls, int me) {
    ConnectOptions options =
        ConnectOptions.defaults().withToken("secret").withTimeoutSeconds(me == 0 ? 2 : 10);
    return tls ? options.withTls(pki().identity("dc" + (me + 1))) : options;
  }

  private List<String> lines(List<ConnectOptions> options) throws IOException {
    return lines(options, me -> topology.gatewayGroup(me));
  }

  /// What both say; a gateway that joins says nothing.
  private static List<String> lines(List<ConnectOptions> options, Function<Integer, Group> groups)
      throws IOException {
    List<InetSocketAddress> addresses = new ArrayList<>();
    try (ServerSocket a = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket b = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      addresses.add(InetSocketAddress.createUnresolved("127.0.0.1", a.getLocalPort()));
      addresses.add(InetSocketAddress.createUnresolved("127.0.0.1", b.getLocalPort()));
    }
    String[] lines = new String[2];
    Ranks.run(
        2,
        me ->
            lines[me] =
                assertThrows(
                        RendezvousException.class,
                        () ->
                            Transports.connect(groups.apply(me), addresses, options.get(me))
                                .close())
                    .getMessage());
    for (String line : lines) {
      assertEquals(1, line.lines().count(), String.join("\n", lines));
    }
    return List.of(lines);
  }

  private static void says(String line, String... parts) {
    for (String part : parts) {
      assertTrue(line.contains(part), line);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anotherToken(boolean tls) throws IOException {
    List<String> lines = lines(List.of(options(tls, 0), options(tls, 1).withToken("other")));
    says(lines.get(0), "rank 0 (dc1) still misses rank 1 (dc2)", "the job tokens differ");
    says(lines.get(1), "rank 0 (dc1) at 127.0.0.1", "the job tokens differ");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void otherDataCentres(boolean tls) throws IOException {
    Topology other = Topology.uniform(2, 3);
    List<String> lines =
        lines(
            List.of(options(tls, 0), options(tls, 1)),
            me -> me == 0 ? topology.gatewayGroup(0) : other.gatewayGroup(3));
    says(lines.get(0), "counts other members");
    says(lines.get(1), "counts other members");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anotherNumberOfConnections(boolean tls) throws IOException {
    List<String> lines =
        lines(List.of(options(tls, 0).withStreamsByMember(List.of(0, 3)), options(tls, 1)));
    says(lines.get(0), "another number of connections");
    says(lines.get(1), "another number of connections");
  }

  @Test
  void oneEncryptsAndTheOtherDoesNot() throws IOException {
    List<String> lines = lines(List.of(options(true, 0), options(false, 1)));
    says(lines.get(0), "it does not encrypt, this side does");
    says(lines.get(1), "it speaks TLS only, this side does not");
    lines = lines(List.of(options(false, 0), options(true, 1)));
    says(lines.get(0), "it speaks TLS, this side does not");
    says(lines.get(1), "it does not encrypt, this side does");
  }

  @Test
  void anotherAuthority() throws IOException {
    TestPki other = new TestPki(folder, "other");
    ConnectOptions stranger = options(false, 1).withTls(other.identity("dc2"));
    List<String> lines = lines(List.of(options(true, 0), stranger));
    says(
        lines.get(0),
        "it does not accept this side's certificate",
        "certificates of one authority");
    says(
        lines.get(1),
        "its certificate (for dc1, issued by CN=ca) does not come from an authority in "
            + other.authorities(),
        "all data centres need certificates of one authority");
  }

  @Test
  void anAuthorityThatOnlyOneSideTrusts() throws IOException {
    TestPki other = new TestPki(folder, "other");
    TlsFiles theirs = other.issue("dc2");
    Path both = folder.resolve("both.crt");
    java.nio.file.Files.writeString(
        both,
        java.nio.file.Files.readString(pki().authorities())
            + java.nio.file.Files.readString(other.authorities()));
    TlsIdentity identity =
        TlsIdentity.load(
            new TlsFiles(theirs.certificate(), theirs.key(), both), "dc2", InstantSource.system());
    List<String> lines = lines(List.of(options(true, 0), options(false, 1).withTls(identity)));
    says(lines.get(0), "its certificate (for dc2, issued by CN=other) does not come from");
    says(
        lines.get(1),
        "it does not accept this side's certificate",
        "certificates of one authority");
  }

  @Test
  void anotherDataCentresCertificate() throws IOException {
    ConnectOptions liar = options(false, 1).withTls(pki().identity("dc9"));
    List<String> lines = lines(List.of(options(true, 0), liar));
    says(lines.get(0), "it says it is dc2, its certificate is for dc9");
    says(lines.get(1), "it expects a certificate of another data centre");
    liar = options(false, 0).withTls(pki().identity("dc8"));
    lines = lines(List.of(liar, options(true, 1)));
    says(lines.get(0), "it expects another data centre here than the certificate names");
    says(lines.get(1), "rank 0 (dc1) at 127.0.0.1", "its certificate is for dc8, expected dc1");
  }

  @Test
  void aCertificateThatExpired() throws IOException {
    Instant now = Instant.now();
    Instant later = now.plusSeconds(2 * 86_400);
    TlsFiles files = pki().issue("dc2");
    TlsIdentity early = TlsIdentity.load(files, "dc2", InstantSource.system());
    TlsIdentity ahead =
        TlsIdentity.load(
            pki().issue("dc1", "EC", now.minusSeconds(9), later.plusSeconds(9)),
            "dc1",
            InstantSource.fixed(later));
    List<String> lines =
        lines(List.of(options(false, 0).withTls(ahead), options(false, 1).withTls(early)));
    says(lines.get(0), "its certificate (for dc2) expired on", "issue a new one");
    says(
        lines.get(1),
        "it does not accept this side's certificate " + files.certificate(),
        "outside its time by the other clock");
  }

  @Test
  void anotherVersion() throws Exception {
    try (GatewayListener listener = GatewayListener.open(options(false, 0));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
      ByteBuffer hello =
          new HandshakeLayout(topology.gatewayGroup(1), "secret", 1, 1)
              .frame(HandshakeLayout.HELLO, 0, 0);
      byte[] bytes = new byte[HandshakeLayout.BYTES];
      hello.get(bytes);
      bytes[4] = 99;
      socket.getOutputStream().write(bytes);
      ByteBuffer answer =
          HandshakeLayout.empty().put(socket.getInputStream().readNBytes(HandshakeLayout.BYTES));
      assertEquals(HandshakeLayout.OTHER_VERSION, HandshakeLayout.kind(answer));
      String words =
          HandshakeLayout.reason(HandshakeLayout.kind(answer), HandshakeLayout.version(answer));
      assertEquals("it speaks protocol version 3, this rank 3", words);
      assertEquals(-1, socket.getInputStream().read(), "closed after the refusal");
      assertTrue(
          listener.refusals().getFirst().contains("it speaks protocol version 99, this rank 3"),
          listener.refusals().toString());
    }
  }
}
