#include "CPeak.h"

// The chains' results go here, so that they are computed at all.
static volatile float sink;

#define CHAINS_8(step) step(0) step(1) step(2) step(3) step(4) step(5) step(6) step(7)
#define CHAINS_12(step) CHAINS_8(step) step(8) step(9) step(10) step(11)
#define CHAINS_16(step) CHAINS_12(step) step(12) step(13) step(14) step(15)

#if defined(__x86_64__)
#include <immintrin.h>

// Two multiply-adds start in a cycle and each takes four: 8 chains would do; more hide what else there is. Twelve and two
// constants fit the 16 registers of AVX2.
__attribute__((target("avx512f"))) static double run_avx512(long rounds) {
  const __m512 scale = _mm512_set1_ps(0.9999999f), add = _mm512_set1_ps(1e-7f);
#define DECLARE(i) __m512 c##i = _mm512_set1_ps(1.0f + i);
#define STEP(i) c##i = _mm512_fmadd_ps(c##i, scale, add);
#define SUM(i) total = _mm512_add_ps(total, c##i);
  CHAINS_16(DECLARE)
  for (long round = 0; round < rounds; round++) { CHAINS_16(STEP) }
  __m512 total = _mm512_setzero_ps();
  CHAINS_16(SUM)
  sink = _mm512_cvtss_f32(total);
  return 2.0 * 16 * 16 * (double)rounds;
#undef DECLARE
#undef STEP
#undef SUM
}

__attribute__((target("avx2,fma"))) static double run_avx2(long rounds) {
  const __m256 scale = _mm256_set1_ps(0.9999999f), add = _mm256_set1_ps(1e-7f);
#define DECLARE(i) __m256 c##i = _mm256_set1_ps(1.0f + i);
#define STEP(i) c##i = _mm256_fmadd_ps(c##i, scale, add);
#define SUM(i) total = _mm256_add_ps(total, c##i);
  CHAINS_12(DECLARE)
  for (long round = 0; round < rounds; round++) { CHAINS_12(STEP) }
  __m256 total = _mm256_setzero_ps();
  CHAINS_12(SUM)
  sink = _mm256_cvtss_f32(total);
  return 2.0 * 12 * 8 * (double)rounds;
#undef DECLARE
#undef STEP
#undef SUM
}

// SSE2 has no multiply-add: a multiplication and an addition, which is what the baseline can do at best.
static double run_baseline(long rounds) {
  const __m128 scale = _mm_set1_ps(0.9999999f), add = _mm_set1_ps(1e-7f);
#define DECLARE(i) __m128 c##i = _mm_set1_ps(1.0f + i);
#define STEP(i) c##i = _mm_add_ps(_mm_mul_ps(c##i, scale), add);
#define SUM(i) total = _mm_add_ps(total, c##i);
  CHAINS_12(DECLARE)
  for (long round = 0; round < rounds; round++) { CHAINS_12(STEP) }
  __m128 total = _mm_setzero_ps();
  CHAINS_12(SUM)
  sink = _mm_cvtss_f32(total);
  return 2.0 * 12 * 4 * (double)rounds;
#undef DECLARE
#undef STEP
#undef SUM
}

int cpeak_has(int isa) {
  if (isa == CPEAK_AVX512) return __builtin_cpu_supports("avx512f") != 0;
  if (isa == CPEAK_AVX2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return isa == CPEAK_BASELINE;
}

double cpeak_run(int isa, long rounds) {
  if (!cpeak_has(isa)) return 0;
  if (isa == CPEAK_AVX512) return run_avx512(rounds);
  if (isa == CPEAK_AVX2) return run_avx2(rounds);
  return run_baseline(rounds);
}

#elif defined(__aarch64__)
#include <arm_neon.h>

int cpeak_has(int isa) { return isa == CPEAK_BASELINE; }

double cpeak_run(int isa, long rounds) {
  if (!cpeak_has(isa)) return 0;
  const float32x4_t scale = vdupq_n_f32(0.9999999f), add = vdupq_n_f32(1e-7f);
#define DECLARE(i) float32x4_t c##i = vdupq_n_f32(1.0f + i);
#define STEP(i) c##i = vfmaq_f32(add, c##i, scale);
#define SUM(i) total = vaddq_f32(total, c##i);
  CHAINS_16(DECLARE)
  for (long round = 0; round < rounds; round++) { CHAINS_16(STEP) }
  float32x4_t total = vdupq_n_f32(0);
  CHAINS_16(SUM)
  sink = vgetq_lane_f32(total, 0);
  return 2.0 * 16 * 4 * (double)rounds;
}

#else
int cpeak_has(int isa) { return 0; }
double cpeak_run(int isa, long rounds) { return 0; }
#endif
