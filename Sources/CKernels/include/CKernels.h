// Numeric kernels: one source, compiled once for each instruction set, chosen at run time.
//
// Numbers are float or double, as the table says; `lanes` is 16 of float, 8 of double (64 bytes). Matrices are row-major,
// every row aligned to 64 bytes and padded to whole lanes, unless strides say otherwise. Every output of a product is
// summed in index order by fused multiply-add; every other sum takes `lanes` virtual lanes and one fixed tree (upper half
// onto lower). So each instruction set with fused multiply-add gives the same bits.
#ifndef CAIRN_CKERNELS_H
#define CAIRN_CKERNELS_H

#include <stdint.h>

// Function pointers alone are marked: they are never NULL.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

enum { cairn_relu = 0, cairn_sigmoid = 1, cairn_tanh = 2 };

/// What an optimiser's step needs beside the numbers; Adam where `adam` is not zero.
typedef struct {
  double rate, momentum, decay;
  int32_t adam;
  /// Adam: 1 / (1 - beta1^t) and 1 / sqrt(1 - beta2^t).
  double first_scale, second_root_scale;
} cairn_step;

/// A training in the space of the examples: full batches, any depth, no dropout. N examples, `stride` padded.
typedef struct {
  /// Layers with weights, the first one included; at most 16.
  int32_t depth;
  /// Features, then units of each layer: depth + 1 numbers.
  int32_t sizes[17];
  /// Of each hidden layer: depth - 1 numbers.
  int32_t activations[16];
  int64_t count, stride;
  /// Centred Gram matrix (N, N) in panels of columns.
  const void *gram;
  /// The current W X, of the examples that train, without the part that the mean adds after the first weights; its
  /// velocity (NULL without momentum). (units, stride).
  void *projected, *projected_velocity;
  /// What an update changes in it, (units, stride).
  void *changes;
  /// Working space, (32, stride + 16).
  int32_t *active;
  /// (x_k - mean) . mean, padded with zeros.
  const void *projections;
  double mean_square;
  /// S and its velocity (NULL without momentum), (units, stride).
  void *sums, *velocity;
  /// For each unit the sums of S_k and of S_k p_k, and their velocities: (units, 4).
  double *means;
  double share, share_velocity;
  /// Of each layer; entry 0 of `weights`, `gradients` and `memories` is not read.
  void *weights[16], *gradients[16], *memories[16];
  void *biases[16], *bias_gradients[16], *bias_memories[16];
  /// (units, stride) each.
  void *outputs[16], *deltas[16];
  /// 0 or 1, or the class; padded with zeros to `stride`.
  const int32_t *labels;
  cairn_step step;
  /// For each unit of the first layer: not 0 where the last update left its pre-activations as they were.
  uint8_t *still;
  /// Whether the outputs belong to the weights as they are.
  int32_t has_outputs;
} cairn_gram;

/// One row of places that a convolution writes, or several of them, and what it reads. A place has `width` numbers, whole
/// panels, one an example.
typedef struct {
  /// How many numbers a filter sees, and where: numbers from the place on that it begins at.
  int64_t depth;
  const int64_t *offsets;
  /// From a filter's weights to the next one's.
  int64_t stride;
  /// Rows of places, and places in a row.
  int64_t rows, places, width;
  /// From a row and a place to the next: in what is read, a stride of the convolution apart, and in what is written.
  int64_t in_row, in_step, out_row, out_step;
  /// From what a filter writes to what the next writes.
  int64_t out_plane;
} cairn_convolution;

/// One row of places that pooling writes: of squares of `side` by `side` places the mean, or where `largest` the largest
/// number; NaN is the largest.
typedef struct {
  int64_t side, places, width;
  int64_t in_row, in_step, out_step;
  int32_t largest;
} cairn_pool;

