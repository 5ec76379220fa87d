package org.strait.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strait.memory.HostMemory;

class RatingsReaderTest {
  private final HostMemory memory = HostMemory.unlimited("test");
  @TempDir Path folder;

  @AfterEach
  void close() {
    memory.close();
  }

  private Dataset read(String text, RatingIds known) throws IOException {
    Path file = Files.writeString(folder.resolve("ratings.csv"), text);
    return RatingsReader.read(file, known, memory);
  }

  private String refusal(String text) {
    return assertThrows(DataException.class, () -> read(text, null)).getMessage();
  }

  @Test
  void aRatingIsAnItemAndAUser() throws IOException {
    Dataset data = read("userId,movieId,rating,timestamp\n10,7,4.5,1\n9,30,1,2\n9,7,3,3\n", null);
    RatingIds ids = data.facts().ids();
    assertEquals(List.of("7", "30"), ids.items());
    assertEquals(List.of("9", "10"), ids.users());
    assertEquals(4, data.features());
    assertArrayEquals(new float[] {4.5f, 1, 3}, data.labels().toArray());
    assertArrayEquals(new int[] {0, 3, 1, 2, 0, 2}, data.matrix().index().toArray());
    assertArrayEquals(new float[] {1, 1, 1, 1, 1, 1}, data.matrix().value().toArray());
    assertEquals(data.hash(), read("item,score,user\n7,4.5,10\n30,1,9\n7,3,9\n", null).hash());
  }

  @Test
  void unknownUsersAndItemsAreLeftOut() throws IOException {
    RatingIds ids = RatingIds.of(List.of("7", "8"), List.of("1"));
    Dataset data = read("1,7,4\n1,9,4\n2,8,4\n2,9,4\n", ids);
    assertEquals(3, data.features());
    assertArrayEquals(new int[] {0, 2, 2, 1}, data.matrix().index().toArray());
    assertArrayEquals(new long[] {0, 2, 3, 4, 4}, data.matrix().rowStart().toArray());
  }

  @Test
  void dataCentresAgreeOnItemsAndOnHowManyUsersThereAre() throws IOException {
    RatingIds a = RatingIds.of(List.of("7"), List.of("1", "2"));
    RatingIds b = RatingIds.of(List.of("5", "7"), List.of("1"));
    List<String> all = List.of("7", "5", "7");
    RatingIds agreedA = a.among(all, 0, 3);
    RatingIds agreedB = b.among(all, 2, 3);
    assertEquals(List.of("5", "7"), agreedA.items());
    assertEquals(agreedA.item("7"), agreedB.item("7"));
    assertEquals(5, agreedB.features());
    assertEquals(2, agreedA.user("1"));
    assertEquals(4, agreedB.user("1"));
    assertEquals(-1, agreedB.user("2"));
  }

  @Test
  void brokenLinesAreNamed() {
    assertTrue(
        refusal("userId,movieId,timestamp\n1,2,3\n").contains("ratings.csv:1: no column rating"));
    assertTrue(refusal("userId,movieId,rating\n1,2\n").contains(":2: 2 columns, the rating"));
    assertTrue(refusal("1,2,3\n1,,3\n").contains(":2: the item is empty"));
    assertTrue(refusal("1,2,many\n").contains(":1: a rating of \"many\""));
    assertTrue(refusal("1,2,NaN\n").contains("a rating of \"NaN\""));
    assertTrue(refusal("userId,movieId,rating\n").contains("no ratings"));
  }

  @Test
  void allRatingsOfAUserAreInOneDataCentre() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      text.append(i * 7 % 30).append(',').append(i % 11).append(",3\n");
    }
    Dataset data = read(text.toString(), null);
    List<String> dcs = List.of("a", "b", "c");
    int[] dcOfRow = RowSplits.choose("users", 5, null).dcOfRow(data, dcs);
    Map<Integer, Integer> dcOfUser = new HashMap<>();
    int[] users = new int[3];
    for (int row = 0; row < 300; row++) {
      int user = data.matrix().index().get(2L * row + 1);
      Integer before = dcOfUser.put(user, dcOfRow[row]);
      if (before == null) {
        users[dcOfRow[row]]++;
      } else {
        assertEquals(before, dcOfRow[row]);
      }
    }
    assertArrayEquals(new int[] {10, 10, 10}, users);
    Dataset none = data.with(RowFacts.NONE);
    assertThrows(DataException.class, () -> RowSplits.choose("users", 5, null).dcOfRow(none, dcs));
  }
}
