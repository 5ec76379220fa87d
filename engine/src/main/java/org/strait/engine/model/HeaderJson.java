package org.strait.engine.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The part of JSON that headers of {@link ModelFile} use: objects, arrays, strings, whole numbers.
/// Values are Map, List, String and Long.
final class HeaderJson {
  private static final int DEEPEST = 8;

  private final String text;
  private int at;

  private HeaderJson(String text) {
    this.text = text;
  }

  /// Parses one object, which may be followed by blanks.
  ///
  /// @throws IllegalArgumentException with what is wrong and where
  static Map<String, Object> parse(String text) {
    HeaderJson json = new HeaderJson(text);
    Map<String, Object> object = json.object(0);
    json.skipBlanks();
    if (json.at != text.length()) {
      throw json.wrong("nothing more");
    }
    return object;
  }

  /// Writes maps, lists, strings and whole numbers.
  static String write(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case Map<?, ?> map -> {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.append(separator);
          writeString((String) entry.getKey(), out);
          out.append(':');
          write(entry.getValue(), out);
          separator = ",";
        }
        out.append(map.isEmpty() ? "{}" : "}");
      }
      case List<?> list -> {
        String separator = "[";
        for (Object element : list) {
          out.append(separator);
          write(element, out);
          separator = ",";
        }
        out.append(list.isEmpty() ? "[]" : "]");
      }
      case String string -> writeString(string, out);
      case Long number -> out.append((long) number);
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  private static void writeString(String string, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private Object value(int depth) {
    skipBlanks();
    char c = peek();
    if (c == '{') {
      return object(depth);
    }
    if (c == '[') {
      return array(depth);
    }
    return c == '"' ? string() : number();
  }

  private Map<String, Object> object(int depth) {
    checkDepth(depth);
    Map<String, Object> map = new LinkedHashMap<>();
    expect('{');
    skipBlanks();
    if (peek() == '}') {
      at++;
      return map;
    }
    do {
      skipBlanks();
      String key = string();
      expect(':');
      if (map.put(key, value(depth + 1)) != null) {
        throw new IllegalArgumentException("\"" + key + "\" occurs twice");
      }
      skipBlanks();
    } while (more('}'));
    return map;
  }

  private List<Object> array(int depth) {
    checkDepth(depth);
    List<Object> list = new ArrayList<>();
    expect('[');
    skipBlanks();
    if (peek() == ']') {
      at++;
      return list;
    }
    do {
      list.add(value(depth + 1));
      skipBlanks();
    } while (more(']'));
    return list;
  }

  private Long number() {
    int start = at;
    while (at - start < 18 && peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == start) {
      throw wrong("an object, array, string or whole number");
    }
    return Long.parseLong(text.substring(start, at));
  }

  private String string() {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (peek() != '"') {
      char c = text.charAt(at++);
      if (c < ' ') {
        at--;
        throw wrong("no control character in a string");
      }
      out.append(c == '\\' ? escaped() : c);
    }
    at++;
    return out.toString();
  }

  private char escaped() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        if (at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
          throw wrong("four hexadecimal digits");
        }
        at += 4;
        yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      default -> throw wrong("an escape");
    };
  }

  private boolean more(char close) {
    if (peek() == close) {
      at++;
      return false;
    }
    expect(',');
    return true;
  }

  private void expect(char c) {
    skipBlanks();
    if (peek() != c) {
      throw wrong("'" + c + "'");
    }
    at++;
  }

  /// The character here; complains at the end.
  private char peek() {
    if (at >= text.length()) {
      throw wrong("more");
    }
    return text.charAt(at);
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private void checkDepth(int depth) {
    if (depth > DEEPEST) {
      throw wrong("fewer levels");
    }
  }

  private IllegalArgumentException wrong(String expected) {
    return new IllegalArgumentException(
        "expected " + expected + " at character " + (at + 1) + " of " + text.length());
  }
}
