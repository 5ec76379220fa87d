package org.strait.launcher.worker;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.strait.engine.DivergedException;
import org.strait.engine.checkpoint.CheckpointException;
import org.strait.engine.data.DataException;
import org.strait.engine.exchange.ExchangeException;
import org.strait.engine.exchange.QuorumLostException;
import org.strait.engine.ledger.LedgerException;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.rendezvous.TcpStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.tls.TlsIdentity;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.launcher.config.Geography;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobJson;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.identity.Build;
import org.strait.launcher.start.StoreHost;
import org.strait.launcher.start.WorkerCommandLine;
import org.strait.memory.MemoryLimitException;

/// The process of one rank, from its arguments to its exit status.
public final class Worker {
  private static final int OK = 0;
  private static final int USER = 2;
  private static final int PEER_LOST = 30;
  private static final int BUG = 70;
  private static final long CULPRIT_NANOS = 4_000_000_000L;
  private static final long CONNECT_NANOS = 60_000_000_000L;

  private Worker() {}

  /// Environment variable with the secret that launches of different data centres share.
  public static final String WAN_TOKEN = "STRAIT_WAN_TOKEN";

  /// Runs one rank; returns the exit status of the process.
  ///
  /// @param args see {@link WorkerCommandLine}; ranks are numbered within the launch
  public static int run(String[] args) {
    Map<String, String> flags = flags(args);
    int rank = Integer.parseInt(flags.get("--rank"));
    int size = Integer.parseInt(flags.get("--size"));
    endWithLauncher(System.in);
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    Consumer<String> lines =
        line -> {
          out.println(line);
          out.flush();
        };
    String token = System.getenv().getOrDefault(WorkerCommandLine.TOKEN, "");
    return attempt(
        lines,
        rank,
        size,
        () ->
            JobJson.read(
                JsonParser.parseString(Files.readString(Path.of(flags.get("--job"))))
                    .getAsJsonObject()),
        () -> TcpStore.connect(flags.get("--store"), token, CONNECT_NANOS),
        job -> ConnectOptions.defaults().withToken(connectToken(job, token)),
        new RankPlace(
            Path.of(flags.get("--out")),
            size,
            false,
            RankPlace.figures(Path.of(flags.get("--out"))),
            Integer.parseInt(flags.getOrDefault("--life", "1"))));
  }

  /// The secret that this launch's connections show: where other launches train the same model, the
  /// one that all of them share.
  ///
  /// @param launch the secret of this launch alone
  public static String connectToken(Job job, String launch) {
    return job.geography().others() ? wanToken() : launch;
  }

  private static String wanToken() {
    return System.getenv().getOrDefault(WAN_TOKEN, "");
  }

  /// Runs a rank of a launch that somebody else made, in this process.
  ///
  /// @param rank number within the launch
  /// @param size ranks of the launch
  /// @param connect addresses and the launch's secret
  /// @param place where the rank runs
  /// @param lines takes the rank's events, one a line
  public static int runHere(
      Supplier<Job> job,
      int rank,
      int size,
      Supplier<Store> store,
      ConnectOptions connect,
      RankPlace place,
      Consumer<String> lines) {
    return attempt(
        lines,
        rank,
        size,
        () -> {
          Job resolved = job.get();
          if (place.sharesJvm()) {
            loadLibraries(resolved.machine().backend());
          }
          return resolved;
        },
        store,
        resolved -> connect,
        place);
  }

  /// Where ranks are threads of one JVM with a class loader each (MPJ Express's multicore mode),
  /// native libraries that several load at the same time can wait for each other for ever. So one
  /// loads after the other; nobody computes before all have, because nobody's rows are agreed on.
  private static void loadLibraries(String backend) {
    synchronized (Runtime.getRuntime()) { // the one object that all class loaders share
      try {
        Backends.choose(backend);
      } catch (BackendUnavailableException e) {
        // The rank's own choice says it with all that belongs to it.
        System.getLogger(Worker.class.getName()).log(System.Logger.Level.DEBUG, backend, e);
      }
    }
  }

  @FunctionalInterface
  private interface JobSource {
    Job get() throws IOException;
  }

  private static int attempt(
      Consumer<String> lines,
      int rank,
      int size,
      JobSource source,
      Supplier<Store> stores,
      Function<Job, ConnectOptions> connect,
      RankPlace place) {
    Events events = new Events(lines, rank, "");
    Store store = null;
    try {
      Job job = source.get();
      Geography geography = job.geography();
      Topology topology = geography.topology();
      int global = geography.firstRank() + rank;
      events = new Events(lines, global, topology.dcs().get(topology.dcOf(global)).name());
      if (geography.ranksHere() != size) {
        throw new UserMistake(
            "the job has " + geography.ranksHere() + " ranks here, but " + size + " were started",
            "start as many as the job has");
      }
      TlsIdentity tls =
          topology.shardOf(global) >= 0
              ? GatewayTls.load(
                  job,
                  topology.dcs().get(topology.dcOf(global)).name(),
                  InstantSource.system(),
                  events::note)
              : null;
      DcAgreement agreement =
          new DcAgreement(job, wanToken(), Build.here().strait(), tls, events::note);
      store = stores.get();
      try (Pulse _ = new Pulse(events)) {
        new RankJob(job, global, place, connect.apply(job).withTls(tls), store, agreement, events)
            .run();
      }
      return OK;
    } catch (DataException
        | UserMistake
        | BackendUnavailableException
        | DivergedException
        | CheckpointException
        | LedgerException
        | IllegalArgumentException e) {
      events.error("user", e.getMessage());
      return USER;
    } catch (MemoryLimitException e) {
      events.error("user", e.getMessage() + "; raise --memory, or use fewer rows or ranks here");
      return USER;
    } catch (PeerLostException | RendezvousException | ExchangeException | QuorumLostException e) {
      if (e.getCause() instanceof BindException) {
        events.error("user", e.getMessage());
        return USER;
      }
      events.send(events.event(Events.LOST));
      events.error("peer", culprit(store) + e.getMessage());
      return PEER_LOST;
    } catch (IOException e) {
      events.error(
          "user",
          e instanceof FileSystemException file
              ? UserMistake.of(file).getMessage()
              : String.valueOf(e.getMessage()));
      return USER;
    } catch (RuntimeException | Error e) {
      e.printStackTrace(System.err);
      events.error("bug", e.toString());
      return BUG;
    }
  }

  /// What the launcher says about who died first; empty if it says nothing within four seconds.
  private static String culprit(Store store) {
    if (store == null) {
      return "";
    }
    try {
      return store.get(StoreHost.FAILURE, CULPRIT_NANOS) + "; this rank ";
    } catch (RendezvousException e) {
      return "";
    }
  }

  /// Ends this process when the launcher's end of standard input closes, however the launcher died.
  private static void endWithLauncher(InputStream in) {
    Thread.ofPlatform()
        .name("strait-launcher-watch")
        .daemon()
        .start(
            () -> {
              try {
                while (in.read() >= 0) {
                  // the launcher never writes
                }
              } catch (IOException e) {
                // as good as closed
              }
              Runtime.getRuntime().halt(130);
            });
  }

  private static Map<String, String> flags(String[] args) {
    Map<String, String> flags = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      flags.put(args[i], args[i + 1]);
    }
    return flags;
  }
}
