package org.strait.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.strait.bench.allreduce.AllReduceBench;
import org.strait.bench.codec.CodecBench;
import org.strait.bench.geo.GeoBench;
import org.strait.bench.kernels.KernelCases;
import org.strait.bench.nets.NetCase;
import org.strait.bench.parse.ParseText;
import org.strait.bench.peers.PythonPeers;
import org.strait.bench.peers.SearchPath;
import org.strait.bench.peers.Twins;
import org.strait.bench.run.Ledger;
import org.strait.bench.run.Table;
import org.strait.bench.run.Workplace;
import org.strait.bench.train.TrainBench;
import org.strait.bench.wan.WanBench;
import org.strait.kernels.BackendUnavailableException;
import org.strait.launcher.bench.BenchRequest;
import org.strait.launcher.bench.BenchResult;
import org.strait.launcher.bench.BenchSuite;
import org.strait.launcher.config.UserMistake;

/// The measurements of {@code strait bench}.
public final class Suite implements BenchSuite {
  @Override
  public SortedMap<String, String> benches() {
    SortedMap<String, String> benches = new TreeMap<>();
    benches.put("allreduce", "sums over ranks, by every engine");
    benches.put("codec", "compressors, and the entropy coder beside zstd and lz4");
    benches.put("geo", "bytes and time to the optimum, by solver, over data centres");
    benches.put("kernels", "the operations of a backend");
    benches.put("nets", "steps of training of nets, beside PyTorch");
    benches.put("parse", "reading LIBSVM text");
    benches.put("train", "from a file to a model, beside liblinear and the like");
    benches.put("wan", "one link between gateways, plain and TLS");
    return benches;
  }

  @Override
  public BenchResult run(BenchRequest request) throws IOException {
    if (request.bench().equals("allreduce")) {
      return AllReduceBench.run(request);
    }
    if (request.bench().equals("train")) {
      return TrainBench.run(request, Path.of(System.getProperty("strait.start", "strait")));
    }
    if (request.bench().equals("wan")) {
      return WanBench.run(request);
    }
    if (request.bench().equals("geo")) {
      return GeoBench.run(request);
    }
    if (request.bench().equals("codec")) {
      return CodecBench.run(request);
    }
    Optional<Twins> twins =
        Twins.build(request.searchPath(), request.folder().resolve("twins"), request.progress());
    Optional<PythonPeers> python =
        request.peers()
            ? PythonPeers.start(request.searchPath(), request.folder(), request.progress())
            : Optional.empty();
    try (Workplace place = open(request, twins, python)) {
      Ledger ledger =
          new Ledger(
              request.bench(), place, KernelCases.limits(request.quick()), request.progress());
      if (request.bench().equals("parse")) {
        parse(request, ledger);
      } else if (request.bench().equals("nets")) {
        CasePattern.choose(NetCase.all(request.quick()), request.only()).forEach(ledger::run);
      } else {
        CasePattern.choose(KernelCases.all(request.quick()), request.only()).forEach(ledger::run);
      }
      return new BenchResult(ledger.json(), Table.of(ledger.rows()));
    } finally {
      python.ifPresent(PythonPeers::close);
    }
  }

  private static Workplace open(
      BenchRequest request, Optional<Twins> twins, Optional<PythonPeers> python) {
    try {
      return Workplace.open(request.backend(), request.threads(), request.quick(), twins, python);
    } catch (BackendUnavailableException | IllegalArgumentException e) {
      throw new UserMistake("--backend: " + e.getMessage(), "auto always runs");
    }
  }

  private static void parse(BenchRequest request, Ledger ledger) throws IOException {
    Optional<Path> liblinear = Optional.empty();
    if (request.peers()) {
      liblinear = SearchPath.find(request.searchPath(), "liblinear-train");
      if (liblinear.isEmpty()) {
        request.progress().accept("no liblinear peer: there is no liblinear-train in PATH");
      }
    }
    request.progress().accept("writing the text");
    try (ParseText text = new ParseText(request.quick(), request.folder())) {
      CasePattern.choose(List.of(text.reading(liblinear)), request.only()).forEach(ledger::run);
    }
  }
}
