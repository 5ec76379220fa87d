package org.strait.engine.data;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Reads a folder of images, PNG or JPEG: each folder in it is a class and holds the class's
/// images. Classes and images are taken in the order of their names. Folders that are called by
/// numbers from 0 are those labels; else labels are 0, 1, … and the names are in {@link
/// RowFacts#classes}.
///
/// Threads take images in turn, decode each and put its pixels in its place, so rows are the same
/// for any number of threads, and what is needed at a time beyond the rows (a byte for a cell) is
/// one decoded image for each thread.
public final class ImageFolder {
  private static final int NAMED = 3;

  private final Path folder;
  private final ImageSettings settings;
  private final List<Path> images = new ArrayList<>();
  private final List<Integer> labels = new ArrayList<>();
  private final List<String> classes = new ArrayList<>();

  private ImageFolder(Path folder, ImageSettings settings) {
    this.folder = folder;
    this.settings = settings;
  }

  /// Whether a folder has folders in it.
  public static boolean is(Path folder) {
    try (DirectoryStream<Path> inside = Files.newDirectoryStream(folder, Files::isDirectory)) {
      return inside.iterator().hasNext();
    } catch (IOException e) {
      return false;
    }
  }

  /// All images.
  ///
  /// @param threads that decode, the caller included
  /// @param memory owner of the rows
  /// @param tell takes a line about images that are left out
  /// @throws DataException if the folder is not what it should be, or an image cannot be used and
  ///     is not to be left out; names the first such image
  public static Dataset read(
      Path folder, ImageSettings settings, int threads, HostMemory memory, Consumer<String> tell) {
    ImageFolder reader = new ImageFolder(folder, settings);
    reader.list();
    return reader.decode(threads, memory, tell);
  }

  private void list() {
    List<Path> inside = sorted(folder, Files::isDirectory);
    List<String> names = new ArrayList<>();
    for (Path path : inside) {
      names.add(path.getFileName().toString());
    }
    boolean numbers = !names.isEmpty() && names.stream().allMatch(n -> n.matches("\\d{1,6}"));
    for (int c = 0; c < inside.size(); c++) {
      for (Path file : sorted(inside.get(c), Files::isRegularFile)) {
        if (Picture.isName(file)) {
          images.add(file);
          labels.add(numbers ? Integer.parseInt(names.get(c)) : c);
        }
      }
    }
    if (images.isEmpty()) {
      throw new DataException(
          folder.toString(),
          inside.isEmpty() ? "no folders in it" : "no .png or .jpg in its folders " + names,
          "each class has a folder with its images");
    }
    if (!numbers) {
      classes.addAll(names);
    }
  }

  private static List<Path> sorted(Path folder, DirectoryStream.Filter<Path> which) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> inside = Files.newDirectoryStream(folder, which)) {
      for (Path path : inside) {
        if (!path.getFileName().toString().startsWith(".")) {
          found.add(path);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new DataException(
          folder.toString(), "cannot be listed (" + e.getMessage() + ")", "check the path", e);
    }
    found.sort(Comparator.comparing(path -> path.getFileName().toString()));
    return found;
  }

  private Dataset decode(int threads, HostMemory memory, Consumer<String> tell) {
    RowShape shape = shape();
    int cells = shape.cells();
    Bytes pixels = memory.bytes((long) images.size() * cells);
    AtomicReferenceArray<DataException> bad = new AtomicReferenceArray<>(images.size());
    AtomicInteger next = new AtomicInteger();
    AtomicInteger firstBad = new AtomicInteger(Integer.MAX_VALUE);
    Runnable work =
        () -> {
          byte[] row = new byte[cells];
          for (int i = next.getAndIncrement(); i < images.size(); i = next.getAndIncrement()) {
            if (!settings.skipsBad() && firstBad.get() < i) {
              return; // those before it are all taken by somebody
            }
            try {
              Picture.read(images.get(i)).to(shape, settings.resizes(), row);
              pixels.slice((long) i * cells, cells).copyFrom(row);
            } catch (DataException e) {
              bad.set(i, e);
              firstBad.accumulateAndGet(i, Math::min);
            }
          }
        };
    Crew.run(threads, "strait-images", work);
    if (!settings.skipsBad() && firstBad.get() < Integer.MAX_VALUE) {
      throw bad.get(firstBad.get());
    }
    return kept(pixels, shape, bad, memory, tell);
  }

  /// As asked for, else that of the first image that can be read.
  private RowShape shape() {
    if (settings.size() != null && settings.channels() > 0) {
      return new RowShape(settings.size().height(), settings.size().width(), settings.channels());
    }
    DataException first = null;
    for (Path image : images) {
      try {
        RowShape own = Picture.read(image).shape();
        return settings.size() == null
            ? own
            : new RowShape(settings.size().height(), settings.size().width(), own.channels());
      } catch (DataException e) {
        first = first == null ? e : first;
        if (!settings.skipsBad()) {
          throw e;
        }
      }
    }
    throw first;
  }

  private Dataset kept(
      Bytes pixels,
      RowShape shape,
      AtomicReferenceArray<DataException> bad,
      HostMemory memory,
      Consumer<String> tell) {
    List<Integer> good = new ArrayList<>();
    List<String> complaints = new ArrayList<>();
    int cells = shape.cells();
    for (int i = 0; i < images.size(); i++) {
      if (bad.get(i) != null) {
        complaints.add(bad.get(i).getMessage().split("; ", 2)[0]);
        continue;
      }
      if (good.size() < i) {
        pixels
            .slice((long) good.size() * cells, cells)
            .copyFrom(pixels.slice((long) i * cells, cells));
      }
      good.add(i);
    }
    if (!complaints.isEmpty()) {
      String more = complaints.size() > NAMED ? ", …" : "";
      String named =
          String.join(", ", complaints.subList(0, Math.min(NAMED, complaints.size()))) + more;
      if (good.isEmpty()) {
        throw new DataException(folder.toString(), "no image can be used: " + named, "see each");
      }
      tell.accept(
          folder
              + ": "
              + complaints.size()
              + " of "
              + images.size()
              + " images are left out: "
              + named);
    }
    Floats marks = memory.floats(good.size());
    for (int r = 0; r < good.size(); r++) {
      marks.set(r, (float) labels.get(good.get(r)));
    }
    return Dataset.of(
        folder.toString(),
        DenseCells.of(
            pixels.slice(0, (long) good.size() * cells),
            good.size(),
            cells,
            settings.scale(),
            memory),
        marks,
        new RowFacts(shape, Collections.unmodifiableList(classes), null));
  }
}
