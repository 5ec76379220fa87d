package org.strait.launcher.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.strait.engine.topology.Topology;

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
public record Geography(
    Topology topology,
    List<String> places,
    String wan,
    String currency,
    String priceNote,
    Map<String, Path> data,
    Map<String, String> gateways) {
  /// Copies the lists.
  public Geography {
    places = List.copyOf(places);
    data = Map.copyOf(data);
    gateways = Map.copyOf(gateways);
  }
}