/// The kernels of one instruction set for one number type.
typedef struct {
  /// out (rows, width) = a (rows, depth) . b (depth, width), from `initial` (a number a row, or NULL for zeros).
  /// a's number (r, k) is at r * a_row + k * a_column; b's (k, c) at c / lanes * b_panel + k * b_row + c % lanes.
  /// Numbers beyond the width, up to whole lanes, are finite where those of b are.
  void (*_Nonnull product)(const void *a, int64_t a_row, int64_t a_column, const void *b, int64_t b_row, int64_t b_panel,
                  const void *initial, void *out, int64_t out_stride, int64_t rows, int64_t depth, int64_t width);
  /// out (rows, columns) = a (rows, count) . b (columns, count) transposed, by virtual lanes. a is zero beyond count.
  void (*_Nonnull row_products)(const void *a, int64_t a_stride, int64_t rows, const void *b, int64_t b_stride, int64_t columns,
                       int64_t count, void *out, int64_t out_stride);
  /// out (rows) = the sum of each row of a (rows, count), by virtual lanes. a is zero beyond count.
  void (*_Nonnull row_sums)(const void *a, int64_t a_stride, int64_t rows, int64_t count, void *out);
  /// z = activation(z), count padded to whole lanes.
  void (*_Nonnull activate)(void *z, int64_t count, int32_t activation);
  /// delta = delta * slope, from the activation's output; with a mask, of the output before it was applied.
  void (*_Nonnull differentiate)(void *delta, const void *output, const void *mask, int64_t count, int32_t activation);
  /// z = z * mask.
  void (*_Nonnull multiply)(void *z, const void *mask, int64_t count);
  /// The slope of the mean cross-entropy of `of` examples by the logits of `count` of them, (outputs, stride); zero beyond
  /// count.
  void (*_Nonnull delta)(const void *logits, int64_t stride, int64_t outputs, int64_t count, int64_t of,
                         const int32_t *labels, void *delta);
  /// Whether all logits (outputs, stride) are finite.
  int32_t (*_Nonnull finite)(const void *logits, int64_t stride, int64_t outputs, int64_t count);
  /// The sum of the losses, in double precision, and how many classes are predicted right.
  double (*_Nonnull loss)(const void *logits, int64_t stride, int64_t outputs, int64_t count, const int32_t *labels,
                 int64_t *right);
  /// One update of `count` weights (padded to whole lanes); `first` and `second` as the optimiser needs them.
  void (*_Nonnull step)(const cairn_step *step, void *weights, const void *gradient, void *first, void *second, int64_t count);
  /// One unit's first weights: inputs 2i and 2i + 1 are deviation times the two normals of counter (i, unit, layer,
  /// purpose).
  void (*_Nonnull normals)(uint32_t key_low, uint32_t key_high, uint32_t unit, uint32_t layer, uint32_t purpose,
                  double deviation, void *row, int64_t inputs);
  /// A row of a dropout mask: scale where word example % 4 of counter (example / 4, unit, iteration, purpose) is at least
  /// threshold, else 0. `chosen` names the examples; NULL is 0, 1, 2 ...
  void (*_Nonnull mask)(uint32_t key_low, uint32_t key_high, uint32_t unit, uint32_t iteration, uint32_t purpose,
               double threshold, double scale, const int64_t *chosen, int64_t count, void *row);
  /// The named rows of source (rows, columns), copied one after the other (unless NULL), and transposed into target
  /// (columns, rows). All in panels of lanes: source number (r, c) is at c / lanes * source_panel + sources[r] * lanes +
  /// c % lanes. Beyond the last row, up to whole lanes, target is zero.
  void (*_Nonnull gather)(const void *source, int64_t source_panel, const int64_t *sources, int64_t rows,
                          int64_t columns, void *copies, void *target);
  /// A row of places: out = biases + weights (filters, stride) . what each filter sees, in index order.
  void (*_Nonnull convolve)(const cairn_convolution *convolution, const void *weights, const void *biases,
                            int64_t filters, const void *in, void *out);
  /// Adds to the slopes by what is read those of a row of places, place by place and filter by filter; `weights` are
  /// transposed, (depth, weights_stride).
  void (*_Nonnull convolve_back)(const cairn_convolution *convolution, const void *weights, int64_t weights_stride,
                                 int64_t filters, const void *deltas, void *slopes);
  /// The slopes by the weights, (filters, stride): summed over rows, places and panels in virtual lanes, then one tree.
  /// `lanes` has room for a panel for each weight, so that few rows at a time meet all weights; NULL: all rows do.
  void (*_Nonnull convolve_weights)(const cairn_convolution *convolution, const void *deltas, int64_t filters,
                                    const void *in, void *slopes, void *_Nullable lanes);
  /// The sum of each filter's plane of deltas, in virtual lanes as above.
  void (*_Nonnull plane_sums)(const cairn_convolution *convolution, const void *deltas, int64_t filters, void *sums);
  /// Pools a row of places.
  void (*_Nonnull pool)(const cairn_pool *pool, const void *in, void *out);
  /// The slopes by what was pooled; of equal largest numbers the first has it all.
  void (*_Nonnull pool_back)(const cairn_pool *pool, const void *in, const void *out, const void *deltas, void *slopes);
  /// The named rows of source (rows, columns), transposed: number c of row r goes to places[c] + r. Source rows are padded
  /// to whole panels; beyond the last row, up to whole panels, targets are zero.
  void (*_Nonnull place)(const void *source, int64_t source_stride, const int64_t *sources, int64_t rows,
                         const int64_t *places, int64_t columns, void *target);
  /// W X + b of other examples, which are the columns of `matrix`: out = share * start - S K - (level + slope p), the
  /// level in double precision.
  void (*_Nonnull gram_project)(const cairn_gram *gram, const void *matrix, const void *start, int64_t start_stride,
                       const void *projections, int64_t width, const void *biases, void *out, int64_t out_stride);
  /// W X + b of examples that train: all, or `width` that `chosen` names, whose projections are written to `projections`.
  void (*_Nonnull gram_outputs)(const cairn_gram *gram, const int64_t *_Nullable chosen, int64_t width,
                       void *_Nullable projections, const void *biases, void *out, int64_t out_stride);
  /// What slopes by the pre-activations, (units, stride), zero for examples outside the batch, change in W X of these
  /// units from `first` on; to be found for all units before they are learned from.
  void (*_Nonnull gram_change)(cairn_gram *gram, const void *deltas, int64_t first, int64_t units);
  /// Takes in those slopes; the biases' gradients are written.
  void (*_Nonnull gram_learn)(cairn_gram *gram, const void *deltas);
  /// Makes up to `iterations` updates; returns how many were made before a logit ceased to be finite.
  int64_t (*_Nonnull gram_train)(cairn_gram *gram, int64_t iterations);
  /// Fused multiply-adds in independent chains, nothing else; returns how many floating-point operations were done.
  double (*_Nonnull peak)(int64_t rounds, void *out);
} cairn_kernels;

enum { cairn_isa_baseline = 0, cairn_isa_avx2 = 1, cairn_isa_avx512 = 2, cairn_isa_neon = 3 };

/// The kernels of an instruction set; NULL where this machine lacks it.
const cairn_kernels *cairn_kernels_single(int32_t isa);
const cairn_kernels *cairn_kernels_double(int32_t isa);

#pragma clang diagnostic pop

#endif
