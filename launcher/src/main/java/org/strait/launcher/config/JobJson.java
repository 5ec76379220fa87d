package org.strait.launcher.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.strait.engine.LocalSteps;
import org.strait.engine.data.ImageSettings;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Link;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.tls.TlsFiles;

/// A job as JSON and back: one value per key of {@link JobKey} (absent if empty), the resolved
/// `geography`, and `given`, the keys that do not stand at their default.
public final class JobJson {
  private JobJson() {}

  /// The job as JSON.
  public static JsonObject write(Job job) {
    JsonObject json = new JsonObject();
    json.addProperty(JobKey.NAME.key(), job.name());
    Job.Data data = job.data();
    JsonArray files = new JsonArray();
    data.files().forEach(path -> files.add(path.toString()));
    if (!files.isEmpty()) {
      json.add(JobKey.DATA.key(), files);
    }
    put(json, JobKey.SITES, data.sites());
    put(json, JobKey.TEST, data.test());
    put(json, JobKey.TEST_SITES, data.testSites());
    json.addProperty(JobKey.SPLIT.key(), data.split().text());
    put(json, JobKey.LABELS, data.labels());
    data.features().ifPresent(n -> json.addProperty(JobKey.FEATURES.key(), n));
    data.generatedRows().ifPresent(n -> json.addProperty(JobKey.ROWS.key(), n));
    json.addProperty(JobKey.FORMAT.key(), data.format());
    if (!data.label().isEmpty()) {
      json.addProperty(JobKey.LABEL.key(), data.label());
    }
    if (!data.weight().isEmpty()) {
      json.addProperty(JobKey.WEIGHT.key(), data.weight());
    }
    if (!data.weights().isEmpty()) {
      JsonArray weights = new JsonArray();
      data.weights().forEach(path -> weights.add(path.toString()));
      json.add(JobKey.WEIGHTS.key(), weights);
    }
    put(json, JobKey.TEST_WEIGHTS, data.testWeights());
    json.addProperty(JobKey.CACHE.key(), data.cache());
    ImageSettings images = data.images();
    if (images.size() != null) {
      json.addProperty(JobKey.IMAGE_SIZE.key(), images.sizeText());
    }
    json.addProperty(JobKey.PIXELS.key(), images.scale().text());
    json.addProperty(JobKey.BAD_ROWS.key(), images.badRows());
    put(json, JobKey.ONLY, data.only());
    json.addProperty(JobKey.FACTORS.key(), job.objective().factors());
    json.addProperty(JobKey.MODEL.key(), job.objective().model());
    json.addProperty(JobKey.INTERCEPT.key(), job.objective().intercept());
    NetKeys.write(job, json);
    json.addProperty(JobKey.L2.key(), job.objective().l2());
    json.addProperty(JobKey.L1.key(), job.objective().l1());
    Job.Method method = job.method();
    json.addProperty(JobKey.SOLVER.key(), method.solver());
    method.rate().ifPresent(x -> json.addProperty(JobKey.RATE.key(), x));
    method.batch().ifPresent(n -> json.addProperty(JobKey.BATCH.key(), n));
    json.addProperty(JobKey.EXCHANGE.key(), method.exchange());
    method.density().ifPresent(x -> json.addProperty(JobKey.DENSITY.key(), x));
    json.addProperty(JobKey.ROUTE.key(), method.route());
    method.local().ifPresent(local -> put(json, local));
    json.addProperty(JobKey.ADAPT.key(), method.adapt().choice());
    json.addProperty(JobKey.DENSITY_BOUNDS.key(), method.adapt().densities());
    json.addProperty(JobKey.BITS_BOUNDS.key(), method.adapt().bits());
    json.addProperty(JobKey.GUARD.key(), method.adapt().guard());
    if (method.adapt().periods()) {
      json.addProperty(JobKey.LOCAL_STEPS.key(), method.adapt().localSteps());
    }
    json.addProperty(JobKey.SUPPORT.key(), method.support());
    json.addProperty(JobKey.ROWS_MAY_LEAVE.key(), method.rowsMayLeave());
    method.site().ifPresent(dc -> json.addProperty(JobKey.SITE.key(), dc));
    job.bound().target().ifPresent(x -> json.addProperty(JobKey.TARGET.key(), x));
    json.addProperty(JobKey.TOLERANCE.key(), job.bound().tolerance());
    json.addProperty(JobKey.ROUNDS.key(), job.bound().rounds());
    job.bound().epochs().ifPresent(n -> json.addProperty(JobKey.EPOCHS.key(), n));
    Job.Machine machine = job.machine();
    json.addProperty(JobKey.THREADS.key(), machine.threads());
    json.addProperty(JobKey.SEED.key(), machine.seed());
    json.addProperty(JobKey.BACKEND.key(), machine.backend());
    json.addProperty(JobKey.TRANSPORT.key(), machine.transport());
    json.addProperty(JobKey.ALLREDUCE.key(), machine.allreduce());
    json.addProperty(JobKey.CONNECTIONS.key(), machine.connections());
    machine.memoryBytes().ifPresent(n -> json.addProperty(JobKey.MEMORY.key(), n + " B"));
    Safety safety = job.safety();
    json.addProperty(JobKey.CHECKPOINT_EVERY.key(), safety.checkpointEvery());
    put(json, JobKey.RESUME, safety.resume());
    json.addProperty(JobKey.QUORUM.key(), safety.quorum());
    put(json, JobKey.KILL, safety.kill());
    put(json, JobKey.REJOIN, safety.rejoin());
    json.addProperty(JobKey.REFERENCE.key(), job.reference());
    json.addProperty(JobKey.WAN.key(), job.geography().wan());
    json.addProperty(JobKey.GATEWAYS.key(), job.geography().topology().gateways());
    json.addProperty(JobKey.DCS.key(), job.geography().topology().dcs().size());
    put(json, JobKey.DC, job.geography().here());
    json.add("geography", geography(job.geography()));
    JsonArray given = new JsonArray();
    job.given().stream().sorted().forEach(key -> given.add(key.key()));
    json.add("given", given);
    return json;
  }

