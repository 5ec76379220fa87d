package org.strait.launcher.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.strait.engine.LocalSteps;
import org.strait.engine.data.ImageSettings;
import org.strait.engine.data.RowSettings;
import org.strait.engine.exchange.Timing;
import org.strait.engine.net.Nets;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Link;
import org.strait.engine.topology.LinkMatrix;
import org.strait.engine.topology.Routes;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.ConnectOptions;

/// Turns settings as written into a {@link Job}: applies defaults, checks every value, decides on
/// data centres and links. All mistakes are found here, before any rank starts.
public final class JobResolver {
  private static final int NET_BATCH = 64;
  private static final int MOST_THREADS = 1024;
  private static final int MOST_CONNECTIONS = 64;

  private final Settings settings;
  private final SettingValues values;
  private final Described inline;
  private final LaunchShape shape;

  private JobResolver(Settings settings, Described inline, LaunchShape shape) {
    this.settings = settings;
    values = new SettingValues(settings, shape.filesHere());
    this.inline = inline;
    this.shape = shape;
  }

  /// Resolves a job.
  ///
  /// @param preset settings below the job file, such as those of the demo
  /// @param file the job file, or {@link JobFile#none()}
  /// @param flags the command line
  public static Job resolve(Settings preset, JobFile file, Settings flags) {
    return resolve(preset, file, flags, LaunchShape.own());
  }

  /// Resolves a job for ranks that are started already.
  ///
  /// @param shape how many there are; settles what the settings leave open
  public static Job resolve(Settings preset, JobFile file, Settings flags, LaunchShape shape) {
    Settings all = preset.under(file.settings()).under(flags);
    Set<JobKey> given = new HashSet<>(file.settings().keys());
    given.addAll(flags.keys());
    return new JobResolver(all, file.described(), shape).job().withGiven(given);
  }

  private Job job() {
    return withGeography(only(geography(), values.text(JobKey.ONLY)));
  }

  /// The job of settings that were resolved before, in a geography that was.
  static Job of(Settings settings, Geography geography) {
    // Ranks read only the files they need, and those complain for themselves.
    return new JobResolver(settings, JobFile.none().described(), LaunchShape.elsewhere())
        .withGeography(geography);
  }

  private Job withGeography(Geography geography) {
    Job.Objective objective =
        new Job.Objective(
            model(),
            values.number(JobKey.L2).orElse(0),
            values.number(JobKey.L1).orElse(0),
            values.count(JobKey.FACTORS).orElseThrow(),
            NetKeys.read(values));
    Adaptive adapt = Adaptive.of(values, settings);
    Job.Method method =
        new Job.Method(
            values.must(JobKey.SOLVER),
            values.number(JobKey.RATE),
            batch(),
            values.must(JobKey.EXCHANGE),
            values.fraction(JobKey.DENSITY),
            support(),
            route(geography),
            local(adapt),
            adapt,
            values.flag(JobKey.ROWS_MAY_LEAVE),
            site(geography),
            NetKeys.pace(values));
    Job.Bound bound =
        new Job.Bound(
            values.number(JobKey.TARGET),
            values.number(JobKey.TOLERANCE).orElseThrow(),
            values.count(JobKey.ROUNDS).orElseThrow(),
            values.count(JobKey.EPOCHS));
    Job.Machine machine =
        new Job.Machine(
            threads(geography),
            values.whole(JobKey.SEED).orElseThrow(),
            values.must(JobKey.BACKEND),
            values.must(JobKey.TRANSPORT),
            values.must(JobKey.ALLREDUCE),
            connections(),
            values.bytes(JobKey.MEMORY));
    boolean reference = values.flag(JobKey.REFERENCE);
    Job.Data data = data(geography);
    return new Job(
        values.text(JobKey.NAME).orElseGet(() -> nameFrom(data.files())),
        data,
        objective,
        method,
        bound,
        machine,
        geography,
        Safety.of(values, geography),
        reference,
        settings.keys());
  }

