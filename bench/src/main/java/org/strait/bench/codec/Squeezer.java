package org.strait.bench.codec;

import com.github.luben.zstd.Zstd;
import java.util.List;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FastDecompressor;
import org.strait.engine.compress.entropy.SymbolCoder;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.HostMemory;

/// A way to make codes shorter without loss.
interface Squeezer {
  String who();

  boolean peer();

  /// Squeezes the codes given at the beginning; returns the bytes.
  long squeeze();

  /// The inverse of the last {@link #squeeze}.
  void unsqueeze();

  /// What the last {@link #unsqueeze} brought back.
  byte[] result();

  /// Strait's own way and its peers. The peers read and write arrays of the heap, which costs them
  /// nothing: their libraries pin them.
  static List<Squeezer> all(byte[] codes, CodecOps codec, HostMemory memory) {
    return List.of(rans(codes, codec, memory), zstd(codes, 1), zstd(codes, 3), lz4(codes));
  }

  private static Squeezer rans(byte[] codes, CodecOps codec, HostMemory memory) {
    Bytes in = memory.bytes(codes.length);
    in.copyFrom(codes);
    Bytes out = memory.bytes(SymbolCoder.maxBytes(codes.length));
    Bytes back = memory.bytes(codes.length);
    SymbolCoder coder = new SymbolCoder(codes.length, codec);
    return new Squeezer() {
      private long size;

      @Override
      public String who() {
        return "strait rans";
      }

      @Override
      public boolean peer() {
        return false;
      }

      @Override
      public long squeeze() {
        size = coder.encode(in, codes.length, out.segment(), 0);
        return size;
      }

      @Override
      public void unsqueeze() {
        coder.decode(out.segment(), 0, size, back, codes.length, Byte.MIN_VALUE, Byte.MAX_VALUE);
      }

      @Override
      public byte[] result() {
        return back.toArray();
      }
    };
  }

  private static Squeezer zstd(byte[] codes, int level) {
    byte[] out = new byte[(int) Zstd.compressBound(codes.length)];
    byte[] back = new byte[codes.length];
    return new Squeezer() {
      private int size;

      @Override
      public String who() {
        return "zstd -" + level;
      }

      @Override
      public boolean peer() {
        return true;
      }

      @Override
      public long squeeze() {
        size = (int) Zstd.compressByteArray(out, 0, out.length, codes, 0, codes.length, level);
        return size;
      }

      @Override
      public void unsqueeze() {
        Zstd.decompressByteArray(back, 0, back.length, out, 0, size);
      }

      @Override
      public byte[] result() {
        return back;
      }
    };
  }

  private static Squeezer lz4(byte[] codes) {
    LZ4Factory factory = LZ4Factory.fastestInstance();
    LZ4Compressor compressor = factory.fastCompressor();
    LZ4FastDecompressor decompressor = factory.fastDecompressor();
    byte[] out = new byte[compressor.maxCompressedLength(codes.length)];
    byte[] back = new byte[codes.length];
    return new Squeezer() {
      @Override
      public String who() {
        return "lz4";
      }

      @Override
      public boolean peer() {
        return true;
      }

      @Override
      public long squeeze() {
        return compressor.compress(codes, 0, codes.length, out, 0);
      }

      @Override
      public void unsqueeze() {
        decompressor.decompress(out, 0, back, 0, back.length);
      }

      @Override
      public byte[] result() {
        return back;
      }
    };
  }
}
