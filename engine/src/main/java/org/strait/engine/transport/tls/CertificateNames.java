package org.strait.engine.transport.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Which data centres a certificate is for: its subject alternative names `strait:dc/NAME` (URI)
/// or, if it has none of these, its DNS names. Compared letter by letter.
public final class CertificateNames {
  /// What the URI begins with.
  public static final String URI_PREFIX = "strait:dc/";

  private static final int DNS = 2;
  private static final int URI = 6;

  private CertificateNames() {}

  /// The names, sorted; may be empty.
  public static Set<String> of(X509Certificate certificate) {
    Set<String> dcs = new TreeSet<>();
    Set<String> hosts = new TreeSet<>();
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        if (name.get(0).equals(URI) && name.get(1) instanceof String uri) {
          if (uri.startsWith(URI_PREFIX)) {
            dcs.add(uri.substring(URI_PREFIX.length()));
          }
        } else if (name.get(0).equals(DNS)) {
          hosts.add(String.valueOf(name.get(1)));
        }
      }
    } catch (CertificateParsingException e) {
      return Set.of();
    }
    return dcs.isEmpty() ? hosts : dcs;
  }

  /// The names in words.
  public static String words(Set<String> names) {
    return names.isEmpty() ? "no data centre" : String.join(", ", names);
  }
}