  /// The word as it was written; whether it can be honoured is known here.
  private String route(Geography geography) {
    String route = values.must(JobKey.ROUTE);
    Topology topology = geography.topology();
    List<String> names = topology.dcs().stream().map(DataCenter::name).toList();
    try {
      Routes.choose(route, LinkMatrix.of(topology), names, 1);
    } catch (IllegalArgumentException e) {
      throw Setting.mistake(values.where(JobKey.ROUTE).where(), e);
    }
    return route;
  }

  /// Layers alone mean a net of them.
  private String model() {
    String model = values.must(JobKey.MODEL);
    if (!settings.has(JobKey.NET)) {
      return model;
    }
    if (settings.has(JobKey.MODEL) && !model.equals("net")) {
      throw values
          .where(JobKey.NET)
          .mistake("layers are given, but the model is " + model, "keep one of both");
    }
    return "net";
  }

  /// Nets take mini-batches.
  private OptionalInt batch() {
    OptionalInt asked = values.count(JobKey.BATCH);
    return asked.isPresent() || !Nets.knows(model()) ? asked : OptionalInt.of(NET_BATCH);
  }

  private Optional<String> site(Geography geography) {
    Optional<String> site = values.text(JobKey.SITE);
    List<String> names = geography.topology().dcs().stream().map(DataCenter::name).toList();
    if (site.isPresent() && !names.contains(site.get())) {
      throw values
          .where(JobKey.SITE)
          .mistake("no data centre \"" + site.get() + "\"", Suggestion.remedy(site.get(), names));
    }
    return site;
  }

  private Optional<LocalSteps> local(Adaptive adapt) {
    OptionalInt period =
        adapt.periods() ? OptionalInt.of(adapt.leastPeriod()) : values.count(JobKey.LOCAL_STEPS);
    if (period.isEmpty()) {
      for (JobKey key : List.of(JobKey.TIMING, JobKey.FRAGMENTS, JobKey.OUTER)) {
        if (settings.keys().contains(key)) {
          throw values
              .where(key)
              .mistake(
                  "is for local steps, and there are none", "add --local-steps H, or leave it out");
        }
      }
      return Optional.empty();
    }
    LocalSteps steps = LocalSteps.every(period.getAsInt());
    steps =
        checked(JobKey.FRAGMENTS, steps::inFragments, values.count(JobKey.FRAGMENTS).orElseThrow());
    steps = checked(JobKey.OUTER, steps::withOuter, values.must(JobKey.OUTER));
    return Optional.of(
        steps.with(checked(JobKey.TIMING, Timing::parse, values.must(JobKey.TIMING))));
  }

  private <T, R> R checked(JobKey key, Function<T, R> reader, T value) {
    try {
      return reader.apply(value);
    } catch (IllegalArgumentException e) {
      String[] parts = e.getMessage().split("; ", 2);
      throw values.where(key).mistake(parts[0], parts.length > 1 ? parts[1] : "correct it");
    }
  }

  private String support() {
    String name = values.must(JobKey.SUPPORT);
    List<String> names = List.of("auto", "on", "off");
    if (!names.contains(name)) {
      throw values
          .where(JobKey.SUPPORT)
          .mistake("unknown choice \"" + name + "\"", Suggestion.remedy(name, names));
    }
    return name;
  }

  private int connections() {
    int connections = values.count(JobKey.CONNECTIONS).orElseThrow();
    if (connections > MOST_CONNECTIONS) {
      throw values
          .where(JobKey.CONNECTIONS)
          .mistake(connections + " is out of range", "give 1 to " + MOST_CONNECTIONS);
    }
    return connections;
  }

  private int threads(Geography geography) {
    int ranks = shape.ranksOnHost().orElse(geography.ranksHere());
    if (values.must(JobKey.THREADS).equals("auto")) {
      return Math.max(1, Runtime.getRuntime().availableProcessors() / ranks);
    }
    int threads = values.count(JobKey.THREADS).orElseThrow();
    if (threads > MOST_THREADS) {
      throw values
          .where(JobKey.THREADS)
          .mistake(threads + " is out of range", "give 1 to " + MOST_THREADS + ", or auto");
    }
    return threads;
  }

