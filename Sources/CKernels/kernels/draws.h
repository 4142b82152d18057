// Random draws as functions of a key and a counter: Philox4x32-10, and normals by Box and Muller.

typedef uint64_t F(counters) __attribute__((vector_size(64), aligned(64), may_alias));
#define COUNTERS F(counters)

/// Philox4x32-10 of eight counters; each word is in the low half of its lane.
INLINE void F(philox)(uint32_t low, uint32_t high, COUNTERS word[4]) {
  const uint64_t mask = 0xffffffff;
  for (int round = 0; round < 10; round++) {
    COUNTERS first = word[0] * 0xD2511F53, second = word[2] * 0xCD9E8D57;
    word[0] = (second >> 32) ^ word[1] ^ low;
    word[1] = second & mask;
    word[2] = (first >> 32) ^ word[3] ^ high;
    word[3] = first & mask;
    low += 0x9E3779B9;
    high += 0xBB67AE85;
  }
}

INLINE COUNTERS F(eight_from)(uint64_t first) {
  return (COUNTERS){first, first + 1, first + 2, first + 3, first + 4, first + 5, first + 6, first + 7};
}

/// Two normals of each of eight counters.
INLINE void F(box_muller)(const COUNTERS word[4], wide_f64 *cosines, wide_f64 *sines) {
  wide_f64 u = __builtin_convertvector(((word[1] << 32 | word[0]) >> 11) + 1, wide_f64) * 0x1p-53;
  wide_f64 v = __builtin_convertvector((word[3] << 32 | word[2]) >> 11, wide_f64) * 0x1p-53;
  wide_f64 radius = __builtin_elementwise_sqrt(-2 * log_f64(u));
  // Quarter turns are exact; what is left is at most an eighth of a turn to either side.
  wide_f64 shifted = v * 4 + 6755399441055744.0;
  wide_f64 quarter = shifted - 6755399441055744.0;
  words_f64 turn = (words_f64)shifted & 3;
  wide_f64 angle = (v - quarter * 0.25) * 6.283185307179586;
  wide_f64 square = angle * angle;
  wide_f64 cosine = splat_f64(1.0 / 20922789888000.0), sine = splat_f64(1.0 / 355687428096000.0);
  static const double cosine_terms[] = {-1.0 / 87178291200.0, 1.0 / 479001600.0, -1.0 / 3628800.0, 1.0 / 40320.0,
                                        -1.0 / 720.0,         1.0 / 24.0,        -1.0 / 2.0,       1.0};
  static const double sine_terms[] = {-1.0 / 1307674368000.0, 1.0 / 6227020800.0, -1.0 / 39916800.0, 1.0 / 362880.0,
                                      -1.0 / 5040.0,          1.0 / 120.0,        -1.0 / 6.0,        1.0};
  UNROLL for (int i = 0; i < 8; i++) {
    cosine = fma_f64(cosine, square, splat_f64(cosine_terms[i]));
    sine = fma_f64(sine, square, splat_f64(sine_terms[i]));
  }
  sine = sine * angle;
  words_f64 odd = (turn & 1) != 0;
  wide_f64 x = select_f64(odd, sine, cosine), y = select_f64(odd, cosine, sine);
  *cosines = radius * select_f64((turn == 1) | (turn == 2), -x, x);
  *sines = radius * select_f64(turn >= 2, -y, y);
}

static void F(normals)(uint32_t key_low, uint32_t key_high, uint32_t unit, uint32_t layer, uint32_t purpose,
                       double deviation, void *row, int64_t inputs) {
  T *out = row;
  for (int64_t first = 0; first < inputs; first += 16) {
    COUNTERS word[4] = {F(eight_from)((uint64_t)first / 2), (COUNTERS){} + unit, (COUNTERS){} + layer,
                        (COUNTERS){} + purpose};
    F(philox)(key_low, key_high, word);
    wide_f64 a, b;
    F(box_muller)(word, &a, &b);
    a = a * deviation;
    b = b * deviation;
    int64_t here = inputs - first < 16 ? inputs - first : 16;
    T values[16];
    for (int i = 0; i < 8; i++) {
      values[2 * i] = (T)a[i];
      values[2 * i + 1] = (T)b[i];
    }
    if (here == 16)
      __builtin_memcpy(out + first, values, sizeof values);
    else
      for (int64_t i = 0; i < here; i++) out[first + i] = values[i];
  }
}

static void F(mask)(uint32_t key_low, uint32_t key_high, uint32_t unit, uint32_t iteration, uint32_t purpose,
                    double threshold, double scale, const int64_t *chosen, int64_t count, void *row) {
  T *out = row;
  for (int64_t n = 0; n < count; n += 8) {
    int64_t here = count - n < 8 ? count - n : 8;
    COUNTERS example = F(eight_from)((uint64_t)n);
    if (chosen)
      for (int64_t i = 0; i < here; i++) example[i] = (uint64_t)chosen[n + i];
    COUNTERS word[4] = {(example >> 2) & 0xffffffff, (COUNTERS){} + unit, (COUNTERS){} + iteration,
                        (COUNTERS){} + purpose};
    F(philox)(key_low, key_high, word);
    for (int64_t i = 0; i < here; i++)
      out[n + i] = (double)word[example[i] & 3][i] >= threshold ? (T)scale : 0;
  }
}
