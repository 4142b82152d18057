// Every x86-64 machine: 16 registers of 16 bytes, no fused multiply-add, so other bits than the rest.
#if defined(__x86_64__)
#define VECTOR_BYTES 16
#define FMA(a, b, c) ((a) * (b) + (c))
#define MOST_ROWS 4
#define ALL_TILES                                                                                                     \
  TILES(1, 1) TILES(1, 2) TILES(1, 3) TILES(1, 4) TILES(2, 1) TILES(2, 2) TILES(2, 3) TILES(2, 4) TILES(3, 1)         \
  TILES(3, 2) TILES(3, 3) TILES(4, 1) TILES(4, 2)
#define MOST_COLUMNS(rows) ((rows) <= 2 ? 4 : (rows) == 3 ? 3 : 2)
#define DEPTH_BLOCK 256
#define MOST_PANELS 3
#define ALL_SPARSE SPARSE(1) SPARSE(2) SPARSE(3)
#define WEIGHTS_ROWS 3
#define WEIGHTS_COLUMNS 3
#define ALL_WEIGHTS                                                                                                   \
  WEIGHTS(1, 1) WEIGHTS(1, 2) WEIGHTS(1, 3) WEIGHTS(2, 1) WEIGHTS(2, 2) WEIGHTS(2, 3) WEIGHTS(3, 1)                   \
  WEIGHTS(3, 2) WEIGHTS(3, 3)
#define DOT_ROWS 1
#define PEAK_CHAINS 12
#include "kernels/all.h"
const cairn_kernels *cairn_baseline_single = &kernels_f32, *cairn_baseline_double = &kernels_f64;
#endif
