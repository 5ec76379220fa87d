/* What the machine can do at most: streams of memory and multiply-adds. */
#include "twins.h"

__attribute__((noinline)) static float read_range(const float *a, int64_t from, int64_t to) {
  lanes s[8] = {0};
  int64_t i = from;
  for (; i + 128 <= to; i += 128)
    for (int k = 0; k < 8; k++) s[k] += *(const lanes *)(a + i + 16 * k);
  float rest = 0;
  for (; i < to; i++) rest += a[i];
  return rest + sum_lanes(s[0] + s[1] + s[2] + s[3] + s[4] + s[5] + s[6] + s[7]);
}

__attribute__((noinline)) static void copy_range(const float *a, float *c, int64_t from, int64_t to) {
  memcpy(c + from, a + from, (to - from) * sizeof *a);
}

__attribute__((noinline)) static void narrow_range(const float *a, float *c, int64_t from, int64_t to) {
  for (int64_t i = from; i + 64 <= to; i += 64)
    *(lanes *)(c + i / 4) = (*(const lanes *)(a + i) + *(const lanes *)(a + i + 16)) +
                            (*(const lanes *)(a + i + 32) + *(const lanes *)(a + i + 48));
}

__attribute__((noinline)) static void triad_range(
    const float *restrict a, const float *restrict b, float *restrict c, int64_t from, int64_t to) {
  for (int64_t i = from; i < to; i++) c[i] = a[i] + 1.5f * b[i];
}

__attribute__((noinline)) static void add_range(
    const float *restrict a, float *restrict c, int64_t from, int64_t to) {
  for (int64_t i = from; i < to; i++) c[i] += a[i];
}

float limit_read(const float *a, int64_t n, int threads, int64_t repeats) {
  float s = 0;
  for (int64_t r = 0; r < repeats; r++) {
    if (threads == 1) {
      s += read_range(a, 0, n);
    } else {
      PARALLEL(omp parallel num_threads(threads) reduction(+ : s))
      s += read_range(a, border(n, WORKER, threads), border(n, WORKER + 1, threads));
    }
    BARRIER;
  }
  return s;
}

#define EACH_RANGE(call_range)                                                    \
  for (int64_t r = 0; r < repeats; r++) {                                         \
    if (threads == 1) {                                                           \
      int64_t from = 0, to = n;                                                   \
      call_range;                                                                 \
    } else {                                                                      \
      PARALLEL(omp parallel num_threads(threads))                                 \
      {                                                                           \
        int64_t from = border(n, WORKER, threads), to = border(n, WORKER + 1, threads); \
        call_range;                                                               \
      }                                                                           \
    }                                                                             \
    BARRIER;                                                                      \
  }

void limit_copy(const float *a, float *c, int64_t n, int threads, int64_t repeats) {
  EACH_RANGE(copy_range(a, c, from, to))
}

/* n is a multiple of 256. */
void limit_narrow(const float *a, float *c, int64_t n, int threads, int64_t repeats) {
  EACH_RANGE(narrow_range(a, c, from / 64 * 64, to / 64 * 64))
}

void limit_triad(const float *a, const float *b, float *c, int64_t n, int threads, int64_t repeats) {
  EACH_RANGE(triad_range(a, b, c, from, to))
}

void limit_add(const float *a, float *c, int64_t n, int threads, int64_t repeats) {
  EACH_RANGE(add_range(a, c, from, to))
}

/* 12 chains of multiply-adds over 16 lanes: 384 operations a turn. */
__attribute__((noinline)) static float multiply_adds(int64_t turns) {
#ifdef WIDE
  __m512 v[12];
  for (int k = 0; k < 12; k++) v[k] = _mm512_set1_ps((float)k);
  __m512 by = _mm512_set1_ps(0.999f), plus = _mm512_set1_ps(0.1f);
  for (int64_t t = 0; t < turns; t++) {
    for (int k = 0; k < 12; k++) v[k] = _mm512_fmadd_ps(v[k], by, plus);
    /* Keeps the turns apart: they could be folded into one. */
    __asm__ volatile("" ::"v"(v[0]), "v"(v[1]), "v"(v[2]), "v"(v[3]), "v"(v[4]), "v"(v[5]), "v"(v[6]),
                     "v"(v[7]), "v"(v[8]), "v"(v[9]), "v"(v[10]), "v"(v[11]));
  }
  __m512 s = v[0];
  for (int k = 1; k < 12; k++) s = _mm512_add_ps(s, v[k]);
  return _mm512_reduce_add_ps(s);
#else
  lanes v[12];
  for (int k = 0; k < 12; k++) v[k] = (lanes){0} + (float)k;
  lanes by = (lanes){0} + 0.999f, plus = (lanes){0} + 0.1f;
  for (int64_t t = 0; t < turns; t++)
    for (int k = 0; k < 12; k++) v[k] = v[k] * by + plus;
  lanes s = v[0];
  for (int k = 1; k < 12; k++) s += v[k];
  return sum_lanes(s);
#endif
}

float limit_fma(int threads, int64_t turns) {
  if (threads == 1) return multiply_adds(turns);
  float s = 0;
  PARALLEL(omp parallel num_threads(threads) reduction(+ : s))
  s += multiply_adds(turns);
  return s;
}

/* Threads that the other functions can use: 0 without OpenMP stands for one only. */
int twins_openmp(void) {
#ifdef _OPENMP
  return 1;
#else
  return 0;
#endif
}
