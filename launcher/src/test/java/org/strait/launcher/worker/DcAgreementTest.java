package org.strait.launcher.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.strait.engine.transport.tls.TlsFiles;
import org.strait.engine.transport.tls.TlsIdentity;
import org.strait.launcher.cert.Authority;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobFile;
import org.strait.launcher.config.JobKey;
import org.strait.launcher.config.JobResolver;
import org.strait.launcher.config.Settings;
import org.strait.launcher.config.UserMistake;

/// Gateways of launches that are threads here agree before they connect.
@Timeout(60)
class DcAgreementTest {
  @TempDir Path folder;
  private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
  private int port;

  @BeforeEach
  void freePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  private Job job(String dc, String... more) throws Exception {
    Path topology =
        Files.writeString(
            folder.resolve(dc + ".yaml"),
            "dcs:\n"
                + "  - {name: a, gateway: \"127.0.0.1:"
                + port
                + "\"}\n"
                + "  - {name: b, gateway: \"127.0.0.1:1\"}\n"
                + "  - {name: c, gateway: \"127.0.0.1:2\"}\n");
    Settings settings =
        new Settings()
            .flag(JobKey.TOPOLOGY, List.of(topology.toString()))
            .flag(JobKey.ROWS, List.of("9"))
            .flag(JobKey.TLS, List.of("off"))
            .flag(JobKey.DC, List.of(dc));
    for (int i = 0; i < more.length; i += 2) {
      settings.flag(JobKey.valueOf(more[i]), List.of(more[i + 1]));
    }
    return JobResolver.resolve(new Settings(), JobFile.none(), settings);
  }

  private CompletableFuture<List<String>> agree(DcAgreement agreement, String facts) {
    CompletableFuture<List<String>> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                result.complete(agreement.exchange(facts));
              } catch (RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    return result;
  }

  private DcAgreement of(Job job, String secret) {
    return new DcAgreement(job, secret, "1 (x)", null, notes::add);
  }

  /// A data centre's gateway with a certificate of the authority in a folder.
  private TlsIdentity tls(String authority, String dc) throws Exception {
    Path pki = folder.resolve(authority);
    InstantSource clock = InstantSource.system();
    if (!Files.exists(pki)) {
      Authority.init(pki, authority, 9, clock);
    }
    if (!Files.exists(pki.resolve(dc + ".crt"))) {
      Authority.open(pki).issue(dc, 1, false, clock);
    }
    TlsFiles files =
        new TlsFiles(pki.resolve(dc + ".crt"), pki.resolve(dc + ".key"), pki.resolve("ca.crt"));
    return TlsIdentity.load(files, dc, clock);
  }

  private DcAgreement of(Job job, TlsIdentity tls) {
    return new DcAgreement(job, "s", "1 (x)", tls, notes::add);
  }

  @Test
  void factsTravelEncryptedAndWhoeverDoesNotFitIsToldAndForgotten() throws Exception {
    DcAgreement first = of(job("a"), tls("ca", "a"));
    CompletableFuture<List<String>> a = agree(first, "fa");
    CompletableFuture<List<String>> plain = agree(of(job("b"), (TlsIdentity) null), "x");
    assertThrows(ExecutionException.class, plain::get);
    String other = refusal(agree(of(job("b"), tls("other", "b")), "x"));
    assertTrue(
        other.contains(
            "the launch of a at 127.0.0.1:"
                + port
                + " and this one do not connect: its certificate (for a, issued by CN=ca) does not"
                + " come from an authority in "
                + folder.resolve("other/ca.crt")),
        other);
    String liar = refusal(agree(of(job("b"), tls("ca", "c")), "x"));
    assertTrue(liar.contains("says it is b, its certificate is for c"), liar);
    DcAgreement second = of(job("b"), tls("ca", "b"));
    CompletableFuture<List<String>> b = agree(second, "fb");
    CompletableFuture<List<String>> c = agree(of(job("c"), tls("ca", "c")), "fc");
    assertEquals(List.of("fb", "fc"), a.get());
    assertEquals(List.of("fa", "fc"), b.get());
    assertEquals(List.of("fa", "fb"), c.get());
    assertTrue(second.sentBytes(0) > 1000, "certificates count: " + second.sentBytes(0));
    List<String> away = notes.stream().filter(n -> n.startsWith("sent 127.0.0.1")).toList();
    assertTrue(
        away.stream().anyMatch(n -> n.contains("does not accept this side's certificate"))
            && away.stream().anyMatch(n -> n.contains("its certificate is for c")),
        away.toString());
  }

  private static String refusal(CompletableFuture<List<String>> one) {
    Throwable cause = assertThrows(ExecutionException.class, one::get).getCause();
    assertEquals(UserMistake.class, cause.getClass());
    return cause.getMessage();
  }