  private Job.Data data(Geography geography) {
    Split split = split();
    OptionalInt rows = values.count(JobKey.ROWS);
    List<Path> files = files(geography, rows);
    if (split.equals(Split.SITES) && files.size() > 1) {
      throw values
          .where(JobKey.SITES)
          .mistake("splits one file, there are " + files.size(), "give one data file");
    }
    Job.Data data =
        new Job.Data(
            files,
            values.file(JobKey.SITES),
            values.file(JobKey.TEST),
            values.file(JobKey.TEST_SITES),
            split,
            values.text(JobKey.LABELS),
            values.count(JobKey.FEATURES),
            rows,
            format(),
            values.text(JobKey.LABEL).orElse(""),
            values.flag(JobKey.CACHE),
            images(),
            only(geography));
    if (data.only().isPresent() && files.isEmpty()) {
      throw values.where(JobKey.ONLY).mistake("there are no files", "add --data FILE");
    }
    if (data.testSites().isPresent() && data.test().isEmpty()) {
      throw values.where(JobKey.TEST_SITES).mistake("there are no test rows", "add --test FILE");
    }
    return data;
  }

  private ImageSettings images() {
    try {
      return ImageSettings.parse(
          values.text(JobKey.IMAGE_SIZE).orElse(""),
          values.must(JobKey.BAD_ROWS),
          values.must(JobKey.PIXELS));
    } catch (IllegalArgumentException e) {
      String[] parts = e.getMessage().split("; ", 2);
      throw values
          .where(
              parts[0].startsWith("images")
                  ? JobKey.IMAGE_SIZE
                  : parts[0].contains("policy") ? JobKey.BAD_ROWS : JobKey.PIXELS)
          .mistake(parts[0], parts.length > 1 ? parts[1] : "correct it");
    }
  }

  /// As it was written by the user, or, with all data centres, by {@link JobJson}.
  private Optional<Only> only(Geography geography) {
    Optional<String> name = values.text(JobKey.ONLY);
    if (name.isEmpty() || Only.isWhole(name.get())) {
      return name.map(Only::parse);
    }
    return geography.only();
  }

  private String format() {
    String name = values.must(JobKey.FORMAT);
    if (!RowSettings.FORMATS.contains(name)) {
      throw values
          .where(JobKey.FORMAT)
          .mistake("unknown format \"" + name + "\"", Suggestion.remedy(name, RowSettings.FORMATS));
    }
    return name;
  }

  private static String nameFrom(List<Path> files) {
    return files.isEmpty()
        ? "train"
        : files
            .getFirst()
            .getFileName()
            .toString()
            .replaceAll("\\.(gz|libsvm|svm|txt|csv|tsv|npz)", "");
  }

  private List<Path> files(Geography geography, OptionalInt rows) {
    List<Path> files =
        new ArrayList<>(settings.get(JobKey.DATA).map(SettingValues::paths).orElse(List.of()));
    List<DataCenter> dcs = geography.topology().dcs();
    if (geography.here().isPresent()) {
      filesHere(files, geography);
    } else if (files.isEmpty() && !geography.data().isEmpty()) {
      List<String> names =
          only(geography)
              .map(Only::dcs)
              .orElseGet(() -> dcs.stream().map(DataCenter::name).toList());
      for (String dc : names) {
        Path path = geography.data().get(dc);
        if (path == null) {
          throw new UserMistake(
              "data centre \"" + dc + "\" has no data, others have",
              "add data: to it in the topology");
        }
        files.add(path);
      }
    }
    if (rows.isPresent() && !files.isEmpty()) {
      throw values
          .where(JobKey.ROWS)
          .mistake("rows are to be generated and read from files", "keep one of both");
    }
    if (rows.isEmpty() && files.isEmpty()) {
      throw new UserMistake("no rows to train on", "add --data FILE, or data: to the job file");
    }
    int places = only(geography).map(only -> only.dcs().size()).orElse(dcs.size());
    if (files.size() > 1 && files.size() != places) {
      throw values
          .where(JobKey.DATA)
          .mistake(
              files.size() + " files for " + places + " data centres",
              "give one file, or one per data centre");
    }
    files.forEach(path -> values.readable(path, values.where(JobKey.DATA)));
    return files;
  }

