"""Tables of problems whose every point is known: read from .npz, .csv and .table files, written as .table files."""
import array
import ast
import csv
import dataclasses
import itertools
import json
import math
import pathlib
import struct
import sys
import zipfile


@dataclasses.dataclass
class Table:
    """Losses in C order, instance after instance; `axes` are (name, levels, whether they are categories)."""
    name: str
    axes: list
    instances: int
    losses: array.array
    ties: array.array

    @property
    def size(self):
        return math.prod(len(levels) for _, levels, _ in self.axes)

    def instance(self, number):
        return self.losses[number * self.size:(number + 1) * self.size]

    def target(self, number):
        """The loss that the best 1 % of an instance's points reach."""
        return sorted(self.instance(number))[math.ceil(0.01 * self.size) - 1]

    def write(self, path):
        head = {"name": self.name, "instances": self.instances, "ties": bool(self.ties),
                "axes": [{"name": name, "levels": levels, "categorical": categorical}
                         for name, levels, categorical in self.axes]}
        numbers = self.losses + self.ties
        if sys.byteorder != "little":
            numbers.byteswap()
        path.write_bytes(json.dumps(head).encode() + b"\n" + numbers.tobytes())


def doubles(values):
    return array.array("d", values)


def numpy_array(bytes_):
    """(shape, values) of an .npy file of numbers or of texts; C order."""
    major = bytes_[6]
    length, = struct.unpack_from("<H" if major == 1 else "<I", bytes_, 8)
    start = (10 if major == 1 else 12) + length
    head = ast.literal_eval(bytes_[start - length:start].decode("latin-1"))
    shape, kind, body = head["shape"], head["descr"], bytes_[start:]
    if head["fortran_order"] and len(shape) > 1:
        raise ValueError("the array is in Fortran order")
    if kind[1] == "U":
        width = 4 * int(kind[2:])
        texts = [body[place:place + width].decode("utf-32-le" if kind[0] == "<" else "utf-32-be").rstrip("\0")
                 for place in range(0, len(body), width)]
        return shape, texts
    letters = {"f8": "d", "f4": "f", "i8": "q", "i4": "i", "i2": "h", "i1": "b", "u1": "B", "b1": "B"}
    size = int(kind[2:])
    return shape, list(struct.unpack(f"{kind[0].replace('|', '<')}{len(body) // size}{letters[kind[1:]]}", body))


def from_npz(path):
    with zipfile.ZipFile(path) as archive:
        arrays = {name.removesuffix(".npy"): numpy_array(archive.read(name)) for name in archive.namelist()}
    shape, losses = arrays["loss"]
    axes = [(name, [float(level) for level in arrays[f"v{place}"][1]], kind != 0)
            for place, (name, kind) in enumerate(zip(arrays["names"][1], arrays["kinds"][1]))]
    if list(shape[1:]) != [len(levels) for _, levels, _ in axes]:
        raise ValueError(f"{path}: the losses have another shape than the axes")
    ties = []
    other = path.with_name(f"{path.stem}_tie_break.npz")
    if other.exists():
        with zipfile.ZipFile(other) as archive:
            ties = numpy_array(archive.read("tie.npy"))[1]
    return Table(path.stem, axes, shape[0], doubles(losses), doubles(ties))


def from_csv(path):
    """A column for each axis, one called `loss`, and perhaps one called `tie`, which decides between equal losses; one line
    for each point. A column with a text in it is categorical."""
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or "loss" not in rows[0]:
        raise ValueError(f"{path}: a column must be called loss")

    def number(text):
        try:
            return float(text)
        except ValueError:
            return None

    names = [name for name in rows[0] if name not in ("loss", "tie")]
    levels, axes = {}, []
    for name in names:
        texts = dict.fromkeys(row[name] for row in rows)
        categorical = any(number(text) is None for text in texts)
        levels[name] = list(texts) if categorical else sorted({number(text) for text in texts})
        axes.append((name, [float(place) for place in range(len(texts))] if categorical else levels[name], categorical))
    losses = {}
    for row in rows:
        key = tuple(row[name] if categorical else number(row[name]) for name, _, categorical in axes)
        if key in losses:
            raise ValueError(f"{path}: the point {key} has two lines")
        losses[key] = (float(row["loss"]), float(row.get("tie") or 0))
    points = list(itertools.product(*(levels[name] for name in names)))
    missing = next((point for point in points if point not in losses), None)
    if missing is not None:
        raise ValueError(f"{path}: the point {missing} has no line")
    ties = [losses[point][1] for point in points] if "tie" in rows[0] else []
    return Table(path.stem, axes, 1, doubles(losses[point][0] for point in points), doubles(ties))


def from_table(path):
    first, rest = path.read_bytes().split(b"\n", 1)
    head = json.loads(first)
    numbers = doubles([])
    numbers.frombytes(rest)
    if sys.byteorder != "little":
        numbers.byteswap()
    axes = [(axis["name"], axis["levels"], axis["categorical"]) for axis in head["axes"]]
    count = head["instances"] * math.prod(len(levels) for _, levels, _ in axes)
    return Table(head["name"], axes, head["instances"], numbers[:count], numbers[count:])


READERS = {".npz": from_npz, ".csv": from_csv, ".table": from_table}


def read(text):
    """All tables of a file or a folder."""
    path = pathlib.Path(text)
    if not path.is_dir():
        if path.suffix not in READERS:
            raise ValueError(f"{path}: a table is a .npz, .csv or .table file, or a folder of them")
        return [READERS[path.suffix](path)]
    files = sorted(file for file in path.iterdir() if file.suffix in READERS and not file.stem.endswith("_tie_break"))
    return [READERS[file.suffix](file) for file in files]
