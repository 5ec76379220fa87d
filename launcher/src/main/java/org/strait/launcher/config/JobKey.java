package org.strait.launcher.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Every setting of a training job: its name (the flag is `--name`, the key in a job file is
/// `name`), group in the job file, kind and default. This is the one place where defaults stand;
/// flags, job file, help, `job.json` and the report's "changed from default" all read it.
public enum JobKey {
  /// Name of the run.
  NAME("name", Group.TOP, Kind.TEXT, "", "NAME", "name of the run's folder"),
  /// Files with rows.
  DATA(
      "data",
      Group.DATA,
      Kind.FILES,
      "",
      "FILE",
      "rows in LIBSVM text, CSV, IDX or .npz, .gz too, or a folder of images; one file is split over"
          + " the data centres, N files are N data centres"),
  /// Format of the files.
  FORMAT(
      "format",
      Group.DATA,
      Kind.TEXT,
      "auto",
      "NAME",
      "format of the files: libsvm, csv, idx, npz, images (a folder for each class), ratings, or"
          + " auto, which goes by the names"),
  /// Label column of CSV.
  LABEL(
      "label",
      Group.DATA,
      Kind.TEXT,
      "",
      "COLUMN",
      "label column of CSV files, by name or number from 1; else the one called label, target, class"
          + " or y; of IDX the file of labels"),
  /// Size of images.
  IMAGE_SIZE(
      "image-size",
      Group.DATA,
      Kind.TEXT,
      "",
      "HxW",
      "bring images of a folder to this size, HxWx1 also to grey, HxWx3 to colour; else all have to"
          + " be alike"),
  /// What bytes become.
  PIXELS(
      "pixels",
      Group.DATA,
      Kind.TEXT,
      "unit",
      "SCALE",
      "what the bytes 0 to 255 of images become: unit (0 to 1) or centred (-1 to 1)"),
  /// Policy for rows that cannot be used.
  BAD_ROWS(
      "bad-rows",
      Group.DATA,
      Kind.TEXT,
      "fail",
      "POLICY",
      "images that cannot be read or have another size: fail, or skip, which names and counts them"),
  /// Scanned rows are kept.
  CACHE(
      "cache",
      Group.DATA,
      Kind.FLAG,
      "true",
      "",
      "keep scanned rows beside large files (NAME.….strait-rows) for later runs (default: true)"),
  /// Which row was born where.
  SITES(
      "sites",
      Group.DATA,
      Kind.FILE,
      "",
      "FILE",
      "name of the data centre of each row, line by line; implies --split sites"),
  /// Rows to evaluate with.
  TEST("test", Group.DATA, Kind.FILE, "", "FILE", "rows to evaluate the model with"),
  /// Which test row was born where.
  TEST_SITES(
      "test-sites",
      Group.DATA,
      Kind.FILE,
      "",
      "FILE",
      "data centre of each test row, for metrics by data centre"),
  /// How one file is cut.
  SPLIT(
      "split",
      Group.DATA,
      Kind.TEXT,
      "contiguous",
      "HOW",
      "how one file is cut: contiguous, random, label, sites, users (of ratings), dirichlet:ALPHA"
          + " (labels as skewed as a draw, such as dirichlet:0.5)"),
  /// One place's rows alone.
  ONLY(
      "only",
      Group.DATA,
      Kind.TEXT,
      "",
      "DC",
      "train in one place, to compare: on the rows that this data centre would have, or on those of"
          + " all"),
  /// Labels in the file.
  LABELS(
      "labels",
      Group.DATA,
      Kind.TEXT,
      "",
      "A,B",
      "the labels of the rows, such as 0,1; of several classes such as 1,2,3"),
  /// Number of features.
  FEATURES(
      "features",
      Group.DATA,
      Kind.COUNT,
      "",
      "N",
      "number of features; else the largest index found in any data centre"),
  /// Generated rows.
  ROWS(
      "rows",
      Group.DATA,
      Kind.COUNT,
      "",
      "N",
      "generate N rows in every data centre instead of reading files"),
  /// Model.
  MODEL(
      "model",
      Group.MODEL,
      Kind.TEXT,
      "logistic",
      "NAME",
      "model: logistic, squared-hinge, squared, huber or poisson; of several classes: softmax,"
          + " ovr-logistic, ovr-squared-hinge (one against the rest); nets: mlp, cnn, resnet, or the"
          + " layers of --net"),
  /// Layers.
  NET(
      "net",
      Group.MODEL,
      Kind.TEXT,
      "",
      "LAYERS",
      "layers of a net, such as \"conv 32 5x5, relu, max-pool 2, dense 128, relu\"; the last one,"
          + " to the classes, is added (docs/job-file.md)"),
  /// Shape of a row.
  INPUT(
      "input",
      Group.MODEL,
      Kind.TEXT,
      "",
      "SHAPE",
      "shape of a row of a net, such as 28x28x1 (height, width, channels); else what the files say,"
          + " or a square image"),
  /// Outputs of the layers of an mlp.
  HIDDEN(
      "hidden",
      Group.MODEL,
      Kind.TEXT,
      "256,128",
      "N,N,…",
      "--model mlp: outputs of each layer but the last"),
  /// Share of a label that all classes get.
  LABEL_SMOOTHING(
      "label-smoothing",
      Group.MODEL,
      Kind.FRACTION,
      "0",
      "SHARE",
      "nets: share of each label that is spread over all classes, such as 0.1"),
  /// Spread of grades.
  ORDINAL(
      "ordinal",
      Group.MODEL,
      Kind.NUMBER,
      "0",
      "GRADES",
      "nets: classes are grades: spread each label over its neighbours, by about so many grades"),
  /// How much classes count.
  CLASS_WEIGHTS(
      "class-weights",
      Group.MODEL,
      Kind.TEXT,
      "",
      "X,X,…",
      "nets: how much rows of each class count, one number for each class"),
  /// Random changes of images.
  AUGMENT(
      "augment",
      Group.MODEL,
      Kind.TEXT,
      "none",
      "HOW",
      "nets: change images at random while training: flip, crop:PIXELS, jitter:SHARE, such as"
          + " flip,crop:2"),
  /// Ridge penalty.
  L2("l2", Group.MODEL, Kind.NUMBER, "1e-4", "X", "weight of the penalty l2/2·|w|²"),
  /// Lasso penalty.
  L1("l1", Group.MODEL, Kind.NUMBER, "0", "X", "weight of the penalty l1·|w|₁; with solver owl-qn"),
  /// Factors of each feature.
  FACTORS(
      "factors",
      Group.MODEL,
      Kind.COUNT,
      "8",
      "K",
      "model mf, fm-squared, fm-logistic: numbers that each feature has to be multiplied with those"
          + " of others"),
  /// Solver.
  SOLVER(
      "solver",
      Group.SOLVER,
      Kind.TEXT,
      "auto",
      "NAME",
      "how steps are found: auto, lbfgs, sgd, momentum, nesterov, adamw; in float64 tron and lbfgs (one"
          + " data centre), distributed, fadl, frugal, owl-qn, centralized (sends the rows)"),
  /// Consent to send rows away.
  ROWS_MAY_LEAVE(
      "rows-may-leave",
      Group.SOLVER,
      Kind.FLAG,
      "false",
      "",
      "let this launch's rows be sent to another data centre (solver centralized); every launch"
          + " has to say so"),
  /// Where rows are sent.
  SITE(
      "site",
      Group.SOLVER,
      Kind.TEXT,
      "",
      "DC",
      "data centre that gets all rows (solver centralized); else the one with most"),
  /// Learning rate.
  RATE("rate", Group.SOLVER, Kind.NUMBER, "", "X", "learning rate; else the solver's own"),
  /// How the learning rate falls.
  SCHEDULE(
      "schedule",
      Group.SOLVER,
      Kind.TEXT,
      "sqrt:1000",
      "HOW",
      "how the learning rate falls: constant, sqrt:AFTER, cosine (to 0 at the end), or"
          + " step:EVERY:FACTOR, with steps or epochs (30e)"),
  /// How long it rises.
  WARMUP(
      "warmup",
      Group.SOLVER,
      Kind.TEXT,
      "0",
      "STEPS",
      "steps, or epochs (1e), in which the learning rate rises to its height"),
  /// Longest gradient.
  CLIP(
      "clip", Group.SOLVER, Kind.NUMBER, "", "NORM", "shorten gradients that are longer than this"),
  /// Decoupled decay.
  WEIGHT_DECAY(
      "weight-decay",
      Group.SOLVER,
      Kind.NUMBER,
      "0",
      "X",
      "decoupled weight decay: each step takes rate·X of each weight away"),
  /// Batch.
  BATCH("batch", Group.SOLVER, Kind.COUNT, "", "N", "rows a rank takes per step"),
  /// Exchange.
  EXCHANGE(
      "exchange",
      Group.EXCHANGE,
      Kind.TEXT,
      "auto",
      "NAME",
      "what travels between data centres; auto chooses"),
  /// Density.
  DENSITY(
      "density",
      Group.EXCHANGE,
      Kind.FRACTION,
      "",
      "SHARE",
      "share of the values that a sparse exchange sends, such as 1%%"),
  /// Who sends to whom.
  ROUTE(
      "route",
      Group.EXCHANGE,
      Kind.TEXT,
      "mesh",
      "ROUTE",
      "who sends to whom between data centres: mesh (all to all), hub, hub:DC, tree (regions), or"
          + " the best by the links' figures: auto:time, auto:bytes"),
  /// What is set as the run goes.
  ADAPT(
      "adapt",
      Group.EXCHANGE,
      Kind.TEXT,
      "off",
      "HOW",
      "set density, bits (and --local-steps auto) as the run goes: off, bytes (as few as the guard"
          + " allows), time (the exchange takes as long as computing), time:SHARE"),
  /// Bounds of the density.
  DENSITY_BOUNDS(
      "density-bounds",
      Group.EXCHANGE,
      Kind.TEXT,
      "1%..50%",
      "LOW..HIGH",
      "--adapt: least and most share of the values that travel, such as 1%%..50%%"),
  /// Bounds of the width.
  BITS_BOUNDS(
      "bits-bounds",
      Group.EXCHANGE,
      Kind.TEXT,
      "4..8",
      "LOW..HIGH",
      "--adapt: fewest and most bits of a value: two of 2, 4, 5, 6, 8"),
  /// Comparison with the dense mean.
  GUARD(
      "guard",
      Group.EXCHANGE,
      Kind.TEXT,
      "8",
      "N[:BOUND]",
      "--adapt: every N rounds compare what travelled with the dense mean, and go finer where it is"
          + " further away than BOUND (50%%); off: never"),
  /// Steps between rounds.
  LOCAL_STEPS(
      "local-steps",
      Group.EXCHANGE,
      Kind.TEXT,
      "",
      "H",
      "steps that every data centre takes on its own between two rounds (solver sgd, momentum,"
          + " nesterov, adamw), or with --adapt auto:LOW..HIGH; else they meet in every step"),
  /// What goes on while a round travels.
  TIMING(
      "timing",
      Group.EXCHANGE,
      Kind.TEXT,
      "sync",
      "HOW",
      "local steps: sync waits for each round, overlap computes the next one meanwhile, stale:S"
          + " lets a data centre run at most S rounds ahead"),
  /// Parts of the weights.
  FRAGMENTS(
      "fragments",
      Group.EXCHANGE,
      Kind.COUNT,
      "1",
      "F",
      "local steps: parts of the weights that travel in turn, every H/F steps"),
  /// What becomes of the mean progress.
  OUTER(
      "outer",
      Group.EXCHANGE,
      Kind.TEXT,
      "average",
      "STEP",
      "local steps: average, nesterov (0.7,0.9), or nesterov:RATE,MOMENTUM"),
  /// Which features travel.
  SUPPORT(
      "support",
      Group.EXCHANGE,
      Kind.TEXT,
      "off",
      "WHEN",
      "send only features that two or more data centres have (solver lbfgs): on, off, or auto, which"
          + " asks for a sample of them first"),
  /// Objective to reach.
  TARGET(
      "target",
      Group.STOP,
      Kind.NUMBER,
      "",
      "OBJECTIVE",
      "stop as soon as the exact global objective is at most this"),
  /// Accuracy to reach.
  TOLERANCE(
      "tolerance",
      Group.STOP,
      Kind.NUMBER,
      "1e-4",
      "GAP",
      "stop when the solver estimates a relative distance to the minimum of at most this; 0 for"
          + " never; with --target that alone counts"),
  /// Bound on rounds.
  ROUNDS("rounds", Group.STOP, Kind.COUNT, "500", "N", "stop after so many rounds"),
  /// Bound on epochs.
  EPOCHS("epochs", Group.STOP, Kind.COUNT, "", "N", "stop after so many passes over the rows"),
  /// Number of data centres.
  DCS("dcs", Group.PLACES, Kind.COUNT, "", "N", "number of data centres; else one per data file"),
  /// Ranks per data centre.
  RANKS("ranks", Group.PLACES, Kind.COUNT, "1", "N", "ranks (processes) in every data centre"),
  /// Ranks that speak to other data centres.
  GATEWAYS(
      "gateways",
      Group.PLACES,
      Kind.COUNT,
      "1",
      "G",
      "ranks of every data centre that speak to the others, each for a part of the vectors (needs"
          + " --quorum all)"),
  /// The one data centre of this launch.
  DC(
      "dc",
      Group.PLACES,
      Kind.TEXT,
      "",
      "NAME",
      "start the ranks of this data centre only; the others have launches of their own"
          + " (docs/launching.md)"),
  /// Emulated network.
  WAN(
      "wan",
      Group.PLACES,
      Kind.TEXT,
      "none",
      "PROFILE",
      "emulate the network between data centres: none, lan, metro, demo, aws11, aws11-2016, aws10,"
          + " azure, commodity, hospital, ss, or for instance \"80ms 50Mbit/s\" (one way)"),
  /// Connections between gateways.
  STREAMS(
      "streams",
      Group.PLACES,
      Kind.TEXT,
      "auto",
      "N",
      "TCP connections between two gateways, 1 to 64; auto: what the link's delay and bandwidth"
          + " call for"),
  /// Encryption between gateways.
  TLS(
      "tls",
      Group.PLACES,
      Kind.TEXT,
      "",
      "DIR",
      "folder made by strait cert, to encrypt connections between data centres; off: not encrypted"),
  /// Certificate of this data centre.
  TLS_CERT(
      "tls-cert",
      Group.PLACES,
      Kind.FILE,
      "",
      "PEM",
      "certificate of this launch's data centre (with --dc), instead of --tls"),
  /// Its private key.
  TLS_KEY("tls-key", Group.PLACES, Kind.FILE, "", "PEM", "its private key, not encrypted"),
  /// Whom it trusts.
  TLS_CA("tls-ca", Group.PLACES, Kind.FILE, "", "PEM", "authorities of all certificates"),
  /// Topology file.
  TOPOLOGY(
      "topology",
      Group.PLACES,
      Kind.FILE,
      "",
      "FILE",
      "topology file: data centres, links, prices"),
  /// Threads per rank.
  THREADS(
      "threads",
      Group.RUN,
      Kind.TEXT,
      "1",
      "N",
      "threads of every rank; auto: this machine's cores divided by the ranks. The model is the"
          + " same for any number"),
  /// Seed.
  SEED("seed", Group.RUN, Kind.INTEGER, "1", "N", "seed of everything random"),
  /// Backend.
  BACKEND(
      "backend",
      Group.RUN,
      Kind.TEXT,
      "auto",
      "NAME",
      "who computes: auto (what is cheapest for the job), scalar, simd, simd-128, simd-256,"
          + " simd-512, openblas; or by family of operations, such as dense=openblas,loss=scalar"),
  /// Transport inside a data centre.
  TRANSPORT(
      "transport",
      Group.RUN,
      Kind.TEXT,
      "auto",
      "NAME",
      "how ranks of one data centre talk: auto, shared-memory, tcp, unix, mpj, mpi,"
          + " tcp+shared-memory (hosts over TCP)"),
  /// Connections between two ranks.
  CONNECTIONS(
      "connections",
      Group.RUN,
      Kind.COUNT,
      "1",
      "N",
      "connections between two ranks that talk by tcp or unix, in one data centre or in two"),
  /// Reduction inside a data centre.
  ALLREDUCE(
      "allreduce",
      Group.RUN,
      Kind.TEXT,
      "auto",
      "NAME",
      "how ranks of one data centre add up: auto, ring, direct, halving, doubling, tree,"
          + " transport (its own), hierarchical[:LEADERS]"),
  /// Memory of a rank.
  MEMORY(
      "memory",
      Group.RUN,
      Kind.BYTES,
      "",
      "SIZE",
      "most native memory a rank may take, such as 2 GiB"),
  /// How often the state is saved.
  CHECKPOINT_EVERY(
      "checkpoint-every",
      Group.RUN,
      Kind.TEXT,
      "60s",
      "N|TIME",
      "save the training's state after every N rounds, or a time such as 30s; never: not at all"),
  /// Run to go on from.
  RESUME(
      "resume",
      Group.RUN,
      Kind.TEXT,
      "",
      "RUN_DIR",
      "go on from the last checkpoint of a run, with its job; bounds may be changed"),
  /// Data centres that must be there.
  QUORUM(
      "quorum",
      Group.RUN,
      Kind.TEXT,
      "majority",
      "N",
      "data centres without which a run does not go on when others are lost: majority, all or a"
          + " number"),
  /// A data centre to kill.
  KILL(
      "kill",
      Group.RUN,
      Kind.TEXT,
      "",
      "DC@TIME",
      "kill the ranks of a data centre after a time, such as dc3@10s, to see what happens"),
  /// A data centre to start again.
  REJOIN(
      "rejoin",
      Group.RUN,
      Kind.TEXT,
      "",
      "DC@TIME",
      "start the ranks of a killed data centre again after a time, such as dc3@20s"),
  /// Train a second time without compression.
  REFERENCE(
      "reference",
      Group.RUN,
      Kind.FLAG,
      "false",
      "",
      "train a second time with the uncompressed exchange, to compare");

  /// Mapping of the job file that a key may stand in; every key may also stand at the top.
  enum Group {
    TOP,
    DATA,
    MODEL,
    SOLVER,
    EXCHANGE,
    STOP,
    PLACES,
    RUN;

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// How the value is read.
  public enum Kind {
    /// Any word.
    TEXT,
    /// A path.
    FILE,
    /// Several paths.
    FILES,
    /// A whole number of at least 1.
    COUNT,
    /// A whole number.
    INTEGER,
    /// A finite number of at least 0.
    NUMBER,
    /// A share, `1%` or `0.01`.
    FRACTION,
    /// A size with unit, `2 GiB`.
    BYTES,
    /// true or false.
    FLAG
  }

  private final String key;
  private final Group group;
  private final Kind kind;
  private final String fallback;
  private final String label;
  private final String description;

  JobKey(String key, Group group, Kind kind, String fallback, String label, String description) {
    this.key = key;
    this.group = group;
    this.kind = kind;
    this.fallback = fallback;
    this.label = label;
    this.description = description;
  }

  /// Name in files and, after two dashes, on the command line.
  public String key() {
    return key;
  }

  /// The flag: `--key`.
  public String flag() {
    return "--" + key;
  }

  /// How the value is read.
  public Kind kind() {
    return kind;
  }

  /// The default as text; empty if there is none.
  public String fallback() {
    return fallback;
  }

  /// What stands for the value in the help.
  public String label() {
    return label;
  }

  /// One sentence for the help.
  public String description() {
    return description;
  }

  /// Whether a run that goes on must have it as it was: rows and places.
  public boolean fixedInRun() {
    return group == Group.DATA || group == Group.PLACES;
  }

  Group group() {
    return group;
  }

  /// The key with this name; dashes, underscores and case do not matter.
  static Optional<JobKey> named(String name) {
    String plain = plain(name);
    return Arrays.stream(values()).filter(k -> plain(k.key).equals(plain)).findFirst();
  }

  /// A name as it is compared.
  static String plain(String name) {
    return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
  }

  /// Names of all keys.
  public static List<String> names() {
    return Arrays.stream(values()).map(JobKey::key).toList();
  }

  /// Names that may stand in a group's mapping.
  static List<String> names(Group group) {
    List<String> names = new ArrayList<>();
    for (JobKey k : values()) {
      if (k.group == group) {
        names.add(k.key.equals(group.key()) ? (k.kind == Kind.FILES ? "files" : "name") : k.key);
      }
    }
    return names;
  }
}