  /// Leaves the one file with the rows of this launch's data centre.
  private void filesHere(List<Path> files, Geography geography) {
    Path own = geography.data().get(geography.here().orElseThrow());
    if (files.size() > 1 && files.size() == geography.topology().dcs().size()) {
      own = files.get(geography.hereIndex());
    } else if (!files.isEmpty()) {
      return;
    }
    files.clear();
    if (own != null && values.count(JobKey.ROWS).isEmpty()) {
      files.add(own);
    }
  }

  private Split split() {
    boolean sites = settings.has(JobKey.SITES);
    String name = settings.has(JobKey.SPLIT) || !sites ? values.must(JobKey.SPLIT) : "sites";
    Split split;
    try {
      split = new Split(name);
    } catch (IllegalArgumentException e) {
      throw values
          .where(JobKey.SPLIT)
          .mistake(
              e.getMessage().split("; ", 2)[0],
              name.startsWith("dirichlet:")
                  ? e.getMessage().split("; ", 2)[1]
                  : Suggestion.remedy(name, Split.names()));
    }
    if (split.equals(Split.SITES) != sites) {
      throw values
          .where(sites ? JobKey.SITES : JobKey.SPLIT)
          .mistake(
              sites ? "not used by --split " + name : "says sites, but there is no sites file",
              sites ? "leave one of both out" : "add --sites FILE");
    }
    return split;
  }

  private Geography geography() {
    Described described = inline;
    Optional<Path> topologyFile = values.file(JobKey.TOPOLOGY);
    if (topologyFile.isPresent()) {
      if (!inline.isEmpty()) {
        throw values
            .where(JobKey.TOPOLOGY)
            .mistake(inline.file() + " describes data centres or links itself", "keep one of both");
      }
      described = TopologyFile.read(topologyFile.get());
    }
    List<DataCenter> dcs = dcs(described);
    List<String> names = dcs.stream().map(DataCenter::name).toList();
    String wan = values.must(JobKey.WAN);
    List<Link> links;
    try {
      links = links(described, wan, names);
    } catch (IllegalArgumentException e) {
      throw Setting.mistake(values.where(JobKey.WAN).where(), e);
    }
    Map<String, Path> data = new HashMap<>();
    Map<String, String> gateways = new HashMap<>();
    Map<String, String> binds = new HashMap<>();
    for (Described.Dc dc : described.dcs()) {
      dc.data().ifPresent(path -> data.put(dc.name(), path));
      dc.gateway().ifPresent(gateway -> gateways.put(dc.name(), gateway));
      dc.bind().ifPresent(bind -> binds.put(dc.name(), bind));
    }
    if (!gateways.isEmpty() && gateways.size() < names.size()) {
      String without =
          names.stream().filter(name -> !gateways.containsKey(name)).findFirst().orElseThrow();
      throw new UserMistake(
          described.file() + " data centre \"" + without + "\" has no gateway, others have",
          "give gateway: to all or to none");
    }
    Optional<String> here = here(described, names, gateways);
    if (here.isPresent() && names.size() > 1) {
      links = links.stream().map(this::withStreams).toList();
    }
    boolean priced = described.links().stream().anyMatch(l -> l.pricePerGigabyte().isPresent());
    return new Geography(
        gateways(new Topology(dcs, links)),
        WanProfiles.places(wan, names),
        wan,
        described.currency().orElse(WanProfiles.DEFAULT_CURRENCY),
        priced ? "prices from " + described.file() : WanProfiles.DEFAULT_PRICE_NOTE,
        data,
        gateways,
        binds,
        new TlsChoice(values, settings, shape).files(described, inline, names, here),
        here,
        Optional.empty());
  }

