/* Selection and quantisation of a vector of floats. */
#include "twins.h"

static inline uint32_t magnitude(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  return bits & 0x7fffffffu;
}

static inline float as_float(uint32_t bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

/* Magnitudes have the order of their bits. */
__attribute__((noinline)) static uint32_t max_range(const uint32_t *bits, int64_t from, int64_t to) {
  uint32_t m = 0;
  for (int64_t i = from; i < to; i++) {
    uint32_t b = bits[i] & 0x7fffffffu;
    m = b > m ? b : m;
  }
  return m;
}

float codec_max_abs(const float *x, int64_t n, int threads) {
  uint32_t m = 0;
  const uint32_t *bits = (const uint32_t *)x;
  if (threads == 1) return as_float(max_range(bits, 0, n));
  PARALLEL(omp parallel num_threads(threads) reduction(max : m))
  m = max_range(bits, border(n, WORKER, threads), border(n, WORKER + 1, threads));
  return as_float(m);
}

/* Elements of [from, to) with |x| >= threshold, to at + 0 ...; writes up to 15 elements too many. */
__attribute__((noinline)) static int64_t select_range(
    const float *x, int64_t from, int64_t to, float threshold, int32_t *indices, float *values, int64_t at) {
  int64_t i = from, first = at;
#ifdef WIDE
  __m512 limit = _mm512_set1_ps(threshold);
  __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (; i + 16 <= to; i += 16) {
    __m512 v = _mm512_loadu_ps(x + i);
    __mmask16 hit = _mm512_cmp_ps_mask(_mm512_abs_ps(v), limit, _CMP_GE_OQ);
    if (hit) {
      _mm512_storeu_ps(values + at, _mm512_maskz_compress_ps(hit, v));
      _mm512_storeu_si512(indices + at, _mm512_maskz_compress_epi32(
                                            hit, _mm512_add_epi32(lane, _mm512_set1_epi32((int)i))));
      at += __builtin_popcount(hit);
    }
  }
#endif
  for (; i < to; i++)
    if (fabsf(x[i]) >= threshold) {
      indices[at] = (int32_t)i;
      values[at++] = x[i];
    }
  return at - first;
}

/* Returns how many; indices and values have room for n + 16. */
int64_t codec_select(const float *x, int64_t n, float threshold, int32_t *indices, float *values, int threads) {
  if (threads == 1) return select_range(x, 0, n, threshold, indices, values, 0);
  int64_t found[64] = {0};
  int parts = threads < 64 ? threads : 64;
  /* Every part writes where its input begins; a gap of 16 keeps it off its neighbour. */
  PARALLEL(omp parallel num_threads(parts))
  {
    int64_t from = border(n, WORKER, parts), to = border(n, WORKER + 1, parts);
    int64_t safe = to - from > 16 && to < n ? to - 16 : to;
    int64_t count = select_range(x, from, safe, threshold, indices, values, from);
    if (safe < to)
      for (int64_t i = safe; i < to; i++)
        if (fabsf(x[i]) >= threshold) {
          indices[from + count] = (int32_t)i;
          values[from + count++] = x[i];
        }
    found[WORKER] = count;
  }
  int64_t total = found[0];
  for (int t = 1; t < parts; t++) {
    memmove(indices + total, indices + border(n, t, parts), found[t] * 4);
    memmove(values + total, values + border(n, t, parts), found[t] * 4);
    total += found[t];
  }
  return total;
}

/* The k-th largest magnitude of count values, by three digits of 11, 10 and 10 bits. */
static uint32_t kth_bits(const float *values, int64_t count, int64_t k) {
  static const int shift[] = {20, 10, 0}, bits[] = {11, 10, 10};
  uint32_t prefix = 0, mask = 0;
  for (int digit = 0; digit < 3; digit++) {
    int64_t histogram[2048] = {0};
    for (int64_t i = 0; i < count; i++) {
      uint32_t m = magnitude(values[i]);
      if ((m & mask) == prefix) histogram[m >> shift[digit] & ((1u << bits[digit]) - 1)]++;
    }
    int64_t bin = (1 << bits[digit]) - 1;
    while (histogram[bin] < k) k -= histogram[bin--];
    prefix |= (uint32_t)bin << shift[digit];
    mask |= ((1u << bits[digit]) - 1) << shift[digit];
  }
  return prefix;
}

/* Exactly k elements of largest magnitude, ascending indices. A sample gives a threshold that a few
   more than k pass; the exact one is found among those. Room for n + 16 in indices and values. */
int64_t codec_top_k(const float *x, int64_t n, int64_t k, int32_t *indices, float *values, int threads) {
  enum { STRIDE = 64 };
  int64_t sampled = n / STRIDE, passed = -1;
  if (sampled > 0 && k < n / 4) {
    float *sample = malloc(sampled * sizeof *sample);
    for (int64_t i = 0; i < sampled; i++) sample[i] = x[i * STRIDE];
    int64_t rank = k / STRIDE + 4 * (int64_t)sqrt((double)k / STRIDE + 1) + 1;
    uint32_t guess = kth_bits(sample, sampled, rank < sampled ? rank : sampled);
    free(sample);
    passed = codec_select(x, n, as_float(guess), indices, values, threads);
  }
  if (passed < k) passed = codec_select(x, n, 0, indices, values, threads);
  uint32_t kth = kth_bits(values, passed, k);
  int64_t above = 0, at = 0;
  for (int64_t i = 0; i < passed; i++) above += magnitude(values[i]) > kth;
  int64_t ties = k - above;
  for (int64_t i = 0; i < passed; i++) {
    uint32_t m = magnitude(values[i]);
    if (m > kth || (m == kth && ties-- > 0)) {
      indices[at] = indices[i];
      values[at++] = values[i];
    }
  }
  return at;
}

static inline float block_max(const float *x, int64_t count) {
  return as_float(max_range((const uint32_t *)x, 0, count));
}

/* Blocks of `block` elements, the last may be shorter: scale = max/127, code = x/scale. */
void codec_quantize8(const float *x, int64_t n, int64_t block, int8_t *codes, float *scales, int threads) {
  PARALLEL(omp parallel for num_threads(threads) schedule(static))
  for (int64_t b = 0; b < (n + block - 1) / block; b++) {
    const float *restrict from = x + b * block;
    int8_t *restrict to = codes + b * block;
    int64_t count = n - b * block < block ? n - b * block : block;
    float m = block_max(from, count), by = m > 0 ? 127 / m : 0;
    scales[b] = m / 127;
    for (int64_t i = 0; i < count; i++) to[i] = (int8_t)(int)rintf(from[i] * by);
  }
}

/* As above with scale = max/7 and two codes a byte: of 32 elements the first 16 in the low halves,
   the others in the high ones. n and block are multiples of 32. */
void codec_quantize4(const float *x, int64_t n, int64_t block, uint8_t *codes, float *scales, int threads) {
  PARALLEL(omp parallel for num_threads(threads) schedule(static))
  for (int64_t b = 0; b < (n + block - 1) / block; b++) {
    const float *restrict from = x + b * block;
    uint8_t *restrict to = codes + b * block / 2;
    int64_t count = n - b * block < block ? n - b * block : block;
    float m = block_max(from, count), by = m > 0 ? 7 / m : 0;
    scales[b] = m / 7;
    for (int64_t i = 0; i < count; i += 32)
      for (int j = 0; j < 16; j++)
        to[i / 2 + j] = (uint8_t)(((int)rintf(from[i + j] * by) & 15) | (int)rintf(from[i + 16 + j] * by) << 4);
  }
}

/* sum <- sum + codes x scale of their block. */
void codec_decode_add8(const int8_t *codes, int64_t n, int64_t block, const float *scales, float *sum,
                       int threads) {
  PARALLEL(omp parallel for num_threads(threads) schedule(static))
  for (int64_t b = 0; b < (n + block - 1) / block; b++) {
    const int8_t *restrict from = codes + b * block;
    float *restrict to = sum + b * block;
    float scale = scales[b];
    int64_t count = n - b * block < block ? n - b * block : block;
    for (int64_t i = 0; i < count; i++) to[i] += scale * from[i];
  }
}

/* As above for the codes of codec_quantize4. */
void codec_decode_add4(const uint8_t *codes, int64_t n, int64_t block, const float *scales, float *sum,
                       int threads) {
  PARALLEL(omp parallel for num_threads(threads) schedule(static))
  for (int64_t b = 0; b < (n + block - 1) / block; b++) {
    const uint8_t *restrict from = codes + b * block / 2;
    float *restrict to = sum + b * block;
    float scale = scales[b];
    int64_t count = n - b * block < block ? n - b * block : block;
    for (int64_t i = 0; i < count; i += 32)
      for (int j = 0; j < 16; j++) {
        to[i + j] += scale * (float)((int32_t)((uint32_t)from[i / 2 + j] << 28) >> 28);
        to[i + 16 + j] += scale * (float)((int8_t)from[i / 2 + j] >> 4);
      }
  }
}
