// AVX-512: 32 registers of 64 bytes.
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#define VECTOR_BYTES 64
#define FMA(a, b, c) __builtin_elementwise_fma((a), (b), (c))
#define MOST_ROWS 6
#define ALL_TILES                                                                                                     \
  TILES(1, 1) TILES(1, 2) TILES(1, 3) TILES(1, 4) TILES(2, 1) TILES(2, 2) TILES(2, 3) TILES(2, 4) TILES(3, 1)         \
  TILES(3, 2) TILES(3, 3) TILES(3, 4) TILES(3, 5) TILES(4, 1) TILES(4, 2) TILES(4, 3) TILES(4, 4) TILES(4, 5)         \
  TILES(5, 1) TILES(5, 2) TILES(5, 3) TILES(5, 4) TILES(5, 5) TILES(6, 1) TILES(6, 2) TILES(6, 3) TILES(6, 4)
#define MOST_COLUMNS(rows) ((rows) == 4 || (rows) == 5 ? 5 : 4)
#define DEPTH_BLOCK 256
#define MOST_PANELS 14
#define ALL_SPARSE                                                                                                    \
  SPARSE(1) SPARSE(2) SPARSE(3) SPARSE(4) SPARSE(5) SPARSE(6) SPARSE(7)                                               \
  SPARSE(8) SPARSE(9) SPARSE(10) SPARSE(11) SPARSE(12) SPARSE(13) SPARSE(14)
#define WEIGHTS_ROWS 4
#define WEIGHTS_COLUMNS 5
#define ALL_WEIGHTS                                                                                                   \
  WEIGHTS(1, 1) WEIGHTS(1, 2) WEIGHTS(1, 3) WEIGHTS(1, 4) WEIGHTS(1, 5) WEIGHTS(2, 1) WEIGHTS(2, 2)                   \
  WEIGHTS(2, 3) WEIGHTS(2, 4) WEIGHTS(2, 5) WEIGHTS(3, 1) WEIGHTS(3, 2) WEIGHTS(3, 3) WEIGHTS(3, 4)                   \
  WEIGHTS(3, 5) WEIGHTS(4, 1) WEIGHTS(4, 2) WEIGHTS(4, 3) WEIGHTS(4, 4) WEIGHTS(4, 5)
#define DOT_ROWS 4
#define PEAK_CHAINS 16
#include "kernels/all.h"
#pragma clang attribute pop
const cairn_kernels *cairn_avx512_single = &kernels_f32, *cairn_avx512_double = &kernels_f64;
#endif
