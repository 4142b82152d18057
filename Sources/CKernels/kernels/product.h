// Products whose every output is summed in index order, lanes along the outputs.

/// `tiles` tiles beside each other, from `vector` on: ROWS rows and COLUMNS native vectors of outputs in registers.
///
/// Where `more`, the sums continue from what out holds.
INLINE void F(tile)(const T *const *a, int64_t a_column, const T *b, int64_t b_row, int64_t b_panel, int64_t vector,
                    int64_t tiles, const T *initial, int more, T *const *out, int64_t depth, const int rows,
                    const int columns) {
  for (; tiles > 0; tiles--, vector += columns) {
    NATIVE sum[8][8];
    const T *source[8];
    UNROLL for (int c = 0; c < columns; c++)
        source[c] = b + (vector + c) / PARTS * b_panel + (vector + c) % PARTS * VLANES;
    UNROLL for (int r = 0; r < rows; r++) {
      UNROLL for (int c = 0; c < columns; c++) sum[r][c] =
          more ? *(const NATIVE *)(out[r] + (vector + c) * VLANES) : (initial ? initial[r] : 0) - (NATIVE){};
    }
    for (int64_t k = 0; k < depth; k++) {
      NATIVE value[8];
      UNROLL for (int c = 0; c < columns; c++) value[c] = *(const NATIVE *)(source[c] + k * b_row);
      UNROLL for (int r = 0; r < rows; r++) {
        NATIVE left = a[r][k * a_column] - (NATIVE){};
        UNROLL for (int c = 0; c < columns; c++) sum[r][c] = FMA(left, value[c], sum[r][c]);
      }
    }
    UNROLL for (int r = 0; r < rows; r++) {
      UNROLL for (int c = 0; c < columns; c++) *(NATIVE *)(out[r] + (vector + c) * VLANES) = sum[r][c];
    }
  }
}

/// Tiles of ROWS rows and COLUMNS vectors, a's column step known where it is 1.
#define TILES(ROWS, COLUMNS)                                                                                          \
  case ROWS * 16 + COLUMNS:                                                                                           \
    if (a_column == 1)                                                                                                \
      F(tile)(a, 1, b, b_row, b_panel, vector, tiles, initial, more, out, depth, ROWS, COLUMNS);                      \
    else                                                                                                              \
      F(tile)(a, a_column, b, b_row, b_panel, vector, tiles, initial, more, out, depth, ROWS, COLUMNS);               \
    break;

static void F(run_tiles)(int rows, int columns, const T *const *a, int64_t a_column, const T *b, int64_t b_row,
                         int64_t b_panel, int64_t vector, int64_t tiles, const T *initial, int more, T *const *out,
                         int64_t depth) {
  switch (rows * 16 + columns) {
    ALL_TILES
    default: __builtin_trap();
  }
}
#undef TILES

/// Four (two in double) rows' numbers k, k + 1, ... turned into vectors of rows.
typedef T F(quad) __attribute__((vector_size(16), aligned(16), may_alias));
#define GROUP ((int)(16 / sizeof(T)))

