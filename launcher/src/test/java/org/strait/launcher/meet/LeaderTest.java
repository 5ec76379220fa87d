package org.strait.launcher.meet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.identity.Build;
import org.strait.launcher.identity.Identity;

/// Ranks that are threads find rank 0, do what it says, and are sent away where they should be.
@Timeout(60)
class LeaderTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Build BUILD = new Build("1.0 (aaaa)", "25.0.3");

  @TempDir Path folder;

  private static Identity rank(int rank, int size) {
    return new Identity(rank, size, "host" + rank, 0, 0, "Test", "job");
  }

  private Meeting meeting() {
    return new FileMeeting(Addresses.LOOPBACK, folder, "key");
  }

  /// What a rank does on a thread of its own.
  private static <T> CompletableFuture<T> async(java.util.concurrent.Callable<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                result.complete(call.call());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            });
    return result;
  }

  private CompletableFuture<Follower> join(int rank, int size, Build build, String command) {
    return async(() -> Follower.join(meeting(), rank(rank, size), build, command, LONG));
  }

  private static String refusal(CompletableFuture<Follower> follower) {
    Throwable cause =
        assertThrows(
                java.util.concurrent.ExecutionException.class,
                () -> follower.get(20, TimeUnit.SECONDS))
            .getCause();
    assertEquals(Follower.RefusedException.class, cause.getClass(), String.valueOf(cause));
    return cause.getMessage();
  }

  private static final class Heard implements Leader.Ear {
    private final List<String> words = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch left;

    Heard(int ranks) {
      left = new CountDownLatch(ranks);
    }

    @Override
    public void line(int rank, String line) {
      words.add(rank + " " + line);
    }

    @Override
    public void left(int rank, int status, List<String> lastLines) {
      words.add(rank + " left " + status + " " + lastLines);
      left.countDown();
    }
  }

  @Test
  void wholeLifeOfALaunch() throws Exception {
    // Followers first: they wait until somebody says where rank 0 is.
    CompletableFuture<Follower> one = join(1, 3, BUILD, "c");
    CompletableFuture<Follower> two = join(2, 3, BUILD, "c");
    try (Leader leader = Leader.open(meeting(), rank(0, 3), BUILD, "c")) {
      leader.gather(LONG);
      assertEquals(Map.of("host0", 1, "host1", 1, "host2", 1), leader.ranksByHost());
      JsonObject welcome = new JsonObject();
      welcome.addProperty("say", "hello");
      Heard heard = new Heard(2);
      leader.begin(welcome, heard);
      assertEquals("hello", one.get().welcome().get("say").getAsString());
      one.get().line("{\"event\":1}");
      CompletableFuture<Integer> told = new CompletableFuture<>();
      one.get().obey(told::complete);
      CompletableFuture<Integer> status = async(() -> one.get().leave(5, List.of("last", "words")));
      two.get().close(); // as if it had been killed
      heard.left.await();
      assertTrue(heard.words.contains("1 {\"event\":1}"), heard.words::toString);
      assertTrue(heard.words.contains("1 left 5 [last, words]"), heard.words::toString);
      assertTrue(heard.words.contains("2 left -1 []"), heard.words::toString);
      leader.bye(3);
      assertEquals(3, status.get(), "all ranks end as rank 0 says");
      assertFalse(told.isDone(), "a rank that leaves is not told to end");
    }
    try (var left = Files.list(folder)) {
      assertEquals(0, left.count(), "the meeting's file is taken back");
    }
  }

  @Test
  void leaderThatVanishesIsNoticed() throws Exception {
    CompletableFuture<Follower> one = join(1, 2, BUILD, "c");
    CompletableFuture<Integer> told = new CompletableFuture<>();
    try (Leader leader = Leader.open(meeting(), rank(0, 2), BUILD, "c")) {
      leader.gather(LONG);
      leader.begin(new JsonObject(), new Heard(1));
      one.get().obey(told::complete);
    }
    assertEquals(-1, told.get());
  }

  @Test
  void anotherBuildIsRefusedWithBothNamed() throws Exception {
    CompletableFuture<Follower> good = join(1, 3, BUILD, "c");
    CompletableFuture<Follower> other = join(2, 3, new Build("1.0 (bbbb)", "25.0.1"), "c");
    String why =
        "rank 2 on host2 runs strait 1.0 (bbbb) on JDK 25.0.1, rank 0 on host0 runs strait 1.0"
            + " (aaaa) on JDK 25.0.3; install the same on all hosts";
    try (Leader leader = Leader.open(meeting(), rank(0, 3), BUILD, "c")) {
      assertEquals(why, assertThrows(UserMistake.class, () -> leader.gather(LONG)).getMessage());
    }
    assertEquals(why, refusal(good));
    assertEquals(why, refusal(other));
  }

  @Test
  void otherArgumentsAndOtherSizesAreRefused() throws Exception {
    CompletableFuture<Follower> arguments = join(1, 2, BUILD, "d");
    try (Leader leader = Leader.open(meeting(), rank(0, 2), BUILD, "c")) {
      assertEquals(
          "rank 1 on host1 was given other arguments than rank 0; give all ranks the same command",
          assertThrows(UserMistake.class, () -> leader.gather(LONG)).getMessage());
    }
    assertTrue(refusal(arguments).startsWith("rank 1 on host1 was given"));
    CompletableFuture<Follower> size = join(1, 3, BUILD, "c");
    try (Leader leader = Leader.open(meeting(), rank(0, 2), BUILD, "c")) {
      assertEquals(
          "rank 1 on host1 is one of 3, rank 0 one of 2; start all ranks by one launch",
          assertThrows(UserMistake.class, () -> leader.gather(LONG)).getMessage());
    }
    assertTrue(refusal(size).startsWith("rank 1 on host1 is one of 3"));
  }

  @Test
  @SuppressWarnings("try") // closes before its end
  void mistakeOfRankZeroReachesThoseWhoComeLater() throws Exception {
    try (Leader leader = Leader.open(meeting(), rank(0, 2), BUILD, "c")) {
      CompletableFuture<UserMistake> told =
          async(() -> leader.refuse(new UserMistake("no rows", "give some")));
      CompletableFuture<Follower> late = join(1, 2, BUILD, "c");
      assertEquals("no rows; give some", told.get().getMessage());
      leader.close();
      assertEquals("no rows; give some", refusal(late));
    }
  }

  @Test
  void ranksThatDoNotComeAreNamed() {
    try (Leader leader = Leader.open(meeting(), rank(0, 4), BUILD, "c")) {
      String message =
          assertThrows(UserMistake.class, () -> leader.gather(Duration.ofMillis(50))).getMessage();
      assertTrue(
          message.startsWith("ranks 1, 2, 3 of 4 did not come to rank 0 at 127.0.0.1:"), message);
    }
    String message =
        assertThrows(
                UserMistake.class,
                () -> Follower.join(meeting(), rank(1, 4), BUILD, "c", Duration.ofMillis(50)))
            .getMessage();
    assertTrue(message.startsWith("rank 1 of 4 (Test) found no rank 0 by file " + folder), message);
  }

  @Test
  @SuppressWarnings("try") // closes before its end
  void secondCommandOfTheSameLaunchWaitsItsTurn() throws Exception {
    try (Leader first = Leader.open(meeting(), rank(0, 2), BUILD, "c")) {
      CompletableFuture<Follower> one = join(1, 2, BUILD, "c");
      first.gather(LONG);
      first.begin(new JsonObject(), new Heard(1));
      one.get().obey(status -> {});
      // Rank 1 is through with the first command and comes to the second; rank 0 is still busy.
      CompletableFuture<Follower> again = join(1, 2, BUILD, "c");
      assertEquals(
          "the same command already runs in this launch, with rank 0 at "
              + new FileMeeting(Addresses.LOOPBACK, folder, "key").look().getFirst()
              + "; let one end before the other begins, or give each its own --rendezvous FOLDER",
          assertThrows(UserMistake.class, () -> Leader.open(meeting(), rank(0, 2), BUILD, "c"))
              .getMessage());
      first.bye(0);
      first.close();
      try (Leader second = Leader.open(meeting(), rank(0, 2), BUILD, "c")) {
        second.gather(LONG);
        JsonObject welcome = new JsonObject();
        welcome.addProperty("say", "second");
        second.begin(welcome, new Heard(1));
        assertEquals("second", again.get().welcome().get("say").getAsString());
      }
    }
  }

  @Test
  void fileOfADeadLeaderIsNoObstacle() throws Exception {
    new FileMeeting(Addresses.LOOPBACK, folder, "key")
        .announce(new Place("127.0.0.1", 1, "stale")); // nobody listens on port 1
    CompletableFuture<Follower> one = join(1, 2, BUILD, "c");
    try (Leader leader = Leader.open(meeting(), rank(0, 2), BUILD, "c")) {
      leader.gather(LONG);
      leader.begin(new JsonObject(), new Heard(1));
      assertEquals(0, one.get().welcome().size());
    }
  }

  @Test
  @SuppressWarnings("try") // closes before its end
  void knownPortsAreTriedInTurn() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int freePort = free.getLocalPort();
      free.close();
      Meeting ports =
          new PortMeeting("127.0.0.1", List.of(taken.getLocalPort(), freePort), "secret");
      CompletableFuture<Follower> one =
          async(() -> Follower.join(ports, rank(1, 2), BUILD, "c", LONG));
      try (Leader leader = Leader.open(ports, rank(0, 2), BUILD, "c")) {
        taken.close(); // else the follower would wait for an answer there
        leader.gather(LONG);
        leader.begin(new JsonObject(), new Heard(1));
        assertEquals(0, one.get().welcome().size());
      }
    }
  }

  @Test
  void takenPortIsAMistakeThatNamesIt() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Meeting ports = new PortMeeting("127.0.0.1", List.of(taken.getLocalPort()), "secret");
      String message =
          assertThrows(UserMistake.class, () -> Leader.open(ports, rank(0, 2), BUILD, "c"))
              .getMessage();
      assertTrue(
          message.startsWith("cannot listen on 127.0.0.1:" + taken.getLocalPort() + " ("), message);
    }
  }

  @Test
  void strangersWithoutTheSecretHearNothing() throws Exception {
    try (Leader leader = Leader.open(meeting(), rank(0, 2), BUILD, "c")) {
      Place place = meeting().look().getFirst();
      assertTrue(Talk.answers(place));
      assertFalse(Talk.answers(new Place(place.host(), place.port(), "guess")));
      assertEquals(leader.token(), place.token());
      assertFalse(place.toString().contains(leader.token()));
    }
  }
}
