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

/* dloss/dm of log(1 + exp(-y m)). */
static inline float logistic_slope(float m, float y) {
  float e = expf(-fabsf(m));
  return -y * (y * m >= 0 ? e : 1.0f) / (1.0f + e);
}

#endif
