// The first layer trained in the space of the examples: W = share * W0 - S X', so W X = share * W0 X - S X'X, with the
// Gram matrix of the centred examples and what the mean adds in double precision beside it. Of the examples that train, W X
// is followed update by update: its change is the product of that update's slopes, many of them zero, with the matrix.

/// W X + b from W X without the mean's part: adds that, the bias and the activation (none where `kind` is below 0).
INLINE void F(gram_finish)(const cairn_gram *g, int64_t unit, const T *source, const T *projections, int64_t width,
                           const T *biases, T *row, int32_t kind) {
  const double *mean = g->means + 4 * unit;
  double at = mean[1] + g->mean_square * mean[0];
  WIDE level = F(splat)((T)(at - (double)biases[unit])), slope = F(splat)((T)mean[0]);
  for (int64_t n = 0; n < width; n += PANEL) {
    WIDE z = F(load)(source + n) - F(fma)(slope, F(load)(projections + n), level);
    F(store)(row + n, kind < 0 ? z : F(activation)(z, kind));
  }
}

static void F(gram_project)(const cairn_gram *g, const void *matrix, const void *start, int64_t start_stride,
                            const void *projections, int64_t width, const void *biases, void *out,
                            int64_t out_stride) {
  F(product)(g->sums, g->stride, 1, matrix, PANEL, g->count * PANEL, 0, out, out_stride, g->sizes[1], g->count, width);
  WIDE share = F(splat)((T)g->share);
  for (int64_t unit = 0; unit < g->sizes[1]; unit++) {
    T *row = (T *)out + unit * out_stride;
    for (int64_t n = 0; n < width; n += PANEL)
      F(store)(row + n, F(fma)(share, F(load)((const T *)start + unit * start_stride + n), -F(load)(row + n)));
    F(gram_finish)(g, unit, row, projections, width, biases, row, -1);
  }
}

/// The numbers at the chosen places, zeros after them up to a whole panel.
INLINE void F(chosen_numbers)(const T *source, const int64_t *chosen, int64_t width, T *target) {
  for (int64_t i = 0; i < width; i++) target[i] = source[chosen[i]];
  for (int64_t i = width; i % PANEL != 0; i++) target[i] = 0;
}

static void F(gram_outputs)(const cairn_gram *g, const int64_t *chosen, int64_t width, void *projections,
                            const void *biases, void *out, int64_t out_stride) {
  const T *p = g->projections;
  if (chosen) {
    F(chosen_numbers)(p, chosen, width, projections);
    p = projections;
  }
  for (int64_t unit = 0; unit < g->sizes[1]; unit++) {
    const T *source = (const T *)g->projected + unit * g->stride;
    T *row = (T *)out + unit * out_stride;
    if (chosen) {
      F(chosen_numbers)(source, chosen, width, row);
      source = row;
    }
    F(gram_finish)(g, unit, source, p, width, biases, row, -1);
  }
}

/// The sum of all lanes in double precision.
INLINE double F(double_tree)(WIDE v) {
#if SINGLE
  wide_f64 low = __builtin_convertvector(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7), wide_f64);
  wide_f64 high = __builtin_convertvector(__builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15), wide_f64);
  return tree_f64(low + high);
#else
  return tree_f64(v);
#endif
}

/// One unit's S, its velocity, and what the mean adds. `row` has the slopes by the pre-activations; where `output` is
/// given those by the outputs (activation `kind`), which are turned into them.
INLINE void F(gram_learn_unit)(cairn_gram *g, int64_t unit, T *row, const T *output, const int32_t kind) {
  const cairn_step *s = &g->step;
  T *S = (T *)g->sums + unit * g->stride, *v = g->velocity ? (T *)g->velocity + unit * g->stride : 0;
  const T *p = g->projections;
  WIDE rate = F(splat)((T)s->rate), decay = F(splat)((T)s->decay), momentum = F(splat)((T)s->momentum);
  WIDE sums = F(splat)(0), products = F(splat)(0);
  int decays = s->decay != 0;
  for (int64_t n = 0; n < g->stride; n += PANEL) {
    WIDE slope = F(load)(row + n), at = F(load)(S + n);
    if (output) {
      slope = F(sloped)(slope, F(load)(output + n), kind);
      F(store)(row + n, slope);
    }
    sums = sums + slope;
    products = F(fma)(slope, F(load)(p + n), products);
    if (decays) slope = F(fma)(-decay, at, slope);
    if (v) {
      slope = F(fma)(momentum, F(load)(v + n), slope);
      F(store)(v + n, slope);
    }
    F(store)(S + n, F(fma)(rate, slope, at));
  }
  double sum = F(double_tree)(sums), projection = F(double_tree)(products), *mean = g->means + 4 * unit;
  ((T *)g->bias_gradients[0])[unit] = (T)sum;
  mean[2] = s->momentum * mean[2] + (sum - s->decay * mean[0]);
  mean[3] = s->momentum * mean[3] + (projection - s->decay * mean[1]);
  mean[0] = mean[0] + s->rate * mean[2];
  mean[1] = mean[1] + s->rate * mean[3];
}

