#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

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

/* The number of the first filter that data went through and that the library does not have; 0 where it has them all. */
static inline int cairn_h5_missing_filter(hid_t dataset) {
  hid_t plist = H5Dget_create_plist(dataset);
  if (plist < 0) return 0;
  int missing = 0;
  int count = H5Pget_nfilters(plist);
  for (int index = 0; index < count && missing == 0; index++) {
    unsigned flags = 0, config = 0;
    size_t values = 0;
    H5Z_filter_t filter = H5Pget_filter2(plist, (unsigned)index, &flags, &values, NULL, 0, NULL, &config);
    if (filter > 0 && H5Zfilter_avail(filter) <= 0) missing = (int)filter;
  }
  H5Pclose(plist);
  return missing;
}

/* Memory for texts of variable length, while `left` bytes last: what a damaged file asks for has no bound of its own. */
static inline void *cairn_h5_text_memory(size_t size, void *left) {
  size_t *rest = (size_t *)left;
  if (size > *rest) return NULL;
  *rest -= size;
  return malloc(size);
}

static inline void cairn_h5_give_back(void *memory, void *left) {
  (void)left;
  free(memory);
}

static inline void cairn_h5_free_text(char *text) { free(text); }

static inline size_t cairn_h5_text_length(const char *text) { return strlen(text); }

/* Reads texts of variable length, at most `limit` bytes in all; each that is not null afterwards is to be freed, also
   where the status is negative. */
static inline herr_t cairn_h5_read_texts(hid_t dataset, char **texts, size_t limit) {
  herr_t status = -1;
  hid_t stored = H5Dget_type(dataset);
  hid_t type = H5Tcopy(H5T_C_S1);
  hid_t plist = H5Pcreate(H5P_DATASET_XFER);
  /* The library does not convert between ASCII and UTF-8, which are alike here: what is not UTF-8 is seen later. */
  if (stored >= 0 && type >= 0 && plist >= 0 && H5Tset_size(type, H5T_VARIABLE) >= 0
      && H5Tset_cset(type, H5Tget_cset(stored)) >= 0
      && H5Pset_vlen_mem_manager(plist, cairn_h5_text_memory, &limit, cairn_h5_give_back, &limit) >= 0)
    status = H5Dread(dataset, type, H5S_ALL, H5S_ALL, plist, texts);
  if (plist >= 0) H5Pclose(plist);
  if (type >= 0) H5Tclose(type);
  if (stored >= 0) H5Tclose(stored);
  return status;
}