/// One column of outputs with the lanes along the rows, for the last columns of a matrix whose panel would be mostly
/// empty: `groups` groups of GROUP rows.
INLINE void F(edge_groups)(const T *const *a, const T *b, int64_t b_row, const T *initial, int more, T *const *out,
                           int64_t column, int64_t depth, const int groups) {
  F(quad) sum[5];
  UNROLL for (int g = 0; g < groups; g++) {
    UNROLL for (int i = 0; i < GROUP; i++) sum[g][i] =
        more ? out[g * GROUP + i][column] : initial ? initial[g * GROUP + i] : 0;
  }
  int64_t k = 0;
  for (; k + GROUP <= depth; k += GROUP) {
    UNROLL for (int g = 0; g < groups; g++) {
      const T *const *row = a + g * GROUP;
#if SINGLE
      F(quad) w = *(const F(four) *)(row[0] + k), x = *(const F(four) *)(row[1] + k),
              y = *(const F(four) *)(row[2] + k), z = *(const F(four) *)(row[3] + k);
      F(quad) wx = __builtin_shufflevector(w, x, 0, 4, 1, 5), yz = __builtin_shufflevector(y, z, 0, 4, 1, 5);
      F(quad) wx2 = __builtin_shufflevector(w, x, 2, 6, 3, 7), yz2 = __builtin_shufflevector(y, z, 2, 6, 3, 7);
      sum[g] = FMA(__builtin_shufflevector(wx, yz, 0, 1, 4, 5), b[k * b_row] - (F(quad)){}, sum[g]);
      sum[g] = FMA(__builtin_shufflevector(wx, yz, 2, 3, 6, 7), b[(k + 1) * b_row] - (F(quad)){}, sum[g]);
      sum[g] = FMA(__builtin_shufflevector(wx2, yz2, 0, 1, 4, 5), b[(k + 2) * b_row] - (F(quad)){}, sum[g]);
      sum[g] = FMA(__builtin_shufflevector(wx2, yz2, 2, 3, 6, 7), b[(k + 3) * b_row] - (F(quad)){}, sum[g]);
#else
      UNROLL for (int j = 0; j < 2; j++) {
        F(quad) values = {row[0][k + j], row[1][k + j]};
        sum[g] = FMA(values, b[(k + j) * b_row] - (F(quad)){}, sum[g]);
      }
#endif
    }
  }
  for (; k < depth; k++) {
    UNROLL for (int g = 0; g < groups; g++) {
      F(quad) values;
      UNROLL for (int i = 0; i < GROUP; i++) values[i] = a[g * GROUP + i][k];
      sum[g] = FMA(values, b[k * b_row] - (F(quad)){}, sum[g]);
    }
  }
  UNROLL for (int g = 0; g < groups; g++) {
    UNROLL for (int i = 0; i < GROUP; i++) out[g * GROUP + i][column] = sum[g][i];
  }
}

/// One column of up to 32 rows; rows beyond a multiple of the group are doubled up with the last one.
static void F(edge)(const T *const *rows, const T *b, int64_t b_row, const T *initial, int more, T *const *outs,
                    int64_t column, int64_t depth, int count) {
  T spare[64], starts[64];
  const T *a[64];
  T *out[64];
  int whole = (count + GROUP - 1) / GROUP * GROUP;
  for (int i = 0; i < whole; i++) {
    int from = i < count ? i : count - 1;
    a[i] = rows[from];
    starts[i] = more ? outs[from][column] : initial ? initial[from] : 0;
    out[i] = spare + i - column;
  }
  for (int done = 0, left = whole / GROUP; left > 0;) {
    int take = left > 5 ? 4 : left;
    int at = done * GROUP;
    switch (take) {
      case 1: F(edge_groups)(a + at, b, b_row, starts + at, 0, out + at, column, depth, 1); break;
      case 2: F(edge_groups)(a + at, b, b_row, starts + at, 0, out + at, column, depth, 2); break;
      case 3: F(edge_groups)(a + at, b, b_row, starts + at, 0, out + at, column, depth, 3); break;
      case 4: F(edge_groups)(a + at, b, b_row, starts + at, 0, out + at, column, depth, 4); break;
      default: F(edge_groups)(a + at, b, b_row, starts + at, 0, out + at, column, depth, 5); break;
    }
    done += take;
    left -= take;
  }
  for (int i = 0; i < count; i++) outs[i][column] = spare[i];
}

/// How many columns at the end are summed with lanes along the rows.
INLINE int64_t F(edge_columns)(int64_t a_column, int64_t rows, int64_t depth, int64_t width) {
  int64_t left = width % VLANES;
  return a_column == 1 && depth >= 32 && rows >= 4 && VLANES > GROUP && left * 4 <= VLANES ? left : 0;
}