INLINE void F(gram_learn_share)(cairn_gram *g) {
  const cairn_step *s = &g->step;
  g->share_velocity = s->momentum * g->share_velocity + s->decay * g->share;
  g->share = g->share - s->rate * g->share_velocity;
}

/// W X of a unit after an update by `change`, the product of its slopes with the Gram matrix.
INLINE void F(gram_move_unit)(cairn_gram *g, int64_t unit, const T *change) {
  const cairn_step *s = &g->step;
  T *q = (T *)g->projected + unit * g->stride;
  T *v = g->velocity ? (T *)g->projected_velocity + unit * g->stride : 0;
  WIDE rate = F(splat)((T)s->rate), decay = F(splat)((T)s->decay), momentum = F(splat)((T)s->momentum);
  int decays = s->decay != 0;
  for (int64_t n = 0; n < g->stride; n += PANEL) {
    // A sum that left zeros out may differ in the sign of a zero; either is +0 after this.
    WIDE slope = F(load)(change + n) + 0, at = F(load)(q + n);
    if (decays) slope = F(fma)(decay, at, slope);
    if (v) {
      slope = F(fma)(momentum, F(load)(v + n), slope);
      F(store)(v + n, slope);
    }
    F(store)(q + n, F(fma)(-rate, slope, at));
  }
}

/// W X of every unit after an update.
static void F(gram_move)(cairn_gram *g) {
  for (int64_t unit = 0; unit < g->sizes[1]; unit++)
    if (!g->still[unit]) F(gram_move_unit)(g, unit, (const T *)g->changes + unit * g->stride);
}

/// What an update by these slopes, (units, stride), changes in W X of these units.
static void F(gram_change)(cairn_gram *g, const void *deltas, int64_t first, int64_t units) {
  int64_t stride = g->stride;
  for (int64_t unit = first; unit < first + units;) {
    // Nearly full rows by dense tiles, which load less; the others by those of their slopes that are not zero.
    const T *full[32], *rows[32];
    T *full_outs[32], *outs[32];
    const int32_t *active[32];
    int64_t dense = 0, sparse = 0;
    for (; unit < first + units && dense + sparse < 32; unit++) {
      const T *row = (const T *)deltas + unit * stride;
      T *change = (T *)g->changes + unit * stride;
      int64_t found = F(active_count)(row, stride);
      // Nothing else moves such a unit: its sums, its bias and its outputs keep every bit.
      g->still[unit] = found == 0 && !g->velocity && g->step.decay == 0;
      if (g->still[unit]) continue;
      if (found * 10 > g->count * 7) {
        full[dense] = row;
        full_outs[dense++] = change;
      } else {
        int32_t *list = g->active + sparse * (stride + ACTIVE_ROOM);
        F(active)(row, stride, list);
        rows[sparse] = row;
        active[sparse] = list;
        outs[sparse++] = change;
      }
    }
    if (dense > 0)
      F(product_rows)(full, 1, g->gram, PANEL, g->count * PANEL, 0, full_outs, dense, g->count, g->count);
    if (sparse > 0) F(sparse_rows)(rows, active, sparse, g->gram, g->count * PANEL, g->count, g->count, outs);
  }
}

static void F(gram_learn)(cairn_gram *g, const void *deltas) {
  F(gram_learn_share)(g);
  for (int64_t unit = 0; unit < g->sizes[1]; unit++)
    F(gram_learn_unit)(g, unit, (T *)deltas + unit * g->stride, 0, -1);
  F(gram_move)(g);
}

