package org.strait.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// What the quick run of all cases does not reach.
class TwinsTest {
  @TempDir Path folder;

  @Test
  void fourBitCodesHaveTwoElementsAByte() {
    List<String> said = new ArrayList<>();
    Optional<Twins> twins = Twins.build(System.getenv("PATH"), folder, said::add);
    assumeTrue(twins.isPresent(), said.toString());
    int n = 1024 + 64;
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Floats x = memory.floats(n);
      for (int i = 0; i < n; i++) {
        x.set(i, (float) Math.sin(i));
      }
      Bytes codes = memory.bytes(n / 2);
      Floats scales = memory.floats(2);
      twins.get().call("codec_quantize4", void.class, x, (long) n, 1024L, codes, scales, 1).once();
      for (int i = 0; i < n; i++) {
        int pair = codes.get(i / 32 * 16 + i % 16);
        int code = i % 32 < 16 ? pair << 28 >> 28 : pair >> 4;
        float scale = scales.get(i / 1024);
        assertEquals(x.get(i), code * scale, scale * 0.5001, "element " + i);
      }
      assertTrue(scales.get(0) > 0.142 && scales.get(0) <= 1f / 7, "scale " + scales.get(0));
    }
  }

  @Test
  void programsAreLookedForFolderByFolder() {
    assertEquals(Optional.empty(), SearchPath.find(folder.toString(), "sh"));
    assertTrue(SearchPath.find(folder + ":/bin:/usr/bin", "sh").isPresent());
  }
}