/// The product of up to 32 rows given by pointers and one block of the depth; where `more`, onto what out holds.
static void F(product_block)(const T *const *a, int64_t a_column, const T *b, int64_t b_row, int64_t b_panel,
                             const T *initial, int more, T *const *out, int64_t rows, int64_t depth, int64_t width) {
  int64_t edge = F(edge_columns)(a_column, rows, depth, width);
  int64_t vectors = (width - edge + VLANES - 1) / VLANES;
  int64_t all = (width + PANEL - 1) / PANEL * PARTS;
  int64_t blocks = (rows + MOST_ROWS - 1) / MOST_ROWS;
  // Of the tallest block.
  int64_t most = MOST_COLUMNS((rows + blocks - 1) / blocks);
  // Some tiles of c columns, then some of c + 1.
  int64_t tiles = (vectors + most - 1) / most;
  int columns = (int)(tiles ? vectors / tiles : 0);
  int64_t narrow = tiles - (vectors - columns * tiles);
  // Deep tiles of b stay in the cache for all rows; shallow ones all do.
  int64_t step = depth <= 64 ? tiles : 1;
  for (int64_t tile = 0; tile < tiles; tile += step) {
    int64_t here = tile >= narrow ? 0 : narrow - tile < step ? narrow - tile : step;
    int64_t vector = tile * columns + (tile > narrow ? tile - narrow : 0);
    for (int64_t block = 0, row = 0; block < blocks; block++) {
      int count = (int)((rows - row) / (blocks - block));
      const T *starts = initial ? initial + row : 0;
      if (here > 0)
        F(run_tiles)(count, columns, a + row, a_column, b, b_row, b_panel, vector, here, starts, more, out + row, depth);
      if (here < step)
        F(run_tiles)(count, columns + 1, a + row, a_column, b, b_row, b_panel, vector + here * columns, step - here,
                     starts, more, out + row, depth);
      row += count;
    }
  }
  for (int64_t column = width - edge; column < width; column++)
    F(edge)(a, b + column / PANEL * b_panel + column % PANEL, b_row, initial, more, out, column, depth, (int)rows);
  for (int64_t r = 0; r < rows; r++)
    for (int64_t column = edge ? width : vectors * VLANES; column < all * VLANES; column++) out[r][column] = 0;
}

/// The product of up to 32 rows given by pointers.
static void F(product_rows)(const T *const *a, int64_t a_column, const T *b, int64_t b_row, int64_t b_panel,
                            const T *initial, T *const *out, int64_t rows, int64_t depth, int64_t width) {
  for (int64_t from = 0; from < depth || from == 0; from += DEPTH_BLOCK) {
    const T *left[32];
    for (int64_t r = 0; r < rows; r++) left[r] = a[r] + from * a_column;
    F(product_block)(left, a_column, b + from * b_row, b_row, b_panel, initial, from > 0, out, rows,
                     depth - from < DEPTH_BLOCK ? depth - from : DEPTH_BLOCK, width);
  }
}

/// How many columns a block of b has that stays in the second cache while all rows meet it.
#define WIDTH_BLOCK (320 * 4 / (int64_t)sizeof(T))

static void F(product)(const void *a, int64_t a_row, int64_t a_column, const void *b, int64_t b_row, int64_t b_panel,
                       const void *initial, void *out, int64_t out_stride, int64_t rows, int64_t depth,
                       int64_t width) {
  int64_t most = rows <= 32 ? width : WIDTH_BLOCK;
  for (int64_t first = 0; first < width; first += most) {
    int64_t columns = width - first < most ? width - first : most;
    const T *right = (const T *)b + first / PANEL * b_panel;
    for (int64_t from = 0; from < depth || from == 0; from += DEPTH_BLOCK) {
      int64_t part = depth - from < DEPTH_BLOCK ? depth - from : DEPTH_BLOCK;
      for (int64_t row = 0; row < rows; row += 32) {
        const T *left[32];
        T *target[32];
        int64_t count = rows - row < 32 ? rows - row : 32;
        for (int64_t r = 0; r < count; r++) {
          left[r] = (const T *)a + (row + r) * a_row + from * a_column;
          target[r] = (T *)out + (row + r) * out_stride + first;
        }
        F(product_block)(left, a_column, right + from * b_row, b_row, b_panel, initial ? (const T *)initial + row : 0,
                         from > 0, target, count, part, columns);
      }
    }
  }
}
