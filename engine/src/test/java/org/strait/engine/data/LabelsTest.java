package org.strait.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.memory.HostMemory;

class LabelsTest {
  private final HostMemory memory = HostMemory.unlimited("test");

  @AfterEach
  void close() {
    memory.close();
  }

  private Dataset labelled(String labels) {
    byte[] text = labels.replace(' ', '\n').getBytes(StandardCharsets.UTF_8);
    return LibSvmReader.read("f", new ByteArrayInputStream(text), memory);
  }

  @ParameterizedTest
  @CsvSource({
    "auto, 1 -1 +1, 1 -1 1, '{-1, 1}'",
    "auto, 1 0 1, 1 -1 1, '{0, 1}'",
    "auto, -0 -0, -1 -1, {0}",
    "auto, -1 -1, -1 -1, {-1}",
    "auto, 1 1, 1 1, {1}",
    "'2,4', 4 2 2, 1 -1 -1, '{2, 4}'",
    "'1,-1', 1 -1, -1 1, '{-1, 1}'",
    "real, 1.5 -2 7, 1.5 -2 7, '{-2, 1.5, 7}'",
  })
  void labelsBecomeClasses(String setting, String before, String after, String found) {
    Dataset data = labelled(before);
    LabelSet set = Labels.parse(setting).apply(data);
    assertEquals(found, set.toString());
    assertArrayEquals(labelled(after).labels().toArray(), data.labels().toArray());
    assertEquals(setting, Labels.parse(setting).toString());
    assertEquals(found, LabelSet.parse(set.toString()).toString());
  }

  @ParameterizedTest
  @CsvSource({
    "auto, -1 0 1, 'f: found labels {-1, 0, 1}, expected {-1, 1} or {0, 1}; say which'",
    "auto, 1 2, 'f: found labels {1, 2}, expected {-1, 1} or {0, 1}; say which are the two'",
    "'0,2', 0 1, 'f: found labels {0, 1}, expected {0, 2}; say which'",
  })
  void otherLabelsAreRefused(String setting, String labels, String message) {
    Dataset data = labelled(labels);
    float[] before = data.labels().toArray();
    DataException e = assertThrows(DataException.class, () -> Labels.parse(setting).apply(data));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
    assertArrayEquals(before, data.labels().toArray());
  }

  @Test
  void manyLabelsAreCutOffInMessages() {
    Dataset data = labelled("9 8 7 6 5 4 3 2 1 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26");
    LabelSet set = LabelSet.of(data.labels());
    assertEquals(LabelSet.MOST, set.values().length);
    assertTrue(set.more());
    assertTrue(LabelSet.parse(set.toString()).more());
    DataException e = assertThrows(DataException.class, () -> Labels.auto().apply(data));
    assertTrue(e.getMessage().contains("15, 16, …}"), e.getMessage());
  }

  @Test
  void ranksWithOneClassEachAgreeOnTheUnion() {
    LabelSet zero = LabelSet.of(labelled("0 0").labels());
    LabelSet one = LabelSet.of(labelled("1").labels());
    LabelSet minus = LabelSet.of(labelled("-1").labels());
    assertEquals("{0, 1}", zero.union(one).toString());
    Labels.auto().check(zero.union(one), "all data centres");
    LabelSet mixed = zero.union(one).union(minus);
    assertThrows(DataException.class, () -> Labels.auto().check(mixed, "all data centres"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1,2,3", "a,b", "1,1", "nan,1", "automatic"})
  void malformedSettingsAreRefused(String setting) {
    assertThrows(IllegalArgumentException.class, () -> Labels.parse(setting));
  }

  @Test
  void labelsOfSeveralClassesBecomeTheirNumbers() {
    Dataset here = labelled("7 -2 7 3.5");
    Dataset there = labelled("7 9 9");
    Labels policy = Labels.classes("auto");
    LabelSet mine = LabelSet.parse(LabelSet.of(here.labels(), policy.most()).text(), policy.most());
    LabelSet all = mine.union(LabelSet.of(there.labels(), policy.most()));
    policy.check(all, "all data centres");
    Labels meaning = policy.among(all);
    assertEquals("-2,3.5,7,9", meaning.toString());
    meaning.apply(here);
    meaning.apply(there);
    assertArrayEquals(new float[] {2, 0, 2, 1}, here.labels().toArray());
    assertArrayEquals(new float[] {2, 3, 3}, there.labels().toArray());
    Dataset ordered = labelled("1 2 3");
    Labels.classes("3,1,2").apply(ordered);
    assertArrayEquals(new float[] {1, 2, 0}, ordered.labels().toArray());
    DataException e =
        assertThrows(DataException.class, () -> Labels.classes("1,2").apply(labelled("1 5")));
    assertTrue(e.getMessage().contains("found labels {1, 5}, expected {1, 2}"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Labels.classes("1,1"));
    assertThrows(IllegalArgumentException.class, () -> Labels.classes("1,a"));
  }

  @Test
  void manyClassesTravelWholeAndTooManyAreRefused() {
    StringBuilder many = new StringBuilder();
    for (int k = 0; k < LabelSet.MOST_CLASSES; k++) {
      many.append((k * 7919) % LabelSet.MOST_CLASSES).append(' ');
    }
    Labels policy = Labels.classes("auto");
    LabelSet set = LabelSet.of(labelled(many.toString().strip()).labels(), policy.most());
    assertEquals(LabelSet.MOST_CLASSES, set.size());
    LabelSet read = LabelSet.parse(set.text(), policy.most());
    assertArrayEquals(set.values(), read.values());
    assertEquals("{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, …}", set.toString());
    LabelSet more = read.union(LabelSet.of(labelled("-1").labels(), policy.most()));
    assertTrue(more.more());
    DataException e = assertThrows(DataException.class, () -> policy.check(more, "all"));
    assertTrue(e.getMessage().contains("more than 65536 different labels"), e.getMessage());
    assertThrows(
        DataException.class,
        () -> policy.check(LabelSet.of(labelled("20000000 0").labels(), 9), "all"));
  }
}
