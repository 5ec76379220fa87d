package org.strait.launcher.worker;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.strait.engine.SessionSettings;
import org.strait.engine.Survival;
import org.strait.engine.exchange.MemberChange;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.net.Nets;
import org.strait.engine.rendezvous.Sockets;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.LinkMatrix;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.ConnectOptions;
import org.strait.kernels.BackendRequest;
import org.strait.kernels.calibration.Calibration;
import org.strait.kernels.calibration.Estimate;
import org.strait.kernels.calibration.Work;
import org.strait.launcher.config.Job;

/// What a rank's session is opened with.
final class RankSettings {
  private final Job job;
  private final Plan plan;
  private final RankPlace place;
  private final ConnectOptions connect;
  private final Topology topology;
  private final int rank;

  /// @param connect addresses and the secret
  RankSettings(Job job, Plan plan, RankPlace place, ConnectOptions connect, int rank) {
    this.job = job;
    this.plan = plan;
    this.place = place;
    this.connect = connect;
    this.rank = rank;
    topology = job.geography().topology();
  }

  /// @param kept takes note of what leaves
  /// @param listener told of losses and returns
  SessionSettings of(RankRows rows, Ledger kept, Consumer<MemberChange> listener) {
    SessionSettings settings =
        new SessionSettings(
            kernels(rows),
            job.machine().transport(),
            job.machine().allreduce(),
            false,
            120,
            plan.hash(),
            connect
                .withMpjJars(MpjFolder.jars(job))
                .withStreams(job.machine().connections())
                .withGatewayBind(bind()),
            gateways(),
            new Survival(
                topology.dcs().size() > 1 && !plan.convex() ? job.safety().quorum() : "all",
                kept,
                listener,
                place.life()),
            job.method().route(),
            measures());
    // Links between launches of their own are as slow as they are; only --wan slows them more.
    return job.geography().wan().equals("none")
            && (job.geography().others() || topology.links().stream().noneMatch(l -> l.shaped()))
        ? settings
        : settings.withShapedLinks();
  }

  /// Whether links are measured first: for a choice by what nobody has described.
  private boolean measures() {
    return topology.dcs().size() > 1
        && !plan.convex()
        && (job.method().adapt().choice().startsWith("time")
            || (job.method().route().startsWith("auto:") && LinkMatrix.of(topology).isUnknown()));
  }

  /// Where this data centre's gateway listens, if not where others connect to.
  private InetSocketAddress bind() {
    String text = job.geography().binds().get(topology.dcs().get(topology.dcOf(rank)).name());
    return text == null ? null : Sockets.parse(text);
  }

  private BackendRequest kernels(RankRows rows) {
    if (JobWork.plainFloat64(job)) {
      return BackendRequest.of("scalar")
          .withThreads(job.machine().threads())
          .withRanksOnHost(place.ranksOnHost());
    }
    Work work = JobWork.of(job, plan, rows.mostRows(), rows.mostEntries(), rows.data().features());
    BackendRequest request =
        BackendRequest.of(job.machine().backend())
            .withThreads(job.machine().threads())
            .withRanksOnHost(place.ranksOnHost());
    // Nets are products of matrices: there is nothing to weigh.
    return Nets.knows(job.objective().model())
        ? request
        : request.withEstimate(new Estimate(figures(), work));
  }

  private Calibration figures() {
    return place
        .figures()
        .map(text -> Calibration.parse("figures of this machine", text))
        .orElseGet(Calibration::typical);
  }

  /// Addresses of the gateways, if the topology file gives them.
  private List<InetSocketAddress> gateways() {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (DataCenter dc : topology.dcs()) {
      String text = job.geography().gateways().get(dc.name());
      if (text != null) {
        addresses.add(Sockets.parse(text));
      }
    }
    return addresses;
  }
}
