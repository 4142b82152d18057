// Cross-entropy from logits: its slopes in the training's numbers, its value in double precision.

static void F(delta)(const void *logits, int64_t stride, int64_t outputs, int64_t count, int64_t of,
                     const int32_t *labels, void *delta) {
  const T *z = logits;
  T *d = delta;
  T scale = (T)(1.0 / (double)of);
  for (int64_t n = 0; n < count; n += PANEL) {
    F(labels) label = *(const F(labels) *)(labels + n);
    if (outputs == 1) {
      WIDE target = __builtin_convertvector(label, WIDE);
      F(store)(d + n, F(first_lanes)((F(sigmoid)(F(load)(z + n)) - target) * scale, count - n));
      continue;
    }
    WIDE top = F(load)(z + n);
    for (int64_t o = 1; o < outputs; o++) {
      WIDE other = F(load)(z + o * stride + n);
      top = F(select)(other > top, other, top);
    }
    WIDE sum = F(splat)(0);
    for (int64_t o = 0; o < outputs; o++) {
      WIDE power = F(exp)(F(load)(z + o * stride + n) - top);
      F(store)(d + o * stride + n, power);
      sum = sum + power;
    }
    for (int64_t o = 0; o < outputs; o++) {
      F(labels) is = (label == (int32_t)o) & 1;
      WIDE slope = (F(load)(d + o * stride + n) / sum - __builtin_convertvector(is, WIDE)) * scale;
      F(store)(d + o * stride + n, F(first_lanes)(slope, count - n));
    }
  }
}

static int32_t F(finite)(const void *logits, int64_t stride, int64_t outputs, int64_t count) {
  F(words) bad = (F(words)){};
  for (int64_t o = 0; o < outputs; o++)
    for (int64_t n = 0; n < count; n += PANEL) {
      WIDE z = F(load)((const T *)logits + o * stride + n);
      bad |= (z - z != 0) & (F(lane_numbers)() < (INT)(count - n));
    }
  return __builtin_reduce_or(bad) == 0;
}

typedef T F(eight) __attribute__((vector_size(8 * sizeof(T)), aligned(4), may_alias));

static double F(loss)(const void *logits, int64_t stride, int64_t outputs, int64_t count, const int32_t *labels,
                      int64_t *right) {
  const T *z = logits;
  wide_f64 sums = splat_f64(0);
  int64_t hits = 0;
  for (int64_t n = 0; n < count; n += 8) {
    int64_t here = count - n < 8 ? count - n : 8;
    wide_f64 value;
    if (outputs == 1) {
      wide_f64 logit = __builtin_convertvector(*(const F(eight) *)(z + n), wide_f64);
      labels_f64 label = *(const labels_f64 *)(labels + n);
      words_f64 is = __builtin_convertvector(label == 1, words_f64);
      value = softplus_f64(select_f64(is, -logit, logit));
      words_f64 hit = (logit > 0) == is;
      for (int64_t i = 0; i < here; i++) hits -= hit[i];
    } else {
      wide_f64 top = __builtin_convertvector(*(const F(eight) *)(z + n), wide_f64);
      wide_f64 sum = splat_f64(0), own = splat_f64(0);
      for (int64_t o = 1; o < outputs; o++) {
        wide_f64 other = __builtin_convertvector(*(const F(eight) *)(z + o * stride + n), wide_f64);
        top = select_f64(other > top, other, top);
      }
      for (int64_t o = 0; o < outputs; o++)
        sum = sum + exp_f64(__builtin_convertvector(*(const F(eight) *)(z + o * stride + n), wide_f64) - top);
      for (int64_t i = 0; i < here; i++) {
        own[i] = (double)z[labels[n + i] * stride + n + i];
        int64_t best = 0;
        for (int64_t o = 1; o < outputs; o++)
          if (z[o * stride + n + i] > z[best * stride + n + i]) best = o;
        hits += best == labels[n + i];
      }
      value = log_f64(sum) + top - own;
    }
    sums = sums + first_lanes_f64(value, here);
  }
  *right = hits;
  return tree_f64(sums);
}
