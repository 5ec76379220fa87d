package org.strait.engine.transport.tls;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What went wrong with TLS, in words that say what to do.
public final class TlsWords {
  private static final Pattern ALERT = Pattern.compile("[Rr]eceived fatal alert: (\\w+)");

  private TlsWords() {}

  /// The reason behind an exception of a handshake or of the first read after it: own refusals in
  /// full, those of the other side as far as an alert tells.
  public static String of(Throwable e, TlsIdentity own) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof TlsRefusedException) {
        return t.getMessage();
      }
    }
    Matcher alert = ALERT.matcher(String.valueOf(e.getMessage()));
    if (!alert.find()) {
      return "no TLS connection: " + (e.getMessage() == null ? e : e.getMessage());
    }
    String mine = "this side's certificate " + own.files().certificate();
    return switch (alert.group(1)) {
      case "certificate_expired" -> "it says that " + mine + " has expired; compare the clocks";
      case "certificate_unknown", "unknown_ca" ->
          "it does not accept "
              + mine
              + ": of another authority, or outside its time by the other clock; all data centres"
              + " need certificates of one authority";
      case "bad_certificate" -> "it says that " + mine + " is not valid (yet); compare the clocks";
      case "certificate_required" -> "it wants a certificate of this side";
      case "protocol_version" -> "it does not speak TLS 1.3";
      default -> "it broke the TLS handshake off (" + alert.group(1) + ")";
    };
  }

  /// Whether trying again cannot help: certificates or versions do not fit.
  public static boolean isFinal(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof TlsRefusedException) {
        return true;
      }
    }
    return e instanceof javax.net.ssl.SSLException
        && ALERT.matcher(String.valueOf(e.getMessage())).find();
  }
}
