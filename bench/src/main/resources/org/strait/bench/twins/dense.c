/* Dense rows: each row is read once, for its margin and, out of the first-level cache, for the
   gradient. `parts` holds threads x cols floats. */
#include "twins.h"

static inline float row_dot(const float *x, const float *w, int64_t cols) {
  lanes a = {0}, b = {0}, c = {0}, d = {0};
  int64_t j = 0;
  for (; j + 64 <= cols; j += 64) {
    a += *(const lanes *)(x + j) * *(const lanes *)(w + j);
    b += *(const lanes *)(x + j + 16) * *(const lanes *)(w + j + 16);
    c += *(const lanes *)(x + j + 32) * *(const lanes *)(w + j + 32);
    d += *(const lanes *)(x + j + 48) * *(const lanes *)(w + j + 48);
  }
  float s = 0;
  for (; j < cols; j++) s += x[j] * w[j];
#ifdef WIDE
  return s + _mm512_reduce_add_ps((__m512)((a + b) + (c + d)));
#else
  return s + sum_lanes((a + b) + (c + d));
#endif
}

static inline void row_add(float c, const float *restrict x, float *restrict g, int64_t cols) {
  for (int64_t j = 0; j < cols; j++) g[j] += c * x[j];
}

/* Slopes to d; the loss is summed afterwards, from the margins, in vectors. */
__attribute__((noinline)) static double logistic_rows(
    const float *x, const float *y, const float *w, float *d, float *g, int64_t cols, int64_t from,
    int64_t to) {
  double loss = 0;
  float margins[256];
  for (int64_t block = from; block < to; block += 256) {
    int64_t count = to - block < 256 ? to - block : 256;
    for (int64_t i = 0; i < count; i++) {
      int64_t r = block + i;
      float m = row_dot(x + r * cols, w, cols);
      margins[i] = y[r] * m;
      d[r] = logistic_slope(m, y[r]);
      row_add(d[r], x + r * cols, g, cols);
    }
    float part = 0;
    for (int64_t i = 0; i < count; i++) part += logistic_loss(margins[i]);
    loss += part;
  }
  return loss;
}

static void add_parts(const float *parts, int threads, int64_t cols, float *gradient) {
  for (int t = 0; t < threads; t++)
    for (int64_t j = 0; j < cols; j++) gradient[j] += parts[t * cols + j];
}

/* gradient <- gradient + sum of slope x row; returns the loss. */
double dense_logistic(const float *x, const float *y, const float *w, float *d, float *gradient,
                      float *parts, int64_t rows, int64_t cols, int threads) {
  double loss = 0;
  memset(parts, 0, threads * cols * sizeof *parts);
  PARALLEL(omp parallel num_threads(threads) reduction(+ : loss))
  loss += logistic_rows(x, y, w, d, parts + WORKER * cols, cols, border(rows, WORKER, threads),
                        border(rows, WORKER + 1, threads));
  add_parts(parts, threads, cols, gradient);
  return loss;
}

__attribute__((noinline)) static void curvature_rows(
    const float *x, const float *c, const float *v, float *out, int64_t cols, int64_t from, int64_t to) {
  for (int64_t r = from; r < to; r++)
    row_add(c[r] * row_dot(x + r * cols, v, cols), x + r * cols, out, cols);
}

/* out <- out + X' diag(c) X v. */
void dense_curvature(const float *x, const float *c, const float *v, float *out, float *parts,
                     int64_t rows, int64_t cols, int threads) {
  memset(parts, 0, threads * cols * sizeof *parts);
  PARALLEL(omp parallel num_threads(threads))
  curvature_rows(x, c, v, parts + WORKER * cols, cols, border(rows, WORKER, threads),
                 border(rows, WORKER + 1, threads));
  add_parts(parts, threads, cols, out);
}

typedef void sgemm_function(int order, int ta, int tb, int m, int n, int k, float alpha, const float *a,
                            int lda, const float *b, int ldb, float beta, float *c, int ldc);

/* C <- A B, row-major, through a BLAS that is already in the process. */
void blas_sgemm(sgemm_function *sgemm, const float *a, const float *b, float *c, int m, int n, int k,
                int64_t repeats) {
  for (int64_t r = 0; r < repeats; r++) sgemm(101, 111, 111, m, n, k, 1, a, k, b, n, 0, c, n);
}
