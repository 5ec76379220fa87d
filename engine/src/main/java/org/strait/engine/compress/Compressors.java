package org.strait.engine.compress;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.strait.kernels.CodecOps;
import org.strait.memory.HostMemory;

/// The one choice of a compressor, by a specification such as {@code
/// top-k:1%,int8,rans,error-feedback}: which elements, as what, whether entropy-coded, and what is
/// remembered. Every word may be left out but one of the first two.
///
/// Which elements:
///
/// - {@code dense}: all; the default
/// - {@code top-k:DENSITY}: the ⌈density·n⌉ elements of largest magnitude, at least one; the
///   density is a fraction (0.01) or a percentage (1%); LOW..HIGH: between these, as {@link
///   Compressor#stand} says
/// - {@code top-k:auto}: as few elements as leave out no more than {@link Compressor#tolerate} says
/// - {@code threshold:DENSITY}: about as many, above a threshold estimated from a sample
/// - {@code chunk-top-k:K/CHUNK}: the K largest of every CHUNK elements, for instance 64/4096
/// - {@code significance:T}: elements above T/√round times their weight ({@link
///   Compressor#reference})
///
/// As what:
///
/// - {@code fp32} (the default), {@code fp16}, {@code bf16}: floating-point numbers
/// - {@code int8}, {@code int6}, {@code int5}, {@code int4}, {@code int2}, {@code sign}: as many
///   bits with a float32 scale per 256 elements, or per BLOCK with {@code int8/BLOCK}; {@code
///   int4..int8}: between these likewise
/// - {@code step:PART}: multiples of PART·(root mean square), {@code step:auto}: of the longest
///   step that loses no more than {@link Compressor#tolerate} says
/// - {@code log8}, alone: every element of a non-negative vector, 8 bits on a log scale, deflated
///
/// Then {@code rans}: indices and values entropy-coded where that is shorter. Then
///
/// - {@code error-feedback} or {@code ef}: what was not sent is added to the next vector, with
///   {@code :DECAY} times it
/// - {@code difference} or {@code ef21}: sends differences to the previous vector
public final class Compressors {
  private Compressors() {}