  /// One place instead of all, for a training to compare with.
  private Geography only(Geography all, Optional<String> asked) {
    if (asked.isEmpty()) {
      return all;
    }
    List<DataCenter> dcs = all.topology().dcs();
    Only only =
        new Only(
            asked.get(),
            dcs.stream().map(DataCenter::name).toList(),
            dcs.stream().map(DataCenter::ranks).toList());
    if (!only.isAll() && only.index() < 0) {
      List<String> names = new ArrayList<>(only.dcs());
      names.add(Only.ALL);
      throw values
          .where(JobKey.ONLY)
          .mistake("no data centre \"" + only.name() + "\"", Suggestion.remedy(only.name(), names));
    }
    if (all.here().isPresent()) {
      throw values
          .where(JobKey.ONLY)
          .mistake("trains in one place, but so does --dc", "leave one of both out");
    }
    int ranks = only.isAll() ? 1 : only.ranks().get(only.index());
    return new Geography(
        new Topology(List.of(new DataCenter(only.name(), ranks)), List.of()),
        List.of(only.isAll() ? only.name() : all.places().get(only.index())),
        "none",
        all.currency(),
        all.priceNote(),
        all.data(),
        Map.of(),
        Map.of(),
        Map.of(),
        Optional.empty(),
        Optional.of(only));
  }

  private Topology gateways(Topology topology) {
    try {
      return topology.withGateways(values.count(JobKey.GATEWAYS).orElseThrow());
    } catch (IllegalArgumentException e) {
      throw values
          .where(JobKey.GATEWAYS)
          .mistake(e.getMessage(), "give --ranks at least as many, or ask for fewer gateways");
    }
  }

  private Optional<String> here(
      Described described, List<String> names, Map<String, String> gateways) {
    Optional<String> here = values.text(JobKey.DC);
    if (here.isPresent() && !names.contains(here.get())) {
      throw values
          .where(JobKey.DC)
          .mistake("no data centre \"" + here.get() + "\"", Suggestion.remedy(here.get(), names));
    }
    if (here.isPresent() && names.size() > 1 && gateways.isEmpty()) {
      throw values
          .where(JobKey.DC)
          .mistake(
              "nobody says where the other data centres are",
              described.file().isEmpty()
                  ? "add --topology FILE with gateway: HOST:PORT of every data centre"
                  : "add gateway: HOST:PORT to every data centre in " + described.file());
    }
    if (here.isPresent() && (settings.has(JobKey.SITES) || settings.has(JobKey.SPLIT))) {
      throw values
          .where(settings.has(JobKey.SITES) ? JobKey.SITES : JobKey.SPLIT)
          .mistake(
              "cuts one file into data centres, but this launch is for " + here.get(),
              "give --data the rows of this data centre only");
    }
    return here;
  }

  private List<DataCenter> dcs(Described described) {
    OptionalInt dcs = values.count(JobKey.DCS);
    int ranks = ranks(described, dcs);
    boolean ranksByFlag =
        settings.get(JobKey.RANKS).map(s -> s.where().startsWith("--")).orElse(false);
    if (!described.dcs().isEmpty()) {
      int n = described.dcs().size();
      if (dcs.isPresent() && dcs.getAsInt() != n) {
        throw values
            .where(JobKey.DCS)
            .mistake(
                "says " + dcs.getAsInt() + ", " + described.file() + " names " + n,
                "leave it out or edit the file");
      }
      return described.dcs().stream()
          .map(dc -> new DataCenter(dc.name(), ranksByFlag ? ranks : dc.ranks().orElse(ranks)))
          .toList();
    }
    Optional<Path> sites = values.file(JobKey.SITES);
    if (sites.isPresent()) {
      List<String> names = SitesFile.names(sites.get());
      if (dcs.isPresent() && dcs.getAsInt() != names.size()) {
        throw values
            .where(JobKey.DCS)
            .mistake(
                "says "
                    + dcs.getAsInt()
                    + ", "
                    + sites.get().getFileName()
                    + " names "
                    + names.size()
                    + ": "
                    + String.join(", ", names),
                "leave it out");
      }
      return names.stream().map(name -> new DataCenter(name, ranks)).toList();
    }
    int files = settings.get(JobKey.DATA).map(s -> s.values().size()).orElse(0);
    if (files > 1 && dcs.isPresent() && dcs.getAsInt() != files) {
      throw values
          .where(JobKey.DCS)
          .mistake(
              "says " + dcs.getAsInt() + ", there are " + files + " data files",
              "leave it out, or give one file to split");
    }
    return Topology.uniform(dcs.orElse(Math.max(1, files)), ranks).dcs();
  }

