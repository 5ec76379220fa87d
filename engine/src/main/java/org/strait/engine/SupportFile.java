package org.strait.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.strait.engine.checkpoint.CheckpointException;
import org.strait.memory.Ints;

/// Which DC has which feature, in a file beside a DC's checkpoints: a DC that comes back, or a run
/// that goes on, has the same coordinates as before. Gzip of: int magic, int version, int features,
/// int DCs, one int for each feature ({@link Support}), big-endian; gzip checks the bytes.
final class SupportFile {
  private static final int MAGIC = 0x53545355; // STSU
  private static final int VERSION = 1;

  private SupportFile() {}

  /// Writes the file aside and renames it.
  static void write(Path file, int dcs, Ints owners) {
    Path aside = file.resolveSibling("." + file.getFileName() + ".writing");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (DataOutputStream out =
          new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(aside), 1 << 16))) {
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeInt((int) owners.length());
        out.writeInt(dcs);
        for (long f = 0; f < owners.length(); f++) {
          out.writeInt(owners.get(f));
        }
      }
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot write " + file + ": " + e.getMessage() + "; free the disk, or use --support off",
          e);
    }
  }

  /// Reads the file. Modified: owners.
  ///
  /// @throws CheckpointException if it is cut short, or of other data
  static void read(Path file, int dcs, Ints owners) {
    try (DataInputStream in =
        new DataInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16))) {
      expect(file, "magic", in.readInt(), MAGIC);
      expect(file, "version", in.readInt(), VERSION);
      expect(file, "features", in.readInt(), owners.length());
      expect(file, "data centres", in.readInt(), dcs);
      for (long f = 0; f < owners.length(); f++) {
        owners.set(f, in.readInt());
      }
      if (in.read() >= 0) {
        throw new CheckpointException(file + " goes on behind its end; begin a new run");
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot read " + file + ": " + e.getMessage() + "; begin a new run", e);
    }
  }

  private static void expect(Path file, String what, long found, long expected) {
    if (found != expected) {
      throw new CheckpointException(
          file + ": " + what + " " + found + ", expected " + expected + "; begin a new run");
    }
  }
}
