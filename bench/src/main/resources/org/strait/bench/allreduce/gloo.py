"""One rank of Gloo through PyTorch: PORT RANK RANKS MOST_BYTES FILE. Waits for orders on a connection to the
loopback interface and answers as org.strait.bench.allreduce.Crew says; sums in place. FILE is where ranks meet."""
import os
import socket
import sys
import time

import torch
import torch.distributed as dist

port, rank, ranks, most = (int(word) for word in sys.argv[1:5])
torch.set_num_threads(1)
os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
dist.init_process_group("gloo", init_method="file://" + sys.argv[5], rank=rank, world_size=ranks)
connection = socket.create_connection(("127.0.0.1", port))
connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
orders = connection.makefile("r")


def say(line):
    connection.sendall((line + "\n").encode())


i = torch.arange(most // 4, dtype=torch.int32)
places = torch.bitwise_and(torch.bitwise_xor(i, i >> 10), 1023).to(torch.float32)
del i
vector = torch.zeros(most // 4)
wanted = torch.zeros(most // 4)
say("%s %d %d" % (os.environ["STRAIT_BENCH_TOKEN"], rank, os.getpid()))
for order in orders:
    way, size, warm, calls = order.split()
    n = int(size) // 4
    v, p, w = vector[:n], places[:n], wanted[:n]
    nanos = []
    answer = None
    for call in range(-int(warm), int(calls)):
        torch.add(p, 8 * rank + (call & 7), out=v)
        dist.barrier()
        start = time.perf_counter_ns()
        dist.all_reduce(v)
        took = time.perf_counter_ns() - start
        if call >= 0:
            nanos.append(took)
        # A rank that shares this one's core and has its sum already must get to its clock first.
        dist.barrier()
        torch.mul(p, ranks, out=w).add_(8 * (ranks * (ranks - 1) // 2) + ranks * (call & 7))
        if not torch.equal(v, w):
            at = int((v != w).nonzero()[0])
            answer = "wrong %d %g %g" % (at, v[at], w[at])
            break
    say(answer or "ok " + " ".join(map(str, nanos)))
