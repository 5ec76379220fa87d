/* Sparse rows (CSR): one row after another; blocks of rows with gathers; and the loops of
   liblinear, with its nodes and float64. `parts` holds (threads - 1) x cols floats. */
#include "twins.h"

enum { BLOCK = 256 };

typedef struct {
  const int64_t *start;
  const int32_t *index;
  const float *value;
} csr;

/* Rows whose entries are about the part-th of all. */
static int64_t row_border(const int64_t *start, int64_t rows, int part, int parts) {
  int64_t entry = start[0] + (start[rows] - start[0]) / parts * part, low = 0, high = rows;
  if (part == parts) return rows;
  while (low < high) {
    int64_t middle = (low + high) / 2;
    if (start[middle] < entry) low = middle + 1;
    else high = middle;
  }
  return low;
}

static void clear_and_add(float *parts, int threads, int64_t cols, float *gradient, int add) {
  if (!add) memset(parts, 0, (threads - 1) * cols * sizeof *parts);
  else
    for (int t = 0; t < threads - 1; t++) {
      const float *restrict part = parts + t * cols;
      PARALLEL(omp parallel for num_threads(threads))
      for (int64_t j = 0; j < cols; j++) gradient[j] += part[j];
    }
}

static inline float plain_margin(csr x, const float *w, int64_t r) {
  float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  int64_t k = x.start[r], end = x.start[r + 1];
  for (; k + 4 <= end; k += 4) {
    s0 += x.value[k] * w[x.index[k]];
    s1 += x.value[k + 1] * w[x.index[k + 1]];
    s2 += x.value[k + 2] * w[x.index[k + 2]];
    s3 += x.value[k + 3] * w[x.index[k + 3]];
  }
  for (; k < end; k++) s0 += x.value[k] * w[x.index[k]];
  return (s0 + s1) + (s2 + s3);
}

static inline float gathered_margin(csr x, const float *w, int64_t r) {
#ifdef WIDE
  __m512 s = _mm512_setzero_ps();
  int64_t k = x.start[r], end = x.start[r + 1];
  for (; k + 16 <= end; k += 16)
    s = _mm512_fmadd_ps(_mm512_i32gather_ps(_mm512_loadu_si512(x.index + k), w, 4),
                        _mm512_loadu_ps(x.value + k), s);
  if (k < end) {
    __mmask16 rest = (__mmask16)((1u << (end - k)) - 1);
    s = _mm512_fmadd_ps(
        _mm512_mask_i32gather_ps(_mm512_setzero_ps(), rest, _mm512_maskz_loadu_epi32(rest, x.index + k), w, 4),
        _mm512_maskz_loadu_ps(rest, x.value + k), s);
  }
  return _mm512_reduce_add_ps(s);
#else
  return plain_margin(x, w, r);
#endif
}

static inline void add_row(csr x, int64_t r, float c, float *g) {
  for (int64_t k = x.start[r]; k < x.start[r + 1]; k++) g[x.index[k]] += c * x.value[k];
}

__attribute__((noinline)) static double plain_rows(
    csr x, const float *y, const float *w, float *d, float *g, int64_t from, int64_t to) {
  double loss = 0;
  for (int64_t r = from; r < to; r++) {
    float m = plain_margin(x, w, r);
    loss += logistic_loss(y[r] * m);
    d[r] = logistic_slope(m, y[r]);
    add_row(x, r, d[r], g);
  }
  return loss;
}

/* Margins, link and addition for a block whose entries stay in the second-level cache. */
__attribute__((noinline)) static double blocked_rows(
    csr x, const float *y, const float *w, float *d, float *g, int64_t from, int64_t to) {
  double loss = 0;
  float m[BLOCK];
  for (int64_t block = from; block < to; block += BLOCK) {
    int64_t count = to - block < BLOCK ? to - block : BLOCK;
    for (int64_t i = 0; i < count; i++) m[i] = gathered_margin(x, w, block + i);
    float part = 0;
    for (int64_t i = 0; i < count; i++) {
      part += logistic_loss(y[block + i] * m[i]);
      d[block + i] = logistic_slope(m[i], y[block + i]);
    }
    loss += part;
    for (int64_t i = 0; i < count; i++) add_row(x, block + i, d[block + i], g);
  }
  return loss;
}

/* gradient <- gradient + sum of slope x row; returns the loss. */
double sparse_logistic(const int64_t *start, const int32_t *index, const float *value, const float *y,
                       const float *w, float *d, float *gradient, float *parts, int64_t rows,
                       int64_t cols, int blocked, int threads) {
  csr x = {start, index, value};
  double loss = 0;
  clear_and_add(parts, threads, cols, gradient, 0);
  PARALLEL(omp parallel num_threads(threads) reduction(+ : loss))
  {
    int t = WORKER;
    int64_t from = row_border(start, rows, t, threads), to = row_border(start, rows, t + 1, threads);
    float *g = t == 0 ? gradient : parts + (t - 1) * cols;
    loss += blocked ? blocked_rows(x, y, w, d, g, from, to) : plain_rows(x, y, w, d, g, from, to);
  }
  clear_and_add(parts, threads, cols, gradient, 1);
  return loss;
}

__attribute__((noinline)) static void curvature_rows(
    csr x, const float *c, const float *v, float *out, int64_t from, int64_t to) {
  float m[BLOCK];
  for (int64_t block = from; block < to; block += BLOCK) {
    int64_t count = to - block < BLOCK ? to - block : BLOCK;
    for (int64_t i = 0; i < count; i++) m[i] = c[block + i] * gathered_margin(x, v, block + i);
    for (int64_t i = 0; i < count; i++) add_row(x, block + i, m[i], out);
  }
}

/* out <- out + X' diag(c) X v. */
void sparse_curvature(const int64_t *start, const int32_t *index, const float *value, const float *c,
                      const float *v, float *out, float *parts, int64_t rows, int64_t cols, int threads) {
  csr x = {start, index, value};
  clear_and_add(parts, threads, cols, out, 0);
  PARALLEL(omp parallel num_threads(threads))
  {
    int t = WORKER;
    curvature_rows(x, c, v, t == 0 ? out : parts + (t - 1) * cols, row_border(start, rows, t, threads),
                   row_border(start, rows, t + 1, threads));
  }
  clear_and_add(parts, threads, cols, out, 1);
}

/* liblinear's form: nodes of 16 bytes, a row ends with index -1, everything in float64, one pass for
   the loss and one for the gradient. */
typedef struct {
  int index;
  double value;
} node;

/* Writes entries + rows nodes. */
void nodes_fill(const int64_t *start, const int32_t *index, const float *value, int64_t rows, node *nodes) {
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t k = start[r]; k < start[r + 1]; k++) *nodes++ = (node){index[k], value[k]};
    *nodes++ = (node){-1, 0};
  }
}

double nodes_logistic(const node *nodes, const int64_t *start, const float *y, const double *w, double *z,
                      double *g, int64_t rows) {
  double loss = 0;
  for (int64_t r = 0; r < rows; r++) {
    double m = 0;
    for (const node *n = nodes + (start[r] - start[0]) + r; n->index >= 0; n++) m += w[n->index] * n->value;
    double ym = y[r] * m;
    loss += ym >= 0 ? log1p(exp(-ym)) : -ym + log1p(exp(ym));
    z[r] = (1 / (1 + exp(-ym)) - 1) * y[r];
  }
  for (int64_t r = 0; r < rows; r++)
    for (const node *n = nodes + (start[r] - start[0]) + r; n->index >= 0; n++) g[n->index] += z[r] * n->value;
  return loss;
}
