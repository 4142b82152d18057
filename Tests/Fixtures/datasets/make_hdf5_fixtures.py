"""Writes the small HDF5 files of this folder: the course's layout in miniature, and its faults one by one."""
import os
import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
X = np.arange(6 * 2 * 3 * 3, dtype=np.uint8).reshape(6, 2, 3, 3)
Y = np.array([0, 1, 0, 1, 1, 0], dtype=np.int64)
CLASSES = np.array([b"non-cat", b"cat"])


def write(name, **arrays):
    with h5py.File(os.path.join(HERE, name + ".h5"), "w", libver=("earliest", "v110")) as file:
        for key, value in arrays.items():
            if isinstance(value, (h5py.SoftLink, h5py.ExternalLink)):
                file[key] = value
            else:
                file.create_dataset(key, data=value, track_times=False)


def train(name, **changes):
    arrays = {"train_set_x": X, "train_set_y": Y, "list_classes": CLASSES, **changes}
    write(name, **{key: value for key, value in arrays.items() if value is not None})


def test(name, **changes):
    arrays = {"test_set_x": X[:2] + 100, "test_set_y": Y[:2].astype(np.int32), "list_classes": CLASSES, **changes}
    write(name, **{key: value for key, value in arrays.items() if value is not None})


train("train")
test("test")
test("test_no_classes", list_classes=None)
test("test_other_classes", list_classes=np.array([b"cat", b"non-cat"]))
test("test_other_shape", test_set_x=X[:2, :, :2])
test("test_label_range", test_set_y=np.array([0, 2]))
test("test_empty", test_set_x=X[:0], test_set_y=Y[:0])
train("label_range", train_set_y=np.array([0, 1, 0, 7, 1, 0]))
train("label_negative", train_set_y=np.array([-1, 1, 0, 1, 1, 0]))
train("label_floats", train_set_y=Y.astype(np.float32))
train("label_count", train_set_y=Y[:5])
train("label_missing", train_set_y=None)
train("images_missing", train_set_x=None)
train("images_floats", train_set_x=X.astype(np.float32))
train("images_int8", train_set_x=X.astype(np.int8))
train("images_flat", train_set_x=X.reshape(6, 18))
train("images_empty", train_set_x=X[:0], train_set_y=Y[:0])
train("images_no_pixels", train_set_x=X[:, :0])
train("images_soft_link", train_set_x=h5py.SoftLink("/list_classes"))
train("images_external_link", train_set_x=h5py.ExternalLink("train.h5", "/train_set_x"))
train("classes_missing", list_classes=None)
train("classes_one", list_classes=CLASSES[:1], train_set_y=Y * 0)
train("classes_empty_class", list_classes=np.array([b"a", b"b", b"c"]))
train("classes_twice", list_classes=np.array([b"a", b"a"]))
train("classes_numbers", list_classes=np.array([0, 1]))

path = os.path.join(HERE, "images_external_file.h5")
with h5py.File(path, "w", libver=("earliest", "v110")) as file:
    file.create_dataset("train_set_y", data=Y, track_times=False)
    file.create_dataset("list_classes", data=CLASSES, track_times=False)
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_external(b"train.h5", 0, X.size)
    h5py.h5d.create(file.id, b"train_set_x", h5py.h5t.NATIVE_UINT8, h5py.h5s.create_simple(X.shape), plist)
with h5py.File(os.path.join(HERE, "train_chunked.h5"), "w", libver=("earliest", "v110")) as file:
    file.create_dataset("train_set_x", data=X, chunks=(2, 2, 3, 3), compression="gzip", shuffle=True, track_times=False)
    file.create_dataset("train_set_y", data=Y, track_times=False)
    file.create_dataset("list_classes", data=CLASSES, track_times=False)

# One wrong bit in the version of the images' layout message makes them compact without data, and HDF5 1.10 would read
# from a null pointer.
with open(os.path.join(HERE, "train.h5"), "rb") as file:
    damaged = bytearray(file.read())
at = damaged.index(bytes([8, 0, 0x18, 0, 0, 0, 0, 0, 3, 1]), 930) + 8
damaged[at] ^= 1
with open(os.path.join(HERE, "images_damaged_layout.h5"), "wb") as file:
    file.write(damaged)

# One wrong bit in the chunks' length makes HDF5 1.10 read past the inflated chunk.
with open(os.path.join(HERE, "train_chunked.h5"), "rb") as file:
    damaged = bytearray(file.read())
at = damaged.index(bytes([2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 1])) + 7
damaged[at] ^= 1
with open(os.path.join(HERE, "images_damaged_chunks.h5"), "wb") as file:
    file.write(damaged)

# Labels of 4 GiB each, by one wrong length of their type.
with open(os.path.join(HERE, "label_negative.h5"), "rb") as file:
    damaged = bytearray(file.read())
damaged[1460:1464] = bytes([7, 255, 255, 250])
with open(os.path.join(HERE, "label_huge_integers.h5"), "wb") as file:
    file.write(damaged)
with h5py.File(os.path.join(HERE, "huge.h5"), "w", libver=("earliest", "v110")) as file:
    file.create_dataset("train_set_x", shape=(1 << 40, 64, 64, 3), dtype=np.uint8, chunks=(1, 64, 64, 3))
    file.create_dataset("train_set_y", data=Y, track_times=False)
    file.create_dataset("list_classes", data=CLASSES, track_times=False)

# Classes as h5py writes Python's texts, some that are not as they should be, and texts padded with blanks.
train("classes_variable", list_classes=np.array(["non-cat", "kätzchen"], dtype=object))
train("classes_variable_empty", list_classes=np.array(["non-cat", ""], dtype=object))
train("classes_variable_long", list_classes=np.array(["non-cat", "c" * 1025], dtype=object))
train("classes_variable_huge", list_classes=np.array(["non-cat", "c" * 60000], dtype=object))
train("classes_forms", list_classes=np.array(["\u00e9", "e\u0301"], dtype=object))
test("test_variable", list_classes=np.array(["non-cat", "kätzchen"], dtype=object))
with h5py.File(os.path.join(HERE, "classes_padded.h5"), "w", libver=("earliest", "v110")) as file:
    file.create_dataset("train_set_x", data=X, track_times=False)
    file.create_dataset("train_set_y", data=Y, track_times=False)
    kind = h5py.h5t.C_S1.copy()
    kind.set_size(10)
    kind.set_strpad(h5py.h5t.STR_SPACEPAD)
    classes = h5py.h5d.create(file.id, b"list_classes", kind, h5py.h5s.create_simple((2,)))
    classes.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([b"non-cat   ", b"cat       "], dtype="S10"), kind)

# Pixels through a filter that h5py brings along and libhdf5 lacks, and through one that neither knows.
with h5py.File(os.path.join(HERE, "images_lzf.h5"), "w", libver=("earliest", "v110")) as file:
    file.create_dataset("train_set_x", data=X * 0, chunks=(6, 2, 3, 3), compression="lzf", track_times=False)
    file.create_dataset("train_set_y", data=Y, track_times=False)
    file.create_dataset("list_classes", data=CLASSES, track_times=False)
with open(os.path.join(HERE, "images_lzf.h5"), "rb") as file:
    other = bytearray(file.read())
at = other.rindex(b"\x00\x7d", 0, other.index(b"lzf\x00"))
other[at] = 1
with open(os.path.join(HERE, "images_blosc.h5"), "wb") as file:
    file.write(other)
other[at] = 0xff
with open(os.path.join(HERE, "images_unknown_filter.h5"), "wb") as file:
    file.write(other)
