"""A large upload while studies train: the service's memory hardly grows, and what is broken is refused by name."""
import hashlib
import http.client
import pathlib
import tempfile
import threading
import time
import unittest

import h5py
import numpy

import toy
from support import Service
from test_imports import Files

MIB = 1 << 20
BOUNDARY = "a-boundary-of-some-length"


def upload(service, name, format, files):
    """Sends files from the disk, a piece at a time; gives status and body."""
    def parts():
        for field, value in (("name", name), ("format", format)):
            yield f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for path in files:
            yield (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{path.name}"\r\n\r\n').encode()
            with open(path, "rb") as file:
                while piece := file.read(MIB):
                    yield piece
            yield b"\r\n"
        yield f"--{BOUNDARY}--\r\n".encode()
    connection = http.client.HTTPConnection(service.host, service.port, timeout=300)
    try:
        connection.request("POST", "/v1/datasets", parts(), {
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}, encode_chunked=True)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


class Memory(threading.Thread):
    """Watches the most that a process has in memory, in MiB."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.path, self.ended = pathlib.Path(f"/proc/{process}/status"), threading.Event()
        self.before = self.peak = self.now()
        self.start()

    def now(self):
        return next(int(l.split()[1]) for l in self.path.read_text().splitlines() if l.startswith("VmRSS")) / 1024

    def run(self):
        while not self.ended.wait(0.01):
            self.peak = max(self.peak, self.now())

    def growth(self):
        self.ended.set()
        self.join()
        return self.peak - self.before


class Uploads(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.made.name)
        draw = numpy.random.default_rng(7)
        cls.images = cls.folder / "images.h5"
        count = 300 * MIB // (64 * 64 * 3)
        with h5py.File(cls.images, "w") as file:
            file["list_classes"] = numpy.array([b"no", b"yes"])
            file["train_set_y"] = (numpy.arange(count) % 2).astype("int64")
            pixels = file.create_dataset("train_set_x", (count, 64, 64, 3), "uint8")
            for start in range(0, count, 1000):
                rows = min(1000, count - start)
                pixels[start:start + rows] = draw.integers(0, 256, (rows, 64, 64, 3), dtype="uint8")
        cls.table = cls.folder / "table.csv"
        row = b",".join(b"%d.5" % i for i in range(100))
        with open(cls.table, "wb") as file:
            file.write(b",".join(b"c%d" % i for i in range(100)) + b",label\n")
            for block in range(300 * MIB // len(row) // 1000):
                file.write(b"".join(row + b",%d\n" % (i % 2) for i in range(1000)))

    @classmethod
    def tearDownClass(cls):
        cls.made.cleanup()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        (self.home / "data").mkdir()
        toy.write_csv(self.home / "data")
        self.files = Files({})
        self.addCleanup(self.files.close)
        self.service = Service(
            database=self.home / "cairn.sqlite",
            flags=["--data-folder", str(self.home / "data"), "--workers", "2", "--import-networks", "127.0.0.1"])
        self.addCleanup(self.service.__exit__)
        for name in ("one", "two"):
            # Far longer than any upload takes.
            study = toy.definition(name, iterations=(800000, 900000, 1000000), max_running=1)
            study["parameters"]["units_1"]["values"] = [1000, 1500]
            self.assertEqual(self.service.post("/v1/studies", study).status, 201)
        self.service.until(lambda: all(
            self.service.get(f"/v1/studies/{name}").json["progress"]["running"] == 1 for name in ("one", "two")))
        time.sleep(1)

    def left(self):
        shelf = self.home / "cairn.sqlite.datasets"
        return sorted(str(p.relative_to(shelf)) for p in shelf.rglob("*") if p.is_file() and "imports" not in p.parts)

    def test_memory_stays(self):
        for name, format, path in (("images", "hdf5", self.images), ("table", "csv", self.table)):
            memory = Memory(self.service.process.pid)
            status, text = upload(self.service, name, format, [path])
            growth = memory.growth()
            print(f"\n{path.stat().st_size >> 20} MiB of {format}: {memory.before:.0f} MiB before, {growth:.1f} MiB more")
            self.assertEqual(status, 201, text)
            self.assertLess(growth, 32)
        for name in ("one", "two"):
            self.assertEqual(self.service.get(f"/v1/studies/{name}").json["state"], "running")

    def test_broken_ones_are_refused_by_name(self):
        cut = self.folder / "cut.h5"
        with open(self.images, "rb") as whole, open(cut, "wb") as part:
            for _ in range(250):
                part.write(whole.read(MIB))
        wrong = self.folder / "labels.h5"
        with h5py.File(wrong, "w") as file:
            file["list_classes"] = numpy.array([b"no", b"yes"])
            file["train_set_y"] = numpy.array([0, 1, 7, 1])
            file["train_set_x"] = numpy.zeros((4, 8, 8, 3), "uint8")
        table = self.folder / "nan.csv"
        table.write_text("a,b,label\n" + "".join(f"{i},{'nan' if i == 12 else i},{i % 2}\n" for i in range(2, 30)))
        memory = Memory(self.service.process.pid)
        for format, path, words in (("hdf5", cut, ("cut.h5", "cut off")), ("csv", table, ("nan.csv", "row 12", "nan")),
                                    ("hdf5", wrong, ("labels.h5", "train_set_y", "row 3", "label 7"))):
            status, text = upload(self.service, "broken", format, [path])
            self.assertEqual(status, 422, text)
            for word in words:
                self.assertIn(word, text)
            self.assertEqual(self.left(), [])
        content = self.table.read_bytes()
        self.files.files.update({"/t.csv": content, "/inside.csv": self.files.url("/t.csv", "127.0.0.2")})
        for path, digest, word in (("/t.csv", "0" * 64, hashlib.sha256(content).hexdigest()),
                                   ("/inside.csv", hashlib.sha256(content).hexdigest(), "127.0.0.2 is not an address")):
            self.assertEqual(self.service.post("/v1/datasets", {
                "name": "broken", "format": "csv", "files": [{"url": self.files.url(path), "sha256": digest}]}).status, 202)
            failed = self.service.until(
                lambda: (d := self.service.get("/v1/datasets/broken").json)["state"] == "failed" and d, 120)
            self.assertIn(word, failed["detail"])
            self.assertEqual(self.left(), [])
        growth = memory.growth()
        print(f"\nrefusals: {growth:.1f} MiB more")
        self.assertLess(growth, 32)


if __name__ == "__main__":
    unittest.main()
