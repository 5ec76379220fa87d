package org.strait.engine.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.compress.Compressor;
import org.strait.engine.compress.Compressors;
import org.strait.engine.compress.TestCodec;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.topology.Route;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Hubs and trees: what arrives, and what it costs on every link.
@Timeout(240)
class TreeTest {
  private static final int N = 257;
  private static final int ROUNDS = 3;

  private static float[] drawn(int dc, int round) {
    SplittableRandom random = new SplittableRandom(1000L * dc + round);
    float[] vector = new float[N];
    for (int i = 0; i < N; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  /// All rounds' means and scalar sums of every DC.
  private static List<float[]> run(String name, String spec, int dcs) throws Exception {
    List<float[]> outcomes = new ArrayList<>();
    for (Object result :
        Dcs.each(
            dcs,
            (dc, transport, memory) -> {
              try (Exchange exchange = Dcs.open(name, spec, N, transport, memory)) {
                Floats vector = memory.floats(N);
                Doubles scalars = memory.doubles(2);
                float[] all = new float[ROUNDS * N];
                for (int round = 0; round < ROUNDS; round++) {
                  vector.copyFrom(drawn(dc, round));
                  scalars.set(0, 1.0 / (dc + 1));
                  scalars.set(1, 1);
                  RoundReport report = exchange.average(vector, dc % 5, scalars, Dcs.DEADLINE);
                  assertEquals(dcs, report.parties());
                  assertEquals(dcs, scalars.get(1));
                  double expected = 0;
                  for (int p = 0; p < dcs; p++) {
                    expected += 1.0 / (p + 1);
                  }
                  assertEquals(expected, scalars.get(0), "added in DC order");
                  System.arraycopy(vector.toArray(), 0, all, round * N, N);
                }
                return all;
              }
            })) {
      if (result instanceof Throwable thrown) {
        throw new AssertionError(name + ", " + spec + ", " + dcs + " DCs", thrown);
      }
      outcomes.add((float[]) result);
    }
    return outcomes;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 8, 13, 32})
  void allShapesLeaveAllWithTheSameBits(int dcs) throws Exception {
    float[] mesh = run("mesh", "dense", dcs).getFirst();
    for (String name : new String[] {"hub", "hub:dc2", "tree"}) {
      for (String spec : new String[] {"dense", "int8,ef", "top-k:10%,int8,difference"}) {
        List<float[]> means = run(name, spec, dcs);
        for (float[] mean : means) {
          assertArrayEquals(means.getFirst(), mean, name + " " + spec);
        }
        if (spec.equals("dense")) {
          float least = name.equals("tree") ? 1e-6f : 0;
          if (least == 0) {
            assertArrayEquals(mesh, means.getFirst(), name + " adds as the mesh does");
          } else {
            assertArrayEquals(mesh, means.getFirst(), least, name);
          }
        }
      }
    }
  }

  @Test
  void oneDcNeedsNobody() throws Exception {
    float[] means = run1("hub");
    assertArrayEquals(drawn(0, 0), Arrays.copyOf(means, N));
    assertArrayEquals(means, run1("tree"));
  }

  private static float[] run1(String name) throws Exception {
    Object result =
        Dcs.each(
                1,
                (dc, transport, memory) -> {
                  try (Exchange exchange = Dcs.open(name, "dense", N, transport, memory)) {
                    Floats vector = memory.floats(N);
                    vector.copyFrom(drawn(0, 0));
                    exchange.average(vector, 1, memory.doubles(0), Dcs.DEADLINE);
                    return vector.toArray();
                  }
                })
            .getFirst();
    return assertInstanceOf(float[].class, result);
  }

  /// Differences die out, up and down, also where only a tenth travels.
  @ParameterizedTest
  @ValueSource(strings = {"hub", "tree"})
  void meansOfSettledVectorsBecomeExact(String name) throws Exception {
    int dcs = 6;
    float[] mean = new float[N];
    for (int p = 0; p < dcs; p++) {
      float[] vector = drawn(p, 0);
      for (int i = 0; i < N; i++) {
        mean[i] += vector[i] / dcs;
      }
    }
    for (Object result :
        Dcs.each(
            dcs,
            (dc, transport, memory) -> {
              try (Exchange exchange =
                  Dcs.open(name, "top-k:10%,difference", N, transport, memory)) {
                Floats vector = memory.floats(N);
                for (int round = 0; round < 60; round++) {
                  vector.copyFrom(drawn(dc, 0));
                  exchange.average(vector, 1, memory.doubles(0), Dcs.DEADLINE);
                }
                return vector.toArray();
              }
            })) {
      assertArrayEquals(mean, assertInstanceOf(float[].class, result), 1e-5f);
    }
  }

  /// On an edge of the tree a payload in each direction; between all pairs a frame that confirms.
  @ParameterizedTest
  @CsvSource({"hub,4", "hub:dc3,4", "tree,9"})
  void bytesOfEveryLinkAreThoseOfTheFormula(String name, int dcs) throws Exception {
    int rounds = 5;
    int scalars = 4;
    Route route =
        switch (name) {
          case "hub" -> Route.hub(dcs, 0);
          case "hub:dc3" -> Route.hub(dcs, 2);
          default -> Route.tree(-1, 0, 0, 0, 3, 3, 0, 6, 6);
        };
    for (Object result :
        Dcs.each(
            dcs,
            (dc, transport, memory) -> {
              try (Exchange exchange = Dcs.open(name, "dense", N, transport, memory)) {
                long payload =
                    Compressors.parse("dense", N, TestCodec.ops(), memory).maxPayloadBytes(N);
                long[] before = new long[dcs];
                for (int to = 0; to < dcs; to++) {
                  before[to] = transport.traffic().bytesSent(to);
                }
                Floats vector = memory.floats(N);
                for (int round = 0; round < rounds; round++) {
                  vector.copyFrom(drawn(dc, round));
                  exchange.average(vector, 1, memory.doubles(scalars), Dcs.DEADLINE);
                }
                for (int to = 0; to < dcs; to++) {
                  boolean edge = to != dc && (route.parent(dc) == to || route.parent(to) == dc);
                  long frame = to == dc ? 0 : 36 + 8 * scalars + 4;
                  assertEquals(
                      rounds * (frame + (edge ? 36 + payload : 0)),
                      transport.traffic().bytesSent(to) - before[to],
                      "dc" + (dc + 1) + " to dc" + (to + 1));
                  assertEquals(transport.traffic().bytesSent(to), exchange.links().bytesTo(to));
                }
                return "ok";
              }
            })) {
      if (result instanceof Throwable thrown) {
        throw new AssertionError(name, thrown);
      }
    }
  }

  @Test
  void weightsThatAddUpToNothingAreNamedEverywhere() throws Exception {
    for (Object result :
        Dcs.each(
            3,
            (dc, transport, memory) -> {
              try (Exchange exchange = Dcs.open("hub", "dense", N, transport, memory)) {
                exchange.average(memory.floats(N), 0, memory.doubles(0), Dcs.DEADLINE);
                return "no error";
              }
            })) {
      assertEquals(
          "round 1: the weights of all DCs add up to 0.0, expected more than 0",
          assertInstanceOf(ExchangeException.class, result).getMessage());
    }
  }

  @Test
  void otherRoutesAreRefused() throws Exception {
    for (Object result :
        Dcs.each(
            2,
            (dc, transport, memory) -> {
              try (Exchange exchange =
                  Dcs.open(dc == 0 ? "hub:dc1" : "hub:dc2", "dense", N, transport, memory)) {
                return exchange.name();
              }
            })) {
      String message = assertInstanceOf(ExchangeException.class, result).getMessage();
      assertTrue(message.contains("disagree on the settings"), message);
      assertTrue(message.contains("hub dc1") && message.contains("hub dc2"), message);
    }
  }

  /// A checkpoint's memories, filled into exchanges that have just been opened, go on bit for bit.
  @ParameterizedTest
  @ValueSource(strings = {"top-k:10%,int8,difference", "top-k:10%,ef"})
  void memoriesGoOnBitForBit(String spec) throws Exception {
    for (String name : new String[] {"hub", "tree"}) {
      for (Object result :
          Dcs.each(
              5,
              (dc, transport, memory) -> {
                List<float[]> saved = new ArrayList<>();
                float[] expected;
                try (Exchange exchange = Dcs.open(name, spec, N, transport, memory)) {
                  rounds(exchange, dc, 0, 4, memory);
                  for (Floats kept : kept(exchange)) {
                    saved.add(kept.toArray());
                  }
                  expected = rounds(exchange, dc, 4, 6, memory);
                }
                try (Exchange exchange = Dcs.open(name, spec, N, transport, memory)) {
                  List<Floats> into = kept(exchange);
                  assertEquals(saved.size(), into.size());
                  for (int i = 0; i < into.size(); i++) {
                    into.get(i).copyFrom(saved.get(i));
                  }
                  exchange.restored();
                  assertArrayEquals(expected, rounds(exchange, dc, 4, 6, memory), name);
                }
                return "ok";
              })) {
        if (result instanceof Throwable thrown) {
          throw new AssertionError(name + ", " + spec, thrown);
        }
      }
    }
  }

  private static List<Floats> kept(Exchange exchange) {
    List<Floats> all = new ArrayList<>(exchange.memories());
    all.addAll(exchange.sharedMemories());
    return all;
  }

  private static float[] rounds(Exchange exchange, int dc, int from, int to, HostMemory memory) {
    Floats vector = memory.floats(N);
    for (int round = from; round < to; round++) {
      vector.copyFrom(drawn(dc, round));
      exchange.average(vector, 1 + dc, memory.doubles(0), Dcs.DEADLINE);
    }
    return vector.toArray();
  }

  /// What comes from a parent must be a mean.
  @Test
  void aPieceOfAnotherKindIsRefused() throws Exception {
    List<Object> results =
        Dcs.each(
            2,
            (dc, transport, memory) -> {
              try (Membership members = Membership.fixed(transport, Ledger.NONE, memory)) {
                Compressor dense = Compressors.parse("dense", N, TestCodec.ops(), memory);
                // Both think that the other one is the hub: neither waits for a partial mean.
                try (Exchange exchange =
                    new Tree(
                        Route.hub(2, 1 - dc),
                        members,
                        false,
                        dense,
                        N,
                        "",
                        TestCodec.ops(),
                        false,
                        true,
                        memory,
                        Dcs.DEADLINE)) {
                  exchange.average(memory.floats(N), 1, memory.doubles(0), Dcs.DEADLINE);
                  return "no error";
                }
              }
            });
    assertEquals(
        "round 1: dc2 sent a partial, dc1 (here) expects a mean",
        assertInstanceOf(ExchangeException.class, results.getFirst()).getMessage());
  }
}
