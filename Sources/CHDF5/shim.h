#include <hdf5.h>

/* Constants that are macros with casts or library calls, which Swift cannot import. */

static inline hid_t cairn_h5_default_properties(void) { return H5P_DEFAULT; }
static inline hid_t cairn_h5_whole_dataspace(void) { return H5S_ALL; }
static inline unsigned cairn_h5_read_only(void) { return H5F_ACC_RDONLY; }
static inline hid_t cairn_h5_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t cairn_h5_native_int64(void) { return H5T_NATIVE_INT64; }

/* Turns off HDF5's own printing of its error stack on standard error. */
static inline herr_t cairn_h5_silence_errors(void) { return H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

/* Keeps filters from being loaded from plug-in folders that a file's header names. */
static inline herr_t cairn_h5_forbid_plugins(void) { return H5PLset_loading_state(0); }

/* 1 where `name` is a hard link; soft and external links lead elsewhere, even to other files. */
static inline int cairn_h5_is_hard_link(hid_t file, const char *name) {
  H5L_info_t info;
  return H5Lget_info(file, name, &info, H5P_DEFAULT) >= 0 && info.type == H5L_TYPE_HARD;
}

/* 1 where the data lie in the file itself, contiguous or in chunks: not virtual, not in external files, and not compact
   (inside the header), which no writer of images uses and where HDF5 1.10 crashes on a damaged size. */
static inline int cairn_h5_is_self_contained(hid_t dataset) {
  hid_t plist = H5Dget_create_plist(dataset);
  if (plist < 0) return 0;
  H5D_layout_t layout = H5Pget_layout(plist);
  int own = (layout == H5D_CONTIGUOUS || layout == H5D_CHUNKED) && H5Pget_external_count(plist) == 0;
  /* A damaged chunk length beyond the array's own makes HDF5 1.10 read past what it inflated. */
  if (own && layout == H5D_CHUNKED) {
    hsize_t chunk[H5S_MAX_RANK], extent[H5S_MAX_RANK];
    hid_t space = H5Dget_space(dataset);
    int rank = H5Pget_chunk(plist, H5S_MAX_RANK, chunk);
    own = space >= 0 && rank > 0 && H5Sget_simple_extent_ndims(space) == rank
          && H5Sget_simple_extent_dims(space, extent, NULL) == rank;
    for (int axis = 0; own && axis < rank; axis++) own = chunk[axis] <= extent[axis];
    if (space >= 0) H5Sclose(space);
  }
  H5Pclose(plist);
  return own;
}
