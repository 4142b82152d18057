// Convolutions and pooling over planes: a place has a row of numbers, one an example, and the lanes lie along the examples.
// What a filter sees from a place on lies at `offsets`, the same for every place.

/// ROWS filters and COLUMNS native vectors of outputs in registers, each vector at a place of its own.
INLINE void F(convolve_tile)(const T *const *a, const T *const *source, const int64_t *offsets, int64_t depth,
                             const T *initial, T *const *out, const int64_t *target, const int rows,
                             const int columns) {
  NATIVE sum[8][8];
  const T *from[8], *left[8];
  UNROLL for (int c = 0; c < columns; c++) from[c] = source[c];
  UNROLL for (int r = 0; r < rows; r++) {
    left[r] = a[r];
    UNROLL for (int c = 0; c < columns; c++) sum[r][c] = initial[r] - (NATIVE){};
  }
  for (int64_t k = 0; k < depth; k++) {
    int64_t at = offsets[k];
    NATIVE value[8];
    UNROLL for (int c = 0; c < columns; c++) value[c] = *(const NATIVE *)(from[c] + at);
    UNROLL for (int r = 0; r < rows; r++) {
      NATIVE weight = left[r][k] - (NATIVE){};
      UNROLL for (int c = 0; c < columns; c++) sum[r][c] = FMA(weight, value[c], sum[r][c]);
    }
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int c = 0; c < columns; c++) *(NATIVE *)(out[r] + target[c]) = sum[r][c];
  }
}

#define TILES(ROWS, COLUMNS)                                                                                          \
  case ROWS * 16 + COLUMNS: F(convolve_tile)(a, source, offsets, depth, initial, out, target, ROWS, COLUMNS); break;

static void F(run_convolve_tile)(int rows, int columns, const T *const *a, const T *const *source,
                                 const int64_t *offsets, int64_t depth, const T *initial, T *const *out,
                                 const int64_t *target) {
  switch (rows * 16 + columns) {
    ALL_TILES
    default: __builtin_trap();
  }
}
#undef TILES

static void F(convolve)(const cairn_convolution *v, const void *weights, const void *biases, int64_t filters,
                        const void *in, void *out) {
  int64_t vectors = v->width / VLANES, all = vectors * v->places;
  int64_t blocks = (filters + MOST_ROWS - 1) / MOST_ROWS;
  for (int64_t block = 0, filter = 0; block < blocks; block++) {
    int rows = (int)((filters - filter) / (blocks - block));
    const T *a[8];
    T *target[8];
    for (int r = 0; r < rows; r++) {
      a[r] = (const T *)weights + (filter + r) * v->stride;
      target[r] = (T *)out + (filter + r) * v->out_plane;
    }
    int64_t tiles = (all + MOST_COLUMNS(rows) - 1) / MOST_COLUMNS(rows);
    for (int64_t tile = 0, vector = 0; tile < tiles; tile++) {
      int columns = (int)((all - vector) / (tiles - tile));
      const T *source[8];
      int64_t places[8];
      for (int c = 0; c < columns; c++) {
        int64_t place = (vector + c) / vectors, lane = (vector + c) % vectors * VLANES;
        source[c] = (const T *)in + place * v->in_step + lane;
        places[c] = place * v->out_step + lane;
      }
      F(run_convolve_tile)(rows, columns, a, source, v->offsets, v->depth, (const T *)biases + filter, target, places);
      vector += columns;
    }
    filter += rows;
  }
}

/// One place's slopes by what ROWS weights saw there, onto what is there.
#define TILES(ROWS, COLUMNS)                                                                                          \
  case ROWS * 16 + COLUMNS:                                                                                           \
    F(tile)(a, 1, deltas, v->out_plane, PANEL, vector, 1, 0, 1, out, filters, ROWS, COLUMNS);                         \
    break;

static void F(run_back_tile)(const cairn_convolution *v, int rows, int columns, const T *const *a, const T *deltas,
                             int64_t vector, T *const *out, int64_t filters) {
  switch (rows * 16 + columns) {
    ALL_TILES
    default: __builtin_trap();
  }
}
#undef TILES

