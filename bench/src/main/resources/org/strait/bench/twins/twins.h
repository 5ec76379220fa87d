/* The same work as Strait's kernels, in C: what a compiler makes of it on this machine.
   Every function takes the number of threads; without OpenMP only 1 is used. */
#ifndef STRAIT_TWINS_H
#define STRAIT_TWINS_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#define PARALLEL(clauses) _Pragma(#clauses)
#define WORKER omp_get_thread_num()
#else
#define PARALLEL(clauses)
#define WORKER 0
#endif

#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512BW__)
#include <immintrin.h>
#define WIDE 1
#endif

/* Sixteen floats; the compiler cuts them to the width of the machine. */
typedef float lanes __attribute__((vector_size(64), aligned(4)));

/* Keeps the compiler from moving work over this line. */
#define BARRIER __asm__ volatile("" ::: "memory")

/* Where part `part` of `parts` of n elements begins, on a whole cache line. */
static inline int64_t border(int64_t n, int part, int parts) {
  return part == parts ? n : n / parts * part & ~(int64_t)63;
}

static inline float sum_lanes(lanes v) {
  float s = 0;
  for (int i = 0; i < 16; i++) s += v[i];
  return s;
}

/* exp(-a) for a >= 0, by 2^whole x 2^part and the Taylor polynomial of the part: loops of it become
   vectors everywhere, loops of the library's expf only with some compilers. */
static inline float exp_minus(float a) {
  float t = a * -1.44269504f;
  t = t < -126 ? -126 : t;
  float whole = rintf(t), x = (t - whole) * 0.693147181f;
  float p = 1 + x * (1 + x * (0.5f + x * (1.0f / 6 + x * (1.0f / 24 + x * (1.0f / 120 + x * (1.0f / 720))))));
  int32_t bits = ((int32_t)whole + 127) << 23;
  float power;
  memcpy(&power, &bits, 4);
  return p * power;
}

/* log(1 + e) for 0 <= e <= 1, by the series of the inverse hyperbolic tangent. */
static inline float log_one_plus(float e) {
  float s = e / (2 + e), q = s * s;
  return 2 * s * (1 + q * (1.0f / 3 + q * (0.2f + q * (1.0f / 7 + q * (1.0f / 9 + q * (1.0f / 11 + q * (1.0f / 13)))))));
}

/* Loss log(1 + exp(-ym)) of a label times a margin. */
static inline float logistic_loss(float ym) {
  return log_one_plus(exp_minus(fabsf(ym))) + (ym < 0 ? -ym : 0);
}

/* Its derivative with respect to m. */
static inline float logistic_slope(float m, float y) {
  float e = exp_minus(fabsf(m));
  return -y * (y * m >= 0 ? e : 1.0f) / (1.0f + e);
}

#endif
