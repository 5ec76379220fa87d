package org.strait.launcher.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobFileTest {
  @TempDir Path folder;

  @BeforeEach
  void writeRows() throws IOException {
    for (String name :
        List.of(
            "a.libsvm",
            "b.libsvm",
            "ewr.libsvm",
            "jfk.libsvm",
            "test.libsvm",
            "fra.libsvm",
            "iad.libsvm",
            "sin.libsvm")) {
      Files.writeString(folder.resolve(name), "1 1:1\n");
    }
    Files.writeString(folder.resolve("sites.txt"), "Oslo\nBergen\nOslo\n");
  }

  private Job resolve(String yaml, String... flags) {
    Settings settings = new Settings();
    for (int i = 0; i < flags.length; i += 2) {
      settings.flag(JobKey.named(flags[i]).orElseThrow(), List.of(flags[i + 1]));
    }
    return JobResolver.resolve(new Settings(), JobFile.parse("job.yaml", folder, yaml), settings);
  }

  /// `|` starts a new line in the YAML, `~` is a tab; messages are compared in full.
  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "compresion: x ! job.yaml:1:1 unknown key \"compresion\"; docs/job-file.md lists all keys",
        "data: a.libsvm|ruonds: 3 ! job.yaml:2:1 unknown key \"ruonds\"; did you mean \"rounds\"?",
        "exchange:|  densty: 1% !"
            + " job.yaml:2:3 unknown key \"densty\" in exchange; did you mean \"density\"?",
        "stop:|  seed: 1 !"
            + " job.yaml:2:3 unknown key \"seed\" in stop; known: target, tolerance, rounds, epochs",
        "rounds: 3|rounds: 4 !"
            + " job.yaml:2:1 key \"rounds\" stands twice, first at job.yaml:1:1; keep one of them",
        "rounds: 3|stop: {rounds: 4} !"
            + " job.yaml:2:16 rounds: given twice, first at job.yaml:1:9; keep one of them",
        "rounds: many !"
            + " job.yaml:1:9 rounds: \"many\" is not a whole number; write digits only, such as 100",
        "rounds: 0 ! job.yaml:1:9 rounds: 0 is out of range; give at least 1",
        "rounds: [1] !" + " job.yaml:1:9 rounds: expected a single value, found a list; write 500",
        "rounds: !" + " job.yaml:1:8 rounds: expected a single value, found nothing; write 500",
        "l2: 1e-4x ! job.yaml:1:5 l2: \"1e-4x\" is not a number; write for instance 0.01",
        "l2: .inf ! job.yaml:1:5 l2: \".inf\" is not a number; write for instance 0.01",
        "l2: -1 ! job.yaml:1:5 l2: -1 is negative; give at least 0",
        "l1: -0.1 ! job.yaml:1:5 l1: -0.1 is negative; give at least 0",
        "density: 120% !"
            + " job.yaml:1:10 density: \"120%\" is not between 0 and 100 %;"
            + " write for instance 1% or 0.01",
        "memory: 2 !" + " job.yaml:1:9 memory: \"2\" has no unit; write for instance 2 GiB",
        "memory: 2 Gib !"
            + " job.yaml:1:9 memory: \"2 Gib\" has the unknown unit \"Gib\";"
            + " known: GiB, MiB, KiB, GB, MB, kB, B",
        "reference: yes !"
            + " job.yaml:1:12 reference: \"yes\" is neither true nor false; write true or false",
        "split: sideways !"
            + " job.yaml:1:8 split: unknown split \"sideways\";"
            + " known: contiguous, random, label, sites, users, dirichlet:ALPHA",
        "split: sites !"
            + " job.yaml:1:8 split: says sites, but there is no sites file; add --sites FILE",
        "wan: moon !"
            + " job.yaml:1:6 wan: unknown network \"moon\"; known: none, lan, metro, demo, aws11,"
            + " aws11-2016, aws10, azure, commodity, hospital, ss,"
            + " or delay and bandwidth such as \"80ms 50Mbit/s\" or \"80ms 50Mbit/s jitter 5ms loss"
            + " 0.1%\"",
        "wan: 80ms 50Mbyte !"
            + " job.yaml:1:6 wan: \"50Mbyte\" has the unknown unit \"Mbyte\";"
            + " known: Mbit/s, Gbit/s, kbit/s, bit/s, MB/s, GB/s",
        "dcs:|  - ranks: 2 ! job.yaml:2:5 a data centre without a name; add name: dc1",
        "dcs:|  - name: x|  - name: x !"
            + " job.yaml:3:11 data centre \"x\" is named twice, first at job.yaml:2:11;"
            + " rename one of them",
        "dcs:|  - {name: x, rank: 2} !"
            + " job.yaml:2:15 unknown key \"rank\"; did you mean \"ranks\"?",
        "dcs: [{name: a b}] !"
            + " job.yaml:1:14 \"a b\" is no name for a data centre;"
            + " use letters, digits, '-', '_' and '.', starting with a letter or digit",
        "dcs: [{name: x}, {name: yy}]|links: [{from: x, to: y}] !"
            + " job.yaml:2:23 no data centre \"y\"; did you mean \"yy\"?",
        "dcs: [{name: x}, {name: y}]|links: [{from: x, to: y, delay: 4}] !"
            + " job.yaml:2:33 delay: \"4\" has no unit; write for instance 80 ms",
        "dcs: [{name: x}, {name: y}]|links: [{from: x, to: y}, {from: y, to: x}] !"
            + " job.yaml:2:27 the link between \"y\" and \"x\" is given twice;"
            + " keep one, or mark both with oneWay: true",
        "dcs: [{name: x, gateway: here}] !"
            + " job.yaml:1:26 gateway: \"here\" is not host:port;"
            + " write for instance gw.example.org:7450",
        "dcs: 3|data: [a.libsvm, b.libsvm] !"
            + " job.yaml:1:6 dcs: says 3, there are 2 data files;"
            + " leave it out, or give one file to split",
        "dcs: 3|data: a.libsvm|sites: sites.txt !"
            + " job.yaml:1:6 dcs: says 3, sites.txt names 2: Bergen, Oslo; leave it out",
        "data: a.libsvm|rows: 5 !"
            + " job.yaml:2:7 rows: rows are to be generated and read from files; keep one of both",
        "data: [] ! job.yaml:1:7 data: the list is empty; name a file",
        "seed: 1 ! no rows to train on; add --data FILE, or data: to the job file",
        "run:|~seed: 1 ! job.yaml:2:1 a tab in the indentation; YAML indents with spaces",
        "data: [a !"
            + " job.yaml:1:9 is not YAML: expected ',' or ']', but got <stream end>;"
            + " check the indentation, quotes and brackets just before this place",
        "just words ! job.yaml:1:1 is not a mapping; write keys such as \"data: rows.libsvm\""
      })
  void everyMistakeIsToldWithItsPlace(String yaml, String message) {
    String text = yaml.replace('|', '\n').replace('~', '\t');
    UserMistake mistake = assertThrows(UserMistake.class, () -> resolve(text));
    assertEquals(message, mistake.getMessage());
  }

  @Test
  void missingFileIsNamed() {
    UserMistake mistake =
        assertThrows(UserMistake.class, () -> resolve("data: [a.libsvm, c.libsvm]"));
    assertEquals(
        "job.yaml:1:7 data: there is no file " + folder.resolve("c.libsvm") + "; check the path",
        mistake.getMessage());
  }

  @Test
  void exampleOfTheDocsIsReadAsItSays() throws IOException {
    Job job = resolve(example(0));
    assertEquals("flights", job.name());
    assertEquals(
        List.of(folder.resolve("ewr.libsvm"), folder.resolve("jfk.libsvm")), job.data().files());
    assertEquals(1e-4, job.objective().l2());
    assertEquals(OptionalDouble.of(0.01), job.method().density());
    assertEquals(OptionalDouble.of(0.4946), job.bound().target());
    assertEquals(60, job.bound().rounds());
    assertEquals(OptionalLong.of(2L << 30), job.machine().memoryBytes());
    assertEquals(4, job.geography().topology().size());
    assertEquals(5_000_000, job.geography().topology().link(1, 0).delayNanos());
    assertEquals("prices from job.yaml", job.geography().priceNote());
    assertTrue(job.given().contains(JobKey.ROUNDS));
    assertTrue(!job.given().contains(JobKey.BACKEND));
  }

  @Test
  void topologyOfTheDocsIsReadAsItSays() throws IOException {
    Files.writeString(folder.resolve("wan.yaml"), example(1));
    Job job = resolve("topology: wan.yaml\nranks: 3", "rounds", "7");
    Geography geography = job.geography();
    assertEquals(
        List.of(2, 3, 3), geography.topology().dcs().stream().map(dc -> dc.ranks()).toList());
    assertEquals(85_000_000, geography.topology().link(2, 0).delayNanos());
    assertEquals(110_000_000, geography.topology().link(1, 2).delayNanos());
    assertEquals(120_000_000, geography.topology().link(2, 1).delayNanos());
    assertEquals(0.09, geography.topology().link(2, 1).pricePerGigabyte());
    assertEquals("127.0.0.1:7450", geography.gateways().get("fra"));
    assertEquals(folder.resolve("sin.libsvm"), job.data().files().get(2));
    assertEquals(7, job.bound().rounds());
  }

  @Test
  void flagOfTheNetworkReshapesLinksAndLeavesPrices() throws IOException {
    Files.writeString(folder.resolve("wan.yaml"), example(1));
    Job job = resolve("topology: wan.yaml", "wan", "7ms 1Mbit/s", "ranks", "1");
    assertEquals(7_000_000, job.geography().topology().link(2, 1).delayNanos());
    assertEquals(0.09, job.geography().topology().link(2, 1).pricePerGigabyte());
    assertEquals(3, job.geography().topology().size());
  }

  @Test
  void sitesNameTheDataCentres() {
    Job job = resolve("data: a.libsvm\nsites: sites.txt");
    assertEquals(
        List.of("Bergen", "Oslo"),
        job.geography().topology().dcs().stream().map(dc -> dc.name()).toList());
    assertEquals(Split.SITES, job.data().split());
  }

  @Test
  void jobSurvivesJson() throws IOException {
    Files.writeString(folder.resolve("wan.yaml"), example(1));
    for (Job job :
        List.of(
            resolve(example(0)),
            resolve("topology: wan.yaml\nlabels: [0, 1]"),
            resolve("data: a.libsvm\nsites: sites.txt\ntest: b.libsvm\nrate: 0.1\nbatch: 8"),
            resolve("rows: 100\nfeatures: 10\ndcs: 3\nwan: demo\nreference: true"))) {
      Job back = JobJson.read(JobJson.write(job));
      assertEquals(JobJson.write(job), JobJson.write(back));
      assertEquals(job.data(), back.data());
      assertEquals(job.given(), back.given());
      assertEquals(job.geography().topology().dcs(), back.geography().topology().dcs());
      assertEquals(job.geography().topology().links(), back.geography().topology().links());
    }
  }

  @Test
  void docsNameEveryKey() throws IOException {
    String docs = Files.readString(docs());
    Set<String> special = Set.of("data"); // stands there as `files`
    for (String key : JobKey.names()) {
      assertTrue(special.contains(key) || docs.contains("`" + key + "`"), key);
    }
  }

  private static Path docs() {
    return Path.of(System.getProperty("strait.root"), "docs", "job-file.md");
  }

  private static String example(int index) throws IOException {
    Matcher m =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(docs()));
    for (int i = 0; i <= index; i++) {
      assertTrue(m.find());
    }
    return m.group(1);
  }
}