static void F(convolve_back)(const cairn_convolution *v, const void *weights, int64_t weights_stride, int64_t filters,
                             const void *deltas, void *slopes) {
  int64_t vectors = v->width / VLANES;
  int64_t blocks = (v->depth + MOST_ROWS - 1) / MOST_ROWS;
  for (int64_t place = 0; place < v->places; place++) {
    T *target = (T *)slopes + place * v->in_step;
    for (int64_t block = 0, k = 0; block < blocks; block++) {
      int rows = (int)((v->depth - k) / (blocks - block));
      const T *a[8];
      T *out[8];
      for (int r = 0; r < rows; r++) {
        a[r] = (const T *)weights + (k + r) * weights_stride;
        out[r] = target + v->offsets[k + r];
      }
      int64_t tiles = (vectors + MOST_COLUMNS(rows) - 1) / MOST_COLUMNS(rows);
      for (int64_t tile = 0, vector = 0; tile < tiles; tile++) {
        int columns = (int)((vectors - vector) / (tiles - tile));
        F(run_back_tile)(v, rows, columns, a, (const T *)deltas + place * v->out_step, vector, out, filters);
        vector += columns;
      }
      k += rows;
    }
  }
}

/// The lanes of ROWS times COLUMNS weights' slopes, `part` of each panel, summed over rows of places; where `more`, onto what
/// out holds.
INLINE void F(weights_tile)(const cairn_convolution *v, const T *deltas, const T *in, const int64_t *offsets,
                            int64_t part, int more, T *out, int64_t out_row, const int rows, const int columns) {
  NATIVE sum[8][8];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int c = 0; c < columns; c++) sum[r][c] =
        more ? *(const NATIVE *)(out + r * out_row + c * PANEL + part) : (NATIVE){};
  }
  for (int64_t y = 0; y < v->rows; y++) {
    for (int64_t x = 0; x < v->places; x++) {
      const T *delta = deltas + y * v->out_row + x * v->out_step + part;
      const T *source = in + y * v->in_row + x * v->in_step + part;
      const T *from[8];
      UNROLL for (int c = 0; c < columns; c++) from[c] = source + offsets[c];
      for (int64_t n = 0; n < v->width; n += PANEL) {
        NATIVE value[8];
        UNROLL for (int c = 0; c < columns; c++) value[c] = *(const NATIVE *)(from[c] + n);
        UNROLL for (int r = 0; r < rows; r++) {
          NATIVE slope = *(const NATIVE *)(delta + r * v->out_plane + n);
          UNROLL for (int c = 0; c < columns; c++) sum[r][c] = FMA(slope, value[c], sum[r][c]);
        }
      }
    }
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int c = 0; c < columns; c++) *(NATIVE *)(out + r * out_row + c * PANEL + part) = sum[r][c];
  }
}

#define WEIGHTS(ROWS, COLUMNS)                                                                                        \
  case ROWS * 16 + COLUMNS: F(weights_tile)(v, deltas, in, offsets, part, more, out, out_row, ROWS, COLUMNS); break;

static void F(run_weights_tile)(int rows, int columns, const cairn_convolution *v, const T *deltas, const T *in,
                                const int64_t *offsets, int64_t part, int more, T *out, int64_t out_row) {
  switch (rows * 16 + columns) {
    ALL_WEIGHTS
    default: __builtin_trap();
  }
}
#undef WEIGHTS

/// How many bytes of deltas stay in the second cache while all weights meet them.
#define DELTA_BLOCK (256 << 10)

