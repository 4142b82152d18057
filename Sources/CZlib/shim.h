#include <zlib.h>

/* inflateInit2 and deflateInit2 are macros, which Swift cannot import. */

/* Window of 15 bits; + 16 means gzip framing alone (RFC 1952), not zlib's or raw. */
static inline int cairn_gzip_inflate_init(z_stream *stream) {
  return inflateInit2(stream, 15 + 16);
}

static inline int cairn_gzip_deflate_init(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

/* zlib's framing (RFC 1950), as PNG has it. */
static inline int cairn_zlib_deflate_init(z_stream *stream, int level) {
  return deflateInit(stream, level);
}
