// Every kernel for both number types, by the instruction set that the including file names: VECTOR_BYTES, FMA, MOST_ROWS,
// ALL_TILES, DOT_ROWS, WEIGHTS_ROWS, WEIGHTS_COLUMNS, ALL_WEIGHTS, MOST_PANELS, ALL_SPARSE and PEAK_CHAINS.
#include "../include/CKernels.h"

// Sums keep the order and the roundings that are written here.
#pragma STDC FP_CONTRACT OFF
// Vectors wider than a register are passed between inlined functions alone.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define INFINITE __builtin_inff()

#define T double
#define INT int64_t
#define SINGLE 0
#define F(name) name##_f64
#include "body.h"
#define T float
#define INT int32_t
#define SINGLE 1
#define F(name) name##_f32
#include "body.h"
