// How fast fused multiply-adds can go here, and the table of all kernels.

static double F(peak)(int64_t rounds, void *out) {
  NATIVE sum[PEAK_CHAINS];
  const T *seed = out;
  NATIVE a = *(const NATIVE *)seed, b = *(const NATIVE *)seed;
  UNROLL for (int i = 0; i < PEAK_CHAINS; i++) sum[i] = a + (T)i;
  for (int64_t round = 0; round < rounds; round++) {
    UNROLL for (int i = 0; i < PEAK_CHAINS; i++) sum[i] = FMA(sum[i], a, b);
  }
  UNROLL for (int i = 1; i < PEAK_CHAINS; i++) sum[0] += sum[i];
  *(NATIVE *)out = sum[0];
  return 2.0 * (double)VLANES * PEAK_CHAINS * (double)rounds;
}

static const cairn_kernels F(kernels) = {
    .product = F(product),
    .row_products = F(row_products),
    .row_sums = F(row_sums),
    .activate = F(activate),
    .differentiate = F(differentiate),
    .multiply = F(multiply),
    .delta = F(delta),
    .finite = F(finite),
    .loss = F(loss),
    .step = F(step),
    .normals = F(normals),
    .mask = F(mask),
    .gather = F(gather),
    .convolve = F(convolve),
    .convolve_back = F(convolve_back),
    .convolve_weights = F(convolve_weights),
    .plane_sums = F(plane_sums),
    .pool = F(pool),
    .pool_back = F(pool_back),
    .place = F(place),
    .gram_project = F(gram_project),
    .gram_outputs = F(gram_outputs),
    .gram_change = F(gram_change),
    .gram_learn = F(gram_learn),
    .gram_train = F(gram_train),
    .peak = F(peak),
};