  private static void put(JsonObject json, LocalSteps local) {
    json.addProperty(JobKey.LOCAL_STEPS.key(), local.period());
    json.addProperty(JobKey.FRAGMENTS.key(), local.fragments());
    json.addProperty(JobKey.TIMING.key(), local.timing().toString());
    json.addProperty(JobKey.OUTER.key(), local.outer());
  }

  private static void put(JsonObject json, JobKey key, Optional<?> value) {
    value.ifPresent(v -> json.addProperty(key.key(), v.toString()));
  }

  private static JsonObject geography(Geography geography) {
    JsonObject json = new JsonObject();
    json.addProperty("currency", geography.currency());
    json.addProperty("priceNote", geography.priceNote());
    json.addProperty("gateways", geography.topology().gateways());
    JsonArray dcs = new JsonArray();
    List<DataCenter> list = geography.topology().dcs();
    for (int i = 0; i < list.size(); i++) {
      DataCenter dc = list.get(i);
      JsonObject one = new JsonObject();
      one.addProperty("name", dc.name());
      one.addProperty("place", geography.places().get(i));
      one.addProperty("ranks", dc.ranks());
      if (geography.data().containsKey(dc.name())) {
        one.addProperty("data", geography.data().get(dc.name()).toString());
      }
      if (geography.gateways().containsKey(dc.name())) {
        one.addProperty("gateway", geography.gateways().get(dc.name()));
      }
      if (geography.binds().containsKey(dc.name())) {
        one.addProperty("bind", geography.binds().get(dc.name()));
      }
      if (geography.tls().containsKey(dc.name())) {
        TlsFiles files = geography.tls().get(dc.name());
        one.addProperty("certificate", files.certificate().toString());
        one.addProperty("key", files.key().toString());
        one.addProperty("authorities", files.authorities().toString());
      }
      dcs.add(one);
    }
    json.add("dcs", dcs);
    JsonArray links = new JsonArray();
    for (Link link : geography.topology().links()) {
      JsonObject one = new JsonObject();
      one.addProperty("from", link.from());
      one.addProperty("to", link.to());
      one.addProperty("delayNanos", link.delayNanos());
      one.addProperty("bitsPerSecond", link.bitsPerSecond());
      one.addProperty("pricePerGB", link.pricePerGigabyte());
      one.addProperty("jitterNanos", link.jitterNanos());
      one.addProperty("loss", link.loss());
      one.addProperty("streams", link.streams());
      links.add(one);
    }
    json.add("links", links);
    return json;
  }

