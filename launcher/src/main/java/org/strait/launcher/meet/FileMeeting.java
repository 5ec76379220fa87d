package org.strait.launcher.meet;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.strait.launcher.config.UserMistake;

/// A file that rank 0 leaves in a folder which all ranks see: of this user in the temporary folder
/// of one host, or one on a shared file system. Only this user may read it.
final class FileMeeting implements Meeting {
  private final String bind;
  private final Path file;
  private boolean announced;

  /// @param bind address that rank 0 listens on
  /// @param folder made if it does not exist
  /// @param key what this command has for itself
  FileMeeting(String bind, Path folder, String key) {
    this.bind = bind;
    file = folder.resolve("strait-" + key);
  }

  /// The folder of this user under the system's temporary folder.
  ///
  /// @throws UserMistake if somebody else has made it
  static Path ofUser() {
    String user = System.getProperty("user.name");
    Path folder = Path.of(System.getProperty("java.io.tmpdir"), "strait-" + user);
    try {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      String owner = owner(folder);
      if (!owner.equals(user) || Files.isSymbolicLink(folder)) {
        throw new UserMistake(
            "folder " + folder + " belongs to " + owner + ", not to " + user,
            "remove it, or give --rendezvous a folder of yours");
      }
    } catch (IOException e) {
      throw unusable(folder, e);
    }
    return folder;
  }

  private static String owner(Path folder) {
    try {
      return Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName();
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  private static UserMistake unusable(Path path, IOException e) {
    return new UserMistake(
        "ranks cannot meet in " + path + " (" + e.getClass().getSimpleName() + ")",
        "give --rendezvous HOST:PORT, or a folder that can be written");
  }

  @Override
  public String bind() {
    return bind;
  }

  @Override
  public void announce(Place place) {
    Optional<Place> other = look().stream().findFirst();
    if (other.isPresent() && Talk.answers(other.get())) {
      throw new UserMistake(
          "the same command already runs in this launch, with rank 0 at " + other.get(),
          "let one end before the other begins, or give each its own --rendezvous FOLDER");
    }
    try {
      Files.createDirectories(file.getParent());
      Path aside =
          Files.createTempFile(
              file.getParent(),
              ".new",
              "",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(aside, place.text());
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      announced = true;
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  @Override
  public List<Place> look() {
    try {
      return Place.parse(Files.readString(file)).map(List::of).orElse(List.of());
    } catch (IOException e) {
      return List.of(); // not there yet
    }
  }

  @Override
  public String where() {
    return "file " + file;
  }

  @Override
  public void close() {
    if (announced) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        System.getLogger(FileMeeting.class.getName()).log(System.Logger.Level.DEBUG, "close", e);
      }
    }
  }
}
