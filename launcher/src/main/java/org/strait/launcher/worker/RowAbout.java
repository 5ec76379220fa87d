package org.strait.launcher.worker;

import com.google.gson.Gson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.strait.engine.data.DataException;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.RatingIds;
import org.strait.engine.data.RowFacts;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// What data centres tell each other about their rows besides numbers of rows and features, so that
/// a feature or a class is the same everywhere: the shape of images, the names of classes, the ids
/// of rated items, and how many users each has. Ids of users are not in it.
///
/// @param shape of a row as text; empty if there is none
/// @param classes names of classes, ascending
/// @param items ids of items
/// @param users how many each data centre has, in the order of data centres
record RowAbout(String shape, List<String> classes, List<String> items, List<Integer> users) {
  private static final String NOTHING = "-";

  /// Of the rows of one data centre.
  ///
  /// @param dc its number
  /// @param ownIds whether other data centres have other files, so that ids have to be agreed on
  static RowAbout of(RowFacts facts, int dc, int dcs, boolean ownIds) {
    RatingIds ids = ownIds ? facts.ids() : null;
    List<Integer> users =
        ids == null
            ? List.of()
            : Stream.iterate(0, i -> i + 1)
                .limit(dcs)
                .map(i -> i == dc ? ids.users().size() : 0)
                .toList();
    return new RowAbout(
        facts.shape() == null ? "" : facts.shape().toString(),
        facts.classes(),
        ids == null ? List.of() : ids.items(),
        users);
  }

  /// What two places know together; of the same data centre both know the same users.
  ///
  /// @throws DataException if their rows have different shapes
  RowAbout and(RowAbout other) {
    if (!shape.equals(other.shape)) {
      throw new DataException(
          "all data centres",
          "rows are " + named(shape) + " in one and " + named(other.shape) + " in another",
          "bring images to one size with --image-size HxWx1 or HxWx3");
    }
    TreeSet<String> names = new TreeSet<>(classes);
    names.addAll(other.classes);
    TreeSet<String> rated = new TreeSet<>(items);
    rated.addAll(other.items);
    List<Integer> most = users.isEmpty() ? other.users : users;
    if (!users.isEmpty() && !other.users.isEmpty()) {
      most =
          Stream.iterate(0, i -> i + 1)
              .limit(users.size())
              .map(i -> Math.max(users.get(i), other.users.get(i)))
              .toList();
    }
    return new RowAbout(shape, List.copyOf(names), List.copyOf(rated), most);
  }

  private static String named(String shape) {
    return shape.isEmpty() ? "no images" : "images of " + shape;
  }

  /// Rows of a data centre with the features and labels that all have. Modified: labels.
  ///
  /// @param memory owner of entries that are numbered anew
  Dataset apply(Dataset own, int dc, HostMemory memory) {
    Dataset data = classes.isEmpty() ? own : own.withClasses(classes);
    if (users.isEmpty()) {
      return data;
    }
    RatingIds before = data.facts().ids();
    int usersBefore = users.stream().limit(dc).mapToInt(Integer::intValue).sum();
    int allUsers = users.stream().mapToInt(Integer::intValue).sum();
    RatingIds ids = before.among(items, usersBefore, allUsers);
    Ints places = memory.ints(data.features());
    for (int i = 0; i < before.items().size(); i++) {
      places.set(i, ids.item(before.items().get(i)));
    }
    for (int u = 0; u < before.users().size(); u++) {
      places.set((long) before.firstUser() + u, ids.firstUser() + u);
    }
    return data.renumbered(places, ids.features(), ids.features(), memory)
        .with(new RowFacts(null, List.of(), ids));
  }

  /// The inverse of {@link #toString}.
  static RowAbout parse(String text) {
    if (text.equals(NOTHING)) {
      return new RowAbout("", List.of(), List.of(), List.of());
    }
    byte[] packed = Base64.getUrlDecoder().decode(text);
    try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Gson().fromJson(json, RowAbout.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One word.
  @Override
  public String toString() {
    if (shape.isEmpty() && classes.isEmpty() && items.isEmpty() && users.isEmpty()) {
      return NOTHING;
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
      out.write(new Gson().toJson(this).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(packed.toByteArray());
  }
}