  @Test
  void everyoneHearsTheFactsOfAllOthers() throws Exception {
    // Whatever is each launch's own affair may differ.
    DcAgreement first = of(job("a"), "s");
    DcAgreement last = of(job("c", "NAME", "other", "BACKEND", "scalar"), "s");
    CompletableFuture<List<String>> c = agree(last, "facts of c");
    CompletableFuture<List<String>> a = agree(first, "facts of a");
    CompletableFuture<List<String>> b = agree(of(job("b"), "s"), "facts of b");
    assertEquals(List.of("facts of b", "facts of c"), a.get());
    assertEquals(List.of("facts of a", "facts of c"), b.get());
    assertEquals(List.of("facts of a", "facts of b"), c.get());
    String waiting = "waiting for the launches of b, c at 127.0.0.1:" + port;
    assertTrue(notes.contains(waiting + "; nobody is in training yet"), "" + notes);
    String answer = "{\"facts\":[\"facts of a\",\"facts of b\",\"facts of c\"]}";
    assertEquals(8 + answer.length(), first.sentBytes(1));
    assertEquals(8 + answer.length(), first.sentBytes(2));
    assertEquals(0, last.sentBytes(1));
    assertTrue(last.sentBytes(0) > 200);
  }

  @Test
  void whoeverComesBackHearsWhatHolds() throws Exception {
    DcAgreement first = of(job("a"), "s");
    CompletableFuture<List<String>> a = agree(first, "fa");
    CompletableFuture<List<String>> b = agree(of(job("b"), "s"), "fb");
    CompletableFuture<List<String>> c = agree(of(job("c"), "s"), "fc");
    a.get(30, TimeUnit.SECONDS);
    assertEquals(List.of("fa", "fc"), b.get(30, TimeUnit.SECONDS));
    assertEquals(List.of("fa", "fb"), c.get(30, TimeUnit.SECONDS));
    JsonObject right = new AgreementWords(job("b"), "s", "1 (x)").request("fb");
    assertEquals("{\"facts\":[\"fa\",\"fb\",\"fc\"]}", "" + first.welcomeBack(1, right, false, ""));
    assertEquals("{\"later\":\"a still counts b in\"}", "" + first.welcomeBack(1, right, true, ""));
    JsonObject rows = new AgreementWords(job("b"), "s", "1 (x)").request("other");
    refused(first.welcomeBack(1, rows, false, ""), "labels are other, were fb); give it the rows");
    JsonObject secret = new AgreementWords(job("b"), "t", "1 (x)").request("fb");
    refused(first.welcomeBack(1, secret, false, ""), "a and b have different STRAIT_WAN_TOKEN");
    JsonObject build = new AgreementWords(job("b"), "s", "2").request("fb");
    refused(first.welcomeBack(1, build, true, ""), "b runs strait 2, a runs 1 (x)");
    refused(first.welcomeBack(2, right, false, ""), "it is not c");
    refused(
        first.welcomeBack(1, right, false, "it comes too late"),
        "b cannot come back: it comes too late");
  }

  private static void refused(JsonObject answer, String why) {
    UserMistake mistake = assertThrows(UserMistake.class, () -> AgreementWords.facts(answer, 3));
    assertTrue(mistake.getMessage().contains(why), mistake.getMessage());
  }

  @Test
  void theMessageIsTheseBytes() throws Exception {
    try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      DcAgreement agreement = of(job("b"), "");
      CompletableFuture<List<String>> b = agree(agreement, "1 1 8 -1,1");
      try (Socket socket = server.accept()) {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        assertEquals(0x53545241, in.readInt());
        int length = in.readInt();
        String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        assertTrue(
            text.startsWith(
                "{\"dc\":\"b\",\"secret\":\""
                    + "0d1c3f367cf42aad07dfcb644973f0635b21a8fe0f47ec98195142b085453fbf"
                    + "\",\"build\":\"1 (x)\",\"job\":{"),
            text);
        assertTrue(text.contains("\"job\":{\"model\":\"logistic\",\"l2\":\"1.0E-4\""), text);
        assertTrue(text.endsWith("\"facts\":\"1 1 8 -1,1\"}"), text);
        byte[] answer = "{\"facts\":[\"x\",\"y\",\"z\"]}".getBytes(StandardCharsets.UTF_8);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(0x53545241);
        out.writeInt(answer.length);
        out.write(answer);
        assertEquals(List.of("x", "z"), b.get());
        assertEquals(8 + length, agreement.sentBytes(0));
      }
    }
  }

  @Test
  void otherJobsAreRefusedForAllWithTheSettingNamed() throws Exception {
    CompletableFuture<List<String>> a = agree(of(job("a"), "s"), "");
    CompletableFuture<List<String>> b = agree(of(job("b", "ROUNDS", "7"), "s"), "");
    String why =
        "the launch of b has rounds 7, that of a has 500; give all launches the same job, build and"
            + " secret";
    assertEquals(why, refusal(a));
    assertEquals(why, refusal(b));
  }

  @Test
  void strangersDoNotDisturb() throws Exception {
    CompletableFuture<List<String>> a = agree(of(job("a"), "s"), "fa");
    try (Socket stranger = connect()) {
      stranger.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      stranger.shutdownOutput();
      CompletableFuture<List<String>> b = agree(of(job("b"), "s"), "fb");
      CompletableFuture<List<String>> c = agree(of(job("c"), "s"), "fc");
      assertEquals(List.of("fb", "fc"), a.get());
      assertEquals(b.get().getFirst(), c.get().getFirst());
    }
  }

  private Socket connect() throws Exception {
    while (true) {
      try {
        return new Socket(InetAddress.getLoopbackAddress(), port);
      } catch (java.net.ConnectException e) {
        Thread.onSpinWait(); // not listening yet
      }
    }
  }
}
