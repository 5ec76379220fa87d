package org.strait.launcher.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.transport.ConnectOptions;

/// Reads `dcs`, `links` and `currency` of a topology file, or of a job file that carries the same
/// keys. See docs/job-file.md.
final class TopologyFile {
  static final List<String> KEYS = List.of("dcs", "links", "currency", "tls");
  private static final List<String> DC_KEYS =
      List.of("name", "ranks", "data", "gateway", "bind", "tls");
  private static final List<String> TLS_KEYS = List.of("certificate", "key", "authorities");
  private static final List<String> LINK_KEYS =
      List.of(
          "from", "to", "delay", "bandwidth", "jitter", "loss", "streams", "pricePerGB", "oneWay");

  private final String file;
  private final Path folder;
  private List<Described.Dc> dcs = List.of();
  private final List<Described.LinkLine> links = new ArrayList<>();
  private Optional<String> currency = Optional.empty();
  private Optional<TlsPaths> tls = Optional.empty();
  private YamlValue linksAt;

  /// @param file name for messages
  /// @param folder what relative paths are relative to
  TopologyFile(String file, Path folder) {
    this.file = file;
    this.folder = folder;
  }

  /// Reads a whole topology file.
  static Described read(Path path) {
    YamlValue root = YamlValue.read(path);
    TopologyFile reader =
        new TopologyFile(path.getFileName().toString(), path.toAbsolutePath().getParent());
    for (YamlValue.Entry entry : root.entries("topology", "dcs: and links:")) {
      if (!reader.take(entry)) {
        throw entry
            .keyAt()
            .mistake("unknown key \"" + entry.key() + "\"", Suggestion.remedy(entry.key(), KEYS));
      }
    }
    Described described = reader.described();
    if (described.dcs().isEmpty()) {
      throw root.mistake("names no data centre", "write dcs: with a list such as - name: dc1");
    }
    return described;
  }

  /// Reads one top-level key if it is one of {@link #KEYS}; returns whether it was.
  boolean take(YamlValue.Entry entry) {
    switch (JobKey.plain(entry.key())) {
      case "dcs" -> dcs = readDcs(entry.value());
      case "links" -> linksAt = entry.value();
      case "currency" -> currency = Optional.of(entry.value().text("currency", "USD"));
      case "tls" -> tls = Optional.of(readTls(entry.value()));
      default -> {
        return false;
      }
    }
    return true;
  }

  /// What was read. Links are read now, when all data centres are known.
  Described described() {
    if (linksAt != null) {
      readLinks(linksAt);
    }
    return new Described(file, dcs, List.copyOf(links), currency, tls);
  }

  private List<Described.Dc> readDcs(YamlValue value) {
    List<Described.Dc> list = new ArrayList<>();
    Map<String, String> firstAt = new HashMap<>();
    for (YamlValue item : value.list("dcs", "a list such as - name: dc1")) {
      Map<String, YamlValue> keys = keys(item, "dcs", DC_KEYS, "name: dc1");
      YamlValue nameAt = keys.get("name");
      if (nameAt == null) {
        throw item.mistake("a data centre without a name", "add name: dc1");
      }
      String name = nameAt.text("name", "dc1");
      String first = firstAt.put(name, nameAt.where());
      if (first != null) {
        throw nameAt.mistake(
            "data centre \"" + name + "\" is named twice, first at " + first, "rename one of them");
      }
      try {
        new DataCenter(name, 1);
      } catch (IllegalArgumentException e) {
        throw nameAt.mistake(
            "\"" + name + "\" is no name for a data centre",
            "use letters, digits, '-', '_' and '.', starting with a letter or digit");
      }
      Optional<Long> ranks = read(keys, "ranks", Units::whole, "2");
      if (ranks.isPresent() && (ranks.get() < 1 || ranks.get() > 100_000)) {
        throw keys.get("ranks").mistake("ranks: must be at least 1", "write for instance 2");
      }
      list.add(
          new Described.Dc(
              name,
              ranks.isPresent() ? OptionalInt.of(ranks.get().intValue()) : OptionalInt.empty(),
              read(keys, "data", folder::resolve, "rows.libsvm"),
              read(keys, "gateway", TopologyFile::hostAndPort, "gw.example.org:7450"),
              read(keys, "bind", TopologyFile::hostAndPort, "0.0.0.0:7450"),
              Optional.ofNullable(keys.get("tls")).map(this::readTls),
              item.where()));
    }
    if (list.isEmpty()) {
      throw value.mistake("dcs: the list is empty", "name at least one data centre");
    }
    return list;
  }

  private TlsPaths readTls(YamlValue value) {
    if (!value.isMapping()) {
      return TlsPaths.parse(value.text("tls", "off, or a folder made by strait cert"), folder);
    }
    String example =
        "{certificate: \"pki/{dc}.crt\", key: \"pki/{dc}.key\", authorities: pki/ca.crt}";
    Map<String, YamlValue> keys = keys(value, "tls", TLS_KEYS, example);
    List<String> paths = new ArrayList<>();
    for (String key : TLS_KEYS) {
      if (keys.get(key) == null) {
        throw value.mistake("tls: there is no \"" + key + "\"", "write tls: " + example);
      }
      paths.add(folder.resolve(keys.get(key).text(key, "pki/ca.crt")).toAbsolutePath().toString());
    }
    return new TlsPaths(true, paths.get(0), paths.get(1), paths.get(2));
  }

