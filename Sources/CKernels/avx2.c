// AVX2 with fused multiply-add: 16 registers of 32 bytes.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define VECTOR_BYTES 32
#define FMA(a, b, c) __builtin_elementwise_fma((a), (b), (c))
#define MOST_ROWS 6
#define ALL_TILES                                                                                                     \
  TILES(1, 1) TILES(1, 2) TILES(1, 3) TILES(1, 4) TILES(2, 1) TILES(2, 2) TILES(2, 3) TILES(2, 4) TILES(3, 1)         \
  TILES(3, 2) TILES(3, 3) TILES(4, 1) TILES(4, 2) TILES(5, 1) TILES(5, 2) TILES(6, 1) TILES(6, 2)
#define MOST_COLUMNS(rows) ((rows) <= 2 ? 4 : (rows) == 3 ? 3 : 2)
#define DEPTH_BLOCK 256
#define MOST_PANELS 6
#define ALL_SPARSE SPARSE(1) SPARSE(2) SPARSE(3) SPARSE(4) SPARSE(5) SPARSE(6)
#define WEIGHTS_ROWS 3
#define WEIGHTS_COLUMNS 3
#define ALL_WEIGHTS                                                                                                   \
  WEIGHTS(1, 1) WEIGHTS(1, 2) WEIGHTS(1, 3) WEIGHTS(2, 1) WEIGHTS(2, 2) WEIGHTS(2, 3) WEIGHTS(3, 1)                   \
  WEIGHTS(3, 2) WEIGHTS(3, 3)
#define DOT_ROWS 1
#define PEAK_CHAINS 12
#include "kernels/all.h"
#pragma clang attribute pop
const cairn_kernels *cairn_avx2_single = &kernels_f32, *cairn_avx2_double = &kernels_f64;
#endif