  /// A compressor for vectors of n elements.
  ///
  /// @param n length of the vectors, 0 … 2^31 - 1
  /// @param memory owner of residuals and room; must outlive the compressor
  /// @throws IllegalArgumentException if the specification is not one; the message shows a right
  ///     one
  public static Compressor parse(String spec, long n, CodecOps codec, HostMemory memory) {
    if (n < 0 || n > PayloadLayout.MAX_N) {
      throw new IllegalArgumentException(
          "vectors of " + n + " elements; a payload can hold 0 .. " + PayloadLayout.MAX_N);
    }
    Specification words = Specification.of(spec);
    Compressor compressor =
        words.log() ? new LogQuantized8(n, codec, memory) : compressor(words, n, codec, memory);
    if (compressor.maxPayloadBytes(n) > PayloadLayout.MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "compressor \""
              + spec
              + "\": payloads of "
              + n
              + " elements can take "
              + compressor.maxPayloadBytes(n)
              + " bytes, at most "
              + PayloadLayout.MAX_PAYLOAD_BYTES
              + " can be sent; keep less");
    }
    return switch (words.memory()) {
      case NONE -> compressor;
      case ERROR_FEEDBACK -> new ErrorFeedback(compressor, n, words.decay(), codec, memory);
      case DIFFERENCE -> new DifferenceCoding(compressor, n, codec, memory);
    };
  }

  private static Compressor compressor(
      Specification words, long n, CodecOps codec, HostMemory memory) {
    boolean coded = words.rans();
    if (words.which() == Specification.Which.DENSE) {
      long bytes = roughBytes(words.code(), n);
      checkRoom(words, n, bytes);
      ValueCode[] values = values(words, n, codec, memory);
      String name = words.code() == PayloadCode.FLOAT32 ? "dense" : name(values);
      return new DenseCompressor(name + (coded ? " rans" : ""), n, words.ladder(n), values, codec);
    }
    checkRoom(words, n, roughBytes(words.code(), most(words, n)));
    Selection selection = selection(words, n, codec, memory);
    long most = selection.most();
    ValueCode[] values = values(words, most, codec, memory);
    String name =
        selection.name()
            + (words.code() == PayloadCode.FLOAT32 ? "" : " " + name(values))
            + (coded ? " rans" : "");
    IndexSection indices = new IndexSection(n, most, coded, codec, memory);
    return new SparseCompressor(name, n, selection, indices, words.ladder(n), values, codec);
  }

  /// Says that a payload is too large before room for it is taken.
  private static void checkRoom(Specification words, long n, long bytes) {
    if (bytes > PayloadLayout.MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "compressor \""
              + words.text()
              + "\": payloads of "
              + n
              + " elements can take "
              + bytes
              + " bytes, at most "
              + PayloadLayout.MAX_PAYLOAD_BYTES
              + " can be sent; keep less");
    }
  }

  private static long roughBytes(PayloadCode code, long kept) {
    long bits = code.bits == 0 ? 8L * FloatValues.width(code) : code.bits;
    return PayloadLayout.headerBytes(kept, kept, 0) + kept * bits / 8;
  }

  private static long most(Specification words, long n) {
    return switch (words.which()) {
      case TOP_K -> kept(words.density(), n);
      case THRESHOLD -> 2 * kept(words.density(), n);
      case CHUNK -> n / words.chunk() * words.ofChunk();
      default -> n;
    };
  }

  private static long kept(BigDecimal density, long n) {
    return density.multiply(BigDecimal.valueOf(n)).setScale(0, RoundingMode.CEILING).longValue();
  }

  private static Selection selection(
      Specification words, long n, CodecOps codec, HostMemory memory) {
    return switch (words.which()) {
      case TOP_K -> {
        String name = "top-k " + words.densities();
        yield new TopK(name, n, kept(words.density(), n), null, codec, memory);
      }
      case TOP_K_AUTO ->
          new TopK("top-k auto", n, n, new ErrorBudget(codec, memory), codec, memory);
      case THRESHOLD -> {
        String name = "threshold " + Specification.percent(words.density());
        yield new Threshold(name, n, kept(words.density(), n), codec, memory);
      }
      case CHUNK -> new ChunkTopK(n, words.ofChunk(), words.chunk(), codec, memory);
      case SIGNIFICANCE -> new Significance(n, words.threshold(), memory);
      case DENSE -> throw new IllegalStateException("all elements are no selection");
    };
  }

  private static String name(ValueCode[] values) {
    String widest = values[values.length - 1].name();
    return values.length == 1 ? widest : values[0].name() + ".." + widest;
  }

  /// One for each of the ladder's codes.
  private static ValueCode[] values(
      Specification words, long most, CodecOps codec, HostMemory memory) {
    PayloadCode[] codes = words.ladder(0).codes();
    ValueCode[] values = new ValueCode[codes.length];
    for (int i = 0; i < codes.length; i++) {
      values[i] = value(words, codes[i], most, codec, memory);
    }
    return values;
  }

  private static ValueCode value(
      Specification words, PayloadCode code, long most, CodecOps codec, HostMemory memory) {
    return switch (code) {
      case FLOAT32, FLOAT16, BFLOAT16 -> new FloatValues(code, most, words.rans(), codec, memory);
      case INT8, INT6, INT5, INT4, INT2, SIGN ->
          new BlockValues(code, words.block(), most, words.rans(), codec, memory);
      case STEP -> {
        ErrorBudget budget = words.autoStep() ? new ErrorBudget(codec, memory) : null;
        yield new StepValues(words.step(), budget, most, words.rans(), codec, memory);
      }
      case LOG8 -> throw new IllegalStateException("log8 goes with nothing");
    };
  }
}
