"""How a trial's model did, class by class and picture by picture, against an independent forward pass."""
import csv
import gzip
import pathlib
import struct
import tempfile
import unittest
import zlib

import numpy
import toy
from support import Service
from test_datasets import multipart
from test_models import logits, probabilities, read_safetensors


def read_png(content):
    """Height, width, channels and pixels of a PNG whose rows are not filtered; checks every sum."""
    if content[:8] != b"\x89PNG\r\n\x1a\n":
        raise AssertionError(content[:8])
    at, data, head = 8, b"", None
    while at < len(content):
        (length,) = struct.unpack(">I", content[at:at + 4])
        kind, body = content[at + 4:at + 8], content[at + 8:at + 8 + length]
        (check,) = struct.unpack(">I", content[at + 8 + length:at + 12 + length])
        if zlib.crc32(kind + body) != check:
            raise AssertionError(f"the checksum of {kind} is wrong")
        if kind == b"IHDR":
            head = struct.unpack(">IIBBBBB", body)
        if kind == b"IDAT":
            data += body
        at += 12 + length
    width, height, depth, colour = head[:4]
    channels = {0: 1, 2: 3}[colour]
    if (depth, head[4:]) != (8, (0, 0, 0)):
        raise AssertionError(head)
    rows = numpy.frombuffer(zlib.decompress(data), numpy.uint8).reshape(height, 1 + width * channels)
    if rows[:, 0].any():
        raise AssertionError("rows are filtered")
    return rows[:, 1:].reshape(height, width, channels)


def write_idx(path, array):
    with gzip.open(path, "wb") as file:
        file.write(bytes([0, 0, 8, array.ndim]) + b"".join(struct.pack(">I", n) for n in array.shape) + array.tobytes())


