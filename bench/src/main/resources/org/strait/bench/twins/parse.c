/* LIBSVM text to labels and CSR, as a reader has to: fresh memory for every file. The text is cut at
   line ends, one part a thread. */
#include "twins.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const double TENS[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

typedef struct {
  float *labels;
  int64_t *ends;
  int32_t *index;
  float *value;
  int64_t rows, entries;
} part;

static inline unsigned digit(const char *p) { return (unsigned)(*p - '0'); }

static inline const char *number(const char *p, float *result) {
  int negative = *p == '-', exponent = 0;
  uint64_t digits = 0;
  p += negative || *p == '+';
  while (digit(p) < 10) digits = digits * 10 + digit(p++);
  if (*p == '.') {
    const char *point = ++p;
    while (digit(p) < 10) digits = digits * 10 + digit(p++);
    exponent = (int)(point - p);
  }
  if ((*p | 32) == 'e') {
    int below, e = 0;
    p++;
    below = *p == '-';
    p += below || *p == '+';
    while (digit(p) < 10) e = e * 10 + (int)digit(p++);
    exponent += below ? -e : e;
  }
  double v = exponent < 0 ? (exponent >= -22 ? digits / TENS[-exponent] : digits * pow(10, exponent))
                          : (exponent <= 22 ? digits * TENS[exponent] : digits * pow(10, exponent));
  *result = (float)(negative ? -v : v);
  return p;
}

/* An entry takes at least four characters, a row two. */
static void parse_part(const char *p, const char *end, part *out) {
  int64_t bytes = end - p, rows = 0, entries = 0;
  out->labels = malloc((bytes / 2 + 1) * sizeof *out->labels);
  out->ends = malloc((bytes / 2 + 1) * sizeof *out->ends);
  out->index = malloc((bytes / 4 + 1) * sizeof *out->index);
  out->value = malloc((bytes / 4 + 1) * sizeof *out->value);
  while (p < end) {
    p = number(p, &out->labels[rows]);
    while (*p == ' ') {
      unsigned id = 0;
      p++;
      if (*p == '\n') break;
      while (*p != ':') id = id * 10 + digit(p++);
      p = number(p + 1, &out->value[entries]);
      out->index[entries++] = (int32_t)id - 1;
    }
    out->ends[rows++] = entries;
    p++;
  }
  out->rows = rows;
  out->entries = entries;
}

static void release(part *p) {
  free(p->labels);
  free(p->ends);
  free(p->index);
  free(p->value);
}

/* Parts 1 ... behind part 0, whose arrays have the room if they are made that large. */
static void join(part *parts, int threads) {
  int64_t rows = 0, entries = 0;
  for (int t = 0; t < threads; t++) rows += parts[t].rows, entries += parts[t].entries;
  part *all = &parts[0];
  all->labels = realloc(all->labels, rows * sizeof *all->labels);
  all->ends = realloc(all->ends, rows * sizeof *all->ends);
  all->index = realloc(all->index, entries * sizeof *all->index);
  all->value = realloc(all->value, entries * sizeof *all->value);
  for (int t = 1; t < threads; t++) {
    part *next = &parts[t];
    memcpy(all->labels + all->rows, next->labels, next->rows * sizeof *all->labels);
    memcpy(all->index + all->entries, next->index, next->entries * sizeof *all->index);
    memcpy(all->value + all->entries, next->value, next->entries * sizeof *all->value);
    for (int64_t r = 0; r < next->rows; r++) all->ends[all->rows + r] = all->entries + next->ends[r];
    all->rows += next->rows;
    all->entries += next->entries;
    release(next);
  }
}

/* Reads a file; returns 0, or 1 if it cannot. `sums`, if not null, gets rows, entries and the sums
   of labels, indices (from 0) and values. The last line must end. */
int parse_libsvm(const char *path, double *sums, int threads) {
  int fd = open(path, O_RDONLY);
  struct stat about;
  if (fd < 0) return 1;
  if (fstat(fd, &about) != 0 || about.st_size == 0) {
    close(fd);
    return 1;
  }
  char *text = mmap(0, about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  close(fd);
  if (text == MAP_FAILED) return 1;
  madvise(text, about.st_size, MADV_SEQUENTIAL);
  part *parts = calloc(threads, sizeof *parts);
  PARALLEL(omp parallel num_threads(threads))
  {
    const char *from = text + about.st_size / threads * WORKER, *end = text + about.st_size;
    const char *to = WORKER == threads - 1 ? end : text + about.st_size / threads * (WORKER + 1);
    while (from > text && from < end && from[-1] != '\n') from++;
    while (to < end && to[-1] != '\n') to++;
    if (from < to) parse_part(from, to, &parts[WORKER]);
  }
  join(parts, threads);
  if (sums) {
    sums[0] = (double)parts->rows;
    sums[1] = (double)parts->entries;
    sums[2] = sums[3] = sums[4] = 0;
    for (int64_t r = 0; r < parts->rows; r++) sums[2] += parts->labels[r];
    for (int64_t k = 0; k < parts->entries; k++) sums[3] += parts->index[k], sums[4] += parts->value[k];
  }
  release(parts);
  free(parts);
  munmap(text, about.st_size);
  return 0;
}
