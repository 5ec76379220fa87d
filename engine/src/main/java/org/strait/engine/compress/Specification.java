package org.strait.engine.compress;

import java.math.BigDecimal;
import java.util.Arrays;

/// The words of a compressor's specification, read and checked; {@link Compressors} says what they
/// mean.
final class Specification {
  /// Which elements travel.
  enum Which {
    DENSE,
    TOP_K,
    TOP_K_AUTO,
    THRESHOLD,
    CHUNK,
    SIGNIFICANCE
  }

  /// What is remembered from round to round.
  enum Memory {
    NONE,
    ERROR_FEEDBACK,
    DIFFERENCE
  }

  private static final String KNOWN =
      "log8; dense, top-k:DENSITY (or LOW..HIGH), top-k:auto, threshold:DENSITY, chunk-top-k:K/CHUNK,"
          + " significance:T, followed by fp32, fp16, bf16, int8, int6, int5, int4, int2, sign"
          + " (int8/BLOCK, int4..int8), step:PART, step:auto, followed by rans, followed by error-feedback (or"
          + " ef, ef:DECAY), difference (or ef21);"
          + " for example top-k:0.01,int8,error-feedback";

  /// Digits after the point; a density below 10^-18 keeps one element of any vector anyway.
  private static final int MAX_DENSITY_DIGITS = 18;

  private static final int MAX_CHUNK = 1 << 20;

  private final String text;
  private final String[] words;
  private int next;
  private Which which = Which.DENSE;
  private BigDecimal density = BigDecimal.ONE;
  private BigDecimal leastDensity = BigDecimal.ONE;
  private int ofChunk;
  private int chunk = 1;
  private float threshold;
  private PayloadCode code = PayloadCode.FLOAT32;
  private PayloadCode leastCode;
  private int block = BlockValues.BLOCK;
  private float step;
  private boolean autoStep;
  private boolean rans;
  private Memory memory = Memory.NONE;
  private float decay = 1;

  private Specification(String text) {
    this.text = text;
    words = Arrays.stream(text.split(",", -1)).map(String::strip).toArray(String[]::new);
  }

  /// Reads a specification.
  ///
  /// @throws IllegalArgumentException if it is none; the message shows a right one
  static Specification of(String text) {
    Specification spec = new Specification(text);
    if (spec.words[0].equals("log8")) {
      // What is left of a non-negative vector may be negative, so there is no memory either.
      spec.code = PayloadCode.LOG8;
      spec.next = 1;
    } else {
      boolean found = spec.readWhich();
      found |= spec.readCode();
      if (!found) {
        throw spec.unknown();
      }
      spec.readRans();
      spec.readMemory();
    }
    if (spec.next < spec.words.length) {
      throw spec.unknown();
    }
    return spec;
  }

  private String word() {
    return next < words.length ? words[next] : "";
  }

  /// What follows the colon of a word, or null if the word before it is another one.
  private String after(String name) {
    String word = word();
    if (word.equals(name)) {
      return "";
    }
    return word.startsWith(name + ":") ? word.substring(name.length() + 1).strip() : null;
  }

  private boolean readWhich() {
    String value;
    if (word().equals("dense")) {
      which = Which.DENSE;
    } else if (word().equals("top-k:auto")) {
      which = Which.TOP_K_AUTO;
    } else if ((value = after("top-k")) != null) {
      which = Which.TOP_K;
      readDensities(value);
    } else if ((value = after("threshold")) != null) {
      which = Which.THRESHOLD;
      density = density("threshold", value);
      leastDensity = density;
    } else if ((value = after("chunk-top-k")) != null) {
      which = Which.CHUNK;
      readChunk(value);
    } else if ((value = after("significance")) != null) {
      which = Which.SIGNIFICANCE;
      threshold = number(value, 0, Float.MAX_VALUE, "significance:0.01");
    } else {
      return false;
    }
    next++;
    return true;
  }

  /// A density, or the bounds of one that is set as the run goes.
  private void readDensities(String value) {
    int dots = value.indexOf("..");
    density = density("top-k", dots < 0 ? value : value.substring(dots + 2).strip());
    leastDensity = dots < 0 ? density : density("top-k", value.substring(0, dots).strip());
    if (leastDensity.compareTo(density) > 0) {
      throw wrong(value, "begins above its end", "top-k:0.1%..10%");
    }
  }

  private static PayloadCode numbered(String name) {
    return switch (name) {
      case "int8" -> PayloadCode.INT8;
      case "int6" -> PayloadCode.INT6;
      case "int5" -> PayloadCode.INT5;
      case "int4" -> PayloadCode.INT4;
      case "int2" -> PayloadCode.INT2;
      default -> null;
    };
  }

  /// Bounds of a width that is set as the run goes, such as int4..int8.
  private boolean readWidths(String word, int dots) {
    leastCode = numbered(word.substring(0, dots));
    PayloadCode most = numbered(word.substring(dots + 2));
    if (leastCode == null || most == null || leastCode.bits > most.bits) {
      throw wrong(word, "are no bounds of a width", "int4..int8");
    }
    code = most;
    next++;
    return true;
  }