  /// Ranks of a data centre that does not say: as set, else the started ranks in equal parts.
  private int ranks(Described described, OptionalInt dcs) {
    int asked = values.count(JobKey.RANKS).orElseThrow();
    if (settings.has(JobKey.RANKS)
        || settings.has(JobKey.DC)
        || shape.size().isEmpty()
        || described.dcs().stream().anyMatch(dc -> dc.ranks().isPresent())) {
      return asked;
    }
    int parts = dcs.orElse(Math.max(1, described.dcs().size()));
    if (described.dcs().isEmpty() && dcs.isEmpty()) {
      Optional<Path> sites = values.file(JobKey.SITES);
      int files = settings.get(JobKey.DATA).map(s -> s.values().size()).orElse(0);
      parts = sites.map(path -> SitesFile.names(path).size()).orElse(Math.max(1, files));
    }
    int size = shape.size().getAsInt();
    if (size % parts != 0) {
      throw new UserMistake(
          size + " ranks were started, which " + parts + " data centres cannot share equally",
          "start a multiple of " + parts + ", or give ranks: to every data centre");
    }
    return size / parts;
  }

  /// A profile given by flag shapes all links; otherwise described links stand as they are, and
  /// what they leave open comes from the profile.
  private List<Link> links(Described described, String wan, List<String> names) {
    List<Link> links = new ArrayList<>();
    boolean shapeAll = settings.get(JobKey.WAN).map(s -> s.where().startsWith("--")).orElse(false);
    for (Link link : WanProfiles.links(wan, names)) {
      Described.LinkLine line = line(described, link.from(), link.to());
      links.add(
          line == null
              ? link.withStreams(streams(OptionalInt.empty()))
              : new Link(
                  link.from(),
                  link.to(),
                  shapeAll ? link.delayNanos() : line.delayNanos().orElse(link.delayNanos()),
                  shapeAll
                      ? link.bitsPerSecond()
                      : line.bitsPerSecond().orElse(link.bitsPerSecond()),
                  line.pricePerGigabyte().orElse(link.pricePerGigabyte()),
                  shapeAll ? link.jitterNanos() : line.jitterNanos().orElse(link.jitterNanos()),
                  shapeAll ? link.loss() : line.loss().orElse(link.loss()),
                  streams(line.streams())));
    }
    return links;
  }

  /// Connections that were asked for, 0 if nobody says.
  private int streams(OptionalInt ofLink) {
    if (ofLink.isPresent() || values.must(JobKey.STREAMS).equals("auto")) {
      return ofLink.orElse(0);
    }
    int count = values.count(JobKey.STREAMS).orElseThrow();
    if (count > ConnectOptions.MOST_STREAMS) {
      throw values
          .where(JobKey.STREAMS)
          .mistake(
              count + " is out of range", "give 1 to " + ConnectOptions.MOST_STREAMS + ", or auto");
    }
    return count;
  }

  /// A real link with as many connections as it needs, if nobody has said how many.
  private Link withStreams(Link link) {
    return link.streams() > 0 ? link : link.withStreams(LinkStreams.auto(link));
  }

  private static Described.LinkLine line(Described described, String from, String to) {
    for (Described.LinkLine line : described.links()) {
      if ((line.from().equals(from) && line.to().equals(to))
          || (!line.oneWay() && line.from().equals(to) && line.to().equals(from))) {
        return line;
      }
    }
    return null;
  }
}
