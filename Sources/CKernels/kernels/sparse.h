// Products of rows most of whose numbers may be zero, as slopes behind relu are: only the others are met.

#define ACTIVE_ROOM 16

/// How many numbers of a row, padded to whole panels, are not zero.
INLINE int64_t F(active_count)(const T *row, int64_t count) {
  F(words) found = (F(words)){};
  for (int64_t n = 0; n < count; n += PANEL) found -= F(load)(row + n) != 0;
  return __builtin_reduce_add(found);
}

/// Lists where a row is not zero, in order, and then a number beyond every place. `list` has room for the row and
/// ACTIVE_ROOM more.
INLINE void F(active)(const T *row, int64_t count, int32_t *list) {
  int64_t found = 0;
#if VECTOR_BYTES == 64
  __m512i places = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (int64_t n = 0; n < count; n += PANEL) {
#if SINGLE
    __mmask16 mask = _mm512_cmp_ps_mask(_mm512_load_ps(row + n), _mm512_setzero_ps(), _CMP_NEQ_UQ);
#else
    __mmask16 mask = _mm512_cmp_pd_mask(_mm512_load_pd(row + n), _mm512_setzero_pd(), _CMP_NEQ_UQ);
#endif
    _mm512_storeu_si512(list + found, _mm512_maskz_compress_epi32(mask, places));
    found += __builtin_popcount(mask);
    places = _mm512_add_epi32(places, _mm512_set1_epi32((int)PANEL));
  }
#else
  for (int64_t n = 0; n < count; n++) {
    list[found] = (int32_t)n;
    found += row[n] != 0;
  }
#endif
  list[found] = INT32_MAX;
}

/// Adds to one row of outputs, PANELS panels wide, the rows of b up to `end` that the list names; where `more`, onto what
/// out holds. Gives the list's place after them.
INLINE const int32_t *F(sparse_tile)(const T *row, const int32_t *list, int64_t end, const T *b, int64_t b_panel,
                                     int more, T *out, const int panels) {
  if (more && *list >= end) return list;
  NATIVE sum[16];
  UNROLL for (int c = 0; c < panels * PARTS; c++) sum[c] = more ? *(const NATIVE *)(out + c * VLANES) : (NATIVE){};
  for (; *list < end; list++) {
    const T *source = b + *list * PANEL;
    NATIVE left = row[*list] - (NATIVE){};
    UNROLL for (int c = 0; c < panels * PARTS; c++)
        sum[c] = FMA(left, *(const NATIVE *)(source + c / PARTS * b_panel + c % PARTS * VLANES), sum[c]);
  }
  UNROLL for (int c = 0; c < panels * PARTS; c++) *(NATIVE *)(out + c * VLANES) = sum[c];
  return list;
}

#define SPARSE(PANELS)                                                                                                \
  case PANELS:                                                                                                        \
    for (int64_t r = 0; r < rows; r++)                                                                                \
      at[r] = F(sparse_tile)(a[r], at[r], end, b, b_panel, more, out[r] + column, PANELS);                            \
    break;

static void F(sparse_block)(const T *const *a, const int32_t **at, int64_t rows, int64_t end, const T *b, int64_t b_panel,
                            int more, T *const *out, int64_t column, int panels) {
  switch (panels) {
    ALL_SPARSE
    default: __builtin_trap();
  }
}
#undef SPARSE

/// out (rows, width) = a (rows, depth) . b, for up to 32 rows whose numbers that are not zero are listed; b in panels of
/// columns, each sum in index order.
static void F(sparse_rows)(const T *const *a, const int32_t *const *lists, int64_t rows, const T *b, int64_t b_panel,
                           int64_t depth, int64_t width, T *const *out) {
  int64_t panels = (width + PANEL - 1) / PANEL;
  int64_t groups = (panels + MOST_PANELS - 1) / MOST_PANELS;
  for (int64_t group = 0, panel = 0; group < groups; group++) {
    int64_t here = (panels - panel) / (groups - group);
    // So many rows of b as stay in the first cache while all rows of a meet them.
    int64_t step = 448 / here;
    const int32_t *at[32];
    for (int64_t r = 0; r < rows; r++) at[r] = lists[r];
    for (int64_t from = 0; from < depth; from += step)
      F(sparse_block)(a, at, rows, from + step < depth ? from + step : depth, b + panel * b_panel, b_panel, from > 0, out,
                      panel * PANEL, (int)here);
    panel += here;
  }
}
