// 64-bit Arm: 32 registers of 16 bytes, fused multiply-add on every machine.
#if defined(__aarch64__)
#define VECTOR_BYTES 16
#define FMA(a, b, c) __builtin_elementwise_fma((a), (b), (c))
#define MOST_ROWS 6
#define ALL_TILES                                                                                                     \
  TILES(1, 1) TILES(1, 2) TILES(1, 3) TILES(1, 4) TILES(2, 1) TILES(2, 2) TILES(2, 3) TILES(2, 4) TILES(3, 1)         \
  TILES(3, 2) TILES(3, 3) TILES(3, 4) TILES(4, 1) TILES(4, 2) TILES(4, 3) TILES(4, 4) TILES(5, 1) TILES(5, 2)         \
  TILES(5, 3) TILES(5, 4) TILES(6, 1) TILES(6, 2) TILES(6, 3) TILES(6, 4)
#define MOST_COLUMNS(rows) 4
#define DEPTH_BLOCK 256
#define MOST_PANELS 6
#define ALL_SPARSE SPARSE(1) SPARSE(2) SPARSE(3) SPARSE(4) SPARSE(5) SPARSE(6)
#define WEIGHTS_ROWS 4
#define WEIGHTS_COLUMNS 5
#define ALL_WEIGHTS                                                                                                   \
  WEIGHTS(1, 1) WEIGHTS(1, 2) WEIGHTS(1, 3) WEIGHTS(1, 4) WEIGHTS(1, 5) WEIGHTS(2, 1) WEIGHTS(2, 2)                   \
  WEIGHTS(2, 3) WEIGHTS(2, 4) WEIGHTS(2, 5) WEIGHTS(3, 1) WEIGHTS(3, 2) WEIGHTS(3, 3) WEIGHTS(3, 4)                   \
  WEIGHTS(3, 5) WEIGHTS(4, 1) WEIGHTS(4, 2) WEIGHTS(4, 3) WEIGHTS(4, 4) WEIGHTS(4, 5)
#define DOT_ROWS 1
#define PEAK_CHAINS 16
#include "kernels/all.h"
const cairn_kernels *cairn_neon_single = &kernels_f32, *cairn_neon_double = &kernels_f64;
#endif
