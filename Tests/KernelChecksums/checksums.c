// Prints a checksum of what each kernel of an instruction set (the argument) makes of the same numbers: equal lines on two
// machines are equal bits. scripts/check-arm64 compares those of 64-bit Arm with those of x86-64.
#include "CKernels.h"

// The numbers that are made here must be the same everywhere, too.
#pragma STDC FP_CONTRACT OFF

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;

/// A number from -1 to 1, a few of them zero.
static double next(void) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  uint64_t bits = state >> 11;
  return bits % 13 == 0 ? 0 : (double)bits * 0x1p-52 - 1;
}

static void *room(size_t numbers, int single) {
  size_t bytes = (numbers * (single ? 4 : 8) + 63) / 64 * 64 + 64;
  void *memory = aligned_alloc(64, bytes);
  if (!memory) exit(2);
  memset(memory, 0, bytes);
  return memory;
}

static void set(void *numbers, size_t index, double value, int single) {
  if (single)
    ((float *)numbers)[index] = (float)value;
  else
    ((double *)numbers)[index] = value;
}

/// (rows, width) in rows of `stride`, zero beyond the width.
static void *filled(long rows, long width, long stride, double scale, int single) {
  void *numbers = room((size_t)(rows * stride), single);
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < width; c++) set(numbers, (size_t)(r * stride + c), next() * scale, single);
  return numbers;
}

/// FNV-1a of the first `width` numbers of each row; zeros of either sign are one.
static uint64_t sum(uint64_t hash, const void *numbers, long rows, long width, long stride, int single) {
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < width; c++) {
      double value = single ? ((const float *)numbers)[r * stride + c] : ((const double *)numbers)[r * stride + c];
      uint64_t bits = 0;
      if (value != 0) memcpy(&bits, &value, 8);
      for (int i = 0; i < 8; i++) hash = (hash ^ (bits >> (8 * i) & 255)) * 1099511628211u;
    }
  return hash;
}

static const uint64_t seed = 14695981039346656037u;

static void report(const char *name, int single, uint64_t hash) {
  printf("%s %s %016llx\n", single ? "single" : "double", name, (unsigned long long)hash);
}

static long whole(long width, int single) {
  long lanes = single ? 16 : 8;
  return (width + lanes - 1) / lanes * lanes;
}

static void products(const cairn_kernels *k, int single) {
  static const long shapes[][3] = {{1, 1, 1}, {3, 5, 7}, {20, 209, 209}, {7, 20, 33}, {33, 300, 65}, {64, 40, 18}};
  uint64_t hash = seed, dots = seed;
  for (unsigned i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    long rows = shapes[i][0], depth = shapes[i][1], width = shapes[i][2];
    long a_stride = whole(depth, single), stride = whole(width, single), columns = whole(rows, single);
    void *a = filled(rows, depth, a_stride, 1, single), *b = filled(depth, width, stride, 1, single);
    void *starts = filled(1, rows, columns, 1, single), *out = room((size_t)(rows * stride), single);
    k->product(a, a_stride, 1, b, stride, single ? 16 : 8, starts, out, stride, rows, depth, width);
    hash = sum(hash, out, rows, width, stride, single);
    void *c = filled(width, depth, a_stride, 1, single);
    k->row_products(a, a_stride, rows, c, a_stride, width, depth, out, stride);
    dots = sum(dots, out, rows, width, stride, single);
    k->row_sums(a, a_stride, rows, depth, starts);
    dots = sum(dots, starts, 1, rows, columns, single);
    free(a), free(b), free(c), free(starts), free(out);
  }
  report("product", single, hash);
  report("reductions", single, dots);
}

