package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real TCP between network namespaces carries the same bytes as shaped links, and trains the same
/// model.
@Tag("computes")
@Timeout(180)
class WanInABoxIT {
  @TempDir Path folder;

  @Test
  void realTcpAndShapedLinksCarryTheSameBytes() throws Exception {
    Needs.root();
    Needs.program("ip", "iproute2");
    Needs.program("cc", "gcc");
    Needs.program("python3", "python3");
    if (!Files.exists(Path.of("/dev/net/tun"))) {
      Assumptions.abort("there is no /dev/net/tun");
    }
    Path script =
        Path.of(System.getProperty("strait.root", ".."))
            .resolve("scripts/wan-in-a-box")
            .toAbsolutePath();
    Strait.Result result =
        Launches.run(
            folder,
            "box",
            Map.of("STRAIT", Launches.strait(folder).toString()),
            List.of(
                script.toString(),
                "--wan",
                "10ms 50Mbit/s",
                "--dcs",
                "2",
                "--no-time",
                "--out",
                folder.resolve("box").toString(),
                "--",
                "--rows",
                "500",
                "--rounds",
                "5",
                "--backend",
                "scalar"));
    assertEquals(0, result.status(), result.out() + result.err());
  }
}