  /// The job that {@link #write} wrote.
  ///
  /// @throws UserMistake if a value is wrong; someone edited the file
  public static Job read(JsonObject json) {
    return read(json, new Settings(), Set.of());
  }

  /// The job of a run that is to go on, with what the flags change.
  public static Job resumed(JsonObject json, Settings flags) {
    return read(json, flags, Set.of(JobKey.KILL, JobKey.REJOIN));
  }

  private static Job read(JsonObject json, Settings flags, Set<JobKey> without) {
    Settings settings = new Settings();
    Geography geography =
        geography(
            json.getAsJsonObject("geography"),
            json.get(JobKey.WAN.key()).getAsString(),
            Optional.ofNullable(json.get(JobKey.DC.key())).map(JsonElement::getAsString));
    for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
      Optional<JobKey> key = JobKey.named(entry.getKey());
      if (key.isPresent() && !without.contains(key.get())) {
        List<String> values = new ArrayList<>();
        if (entry.getValue().isJsonArray()) {
          entry.getValue().getAsJsonArray().forEach(e -> values.add(e.getAsString()));
        } else {
          values.add(entry.getValue().getAsString());
        }
        settings.add(new Setting(key.get(), values, "job.json " + entry.getKey(), Path.of("")));
      }
    }
    Job job = JobResolver.of(settings.under(flags), geography);
    EnumSet<JobKey> given = EnumSet.noneOf(JobKey.class);
    for (JsonElement key : json.getAsJsonArray("given")) {
      given.add(JobKey.named(key.getAsString()).orElseThrow());
    }
    given.removeAll(without);
    given.addAll(flags.keys());
    return job.withGiven(given);
  }

  private static Geography geography(JsonObject json, String wan, Optional<String> here) {
    List<DataCenter> dcs = new ArrayList<>();
    List<String> places = new ArrayList<>();
    Map<String, Path> data = new HashMap<>();
    Map<String, String> gateways = new HashMap<>();
    Map<String, String> binds = new HashMap<>();
    Map<String, TlsFiles> tls = new HashMap<>();
    for (JsonElement element : json.getAsJsonArray("dcs")) {
      JsonObject one = element.getAsJsonObject();
      String name = one.get("name").getAsString();
      dcs.add(new DataCenter(name, one.get("ranks").getAsInt()));
      places.add(one.get("place").getAsString());
      if (one.has("data")) {
        data.put(name, Path.of(one.get("data").getAsString()));
      }
      if (one.has("gateway")) {
        gateways.put(name, one.get("gateway").getAsString());
      }
      if (one.has("bind")) {
        binds.put(name, one.get("bind").getAsString());
      }
      if (one.has("certificate")) {
        tls.put(
            name,
            new TlsFiles(
                Path.of(one.get("certificate").getAsString()),
                Path.of(one.get("key").getAsString()),
                Path.of(one.get("authorities").getAsString())));
      }
    }
    List<Link> links = new ArrayList<>();
    for (JsonElement element : json.getAsJsonArray("links")) {
      JsonObject one = element.getAsJsonObject();
      links.add(
          new Link(
              one.get("from").getAsString(),
              one.get("to").getAsString(),
              one.get("delayNanos").getAsLong(),
              one.get("bitsPerSecond").getAsLong(),
              one.get("pricePerGB").getAsDouble(),
              one.get("jitterNanos").getAsLong(),
              one.get("loss").getAsDouble(),
              one.get("streams").getAsInt()));
    }
    return new Geography(
        new Topology(dcs, links)
            .withGateways(json.has("gateways") ? json.get("gateways").getAsInt() : 1),
        places,
        wan,
        json.get("currency").getAsString(),
        json.get("priceNote").getAsString(),
        data,
        gateways,
        binds,
        tls,
        here,
        Optional.empty());
  }
}