static void elementary(const cairn_kernels *k, int single) {
  uint64_t hash = seed;
  for (int kind = 0; kind < 3; kind++)
    for (double scale = 0.01; scale < 1000; scale *= 10) {
      void *z = filled(1, 1000, 1008, scale, single), *d = filled(1, 1000, 1008, 1, single);
      k->activate(z, 1008, kind);
      k->differentiate(d, z, NULL, 1008, kind);
      hash = sum(sum(hash, z, 1, 1000, 1008, single), d, 1, 1000, 1008, single);
      free(z), free(d);
    }
  report("activations", single, hash);
  hash = seed;
  int32_t labels[64] = {0};
  for (long outputs = 1; outputs < 6; outputs += 4) {
    for (int i = 0; i < 37; i++) labels[i] = i * 7 % (outputs == 1 ? 2 : 5);
    void *z = filled(outputs, 37, 48, 8, single), *d = room((size_t)(outputs * 48), single);
    k->delta(z, 48, outputs, 37, 37, labels, d);
    int64_t right = 0;
    double loss = k->loss(z, 48, outputs, 37, labels, &right) + (double)right;
    hash = sum(sum(hash, d, outputs, 48, 48, single), &loss, 1, 1, 1, 0);
    free(z), free(d);
  }
  report("cross-entropy", single, hash);
}

static void steps(const cairn_kernels *k, int single) {
  uint64_t hash = seed;
  for (int kind = 0; kind < 3; kind++) {
    cairn_step step = {0.01, kind == 1 ? 0.9 : 0, 0.03, kind == 2, 1 / (1 - 0.9), 1 / 0.0316};
    void *w = filled(1, 160, 160, 1, single), *g = filled(1, 160, 160, 1, single), *m = filled(1, 160, 160, 1, single);
    void *v = room(160, single);
    k->step(&step, w, g, kind ? m : NULL, kind == 2 ? v : NULL, 160);
    k->step(&step, w, g, kind ? m : NULL, kind == 2 ? v : NULL, 160);
    hash = sum(sum(hash, w, 1, 160, 160, single), m, 1, 160, 160, single);
    free(w), free(g), free(m), free(v);
  }
  report("optimizers", single, hash);
  void *row = room(1024, single);
  k->normals(12, 34, 5, 1, 1, 0.37, row, 999);
  hash = sum(seed, row, 1, 999, 1024, single);
  k->mask(12, 34, 5, 9, 2, 0.3 * 0x1p32, 1 / 0.7, NULL, 999, row);
  report("draws", single, sum(hash, row, 1, 999, 1024, single));
  free(row);
}

/// A convolution of 2 channels of 9 x 8 by 7 filters of 3 x 3, two places apart, on 33 examples, its slopes, and pooling.
static void convolutions(const cairn_kernels *k, int single) {
  long pitch = whole(33, single), stride = whole(18, single), across = whole(7, single);
  int64_t offsets[18], places[144], rows[33];
  for (int i = 0; i < 18; i++) offsets[i] = (i / 9 * 72 + i % 9 / 3 * 8 + i % 3) * pitch;
  for (int i = 0; i < 144; i++) places[i] = (i % 2 * 72 + i / 2) * pitch;
  for (int i = 0; i < 33; i++) rows[i] = i * 7 % 20;
  void *examples = filled(20, 144, 144, 1, single), *in = room((size_t)(144 * pitch), single);
  k->place(examples, 144, rows, 33, places, 144, in);
  cairn_convolution v = {18, offsets, stride, 1, 3, pitch, 16 * pitch, 2 * pitch, 3 * pitch, pitch, 12 * pitch};
  void *w = filled(7, 18, stride, 1, single), *b = filled(1, 7, across, 1, single);
  void *t = filled(18, 7, across, 1, single), *deltas = filled(84, 33, pitch, 1, single);
  void *out = room((size_t)(84 * pitch), single), *slopes = room((size_t)(144 * pitch), single);
  size_t size = single ? 4 : 8;
  for (int y = 0; y < 4; y++) {
    size_t from = (size_t)(y * 16 * pitch) * size, to = (size_t)(y * 3 * pitch) * size;
    k->convolve(&v, w, b, 7, (char *)in + from, (char *)out + to);
    k->convolve_back(&v, t, across, 7, (char *)deltas + to, (char *)slopes + from);
  }
  v.rows = 4;
  void *g = room((size_t)(7 * stride), single), *s = room((size_t)across, single);
  k->convolve_weights(&v, deltas, 7, in, g, NULL);
  k->plane_sums(&v, deltas, 7, s);
  uint64_t hash = sum(sum(seed, in, 144, 33, pitch, single), out, 84, 33, pitch, single);
  hash = sum(sum(hash, slopes, 144, 33, pitch, single), g, 7, 18, stride, single);
  report("convolution", single, sum(hash, s, 1, 7, across, single));
  hash = seed;
  for (int largest = 0; largest < 2; largest++)
    for (int64_t side = 2; side < 4; side++) {
      cairn_pool p = {side, 8 / side, pitch, 8 * pitch, pitch, pitch, largest};
      k->pool(&p, in, out);
      k->pool_back(&p, in, out, deltas, slopes);
      hash = sum(sum(hash, out, 8 / side, 33, pitch, single), slopes, 24, 33, pitch, single);
    }
  report("pooling", single, hash);
  free(examples), free(in), free(w), free(b), free(t), free(deltas), free(out), free(slopes), free(g), free(s);
}

