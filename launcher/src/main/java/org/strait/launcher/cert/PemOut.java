package org.strait.launcher.cert;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import org.strait.engine.transport.tls.PemFile;
import org.strait.launcher.config.UserMistake;

/// Writes keys and certificates to a folder: keys only where there is none, and with permissions
/// that nobody else can read them from the first byte on.
final class PemOut {
  private final Path folder;

  PemOut(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
  }

  /// @throws UserMistake if there is a key or a certificate of this name
  void checkAbsent(String name) {
    for (String ending : new String[] {".key", ".crt"}) {
      Path file = folder.resolve(name + ending);
      if (Files.exists(file)) {
        throw new UserMistake(
            file + " is there already and is not overwritten",
            name.equals("ca")
                ? "give another folder with --out, or remove it yourself"
                : "renew its certificate with --renew, or remove both files yourself");
      }
    }
  }

  /// The certificate to be renewed.
  ///
  /// @throws UserMistake if there is none
  X509Certificate present(String name) {
    Path file = folder.resolve(name + ".crt");
    if (!Files.exists(file)) {
      throw new UserMistake("there is no " + file + " to renew", "leave --renew out");
    }
    try {
      return PemFile.certificates(file).getFirst();
    } catch (IllegalArgumentException e) {
      throw UserMistake.of(e);
    }
  }

  void key(String name, PrivateKey key) throws IOException {
    write(folder.resolve(name + ".key"), "PRIVATE KEY", key.getEncoded(), "rw-------");
  }

  void certificate(String name, X509Certificate certificate, boolean replace)
      throws IOException, GeneralSecurityException {
    Path file = folder.resolve(name + ".crt");
    if (!replace) {
      write(file, "CERTIFICATE", certificate.getEncoded(), "rw-r--r--");
      return;
    }
    Path aside = folder.resolve("." + name + ".crt." + ProcessHandle.current().pid());
    write(aside, "CERTIFICATE", certificate.getEncoded(), "rw-r--r--");
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void write(Path file, String label, byte[] content, String permissions)
      throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
            }
            : new FileAttribute<?>[0];
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    String text = "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    Set<StandardOpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel = Files.newByteChannel(file, options, attributes)) {
      channel.write(java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
  }
}
