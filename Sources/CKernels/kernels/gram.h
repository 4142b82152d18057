// The first layer trained in the space of the examples: W = share * W0 - S X', so W X = share * W0 X - S X'X, with the
// Gram matrix of the centred examples and what the mean adds in double precision beside it.

INLINE void F(gram_finish)(const cairn_gram *g, int64_t unit, const T *start, const T *projections, int64_t width,
                           const T *biases, T *row, int32_t kind) {
  const double *mean = g->means + 4 * unit;
  double at = mean[1] + g->mean_square * mean[0];
  WIDE level = F(splat)((T)(biases ? at - (double)biases[unit] : at)), slope = F(splat)((T)mean[0]);
  WIDE share = F(splat)((T)g->share);
  for (int64_t n = 0; n < width; n += PANEL) {
    WIDE from_mean = F(fma)(slope, F(load)(projections + n), level);
    WIDE z = F(fma)(share, F(load)(start + n), -F(load)(row + n)) - from_mean;
    F(store)(row + n, kind < 0 ? z : F(activation)(z, kind));
  }
}

static void F(gram_project)(const cairn_gram *g, const void *matrix, const void *start, int64_t start_stride,
                            const void *projections, int64_t width, const void *biases, void *out,
                            int64_t out_stride, int64_t first, int64_t units) {
  F(product)((const T *)g->sums + first * g->stride, g->stride, 1, matrix, PANEL, g->count * PANEL, 0,
             (T *)out + first * out_stride, out_stride, units, g->count, width);
  for (int64_t unit = first; unit < first + units; unit++)
    F(gram_finish)(g, unit, (const T *)start + unit * start_stride, projections, width, biases,
                   (T *)out + unit * out_stride, -1);
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

/// One unit's S, its velocity, and what the mean adds; whether all slopes were zero. `row` has the slopes by the outputs
/// where `output` is given (activation `kind`), else by the pre-activations.
INLINE int F(gram_learn_unit)(cairn_gram *g, int64_t unit, const T *row, const T *output, const int32_t kind) {
  const cairn_step *s = &g->step;
  T *S = (T *)g->sums + unit * g->stride, *v = g->velocity ? (T *)g->velocity + unit * g->stride : 0;
  const T *p = g->projections;
  WIDE rate = F(splat)((T)s->rate), decay = F(splat)((T)s->decay), momentum = F(splat)((T)s->momentum);
  WIDE sums = F(splat)(0), products = F(splat)(0);
  F(words) any = (F(words)){};
  int decays = s->decay != 0;
  for (int64_t n = 0; n < g->stride; n += PANEL) {
    WIDE slope = F(load)(row + n), at = F(load)(S + n);
    if (output) slope = F(sloped)(slope, F(load)(output + n), kind);
    any |= slope != 0;
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
  return __builtin_reduce_or(any) == 0;
}

INLINE void F(gram_learn_share)(cairn_gram *g) {
  const cairn_step *s = &g->step;
  g->share_velocity = s->momentum * g->share_velocity + s->decay * g->share;
  g->share = g->share - s->rate * g->share_velocity;
}

static void F(gram_learn)(cairn_gram *g, const void *deltas) {
  F(gram_learn_share)(g);
  for (int64_t unit = 0; unit < g->sizes[1]; unit++)
    F(gram_learn_unit)(g, unit, (const T *)deltas + unit * g->stride, 0, -1);
}

/// The way forward for all examples. Units of the first layer that are still keep the outputs that they have.
static void F(gram_forward)(cairn_gram *g) {
  int64_t units = g->sizes[1], stride = g->stride;
  T *out = g->outputs[0];
  for (int64_t unit = 0; unit < units;) {
    const T *rows[32];
    T *outs[32];
    int64_t chosen[32], count = 0;
    for (; unit < units && count < 32; unit++) {
      if (g->still[unit]) continue;
      rows[count] = (const T *)g->sums + unit * stride;
      outs[count] = out + unit * stride;
      chosen[count++] = unit;
    }
    if (count == 0) break;
    F(product_rows)(rows, 1, g->gram, PANEL, g->count * PANEL, 0, outs, count, g->count, g->count);
    for (int64_t i = 0; i < count; i++) {
      const T *start = (const T *)g->start + chosen[i] * stride;
      switch (g->depth == 1 ? -1 : g->activations[0]) {
        case cairn_relu: F(gram_finish)(g, chosen[i], start, g->projections, g->count, g->biases[0], outs[i], cairn_relu); break;
        case cairn_sigmoid: F(gram_finish)(g, chosen[i], start, g->projections, g->count, g->biases[0], outs[i], cairn_sigmoid); break;
        case cairn_tanh: F(gram_finish)(g, chosen[i], start, g->projections, g->count, g->biases[0], outs[i], cairn_tanh); break;
        default: F(gram_finish)(g, chosen[i], start, g->projections, g->count, g->biases[0], outs[i], -1);
      }
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
  F(delta)(g->outputs[last], stride, g->sizes[g->depth], g->count, g->labels, g->deltas[last]);
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
  // A unit none of whose slopes is left stands still for this update, if nothing else moves it: its sums, its bias and so
  // its outputs keep every bit.
  int kind = g->depth > 1 ? g->activations[0] : -1;
  int may_rest = kind == cairn_relu && !g->velocity && g->step.decay == 0;
  for (int64_t unit = 0; unit < g->sizes[1]; unit++) {
    const T *row = (const T *)g->deltas[0] + unit * stride, *out = (const T *)g->outputs[0] + unit * stride;
    switch (kind) {
      case cairn_relu: g->still[unit] = F(gram_learn_unit)(g, unit, row, out, cairn_relu) && may_rest; break;
      case cairn_sigmoid: F(gram_learn_unit)(g, unit, row, out, cairn_sigmoid); break;
      case cairn_tanh: F(gram_learn_unit)(g, unit, row, out, cairn_tanh); break;
      default: F(gram_learn_unit)(g, unit, row, 0, -1);
    }
  }
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
