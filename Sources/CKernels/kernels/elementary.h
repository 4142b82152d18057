// Elementary functions by additions, multiplications, divisions and square roots, the same bits on every machine.

#if SINGLE
#define MAGIC 12582912.0f /* 1.5 * 2^23: adding it rounds to an integer, which is then in the low bits */
#define EXPONENT_SHIFT 23
#define EXPONENT_BIAS 127
#define EXP_TERMS 7
#define LN2_HIGH 0x1.62e4p-1f
#define LN2_LOW 0x1.7f7d1cp-20f
#define EXP_MOST 88.7228394f
#define EXP_LEAST (-104.0f)
#else
#define MAGIC 6755399441055744.0 /* 1.5 * 2^52 */
#define EXPONENT_SHIFT 52
#define EXPONENT_BIAS 1023
#define EXP_TERMS 13
#define LN2_HIGH 0x1.62e42fee00000p-1
#define LN2_LOW 0x1.a39ef35793c76p-33
#define EXP_MOST 709.782712893384
#define EXP_LEAST (-745.2)
#endif

/// 2^n for an integer n whose power is a normal number; n in the low bits of a number that MAGIC was added to.
INLINE WIDE F(power)(F(words) n) { return (WIDE)((n + EXPONENT_BIAS) << EXPONENT_SHIFT); }

/// e^x.
INLINE WIDE F(exp)(WIDE x) {
  static const T terms[] = {1.0 / 6227020800.0, 1.0 / 479001600.0, 1.0 / 39916800.0, 1.0 / 3628800.0, 1.0 / 362880.0,
                            1.0 / 40320.0,      1.0 / 5040.0,      1.0 / 720.0,      1.0 / 120.0,     1.0 / 24.0,
                            1.0 / 6.0,          1.0 / 2.0,         1.0,              1.0};
  WIDE inside = F(select)(x > EXP_MOST, F(splat)(EXP_MOST), x);
  inside = F(select)(inside < EXP_LEAST, F(splat)(EXP_LEAST), inside);
  WIDE shifted = F(fma)(inside, F(splat)((T)1.4426950408889634), F(splat)(MAGIC));
  WIDE scale = shifted - MAGIC;
  WIDE rest = F(fma)(scale, F(splat)(-LN2_HIGH), inside);
  rest = F(fma)(scale, F(splat)(-LN2_LOW), rest);
  WIDE sum = F(splat)(terms[13 - EXP_TERMS]);
  UNROLL for (int i = 14 - EXP_TERMS; i < 14; i++) sum = F(fma)(sum, rest, F(splat)(terms[i]));
  F(words) n = (F(words))shifted - (F(words))F(splat)(MAGIC);
  F(words) half = n >> 1;
  // In two steps: neither 2^128 nor the smallest results are normal numbers.
  WIDE result = sum * F(power)(half) * F(power)(n - half);
  result = F(select)(x > EXP_MOST, F(splat)(INFINITE), result);
  result = F(select)(x < EXP_LEAST, F(splat)(0), result);
  return F(select)(x == x, result, x);
}

INLINE WIDE F(magnitude)(WIDE x) { return (WIDE)((F(words))x & ~(F(words))F(splat)((T)-0.0)); }

/// 1 / (1 + e^-x).
INLINE WIDE F(sigmoid)(WIDE x) {
  WIDE power = F(exp)(-F(magnitude)(x));
  WIDE top = F(select)(x < 0, power, F(splat)(1));
  return top / (power + 1);
}

/// The hyperbolic tangent: Lambert's continued fraction, cut off and multiplied out, below 1; by e^2x above.
INLINE WIDE F(hyperbolic_tangent)(WIDE x) {
  WIDE square = x * x;
#if SINGLE
  static const T above[] = {21, 1260, 10395}, below[] = {1, 210, 4725, 10395};
  const int last = 2, lowest = 3;
#else
  static const T above[] = {1, 990, 135135, 4729725, 34459425}, below[] = {45, 13860, 945945, 16216200, 34459425};
  const int last = 4, lowest = 4;
#endif
  WIDE top = F(splat)(above[0]), bottom = F(splat)(below[0]);
  UNROLL for (int i = 1; i <= last; i++) top = F(fma)(top, square, F(splat)(above[i]));
  UNROLL for (int i = 1; i <= lowest; i++) bottom = F(fma)(bottom, square, F(splat)(below[i]));
  WIDE near = x * top / bottom;
  WIDE size = F(magnitude)(x);
  WIDE far = 1 - 2 / (F(exp)(size + size) + 1);
  far = (WIDE)((F(words))far | ((F(words))x & (F(words))F(splat)((T)-0.0)));
  WIDE result = F(select)(size < 1, near, far);
  return F(select)(x == x, result, x);
}

