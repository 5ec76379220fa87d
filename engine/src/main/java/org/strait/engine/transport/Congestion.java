package org.strait.engine.transport;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Chooses how Linux holds back a TCP connection between two ranks of one host. Some systems have
/// BBR as their default, which sends by a clock, as long lines want it; inside a host that costs up
/// to half of the speed. Java has no such option (TCP_CONGESTION, tcp(7)), so it is set by system
/// call on the descriptor that has the channel's ports. Where the JVM may make no such calls
/// ({@code --enable-native-access}), or the system no such choice, the connection works as it is.
final class Congestion {
  private static final Logger LOG = System.getLogger(Congestion.class.getName());
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final String NEAR = "cubic";

  private static final int IPPROTO_TCP = 6;
  private static final int TCP_CONGESTION = 13;
  private static final int ADDRESS_BYTES = 128;
  private static final long PORT_AT = 2; // of sockaddr_in and sockaddr_in6, big-endian

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final MethodHandle GETSOCKNAME = call("getsockname", nameCall());
  private static final MethodHandle GETPEERNAME = call("getpeername", nameCall());
  private static final MethodHandle SETSOCKOPT =
      call("setsockopt", FunctionDescriptor.of(INT, INT, INT, INT, ValueLayout.ADDRESS, INT));

  private Congestion() {}

  /// Takes the kind that does not go by the clock for a connected channel of this process.
  static void near(SocketChannel channel) throws IOException {
    if (SETSOCKOPT == null
        || !(channel.getLocalAddress() instanceof InetSocketAddress local)
        || !(channel.getRemoteAddress() instanceof InetSocketAddress remote)) {
      return;
    }
    try (Arena arena = Arena.ofConfined();
        DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
      MemorySegment name = arena.allocate(ADDRESS_BYTES);
      MemorySegment length = arena.allocate(INT);
      MemorySegment kind = arena.allocateFrom(NEAR);
      for (Path path : descriptors) {
        int descriptor = Integer.parseInt(path.getFileName().toString());
        if (port(GETSOCKNAME, descriptor, name, length) == local.getPort()
            && port(GETPEERNAME, descriptor, name, length) == remote.getPort()) {
          int status =
              (int)
                  SETSOCKOPT.invokeExact(
                      descriptor, IPPROTO_TCP, TCP_CONGESTION, kind, NEAR.length());
          LOG.log(Level.DEBUG, "{0} to {1}: {2}: {3}", local, remote, NEAR, status);
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "no list of descriptors", e);
    } catch (Throwable e) {
      throw new IllegalStateException("setsockopt", e);
    }
  }

  /// The port of a socket's own or its peer's address; -1 if there is none.
  private static int port(
      MethodHandle call, int descriptor, MemorySegment name, MemorySegment length)
      throws Throwable {
    name.fill((byte) 0);
    length.set(INT, 0, ADDRESS_BYTES);
    if ((int) call.invokeExact(descriptor, name, length) != 0) {
      return -1;
    }
    int high = Byte.toUnsignedInt(name.get(ValueLayout.JAVA_BYTE, PORT_AT));
    return high << 8 | Byte.toUnsignedInt(name.get(ValueLayout.JAVA_BYTE, PORT_AT + 1));
  }

  private static FunctionDescriptor nameCall() {
    return FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
  }

  @SuppressWarnings("restricted") // system calls that touch only memory that we give
  private static MethodHandle call(String name, FunctionDescriptor shape) {
    if (!System.getProperty("os.name", "").equals("Linux")
        || !Congestion.class.getModule().isNativeAccessEnabled()) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(address -> linker.downcallHandle(address, shape))
        .orElse(null);
  }
}
