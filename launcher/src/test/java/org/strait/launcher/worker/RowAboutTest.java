package org.strait.launcher.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strait.engine.data.DataException;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.RatingsReader;
import org.strait.memory.HostMemory;

class RowAboutTest {
  @TempDir Path folder;

  @Test
  void dataCentresAgreeOnItemsAndUsersWithoutTheIdsOfUsers() throws Exception {
    Path a = Files.writeString(folder.resolve("a"), "alice,7,4\nbob,9,3\n");
    Path b = Files.writeString(folder.resolve("b"), "alice,8,1\nalice,9,2\n");
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Dataset first = RatingsReader.read(a, null, memory);
      Dataset second = RatingsReader.read(b, null, memory);
      RowAbout one = RowAbout.of(first.facts(), 0, 2, true);
      RowAbout two = RowAbout.of(second.facts(), 1, 2, true);
      assertFalse(one.toString().contains(" "));
      assertEquals(one, RowAbout.parse(one.toString()));
      assertFalse(one.items().contains("alice"));
      RowAbout all = two.and(one);
      assertEquals(all, one.and(two));
      assertEquals(all, all.and(one));
      assertEquals(List.of("7", "8", "9"), all.items());
      assertEquals(List.of(2, 1), all.users());
      Dataset here = all.apply(first, 0, memory);
      Dataset there = all.apply(second, 1, memory);
      assertEquals(6, here.features());
      assertArrayEquals(new int[] {0, 4, 2, 3}, sorted(here));
      assertArrayEquals(new int[] {1, 5, 2, 5}, sorted(there));
      assertEquals(5, there.facts().ids().user("alice"));
      assertEquals("-", RowAbout.of(first.facts(), 0, 2, false).toString());
    }
  }

  private static int[] sorted(Dataset data) {
    return data.matrix().index().toArray();
  }

  @Test
  void imagesOfDifferentShapesAreRefused() {
    RowAbout grey = new RowAbout("28x28x1", List.of("mild"), List.of(), List.of());
    RowAbout other = new RowAbout("32x28x1", List.of("none"), List.of(), List.of());
    RowAbout same = new RowAbout("28x28x1", List.of("none"), List.of(), List.of());
    assertEquals(List.of("mild", "none"), grey.and(same).classes());
    String said = assertThrows(DataException.class, () -> grey.and(other)).getMessage();
    assertTrue(said.contains("images of 28x28x1 in one and images of 32x28x1 in another"), said);
  }
}
