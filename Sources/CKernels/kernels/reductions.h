// Sums over examples: virtual lanes take every 16th number (8th in double), then one fixed tree.

/// ROWS times COLUMNS dot products of rows, their lanes in registers.
INLINE void F(dots)(const T *a, int64_t a_stride, const T *b, int64_t b_stride, int64_t count, T *out,
                    int64_t out_stride, const int rows, const int columns) {
  WIDE sum[4][4];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int c = 0; c < columns; c++) sum[r][c] = F(splat)(0);
  }
  for (int64_t n = 0; n < count; n += PANEL) {
    WIDE right[4];
    UNROLL for (int c = 0; c < columns; c++) right[c] = F(load)(b + c * b_stride + n);
    UNROLL for (int r = 0; r < rows; r++) {
      WIDE left = F(load)(a + r * a_stride + n);
      UNROLL for (int c = 0; c < columns; c++) sum[r][c] = FMA(left, right[c], sum[r][c]);
    }
  }
  UNROLL for (int r = 0; r < rows; r++) {
    if (columns == 4) {
      *(F(four) *)(out + r * out_stride) = F(tree4)(sum[r][0], sum[r][1], sum[r][2], sum[r][3]);
    } else {
      UNROLL for (int c = 0; c < columns; c++) out[r * out_stride + c] = F(tree)(sum[r][c]);
    }
  }
}

static void F(row_products)(const void *a, int64_t a_stride, int64_t rows, const void *b, int64_t b_stride,
                            int64_t columns, int64_t count, void *out, int64_t out_stride) {
  for (int64_t c = 0; c < columns;) {
    const T *right = (const T *)b + c * b_stride;
    int64_t step = columns - c >= 4 ? 4 : 1;
    for (int64_t r = 0; r < rows;) {
      const T *left = (const T *)a + r * a_stride;
      T *target = (T *)out + r * out_stride + c;
      int64_t height = rows - r >= DOT_ROWS ? DOT_ROWS : 1;
      if (step == 4 && height > 1)
        F(dots)(left, a_stride, right, b_stride, count, target, out_stride, DOT_ROWS, 4);
      else if (step == 4)
        F(dots)(left, a_stride, right, b_stride, count, target, out_stride, 1, 4);
      else if (height > 1)
        F(dots)(left, a_stride, right, b_stride, count, target, out_stride, DOT_ROWS, 1);
      else
        F(dots)(left, a_stride, right, b_stride, count, target, out_stride, 1, 1);
      r += height;
    }
    c += step;
  }
}

static void F(row_sums)(const void *a, int64_t a_stride, int64_t rows, int64_t count, void *out) {
  for (int64_t r = 0; r < rows; r++) {
    const T *row = (const T *)a + r * a_stride;
    WIDE sum = F(splat)(0);
    for (int64_t n = 0; n < count; n += PANEL) sum = sum + F(load)(row + n);
    ((T *)out)[r] = F(tree)(sum);
  }
}
