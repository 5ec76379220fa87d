package org.strait.launcher.config;

import java.nio.file.Path;
import org.strait.engine.transport.tls.TlsFiles;

/// Where certificates are, as a topology says it: `off`, a folder that `strait cert` has made, or
/// three files in whose names `{dc}` stands for the data centre.
///
/// @param on whether gateways encrypt
/// @param certificate file of a data centre's certificate
/// @param key file of its private key
/// @param authorities file of the authorities
record TlsPaths(boolean on, String certificate, String key, String authorities) {
  /// What stands for the name of a data centre.
  static final String DC = "{dc}";

  /// Connections as they are.
  static final TlsPaths OFF = new TlsPaths(false, "", "", "");

  /// `off`, or the folder's files.
  static TlsPaths parse(String text, Path relativeTo) {
    if (text.equals("off")) {
      return OFF;
    }
    Path folder = relativeTo.resolve(text).toAbsolutePath().normalize();
    return new TlsPaths(
        true,
        folder.resolve(DC + ".crt").toString(),
        folder.resolve(DC + ".key").toString(),
        folder.resolve("ca.crt").toString());
  }

  /// The files of one data centre.
  TlsFiles of(String dc) {
    return new TlsFiles(
        Path.of(certificate.replace(DC, dc)),
        Path.of(key.replace(DC, dc)),
        Path.of(authorities.replace(DC, dc)));
  }
}