class Evaluation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = pathlib.Path(cls.folder.name)
        toy.write_csv(cls.path)
        toy.write_csv(cls.path, name="three", classes=3, rows=90, second=45)
        draw = numpy.random.default_rng(3)
        cls.pictures = {}
        for part, count in (("train", 60), ("t10k", 20)):
            labels = numpy.arange(count, dtype=numpy.uint8) % 3
            images = draw.integers(0, 256, (count, 5, 4), dtype=numpy.uint8)
            images[numpy.arange(count), labels, 1] = 255
            cls.pictures[part] = images
            write_idx(cls.path / f"{part}-images-idx3-ubyte.gz", images)
            write_idx(cls.path / f"{part}-labels-idx1-ubyte.gz", labels)
        cls.service = Service(
            database=cls.path / "cairn.sqlite", flags=["--workers", "2", "--data-folder", str(cls.path)])
        body, headers = multipart({"name": "tried", "format": "results"}, [("tried.csv", b"x,loss\n1,0.5\n2,0.25\n")])
        assert cls.service.request("POST", "/v1/datasets", body, headers).status == 201

    @classmethod
    def tearDownClass(cls):
        with cls.service:
            pass
        cls.folder.cleanup()

    def run_study(self, name, dataset, **more):
        study = toy.definition(name, dataset=dataset, **more)
        made = self.service.post("/v1/studies", study)
        self.assertEqual(made.status, 201, made.text)
        self.assertEqual(self.service.wait(name)["state"], "completed")
        return self.service.all(f"/v1/studies/{name}/trials")

    def check_sums(self, found):
        """All that follows from the matrix."""
        matrix = numpy.array(found["confusion"])
        self.assertEqual(matrix.shape, (len(found["classes"]),) * 2)
        self.assertEqual(matrix.sum(), found["examples"])
        self.assertEqual(sum(fold["examples"] for fold in found["folds"]), found["examples"])
        for place, told in enumerate(found["per_class"]):
            right, support, predicted = matrix[place, place], matrix[place].sum(), matrix[:, place].sum()
            self.assertEqual((told["class"], told["support"], told["predicted"]), (found["classes"][place], support, predicted))
            for name, above, below in (("precision", right, predicted), ("recall", right, support), ("f1", 2 * right, predicted + support)):
                if below:
                    self.assertAlmostEqual(told[name], above / below, delta=1e-15)
                else:
                    self.assertIsNone(told[name])
        wrong = int(matrix.sum() - matrix.trace())
        self.assertEqual(len(found["mistakes"]), min(12, wrong))
        losses = [one["loss"] for one in found["mistakes"]]
        self.assertEqual(losses, sorted(losses, reverse=True))
        for one in found["mistakes"]:
            self.assertNotEqual(one["class"], one["predicted"])
            self.assertAlmostEqual(sum(one["probabilities"]), 1, delta=1e-12)
            self.assertAlmostEqual(one["loss"], -numpy.log(one["probabilities"][found["classes"].index(one["class"])]), delta=1e-9)
        return matrix

    def test_a_second_part_is_judged_as_the_file_judges_it(self):
        for dataset in ("toy", "three"):
            with self.subTest(dataset):
                trials = self.run_study(f"{dataset}-second", dataset, validation={"split": "second"})
                with open(self.path / f"{dataset}.test.csv") as file:
                    rows = list(csv.DictReader(file))
                labels = [int(row.pop("label")) for row in rows]
                numbers = [[float(value) for value in row.values()] for row in rows]
                for trial in trials[::6]:
                    path = f"/v1/studies/{dataset}-second/trials/{trial['number']}"
                    answer = self.service.made(path + "/evaluation")
                    found = answer.json
                    matrix = self.check_sums(found)
                    self.assertEqual(found["accuracy"], trial["metrics"]["validation_accuracy"])
                    self.assertEqual(found["loss"], trial["metrics"]["validation_loss"])
                    self.assertEqual((found["part"], found["examples"], found["repeat"]), ("second", len(labels), 0))
                    metadata, tensors = read_safetensors(self.service.made(path + "/model").body)
                    p = probabilities(logits(metadata, tensors, numbers))
                    expected = numpy.zeros_like(matrix)
                    for label, predicted in zip(labels, p.argmax(axis=1)):
                        expected[label, predicted] += 1
                    self.assertEqual(matrix.tolist(), expected.tolist())
                    self.assertEqual(matrix.trace() / len(labels), trial["metrics"]["validation_accuracy"])
                    loss = -numpy.log(p[numpy.arange(len(labels)), labels])
                    wrong = [i for i in numpy.argsort(-loss, kind="stable") if p[i].argmax() != labels[i]][:12]
                    self.assertEqual([one["index"] for one in found["mistakes"]], wrong)
                    for one in found["mistakes"]:
                        self.assertIsNone(one["picture"])
                        self.assertEqual((one["class"], one["part"]), (str(labels[one["index"]]), "second"))
                        numpy.testing.assert_allclose(one["probabilities"], p[one["index"]], atol=1e-9)
                    known = self.service.get(path + "/evaluation", {"If-None-Match": answer.headers["ETag"]})
                    self.assertEqual(known.status, 304)

    def test_folds_are_pooled(self):
        trials = self.run_study("folds", "toy", validation={"split": {"folds": 3}}, iterations=(30, 60))
        for trial in trials[::5]:
            found = self.service.made(f"/v1/studies/folds/trials/{trial['number']}/evaluation").json
            matrix = self.check_sums(found)
            # Every example of the first part was left out once.
            self.assertEqual((found["part"], found["examples"], len(found["folds"])), ("first", 80, 3))
            self.assertEqual([fold["accuracy"] for fold in found["folds"]], trial["scores"])
            self.assertEqual(found["accuracy"], trial["metrics"]["validation_accuracy"])
            self.assertEqual(found["loss"], trial["metrics"]["validation_loss"])
            right = sum(round(fold["accuracy"] * fold["examples"]) for fold in found["folds"])
            self.assertEqual(matrix.trace(), right)
            self.assertEqual(matrix.sum(axis=1).tolist(), [40, 40])
            self.assertEqual(len({(one["index"], one["fold"]) for one in found["mistakes"]}), len(found["mistakes"]))

    def test_a_share_held_out_and_repeats(self):
        trials = self.run_study("held", "toy", validation={"split": {"holdout": 0.25}, "repeats": 2})
        for repeat in (0, 1):
            found = self.service.made(f"/v1/studies/held/trials/1/evaluation?repeat={repeat}").json
            self.check_sums(found)
            self.assertEqual((found["accuracy"], found["repeat"], found["examples"]), (trials[0]["scores"][repeat], repeat, 20))
            self.assertIn(f"repeat {repeat} of 2", found["detail"])
        self.assertEqual(self.service.get("/v1/studies/held/trials/1/evaluation?repeat=2").status, 400)

    def test_mistakes_are_pictures(self):
        trials = self.run_study("drawn", "mnist", validation={"split": "second"}, iterations=(1, 2, 3))
        found = self.service.made("/v1/studies/drawn/trials/1/evaluation").json
        self.check_sums(found)
        self.assertEqual(found["accuracy"], trials[0]["metrics"]["validation_accuracy"])
        self.assertTrue(found["mistakes"])
        for one in found["mistakes"]:
            answer = self.service.get(one["picture"])
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "image/png"))
            numpy.testing.assert_array_equal(read_png(answer.body)[:, :, 0], self.pictures["t10k"][one["index"]])
        first = self.service.get("/v1/datasets/mnist/examples/59.png")
        numpy.testing.assert_array_equal(read_png(first.body)[:, :, 0], self.pictures["train"][59])
        self.assertIn("max-age", first.headers["Cache-Control"])
        known = self.service.get("/v1/datasets/mnist/examples/59.png", {"If-None-Match": first.headers["ETag"]})
        self.assertEqual((known.status, known.body), (304, b""))
        other = self.service.get("/v1/datasets/mnist/examples/19.png?part=second")
        self.assertNotEqual(other.headers["ETag"], self.service.get("/v1/datasets/mnist/examples/19.png").headers["ETag"])

    def test_colours(self):
        picture = read_png(self.service.get("/v1/datasets/synthetic-cats/examples/3.png").body)
        self.assertEqual(picture.shape, (64, 64, 3))
        self.assertGreater(numpy.ptp(picture.reshape(-1, 3).astype(int), axis=0).min(), 50)

    def test_what_is_not_there(self):
        for path, status, words in (
                ("mnist/examples/60.png", 404, "it has 60"), ("mnist/examples/20.png?part=second", 404, "it has 20"),
                ("mnist/examples/-1.png", 404, "no example -1"), ("mnist/examples/01.png", 404, "no example 01"),
                ("mnist/examples/x.png", 404, "no example x"), ("mnist/examples/1.png?part=third", 400, "first or second"),
                ("toy/examples/1.png", 404, "not pictures"), ("tried/examples/1.png", 404, "not pictures"),
                ("nothing/examples/1.png", 404, "no data set"), ("mnist/examples/1.jpeg", 404, "")):
            answer = self.service.get(f"/v1/datasets/{path}")
            self.assertEqual(answer.status, status, path)
            self.assertIn(words, answer.text)
        self.assertEqual(self.service.get("/v1/datasets/mnist/examples/1.png", {"Accept": "text/csv"}).status, 406)

    def test_trials_without_a_model(self):
        self.service.post("/v1/studies", {
            "name": "told", "model": {"kind": "external"}, "parameters": {"x": {"type": "integer", "values": [1, 2]}},
            "objective": {"metric": "loss", "goal": "minimize"}, "algorithm": {"name": "grid"}})
        self.service.post("/v1/studies/told/suggestions", {"count": 1, "worker": "w"})
        answer = self.service.get("/v1/studies/told/trials/1/evaluation")
        self.assertEqual(answer.status, 409)
        self.assertIn("callers", answer.text)
        self.assertEqual(self.service.get("/v1/studies/told/trials/9/evaluation").status, 404)
        self.assertEqual(self.service.get("/v1/studies/none/trials/1/evaluation").status, 404)
        self.assertEqual(self.service.get("/v1/studies/told/trials/1/evaluation?fold=0").status, 400)


if __name__ == "__main__":
    unittest.main()
