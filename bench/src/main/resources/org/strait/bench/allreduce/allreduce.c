// One rank of an MPI peer: PROGRAM PORT MOST_BYTES. Waits for orders on a connection to the loopback
// interface and answers as org.strait.bench.allreduce.Crew says; sums in place with MPI_Allreduce.
#include <arpa/inet.h>
#include <mpi.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static int place(int i) { return (i ^ (i >> 10)) & 1023; }

static void end(const char *why) {
  perror(why);
  exit(1);
}

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  int rank, ranks;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in at = {0};
  at.sin_family = AF_INET;
  at.sin_port = htons((unsigned short)atoi(argv[1]));
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) != 0) end("connect");
  int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  FILE *in = fdopen(fd, "r");
  FILE *out = fdopen(dup(fd), "w");
  float *v = aligned_alloc(4096, (atol(argv[2]) + 4095) / 4096 * 4096);
  if (!v || !in || !out) end("memory");
  fprintf(out, "%s %d %ld\n", getenv("STRAIT_BENCH_TOKEN"), rank, (long)getpid());
  fflush(out);

  char way[32];
  long bytes;
  int warm, calls;
  while (fscanf(in, "%31s %ld %d %d", way, &bytes, &warm, &calls) == 4) {
    int n = (int)(bytes / 4), wrong = -1;
    long *nanos = calloc((size_t)calls, sizeof *nanos);
    float expected = 0;
    for (int call = -warm; call < calls && wrong < 0; call++) {
      int add = 8 * rank + (call & 7);
      for (int i = 0; i < n; i++) v[i] = (float)(place(i) + add);
      MPI_Barrier(MPI_COMM_WORLD);
      long start = now();
      MPI_Allreduce(MPI_IN_PLACE, v, n, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
      if (call >= 0) nanos[call] = now() - start;
      // A rank that shares this one's core and has its sum already must get to its clock first.
      MPI_Barrier(MPI_COMM_WORLD);
      int all = 8 * (ranks * (ranks - 1) / 2) + ranks * (call & 7);
      for (int i = 0; i < n; i++) {
        expected = (float)(ranks * place(i) + all);
        if (v[i] != expected) {
          wrong = i;
          break;
        }
      }
    }
    if (wrong >= 0) {
      fprintf(out, "wrong %d %g %g\n", wrong, v[wrong], expected);
    } else {
      fprintf(out, "ok");
      for (int c = 0; c < calls; c++) fprintf(out, " %ld", nanos[c]);
      fprintf(out, "\n");
    }
    fflush(out);
    free(nanos);
  }
  MPI_Finalize();
  return 0;
}