  private boolean readCode() {
    String word = word();
    int dots = word.startsWith("int") ? word.indexOf("..") : -1;
    if (dots > 0) {
      return readWidths(word, dots);
    }
    int slash = word.indexOf('/');
    String name = slash < 0 ? word : word.substring(0, slash);
    PayloadCode found =
        switch (name) {
          case "fp32" -> PayloadCode.FLOAT32;
          case "fp16" -> PayloadCode.FLOAT16;
          case "bf16" -> PayloadCode.BFLOAT16;
          case "sign" -> PayloadCode.SIGN;
          default -> after("step") == null ? numbered(name) : PayloadCode.STEP;
        };
    if (found == null || (slash >= 0 && (found.bits == 0 || found == PayloadCode.STEP))) {
      return false;
    }
    code = found;
    if (found == PayloadCode.STEP) {
      String part = after("step");
      autoStep = part.equals("auto");
      step = autoStep ? 0 : number(part, 1e-6f, 10, "step:0.2 or step:auto");
    } else if (slash >= 0) {
      block = (int) number(word.substring(slash + 1), BlockValues.BLOCK, 65_536, name + "/1024");
      if (Integer.bitCount(block) != 1) {
        throw wrong(word, "is not a block of 256, 512, .. 65536 elements", name + "/1024");
      }
    }
    next++;
    return true;
  }

  private void readRans() {
    if (word().equals("rans")) {
      rans = true;
      next++;
    }
  }

  private void readMemory() {
    String value = after("error-feedback");
    value = value == null ? after("ef") : value;
    if (value != null) {
      memory = Memory.ERROR_FEEDBACK;
      if (word().indexOf(':') >= 0) {
        decay = number(value, Float.MIN_NORMAL, 1, "error-feedback:0.95");
      }
      next++;
    } else if (word().equals("difference") || word().equals("ef21")) {
      memory = Memory.DIFFERENCE;
      next++;
    }
  }

  private void readChunk(String value) {
    String example = "chunk-top-k:64/4096";
    int slash = value.indexOf('/');
    if (slash < 0) {
      throw wrong(value, "is not K/CHUNK", example);
    }
    ofChunk = (int) number(value.substring(0, slash), 1, MAX_CHUNK, example);
    chunk = (int) number(value.substring(slash + 1), 1, MAX_CHUNK, example);
    if (ofChunk > chunk) {
      throw wrong(value, "keeps more than there are", example);
    }
  }

  private float number(String value, float least, float most, String example) {
    float number;
    try {
      number = Float.parseFloat(value.strip());
    } catch (NumberFormatException e) {
      throw wrong(value, "is not a number", example);
    }
    if (!(number >= least && number <= most)) {
      throw wrong(value, "is not in " + least + " .. " + most, example);
    }
    return number;
  }

  private BigDecimal density(String name, String value) {
    String example = name + ":0.01 or " + name + ":1%";
    boolean percent = value.endsWith("%");
    BigDecimal found;
    try {
      found = new BigDecimal(percent ? value.substring(0, value.length() - 1).strip() : value);
    } catch (NumberFormatException e) {
      throw wrong(value, "is not a number", example);
    }
    if (percent) {
      found = found.movePointLeft(2);
    }
    if (found.signum() <= 0
        || found.compareTo(BigDecimal.ONE) > 0
        || found.scale() > MAX_DENSITY_DIGITS) {
      throw wrong(value, "is not in 0 .. 1 (0 excluded, at most 18 digits)", example);
    }
    return found;
  }

  private IllegalArgumentException wrong(String value, String why, String example) {
    return new IllegalArgumentException(
        "compressor \"" + text + "\": \"" + value + "\" " + why + "; for example " + example);
  }

  private IllegalArgumentException unknown() {
    String where = next == 0 ? "" : " after \"" + words[next - 1] + "\"";
    return new IllegalArgumentException(
        "compressor \"" + text + "\": unknown \"" + word() + "\"" + where + "; known: " + KNOWN);
  }

  String text() {
    return text;
  }

  /// Whether it is log8, which goes with nothing else.
  boolean log() {
    return code == PayloadCode.LOG8;
  }

  Which which() {
    return which;
  }

  /// Of top-k and threshold, above 0, at most 1.
  BigDecimal density() {
    return density;
  }

  /// The density, or its bounds, for a name.
  String densities() {
    String most = percent(density);
    return leastDensity.compareTo(density) == 0 ? most : percent(leastDensity) + ".." + most;
  }

  static String percent(BigDecimal share) {
    return share.movePointRight(2).stripTrailingZeros().toPlainString() + "%";
  }

  /// What may be set as the run goes; one rung if nothing is.
  ///
  /// @param n length of the vectors
  Ladder ladder(long n) {
    return new Ladder(leastDensity, density, leastCode == null ? code : leastCode, code, n);
  }

  /// Elements kept of a chunk.
  int ofChunk() {
    return ofChunk;
  }

  /// Elements of a chunk.
  int chunk() {
    return chunk;
  }

  /// Of the significance filter.
  float threshold() {
    return threshold;
  }

  PayloadCode code() {
    return code;
  }

  /// Values per scale.
  int block() {
    return block;
  }

  /// Step as a part of the root mean square.
  float step() {
    return step;
  }

  /// Whether the error budget chooses the step.
  boolean autoStep() {
    return autoStep;
  }

  boolean rans() {
    return rans;
  }

  Memory memory() {
    return memory;
  }

  /// Factor of a residual in every round.
  float decay() {
    return decay;
  }
}
