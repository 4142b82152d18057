// Vectors of the number type T, and what is done with them. `wide` has the virtual lanes (64 bytes); `native` is one
// register of the instruction set.
#define PANEL ((int64_t)(64 / sizeof(T)))
#define VLANES ((int64_t)(VECTOR_BYTES / sizeof(T)))
#define PARTS (64 / VECTOR_BYTES)

typedef T F(wide) __attribute__((vector_size(64), aligned(64), may_alias));
typedef T F(native) __attribute__((vector_size(VECTOR_BYTES), aligned(VECTOR_BYTES), may_alias));
typedef INT F(words) __attribute__((vector_size(64), aligned(64), may_alias));
typedef int32_t F(labels) __attribute__((vector_size(4 * 64 / sizeof(T)), aligned(4), may_alias));
#define WIDE F(wide)
#define NATIVE F(native)

INLINE WIDE F(load)(const T *p) { return *(const WIDE *)p; }
INLINE void F(store)(T *p, WIDE v) { *(WIDE *)p = v; }
// x - 0 is x, whatever its sign, so no instruction is left of it; 0 + x would turn -0 into 0.
INLINE WIDE F(splat)(T x) { return x - (WIDE){}; }
/// a where the mask is all ones, b where it is zero.
INLINE WIDE F(select)(F(words) mask, WIDE a, WIDE b) {
  return (WIDE)(((F(words))a & mask) | ((F(words))b & ~mask));
}
INLINE WIDE F(fma)(WIDE a, WIDE b, WIDE c) { return FMA(a, b, c); }

/// Lanes 0, 1, 2 ...
INLINE F(words) F(lane_numbers)(void) {
  F(words) v;
  for (int i = 0; i < PANEL; i++) v[i] = i;
  return v;
}

/// v where lane < count, else 0.
INLINE WIDE F(first_lanes)(WIDE v, int64_t count) {
  return F(select)(F(lane_numbers)() < (INT)count, v, F(splat)(0));
}

/// The sum of all lanes: the upper half onto the lower, until one is left.
INLINE T F(tree)(WIDE v) {
#if SINGLE
  __auto_type eight = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
                      __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  __auto_type four =
      __builtin_shufflevector(eight, eight, 0, 1, 2, 3) + __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
#else
  __auto_type four = __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
#endif
  return (four[0] + four[2]) + (four[1] + four[3]);
}

#if SINGLE
typedef float F(four) __attribute__((vector_size(16), aligned(4), may_alias));
/// The trees of four vectors at once.
INLINE F(four) F(tree4)(WIDE a, WIDE b, WIDE c, WIDE d) {
  WIDE ab = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
            __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  WIDE cd = __builtin_shufflevector(c, d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
            __builtin_shufflevector(c, d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  WIDE all = __builtin_shufflevector(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
             __builtin_shufflevector(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  WIDE two = all + __builtin_shufflevector(all, all, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  WIDE one = two + __builtin_shufflevector(two, two, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  return __builtin_shufflevector(one, one, 0, 4, 8, 12);
}
#else
typedef double F(four) __attribute__((vector_size(32), aligned(8), may_alias));
INLINE F(four) F(tree4)(WIDE a, WIDE b, WIDE c, WIDE d) {
  WIDE ab = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) +
            __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  WIDE cd = __builtin_shufflevector(c, d, 0, 1, 2, 3, 8, 9, 10, 11) +
            __builtin_shufflevector(c, d, 4, 5, 6, 7, 12, 13, 14, 15);
  WIDE all = __builtin_shufflevector(ab, cd, 0, 1, 4, 5, 8, 9, 12, 13) +
             __builtin_shufflevector(ab, cd, 2, 3, 6, 7, 10, 11, 14, 15);
  WIDE one = all + __builtin_shufflevector(all, all, 1, 0, 3, 2, 5, 4, 7, 6);
  return __builtin_shufflevector(one, one, 0, 2, 4, 6);
}
#endif
