/* A wide-area network between network namespaces of one machine, in user space: for kernels without
 * netem. One process reads packets from a TUN device in each namespace and hands them to the device
 * of the namespace that their destination address belongs to, when they would have arrived.
 *
 * Standard input, one item a line, until its end or an empty line:
 *
 *     place NETNS ADDRESS                                         IPv4; all in one /24
 *     link FROM TO DELAY_NS JITTER_NS BITS_PER_SECOND LOSS SEED   places count from 0; one direction
 *
 * A link sends one packet after the other at its bandwidth (0: at once), holds at most QUEUE_NS of
 * them (more are dropped, as routers do), and keeps their order. Loss is a share of packets, drawn
 * with the link's seed. Says "ready" when all devices are up; ends when standard output breaks or
 * on a signal. Linux, root. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>

enum { PLACES = 32, SLOTS = 1 << 14, MTU = 1500, BATCH = 64 };
#define QUEUE_NS 200000000LL

typedef struct {
  int64_t due;
  int length;
  unsigned char bytes[MTU];
} packet;

typedef struct {
  int used;
  int64_t delay, jitter, bits, busy, last;
  double loss;
  uint64_t seed;
  packet *ring;
  unsigned head, tail;
} line;

static int places;
static int device[PLACES];
static uint32_t address[PLACES];
static line lines[PLACES][PLACES];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* SplitMix64, 53 bits. */
static double draw(uint64_t *seed) {
  uint64_t z = (*seed += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static void add_place(const char *netns, const char *ip) {
  char text[256];
  int home = open("/proc/self/ns/net", O_RDONLY);
  snprintf(text, sizeof text, "/var/run/netns/%s", netns);
  int there = open(text, O_RDONLY);
  if (places == PLACES || home < 0 || there < 0 || setns(there, CLONE_NEWNET)) fail(netns);
  struct ifreq request = {0};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  strcpy(request.ifr_name, "wan0");
  int d = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  if (d < 0 || ioctl(d, TUNSETIFF, &request)) fail("/dev/net/tun");
  snprintf(text, sizeof text,
           "ip address add %s/24 dev wan0 && ip link set wan0 mtu %d txqueuelen 10000 up && ip link set lo up",
           ip, MTU);
  if (system(text)) fail(text);
  if (setns(home, CLONE_NEWNET)) fail("setns");
  close(home);
  close(there);
  address[places] = inet_addr(ip);
  device[places++] = d;
}

static void enter(int from, const unsigned char *bytes, int length) {
  uint32_t to;
  if (length < 20 || bytes[0] >> 4 != 4) return;
  memcpy(&to, bytes + 16, 4);
  for (int i = 0; i < places; i++) {
    line *l = &lines[from][i];
    if (address[i] != to || !l->used) continue;
    int64_t t = now();
    if (l->busy < t) l->busy = t;
    if (l->busy - t > QUEUE_NS || l->head - l->tail >= SLOTS) return;
    if (l->bits) l->busy += length * 8000000000LL / l->bits;
    if (l->loss > 0 && draw(&l->seed) < l->loss) return; /* lost on its way: it has used the line */
    packet *p = &l->ring[l->head % SLOTS];
    p->due = l->busy + l->delay + (l->jitter ? (int64_t)(draw(&l->seed) * (double)l->jitter) : 0);
    if (p->due < l->last) p->due = l->last;
    l->last = p->due;
    p->length = length;
    memcpy(p->bytes, bytes, (size_t)length);
    l->head++;
    return;
  }
}

/* Hands over what is due; returns when the next packet is. */
static int64_t leave(void) {
  int64_t next = INT64_MAX;
  for (int a = 0; a < places; a++)
    for (int b = 0; b < places; b++) {
      line *l = &lines[a][b];
      while (l->head != l->tail) {
        packet *p = &l->ring[l->tail % SLOTS];
        int64_t t = now();
        if (p->due > t) {
          if (p->due < next) next = p->due;
          break;
        }
        if (write(device[b], p->bytes, (size_t)p->length) < 0 && errno == EAGAIN) {
          if (t + 100000 < next) next = t + 100000;
          break;
        }
        l->tail++;
      }
    }
  return next;
}

int main(void) {
  char text[256], netns[128], ip[64];
  while (fgets(text, sizeof text, stdin) && text[0] != '\n') {
    int from, to;
    long long delay, jitter, bits;
    unsigned long long seed;
    double loss;
    if (sscanf(text, "place %127s %63s", netns, ip) == 2) {
      add_place(netns, ip);
    } else if (sscanf(text, "link %d %d %lld %lld %lld %lf %llu", &from, &to, &delay, &jitter, &bits, &loss,
                      &seed) == 7 &&
               from >= 0 && from < places && to >= 0 && to < places) {
      line *l = &lines[from][to];
      *l = (line){.used = 1, .delay = delay, .jitter = jitter, .bits = bits, .loss = loss, .seed = seed};
      l->ring = malloc(SLOTS * sizeof(packet));
      if (!l->ring) fail("memory");
    } else {
      fprintf(stderr, "netem: cannot read: %s", text);
      return 2;
    }
  }
  puts("ready");
  fflush(stdout);
  unsigned char bytes[MTU];
  struct pollfd wait[PLACES];
  for (;;) {
    int64_t next = leave();
    for (int i = 0; i < places; i++) wait[i] = (struct pollfd){.fd = device[i], .events = POLLIN};
    int64_t left = next == INT64_MAX ? 1000000000 : next - now();
    if (left < 0) left = 0;
    struct timespec limit = {left / 1000000000, left % 1000000000};
    if (ppoll(wait, (nfds_t)places, &limit, 0) < 0 && errno != EINTR) fail("ppoll");
    for (int i = 0; i < places; i++)
      for (int k = 0; (wait[i].revents & POLLIN) && k < BATCH; k++) {
        ssize_t n = read(device[i], bytes, sizeof bytes);
        if (n <= 0) break;
        enter(i, bytes, (int)n);
      }
  }
}
