// One update of weights by their gradient.

static void F(step)(const cairn_step *s, void *weights, const void *gradient, void *first, void *second,
                    int64_t count) {
  T *w = weights, *m = first, *v = second;
  const T *g = gradient;
  WIDE rate = F(splat)((T)s->rate), decay = F(splat)((T)s->decay), momentum = F(splat)((T)s->momentum);
  if (s->adam) {
    const T b1 = (T)0.9, b2 = (T)0.999;
    const T step = (T)(s->rate * s->first_scale), root = (T)s->second_root_scale, epsilon = (T)1e-8;
    for (int64_t i = 0; i < count; i += PANEL) {
      WIDE weight = F(load)(w + i), slope = F(load)(g + i);
      if (s->decay != 0) slope = F(fma)(decay, weight, slope);
      WIDE mean = F(fma)(F(splat)(b1), F(load)(m + i), slope * (1 - b1));
      WIDE square = F(fma)(F(splat)(b2), F(load)(v + i), slope * slope * (1 - b2));
      F(store)(m + i, mean);
      F(store)(v + i, square);
      WIDE below = F(fma)(__builtin_elementwise_sqrt(square), F(splat)(root), F(splat)(epsilon));
      F(store)(w + i, weight - step * mean / below);
    }
    return;
  }
  for (int64_t i = 0; i < count; i += PANEL) {
    WIDE weight = F(load)(w + i), slope = F(load)(g + i);
    if (s->decay != 0) slope = F(fma)(decay, weight, slope);
    if (m) {
      slope = F(fma)(momentum, F(load)(m + i), slope);
      F(store)(m + i, slope);
    }
    F(store)(w + i, F(fma)(-rate, slope, weight));
  }
}
