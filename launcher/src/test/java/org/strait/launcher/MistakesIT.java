package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What users get wrong: one line that says where, what and what to do, once, and exit status 2.
/// Mistakes that only the rows show are found by real ranks.
@Timeout(120)
class MistakesIT {
  private static final String GOOD = "+1 1:0.5 2:1|-1 1:1 3:0.5|+1 2:1|-1 3:2|+1 1:1|-1 2:3|";

  @TempDir Path folder;

  private Path write(String name, String lines) throws IOException {
    return Files.writeString(folder.resolve(name), lines.replace("|", "\n"));
  }

  private void check(List<String> args, String message) {
    List<String> all = new ArrayList<>(args);
    all.addAll(List.of("--out", folder.resolve("run").toString()));
    checkWhole(all, message);
  }

  private void checkWhole(List<String> args, String message) {
    Strait.Result result = Strait.run(args.toArray(String[]::new));
    String err = result.err();
    assertEquals(2, result.status(), err);
    assertEquals(1, err.lines().count(), err);
    assertTrue(err.startsWith("strait: "), err);
    String expected = message.replace("DIR", folder.toString());
    assertTrue(err.contains(expected), () -> "expected: " + expected + "\nfound:    " + err);
    assertTrue(err.contains("; "), err);
    assertFalse(err.contains("Exception"), err);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "`` ! rows.libsvm: no rows; a row is LABEL INDEX:VALUE",
        "+1 1:0.5|-1 1:x| ! rows.libsvm:2:6: ",
        "+1 1:0.5|-1 0:1| ! rows.libsvm:2:4: ",
        "+1 2:0.5 1:1|-1 1:1| ! rows.libsvm:1:10: ",
        "+1 1:NaN|-1 1:1| ! rows.libsvm:1:6: ",
        "1 1:1|2 1:2|3 1:1| ! found labels {1, 2, 3}, expected {-1, 1} or {0, 1}",
        "+1 1:1|+1 1:2| ! every row has the label {1}; a classifier needs rows of two classes",
        "+1 1:1| ! rows.libsvm (1 rows), split contiguous: data centre dc2 gets no row"
      })
  void rows(String lines, String message) throws IOException {
    Path rows = write("rows.libsvm", lines);
    check(List.of("train", "--data", "" + rows, "--dcs", "2"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "--data DIR/none.libsvm ! --data: there is no file DIR/none.libsvm; check the path",
        "--data DIR ! --data: DIR is a folder; give a file, or a folder"
            + " with a folder of images for each class",
        "--data DIR/good --dcs 2 --ranks 4 ! data centre dc1 gets 3 rows for 4 ranks",
        "--data DIR/good --features 2 ! feature 3 is above --features 2",
        "--data DIR/good --backend scala ! --backend: unknown backend \"scala\"; known: ",
        "--data DIR/good --model logistc ! unknown model \"logistc\"; did you mean \"logistic\"?",
        "--data DIR/good --solver lbgfs ! unknown solver \"lbgfs\"",
        "--data DIR/good --exchange top-k:7 ! --exchange: compressor \"top-k:7",
        "--data DIR/good --exchange zip ! --exchange: compressor \"zip\": unknown \"zip\"",
        "--data DIR/good --transport udp ! --transport: unknown transport \"udp\"",
        "--data DIR/good --allreduce rin !"
            + " --allreduce: unknown allreduce \"rin\"; did you mean \"ring\"?",
        "--data DIR/good --split sideways ! --split: unknown split \"sideways\"",
        "--data DIR/good --sites DIR/six --topology DIR/three.yaml ! split sites: data centre c gets no row",
        "--data DIR/good --l2 -1 ! --l2: -1 is negative; give at least 0",
        "--data DIR/good --rounds 0 ! --rounds: 0 is out of range; give at least 1",
        "--data DIR/good --target low ! --target: ",
        "--data DIR/good --batch 2 --solver lbfgs ! leave out --batch",
        "--data DIR/good --dcs 2 --solver tron ! use --solver distributed",
        "--data DIR/good --l1 0.1 --solver tron ! use --solver owl-qn",
        "--data DIR/good --solver distributed --batch 2 ! leave out --batch",
        "--data DIR/good --dcs 2 --solver distributed --route tree ! or say --route hub",
        "--data DIR/good --dcs 2 --solver frugal --route hub ! has a hub of its own",
        "--data DIR/good --dcs 2 --solver frugal --exchange log8 ! leave out --exchange",
        "--data DIR/good --dcs 2 --solver frugal --l1 0.1 ! use --solver owl-qn",
        "--data DIR/good --solver lbfgs --local-steps 2 ! solver lbfgs takes no local steps",
        "--data DIR/good --batch 2 --timing overlap ! add --local-steps H",
        "--data DIR/good --batch 2 --local-steps 4 --fragments 3 ! must divide the 4 local steps",
        "--data DIR/good --batch 2 --local-steps 4 --timing late ! known: sync, overlap, stale:ROUNDS",
        "--data DIR/good --batch 2 --local-steps 4 --outer adam ! known: average, nesterov",
        "--data DIR/good --dcs 2 --solver owl-qn --exchange sparse ! leave out --exchange",
        "--data DIR/good --sites DIR/sites ! sites: 4 lines, but DIR/good has 6 rows",
        "--data DIR/good --topology DIR/twice.yaml ! twice.yaml:3:11 data centre \"a\" is named"
            + " twice, first at twice.yaml:2:11",
        "--topology DIR/half.yaml ! data centre \"b\" has no data, others have",
        "DIR/typo.yaml ! typo.yaml:2:1 unknown key \"slover\"; did you mean \"solver\"?",
        "DIR/tab.yaml ! tab.yaml:2:1 a tab in the indentation",
        "--data DIR/good DIR/good DIR/good --dcs 2 ! --dcs: says 2, there are 3 data files",
        "--data DIR/good DIR/bad ! bad:1:4: ",
        "--data DIR/good --model squared --solver sgd --rate 1e6 ! training diverged; lower the",
        "--data DIR/good --memory 100B ! bytes asked,",
        "--data DIR/good --threads 0 ! --threads: 0 is out of range; give at least 1",
        "--data DIR/good --threads x ! --threads: \"x\" is not a whole number; write digits only",
        "--data DIR/good --threads 5000 ! --threads: 5000 is out of range; give 1 to 1024, or auto",
        "--data DIR/good --backend los=simd ! --backend: unknown family of operations \"los\"",
        "--data DIR/good --backend loss=openblas ! openblas has no operations of its own for loss",
        "--data DIR/good --topology DIR/gateway.yaml ! \"b\" has no gateway, others have",
      })
  void flags(String args, String message) throws IOException {
    write("good", GOOD);
    write("bad", "+1 one:1|");
    write("sites", "a|b|a|b|");
    write("six", "a|b|a|b|b|a|");
    write("three.yaml", "dcs:|  - name: a|  - name: b|  - name: c|");
    write("twice.yaml", "dcs:|  - name: a|  - name: a|");
    write("half.yaml", "dcs:|  - {name: a, data: good}|  - {name: b}|");
    write("gateway.yaml", "dcs:|  - {name: a, gateway: '127.0.0.1:7450'}|  - {name: b}|");
    write("typo.yaml", "data: good|slover: lbfgs|");
    write("tab.yaml", "run:|\tseed: 1|");
    List<String> all = new ArrayList<>(List.of("train"));
    all.addAll(List.of(args.replace("DIR", folder.toString()).split(" ")));
    check(all, message);
  }

  /// Commands that read what others wrote, or write where nobody can.
  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "audit DIR/none ! DIR/none has no ledgers; give the folder of a run",
        "audit DIR/good ! DIR/good has no ledgers; give the folder of a run",
        "audit DIR/a·killed·run ! DIR/a killed run has ledgers, but no run.json",
        "audit DIR/foreign ! foreign/run.json is not a run record: it has no \"wan\"",
        "audit DIR/cut ! cut/run.json is not JSON; give a file that strait wrote",
        "report DIR/foreign ! foreign/run.json is not a run record: it has no \"wan\"",
        "report DIR/good ! there is no folder DIR/good",
        "train --resume DIR/good ! --resume: there is no folder DIR/good",
        "train --resume DIR/a·killed·run ! a killed run has no checkpoints",
        "train --resume DIR/foreign ! foreign/job.json is not the job of a run: it has no"
            + " \"geography\"",
        "train --resume DIR/cut ! cut/job.json is not JSON",
        "train --data DIR/good --out DIR/good !"
            + " cannot make the run's folder DIR/good (DIR/good is there already, and is no folder)",
        "train --data DIR/good --out DIR/good/run ! cannot make the run's folder DIR/good/run (",
        "train --data DIR/good --dcs 2 --tls DIR/none ! there is no file DIR/none/dc1.crt",
        "demo --kill dc9@1s ! --kill: ",
        "demo --kill dc2 ! --kill: ",
        "demo --rejoin dc2@9s ! --rejoin: dc2 is not killed before; add --kill dc2@SECONDS",
        "demo --kill dc2@5s --rejoin dc3@9s ! --rejoin: dc3 is not killed before",
        "demo --kil dc2@5s ! unknown option \"--kil\", strait demo; did you mean \"--kill\"?",
        "cert ! say what to do: init, issue or show",
        "cert isue a ! unknown command \"isue\"; did you mean \"issue\"?",
        "cert init --out DIR/good ! DIR/good is there already, and is no folder",
        "cert init --days 0 ! --days: 0 is out of range",
        "cert issue a --out DIR/none ! there is no authority in DIR/none",
        "cert issue a --out DIR/pki ! pki/ca.crt is cut short: its block has no end",
        "cert issue a --out DIR/a·killed·run ! make one: ./strait cert init --out 'DIR/a killed run'",
        "cert show DIR/pki/ca.key ! pki/ca.key is cut short",
        "cert show DIR/none ! there is no certificate file DIR/none",
        "cert show DIR/good ! DIR/good has no certificate",
        "cert show DIR/foreign ! there is no *.crt in DIR/foreign",
      })
  void otherCommands(String args, String message) throws IOException {
    write("good", GOOD);
    for (String dir : List.of("a killed run/ledger", "foreign/ledger", "cut/ledger", "pki")) {
      Files.createDirectories(folder.resolve(dir));
    }
    Files.createDirectories(folder.resolve("foreign/checkpoints"));
    Files.createDirectories(folder.resolve("cut/checkpoints"));
    write("foreign/run.json", "{\"name\": \"of another tool\"}");
    write("foreign/job.json", "{\"name\": \"of another tool\"}");
    write("cut/run.json", "{\"command\": \"tr");
    write("cut/job.json", "{\"command\": \"tr");
    write("pki/ca.key", "-----BEGIN PRIVATE KEY-----|MIGHAgEAMBMGByqGSM49AgEG");
    write("pki/ca.crt", "-----BEGIN CERTIFICATE-----|MIIBcTCCARegAwIBAgIQ");
    List<String> words = new ArrayList<>();
    for (String word : args.strip().split(" ", -1)) {
      words.add(word.replace("DIR", "" + folder).replace("·", " "));
    }
    checkWhole(words, message);
  }

  @Test
  void aGatewaysPortMayBeTaken() throws IOException {
    write("good", GOOD);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String at = "127.0.0.1:" + taken.getLocalPort();
      String other = "127.0.0.1:" + freePort();
      write(
          "ports.yaml",
          "dcs:|  - {name: a, gateway: '" + at + "'}|  - {name: b, gateway: '" + other + "'}|");
      check(
          List.of(
              "train",
              "--data",
              folder.resolve("good").toString(),
              "--topology",
              folder.resolve("ports.yaml").toString()),
          at);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
