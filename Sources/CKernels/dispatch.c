// Which instruction sets this machine has.
#include "include/CKernels.h"

#include <stddef.h>

#if defined(__x86_64__)
extern const cairn_kernels *cairn_avx512_single, *cairn_avx512_double, *cairn_avx2_single, *cairn_avx2_double;
extern const cairn_kernels *cairn_baseline_single, *cairn_baseline_double;

static int has(int32_t isa) {
  __builtin_cpu_init();
  int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  switch (isa) {
    case cairn_isa_baseline: return 1;
    case cairn_isa_avx2: return avx2;
    case cairn_isa_avx512:
      return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
    default: return 0;
  }
}

const cairn_kernels *cairn_kernels_single(int32_t isa) {
  if (!has(isa)) return NULL;
  return isa == cairn_isa_avx512 ? cairn_avx512_single : isa == cairn_isa_avx2 ? cairn_avx2_single : cairn_baseline_single;
}

const cairn_kernels *cairn_kernels_double(int32_t isa) {
  if (!has(isa)) return NULL;
  return isa == cairn_isa_avx512 ? cairn_avx512_double : isa == cairn_isa_avx2 ? cairn_avx2_double : cairn_baseline_double;
}
#elif defined(__aarch64__)
extern const cairn_kernels *cairn_neon_single, *cairn_neon_double;

const cairn_kernels *cairn_kernels_single(int32_t isa) { return isa == cairn_isa_neon ? cairn_neon_single : NULL; }
const cairn_kernels *cairn_kernels_double(int32_t isa) { return isa == cairn_isa_neon ? cairn_neon_double : NULL; }
#else
#error "There are kernels for x86-64 and 64-bit Arm."
#endif