/// A whole training: 90-20-7-1 on 61 examples, `kind` the first activation.
static void training(const cairn_kernels *k, int single, int kind, double momentum) {
  static const int32_t sizes[] = {90, 20, 7, 1};
  long count = 61, stride = whole(count, single), lanes = single ? 16 : 8;
  cairn_gram g = {.depth = 3, .count = count, .stride = stride, .mean_square = 3, .share = 1};
  memcpy(g.sizes, sizes, sizeof sizes);
  g.activations[0] = kind;
  double x[61][90];
  for (int i = 0; i < 61; i++)
    for (int j = 0; j < 90; j++) x[i][j] = next() * 0.3;
  void *gram = room((size_t)(count * stride), single);
  for (long c = 0; c < count; c++)
    for (long r = 0; r < count; r++) {
      double dot = 0;
      for (int j = 0; j < 90; j++) dot += x[r][j] * x[c][j];
      set(gram, (size_t)(c / lanes * count * lanes + r * lanes + c % lanes), dot, single);
    }
  g.gram = gram;
  g.projected = filled(20, count, stride, 1, single);
  g.projected_velocity = momentum > 0 ? room((size_t)(20 * stride), single) : NULL;
  g.changes = room((size_t)(20 * stride), single);
  g.active = room(32 * 80, 1);
  g.projections = filled(1, count, stride, 1, single);
  g.sums = room((size_t)(20 * stride), single);
  g.velocity = momentum > 0 ? room((size_t)(20 * stride), single) : NULL;
  g.means = room(80, 0);
  g.still = room(8, 0);
  for (int l = 0; l < 3; l++) {
    size_t numbers = (size_t)(sizes[l + 1] * whole(sizes[l], single));
    g.weights[l] = filled(sizes[l + 1], sizes[l], whole(sizes[l], single), 0.7, single);
    g.gradients[l] = room(numbers, single);
    g.memories[l] = momentum > 0 ? room(numbers, single) : NULL;
    g.biases[l] = room(32, single);
    g.bias_gradients[l] = room(32, single);
    g.bias_memories[l] = momentum > 0 ? room(32, single) : NULL;
    g.outputs[l] = room((size_t)(sizes[l + 1] * stride), single);
    g.deltas[l] = room((size_t)(sizes[l + 1] * stride), single);
  }
  int32_t labels[80] = {0};
  for (int i = 0; i < 61; i++) labels[i] = i * 5 % 7 < 3;
  g.labels = labels;
  g.step = (cairn_step){0.1, momentum, momentum / 100, 0, 1, 1};
  long made = k->gram_train(&g, 200);
  uint64_t hash = sum(sum(seed, g.sums, 20, count, stride, single), g.projected, 20, count, stride, single);
  for (int l = 1; l < 3; l++) hash = sum(hash, g.weights[l], sizes[l + 1], sizes[l], whole(sizes[l], single), single);
  char name[64];
  snprintf(name, sizeof name, "training-%d-%ld", kind, made);
  report(name, single, hash);
}

int main(int argc, char **argv) {
  int32_t isa = argc > 1 ? atoi(argv[1]) : -1;
  for (int single = 0; single < 2; single++) {
    const cairn_kernels *k = single ? cairn_kernels_single(isa) : cairn_kernels_double(isa);
    if (!k) return 3;
    state = 42;
    products(k, single);
    elementary(k, single);
    steps(k, single);
    convolutions(k, single);
    training(k, single, cairn_relu, 0);
    training(k, single, cairn_sigmoid, 0.5);
    training(k, single, cairn_tanh, 0);
  }
  return 0;
}