  private void readLinks(YamlValue value) {
    Set<String> pairs = new HashSet<>();
    List<String> names = dcs.stream().map(Described.Dc::name).toList();
    for (YamlValue item :
        value.list("links", "a list such as - {from: dc1, to: dc2, delay: 40 ms}")) {
      Map<String, YamlValue> keys =
          keys(item, "links", LINK_KEYS, "{from: dc1, to: dc2, delay: 40 ms}");
      String from = end(item, keys, "from", names);
      String to = end(item, keys, "to", names);
      if (from.equals(to)) {
        throw item.mistake("a link from \"" + from + "\" to itself", "name two data centres");
      }
      boolean oneWay = read(keys, "oneWay", TopologyFile::flag, "true").orElse(false);
      if (!pairs.add(from + " " + to) || (!oneWay && !pairs.add(to + " " + from))) {
        throw item.mistake(
            "the link between \"" + from + "\" and \"" + to + "\" is given twice",
            "keep one, or mark both with oneWay: true");
      }
      Optional<Long> delay = read(keys, "delay", Units::nanos, "40 ms");
      Optional<Long> bandwidth = read(keys, "bandwidth", Units::bitsPerSecond, "50 Mbit/s");
      Optional<Long> jitter = read(keys, "jitter", Units::nanos, "5 ms");
      Optional<Double> loss = read(keys, "loss", Units::fraction, "0.1%");
      Optional<Integer> streams = read(keys, "streams", TopologyFile::streams, "16");
      Optional<Double> price = read(keys, "pricePerGB", TopologyFile::price, "0.02");
      links.add(
          new Described.LinkLine(
              from,
              to,
              delay.isPresent() ? OptionalLong.of(delay.get()) : OptionalLong.empty(),
              bandwidth.isPresent() ? OptionalLong.of(bandwidth.get()) : OptionalLong.empty(),
              price.isPresent() ? OptionalDouble.of(price.get()) : OptionalDouble.empty(),
              jitter.isPresent() ? OptionalLong.of(jitter.get()) : OptionalLong.empty(),
              loss.isPresent() ? OptionalDouble.of(loss.get()) : OptionalDouble.empty(),
              streams.isPresent() ? OptionalInt.of(streams.get()) : OptionalInt.empty(),
              oneWay));
    }
  }

  private static String end(
      YamlValue item, Map<String, YamlValue> keys, String key, List<String> names) {
    YamlValue at = keys.get(key);
    if (at == null) {
      throw item.mistake("a link without \"" + key + "\"", "add " + key + ": with a data centre");
    }
    String name = at.text(key, "dc1");
    if (names.isEmpty()) {
      throw at.mistake("links need data centres with names", "list them under dcs:");
    }
    if (!names.contains(name)) {
      throw at.mistake("no data centre \"" + name + "\"", Suggestion.remedy(name, names));
    }
    return name;
  }

  private static Map<String, YamlValue> keys(
      YamlValue item, String of, List<String> known, String example) {
    Map<String, YamlValue> map = new LinkedHashMap<>();
    for (YamlValue.Entry entry : item.entries(of, example)) {
      String name =
          known.stream()
              .filter(k -> JobKey.plain(k).equals(JobKey.plain(entry.key())))
              .findFirst()
              .orElseThrow(
                  () ->
                      entry
                          .keyAt()
                          .mistake(
                              "unknown key \"" + entry.key() + "\"",
                              Suggestion.remedy(entry.key(), known)));
      map.put(name, entry.value());
    }
    return map;
  }

  private static <T> Optional<T> read(
      Map<String, YamlValue> keys, String key, Function<String, T> parse, String example) {
    YamlValue at = keys.get(key);
    if (at == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse.apply(at.text(key, example)));
    } catch (IllegalArgumentException e) {
      throw at.mistake(key, e);
    }
  }

  private static Boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(
              "\"" + text + "\" is neither true nor false; write true or false");
    };
  }

  private static Integer streams(String text) {
    long count = Units.whole(text);
    if (count < 1 || count > ConnectOptions.MOST_STREAMS) {
      throw new IllegalArgumentException(
          count + " is out of range; give 1 to " + ConnectOptions.MOST_STREAMS);
    }
    return (int) count;
  }

  private static Double price(String text) {
    double price = Units.number(text);
    if (price < 0) {
      throw new IllegalArgumentException("a price below zero; write for instance 0.02");
    }
    return price;
  }

  private static String hostAndPort(String text) {
    if (!text.matches("(\\[[0-9a-fA-F:]+]|[^:\\s\\[\\]]+):[0-9]{1,5}")
        || Integer.parseInt(text.substring(text.lastIndexOf(':') + 1)) > 65535) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not host:port; write for instance gw.example.org:7450");
    }
    return text;
  }
}
