package org.strait.engine.transport.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads PEM files (RFC 7468). Text outside of blocks is a comment. Every mistake is one message
/// "WHAT; WHAT TO DO".
public final class PemFile {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final long MOST_BYTES = 1 << 20;
  private static final List<String> KEY_KINDS = List.of("EC", "RSA", "Ed25519", "Ed448");

  private record Block(String label, String base64) {
    byte[] content() {
      return Base64.getDecoder().decode(base64);
    }
  }

  private PemFile() {}

  /// The certificates of a file, in its order.
  ///
  /// @throws IllegalArgumentException if there is none, or one cannot be read
  public static List<X509Certificate> certificates(Path file) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(file, "certificate")) {
      if (block.label.equals("CERTIFICATE")) {
        try {
          certificates.add(
              (X509Certificate)
                  CertificateFactory.getInstance("X.509")
                      .generateCertificate(new ByteArrayInputStream(block.content())));
        } catch (CertificateException e) {
          throw new IllegalArgumentException(
              file
                  + ": certificate "
                  + (certificates.size() + 1)
                  + " cannot be read; make the file again",
              e);
        }
      }
    }
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException(
          file + " has no certificate; give a PEM file with BEGIN CERTIFICATE");
    }
    return certificates;
  }

  /// The private key of a file.
  ///
  /// @throws IllegalArgumentException if there is none, it is encrypted, or it cannot be read
  public static PrivateKey key(Path file) {
    for (Block block : blocks(file, "private key")) {
      switch (block.label) {
        case "PRIVATE KEY" -> {
          return key(file, block.content());
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new IllegalArgumentException(
                file
                    + ": the private key is encrypted, and nobody is there to type its password;"
                    + " decrypt it: openssl pkcs8 -in "
                    + file.getFileName()
                    + " -out plain.key, readable by you only");
        case "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY" ->
            throw new IllegalArgumentException(
                file
                    + ": the private key is in the old form \""
                    + block.label
                    + "\"; convert it: openssl pkcs8 -topk8 -nocrypt -in "
                    + file.getFileName()
                    + " -out new.key");
        default -> {
          // A certificate beside the key is no harm.
        }
      }
    }
    throw new IllegalArgumentException(
        file + " has no private key; give a PEM file with BEGIN PRIVATE KEY");
  }

  private static PrivateKey key(Path file, byte[] content) {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(content);
    for (String kind : KEY_KINDS) {
      try {
        return KeyFactory.getInstance(kind).generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        System.getLogger(PemFile.class.getName()).log(System.Logger.Level.TRACE, kind, e);
      }
    }
    throw new IllegalArgumentException(
        file + ": the private key is of no known kind; make one of EC, RSA or Ed25519");
  }

  private static List<Block> blocks(Path file, String what) {
    List<Block> blocks = new ArrayList<>();
    try {
      if (!Files.exists(file)) {
        throw new IllegalArgumentException(
            "there is no " + what + " file " + file + "; check the path, or make it: strait cert");
      }
      if (Files.size(file) > MOST_BYTES) {
        throw new IllegalArgumentException(
            file
                + " has "
                + Files.size(file)
                + " bytes, too many for a "
                + what
                + "; check the path");
      }
      String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      Matcher matcher = BLOCK.matcher(text);
      while (matcher.find()) {
        String base64 = matcher.group(2).replaceAll("\\s+", "");
        Block block = new Block(matcher.group(1), base64);
        if (block.content().length > 0) {
          blocks.add(block);
        }
      }
      if (text.contains("-----BEGIN ") && !text.contains("-----END ")) {
        throw new IllegalArgumentException(
            file + " is cut short: its block has no end; make the file again, or copy it again");
      }
      return blocks;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read the " + what + " file " + file + "; check its permissions", e);
    } catch (IllegalArgumentException e) {
      if (e.getMessage().contains("; ")) {
        throw e;
      }
      throw new IllegalArgumentException(
          file + ": a block is no Base64 (" + e.getMessage() + "); make the file again", e);
    }
  }
}
