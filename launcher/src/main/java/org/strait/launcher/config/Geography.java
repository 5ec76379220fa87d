package org.strait.launcher.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.tls.TlsFiles;

/// Where a job runs: the data centres and links, what a gigabyte costs, and what belongs to single
/// data centres.
///
/// @param topology data centres and links, in the order of ranks
/// @param places human name of each data centre (a cloud region, or its own name), in DC order
/// @param wan the profile that shapes the links, as written
/// @param currency of the links' prices, such as USD
/// @param priceNote where the prices come from
/// @param data file of each data centre that names its own; may be empty
/// @param gateways `host:port` of each data centre that names its gateway; may be empty
/// @param binds `host:port` where the gateway of a data centre listens, if not at the address that
///     others connect to
/// @param tls files of each data centre of this launch; empty if connections between data centres
///     are not encrypted
/// @param here the one data centre that this launch is for; empty if it is for all
/// @param only whose rows the one data centre of the topology has, of a training to compare with
public record Geography(
    Topology topology,
    List<String> places,
    String wan,
    String currency,
    String priceNote,
    Map<String, Path> data,
    Map<String, String> gateways,
    Map<String, String> binds,
    Map<String, TlsFiles> tls,
    Optional<String> here,
    Optional<Only> only) {
  /// Copies the lists.
  public Geography {
    places = List.copyOf(places);
    data = Map.copyOf(data);
    gateways = Map.copyOf(gateways);
    binds = Map.copyOf(binds);
    tls = Map.copyOf(tls);
  }

  /// Index of the data centre of this launch; 0 if it is for all.
  public int hereIndex() {
    return here.map(name -> names().indexOf(name)).orElse(0);
  }

  /// The first rank of this launch among all ranks of the job.
  public int firstRank() {
    return topology.gatewayOf(hereIndex());
  }

  /// Number of ranks of this launch.
  public int ranksHere() {
    return here.isPresent() ? topology.dcs().get(hereIndex()).ranks() : topology.size();
  }

  /// Whether other launches train the same model.
  public boolean others() {
    return here.isPresent() && topology.dcs().size() > 1;
  }

  private List<String> names() {
    return topology.dcs().stream().map(DataCenter::name).toList();
  }
}