static void F(convolve_weights)(const cairn_convolution *v, const void *deltas, int64_t filters, const void *in,
                                void *slopes, void *lanes) {
  WIDE room[64];
  int64_t row_blocks = (filters + WEIGHTS_ROWS - 1) / WEIGHTS_ROWS;
  int64_t column_blocks = (v->depth + WEIGHTS_COLUMNS - 1) / WEIGHTS_COLUMNS;
  int64_t most = lanes ? DELTA_BLOCK / (v->places * v->width * filters * (int64_t)sizeof(T)) : v->rows;
  cairn_convolution block = *v;
  for (int64_t y = 0; y < v->rows; y += block.rows) {
    block.rows = most < 1 ? 1 : most < v->rows - y ? most : v->rows - y;
    int isLast = y + block.rows == v->rows;
    for (int64_t row_block = 0, filter = 0; row_block < row_blocks; row_block++) {
      int rows = (int)((filters - filter) / (row_blocks - row_block));
      for (int64_t column_block = 0, k = 0; column_block < column_blocks; column_block++) {
        int columns = (int)((v->depth - k) / (column_blocks - column_block));
        // Sums that continue with the next rows wait in `lanes`.
        T *out = lanes ? (T *)lanes + (filter * v->depth + k) * PANEL : (T *)room;
        int64_t out_row = (lanes ? v->depth : 8) * PANEL;
        for (int64_t part = 0; part < PANEL; part += VLANES)
          F(run_weights_tile)(rows, columns, &block, (const T *)deltas + filter * v->out_plane + y * v->out_row,
                              (const T *)in + y * v->in_row, v->offsets + k, part, y > 0, out, out_row);
        for (int r = 0; isLast && r < rows; r++) {
          T *target = (T *)slopes + (filter + r) * v->stride + k;
          for (int c = 0; c < columns; c++) target[c] = F(tree)(F(load)(out + r * out_row + c * PANEL));
        }
        k += columns;
      }
      filter += rows;
    }
  }
}
#undef DELTA_BLOCK

static void F(plane_sums)(const cairn_convolution *v, const void *deltas, int64_t filters, void *sums) {
  for (int64_t filter = 0; filter < filters; filter++) {
    WIDE lanes = F(splat)(0);
    for (int64_t y = 0; y < v->rows; y++)
      for (int64_t x = 0; x < v->places; x++) {
        const T *delta = (const T *)deltas + filter * v->out_plane + y * v->out_row + x * v->out_step;
        for (int64_t n = 0; n < v->width; n += PANEL) lanes = lanes + F(load)(delta + n);
      }
    ((T *)sums)[filter] = F(tree)(lanes);
  }
}

static void F(pool)(const cairn_pool *v, const void *in, void *out) {
  T scale = (T)(1.0 / (double)(v->side * v->side));
  for (int64_t x = 0; x < v->places; x++)
    for (int64_t n = 0; n < v->width; n += PANEL) {
      const T *from = (const T *)in + x * v->side * v->in_step + n;
      WIDE sum = F(load)(from);
      for (int64_t i = 1; i < v->side * v->side; i++) {
        WIDE value = F(load)(from + i / v->side * v->in_row + i % v->side * v->in_step);
        // NaN is above every number, and stays.
        sum = v->largest ? F(select)((value > sum) | (value != value), value, sum) : sum + value;
      }
      F(store)((T *)out + x * v->out_step + n, v->largest ? sum : sum * scale);
    }
}

static void F(pool_back)(const cairn_pool *v, const void *in, const void *out, const void *deltas, void *slopes) {
  T scale = (T)(1.0 / (double)(v->side * v->side));
  for (int64_t x = 0; x < v->places; x++)
    for (int64_t n = 0; n < v->width; n += PANEL) {
      int64_t first = x * v->side * v->in_step + n, place = x * v->out_step + n;
      WIDE delta = F(load)((const T *)deltas + place), top = F(load)((const T *)out + place);
      F(words) open = (F(words)){} == 0;
      for (int64_t i = 0; i < v->side * v->side; i++) {
        int64_t at = first + i / v->side * v->in_row + i % v->side * v->in_step;
        WIDE slope = delta * scale;
        if (v->largest) {
          // The first of equal ones has it all.
          F(words) hit = open & (F(load)((const T *)in + at) == top);
          slope = F(select)(hit, delta, F(splat)(0));
          open &= ~hit;
        }
        F(store)((T *)slopes + at, slope);
      }
    }
}

static void F(place)(const void *source, int64_t source_stride, const int64_t *sources, int64_t rows,
                     const int64_t *places, int64_t columns, void *target) {
  for (int64_t r0 = 0; r0 < rows; r0 += PANEL)
    for (int64_t c0 = 0; c0 < columns; c0 += PANEL) {
      WIDE row[64 / sizeof(T)];
      for (int64_t r = 0; r < PANEL; r++)
        row[r] = r0 + r < rows ? F(load)((const T *)source + sources[r0 + r] * source_stride + c0) : F(splat)(0);
      F(transpose)(row);
      for (int64_t c = 0; c < PANEL && c0 + c < columns; c++) F(store)((T *)target + places[c0 + c] + r0, row[c]);
    }
}
