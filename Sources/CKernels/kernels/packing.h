// Packing rows of examples anew.

/// One stage of a transposition: blocks of DISTANCE rows and columns change places across the diagonal.
#define STAGE(DISTANCE, ...) STAGE_OF(DISTANCE, __VA_ARGS__)
#define STAGE_OF(DISTANCE, LOW, HIGH)                                                                                 \
  UNROLL for (int i = 0; i < PANEL; i++) {                                                                            \
    if (i & DISTANCE) continue;                                                                                       \
    WIDE a = row[i], b = row[i + DISTANCE];                                                                           \
    row[i] = __builtin_shufflevector(a, b, UNPACK LOW);                                                               \
    row[i + DISTANCE] = __builtin_shufflevector(a, b, UNPACK HIGH);                                                   \
  }
#define UNPACK(...) __VA_ARGS__

/// Transposes a square of PANEL rows in registers.
INLINE void F(transpose)(WIDE row[64 / sizeof(T)]) {
#if SINGLE
  STAGE(8,
        (0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
        (8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
  STAGE(4,
        (0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
        (4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
  STAGE(2,
        (0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
        (2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
  STAGE(1,
        (0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
        (1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
#else
  STAGE(4,
        (0, 1, 2, 3, 8, 9, 10, 11),
        (4, 5, 6, 7, 12, 13, 14, 15))
  STAGE(2,
        (0, 1, 8, 9, 4, 5, 12, 13),
        (2, 3, 10, 11, 6, 7, 14, 15))
  STAGE(1,
        (0, 8, 2, 10, 4, 12, 6, 14),
        (1, 9, 3, 11, 5, 13, 7, 15))
#endif
}
#undef STAGE
#undef STAGE_OF
#undef UNPACK

static void F(gather)(const void *source, int64_t source_panel, const int64_t *sources, int64_t rows, int64_t columns,
                      void *copies, void *target) {
  int64_t target_panel = columns * PANEL, copy_panel = rows * PANEL;
  for (int64_t c0 = 0; c0 < columns; c0 += PANEL) {
    const T *from = (const T *)source + c0 / PANEL * source_panel;
    T *copy = copies ? (T *)copies + c0 / PANEL * copy_panel : 0;
    int64_t width = columns - c0 < PANEL ? columns - c0 : PANEL;
    for (int64_t r0 = 0; r0 < rows; r0 += PANEL) {
      WIDE row[64 / sizeof(T)];
      for (int64_t r = 0; r < PANEL; r++) {
        if (r0 + r >= rows) {
          row[r] = F(splat)(0);
          continue;
        }
        row[r] = F(load)(from + sources[r0 + r] * PANEL);
        if (copy) F(store)(copy + (r0 + r) * PANEL, row[r]);
      }
      F(transpose)(row);
      T *to = (T *)target + r0 / PANEL * target_panel + c0 * PANEL;
      if (width == PANEL) {
        UNROLL for (int c = 0; c < PANEL; c++) F(store)(to + c * PANEL, row[c]);
      } else {
        for (int64_t c = 0; c < width; c++) F(store)(to + c * PANEL, row[c]);
      }
    }
  }
}