/// The way forward for all examples. Units of the first layer that are still keep the outputs that they have.
static void F(gram_forward)(cairn_gram *g) {
  int64_t stride = g->stride;
  for (int64_t unit = 0; unit < g->sizes[1]; unit++) {
    if (g->still[unit]) continue;
    const T *source = (const T *)g->projected + unit * stride;
    T *row = (T *)g->outputs[0] + unit * stride;
    const T *p = g->projections, *biases = g->biases[0];
    switch (g->depth == 1 ? -1 : g->activations[0]) {
      case cairn_relu: F(gram_finish)(g, unit, source, p, g->count, biases, row, cairn_relu); break;
      case cairn_sigmoid: F(gram_finish)(g, unit, source, p, g->count, biases, row, cairn_sigmoid); break;
      case cairn_tanh: F(gram_finish)(g, unit, source, p, g->count, biases, row, cairn_tanh); break;
      default: F(gram_finish)(g, unit, source, p, g->count, biases, row, -1);
    }
  }
  for (int layer = 1; layer < g->depth; layer++) {
    int64_t inputs = g->sizes[layer], rows = g->sizes[layer + 1];
    F(product)(g->weights[layer], (inputs + PANEL - 1) / PANEL * PANEL, 1, g->outputs[layer - 1], stride, PANEL,
               g->biases[layer], g->outputs[layer], stride, rows, inputs, g->count);
    if (layer < g->depth - 1) F(activate)(g->outputs[layer], rows * stride, g->activations[layer]);
  }
}

/// The way back and the update of everything.
static void F(gram_backward)(cairn_gram *g) {
  int64_t stride = g->stride;
  int last = g->depth - 1;
  F(delta)(g->outputs[last], stride, g->sizes[g->depth], g->count, g->count, g->labels, g->deltas[last]);
  for (int layer = last; layer > 0; layer--) {
    int64_t inputs = g->sizes[layer], units = g->sizes[layer + 1];
    int64_t width = (inputs + PANEL - 1) / PANEL * PANEL;
    F(row_products)(g->deltas[layer], stride, units, g->outputs[layer - 1], stride, inputs, stride,
                    g->gradients[layer], width);
    F(row_sums)(g->deltas[layer], stride, units, stride, g->bias_gradients[layer]);
    F(product)(g->weights[layer], 1, width, g->deltas[layer], stride, PANEL, 0, g->deltas[layer - 1], stride, inputs,
               units, g->count);
    if (layer > 1)
      F(differentiate)(g->deltas[layer - 1], g->outputs[layer - 1], 0, inputs * stride, g->activations[layer - 1]);
  }
  F(gram_learn_share)(g);
  for (int64_t unit = 0; unit < g->sizes[1]; unit++) {
    T *row = (T *)g->deltas[0] + unit * stride;
    const T *out = (const T *)g->outputs[0] + unit * stride;
    switch (g->depth > 1 ? g->activations[0] : -1) {
      case cairn_relu: F(gram_learn_unit)(g, unit, row, out, cairn_relu); break;
      case cairn_sigmoid: F(gram_learn_unit)(g, unit, row, out, cairn_sigmoid); break;
      case cairn_tanh: F(gram_learn_unit)(g, unit, row, out, cairn_tanh); break;
      default: F(gram_learn_unit)(g, unit, row, 0, -1);
    }
  }
  F(gram_change)(g, g->deltas[0], 0, g->sizes[1]);
  F(gram_move)(g);
  cairn_step plain = g->step;
  plain.decay = 0;
  for (int layer = 0; layer < g->depth; layer++) {
    int64_t units = g->sizes[layer + 1];
    if (layer > 0)
      F(step)(&g->step, g->weights[layer], g->gradients[layer], g->memories[layer], 0,
              units * ((g->sizes[layer] + PANEL - 1) / PANEL * PANEL));
    F(step)(&plain, g->biases[layer], g->bias_gradients[layer], g->bias_memories[layer], 0,
            (units + PANEL - 1) / PANEL * PANEL);
  }
}

static int64_t F(gram_train)(cairn_gram *g, int64_t iterations) {
  for (int64_t done = 0; done < iterations; done++) {
    if (!g->has_outputs) F(gram_forward)(g);
    g->has_outputs = 1;
    if (!F(finite)(g->outputs[g->depth - 1], g->stride, g->sizes[g->depth], g->count)) return done;
    F(gram_backward)(g);
    g->has_outputs = 0;
  }
  return iterations;
}
