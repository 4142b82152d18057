// All kernels of the number type T; included once for each.
#include "vectors.h"

#include "product.h"

#include "sparse.h"

#include "reductions.h"

#include "elementary.h"

#include "losses.h"

#include "optimizers.h"

#include "draws.h"

#include "packing.h"

#include "convolution.h"

#include "gram.h"

#include "table.h"

#undef T
#undef INT
#undef SINGLE
#undef F
#undef PANEL
#undef VLANES
#undef PARTS
#undef WIDE
#undef NATIVE
#undef GROUP
#undef ACTIVE_ROOM
#undef WIDTH_BLOCK
#undef COUNTERS
#undef MAGIC
#undef EXPONENT_SHIFT
#undef EXPONENT_BIAS
#undef EXP_TERMS
#undef LN2_HIGH
#undef LN2_LOW
#undef EXP_MOST
#undef EXP_LEAST