INLINE WIDE F(activation)(WIDE z, int32_t kind) {
  // NaN is not below zero, and passes.
  if (kind == cairn_relu) return F(select)(z < 0, F(splat)(0), z);
  return kind == cairn_sigmoid ? F(sigmoid)(z) : F(hyperbolic_tangent)(z);
}

/// delta times the slope of the activation whose output is given.
INLINE WIDE F(sloped)(WIDE delta, WIDE output, int32_t kind) {
  if (kind == cairn_relu) return F(select)(output > 0, delta, F(splat)(0));
  if (kind == cairn_sigmoid) return delta * (output * (1 - output));
  return delta * F(fma)(-output, output, F(splat)(1));
}

#if !SINGLE
/// 2 artanh s for |s| <= 1/3.
INLINE WIDE F(artanh_doubled)(WIDE s) {
  WIDE square = s * s;
  WIDE sum = F(splat)(1.0 / 33);
  UNROLL for (int term = 31; term >= 3; term -= 2) sum = F(fma)(sum, square, F(splat)(1.0 / term));
  return 2 * F(fma)(s, sum * square, s);
}

/// ln x of positive normal numbers.
INLINE WIDE F(log)(WIDE x) {
  F(words) bits = (F(words))x;
  // An integer below 2^52 put under the exponent of 2^52 is that integer as a double.
  WIDE exponent = (WIDE)((bits >> 52) | 0x4330000000000000) - (0x1p52 + 1023);
  WIDE mantissa = (WIDE)((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  F(words) large = mantissa > 1.4142135623730951;
  mantissa = F(select)(large, mantissa * 0.5, mantissa);
  exponent = F(select)(large, exponent + 1, exponent);
  WIDE small = F(fma)(exponent, F(splat)(LN2_LOW), F(artanh_doubled)((mantissa - 1) / (mantissa + 1)));
  return F(fma)(exponent, F(splat)(LN2_HIGH), small);
}

/// ln(1 + e^x).
INLINE WIDE F(softplus)(WIDE x) {
  WIDE power = F(exp)(-F(magnitude)(x));
  WIDE result = F(select)(x > 0, x, F(splat)(0)) + F(artanh_doubled)(power / (2 + power));
  return F(select)(x == x, result, x);
}
#endif

static void F(activate)(void *z, int64_t count, int32_t activation) {
  T *p = z;
  if (activation == cairn_relu)
    for (int64_t i = 0; i < count; i += PANEL) F(store)(p + i, F(activation)(F(load)(p + i), cairn_relu));
  else if (activation == cairn_sigmoid)
    for (int64_t i = 0; i < count; i += PANEL) F(store)(p + i, F(activation)(F(load)(p + i), cairn_sigmoid));
  else
    for (int64_t i = 0; i < count; i += PANEL) F(store)(p + i, F(activation)(F(load)(p + i), cairn_tanh));
}

INLINE void F(differentiate_as)(T *delta, const T *output, const T *mask, int64_t count, int32_t kind) {
  for (int64_t i = 0; i < count; i += PANEL) {
    WIDE value = F(load)(output + i), slope = F(load)(delta + i);
    if (mask) {
      // What dropout left out was zero for every weight; what it kept was scaled by the mask.
      WIDE kept = F(load)(mask + i);
      value = F(select)(kept == 0, F(splat)(0), value / kept);
      slope = slope * kept;
    }
    F(store)(delta + i, F(sloped)(slope, value, kind));
  }
}

static void F(differentiate)(void *delta, const void *output, const void *mask, int64_t count, int32_t activation) {
  if (activation == cairn_relu)
    F(differentiate_as)(delta, output, mask, count, cairn_relu);
  else if (activation == cairn_sigmoid)
    F(differentiate_as)(delta, output, mask, count, cairn_sigmoid);
  else
    F(differentiate_as)(delta, output, mask, count, cairn_tanh);
}

static void F(multiply)(void *z, const void *mask, int64_t count) {
  for (int64_t i = 0; i < count; i += PANEL)
    F(store)((T *)z + i, F(load)((T *)z + i) * F(load)((const T *)mask + i));
}
