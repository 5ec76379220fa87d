/* Dense vectors: products summed in float64 as Strait does, scaled addition, the logistic link. */
#include "twins.h"

__attribute__((noinline)) static double dot_range(const float *x, const float *y, int64_t from, int64_t to) {
  double s = 0;
  for (int64_t i = from; i < to; i++) s += (double)x[i] * y[i];
  return s;
}

#ifdef WIDE
/* Four sums of eight lanes: one chain of additions would wait for itself. */
__attribute__((noinline)) static double dot_wide(const float *x, const float *y, int64_t from, int64_t to) {
  __m512d s[4];
  for (int k = 0; k < 4; k++) s[k] = _mm512_setzero_pd();
  int64_t i = from;
  for (; i + 32 <= to; i += 32)
    for (int k = 0; k < 4; k++)
      s[k] = _mm512_fmadd_pd(_mm512_cvtps_pd(_mm256_loadu_ps(x + i + 8 * k)),
                             _mm512_cvtps_pd(_mm256_loadu_ps(y + i + 8 * k)), s[k]);
  return dot_range(x, y, i, to) +
         _mm512_reduce_add_pd(_mm512_add_pd(_mm512_add_pd(s[0], s[1]), _mm512_add_pd(s[2], s[3])));
}
#else
#define dot_wide dot_range
#endif

double vector_dot(const float *x, const float *y, int64_t n, int threads, int64_t repeats) {
  double s = 0;
  for (int64_t r = 0; r < repeats; r++) {
    s = 0;
    if (threads == 1) {
      s = dot_wide(x, y, 0, n);
    } else {
      PARALLEL(omp parallel num_threads(threads) reduction(+ : s))
      s += dot_wide(x, y, border(n, WORKER, threads), border(n, WORKER + 1, threads));
    }
    BARRIER;
  }
  return s;
}

__attribute__((noinline)) static void axpy_range(
    float alpha, const float *restrict x, float *restrict y, int64_t from, int64_t to) {
  for (int64_t i = from; i < to; i++) y[i] += alpha * x[i];
}

void vector_axpy(float alpha, const float *x, float *y, int64_t n, int threads, int64_t repeats) {
  for (int64_t r = 0; r < repeats; r++) {
    if (threads == 1) {
      axpy_range(alpha, x, y, 0, n);
    } else {
      PARALLEL(omp parallel num_threads(threads))
      axpy_range(alpha, x, y, border(n, WORKER, threads), border(n, WORKER + 1, threads));
    }
    BARRIER;
  }
}

__attribute__((noinline)) static double logistic_range(
    const float *restrict m, const float *restrict y, float *restrict d, int64_t from, int64_t to) {
  double loss = 0;
  for (int64_t block = from; block < to; block += 1024) {
    int64_t end = block + 1024 < to ? block + 1024 : to;
    float part = 0;
    for (int64_t i = block; i < end; i++) {
      part += logistic_loss(y[i] * m[i]);
      d[i] = logistic_slope(m[i], y[i]);
    }
    loss += part;
  }
  return loss;
}

double loss_logistic(const float *m, const float *y, float *d, int64_t n, int threads) {
  double loss = 0;
  if (threads == 1) return logistic_range(m, y, d, 0, n);
  PARALLEL(omp parallel num_threads(threads) reduction(+ : loss))
  loss += logistic_range(m, y, d, border(n, WORKER, threads), border(n, WORKER + 1, threads));
  return loss;
}
