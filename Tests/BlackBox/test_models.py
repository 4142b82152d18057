"""Trained models: their files, held against an independent forward pass, and predictions for new examples."""
import csv
import json
import pathlib
import struct
import tempfile
import time
import unittest

import numpy
import toy
from support import Service


def read_safetensors(content):
    """Metadata and tensors, as https://github.com/huggingface/safetensors describes them."""
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8:8 + length])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        kind = {"F32": "<f4", "F64": "<f8"}[tensor["dtype"]]
        tensors[name] = numpy.frombuffer(content[8 + length + begin:8 + length + end], kind).reshape(tensor["shape"])
    return metadata, tensors


def logits(metadata, tensors, numbers):
    """The forward pass of a file, in double precision, on (N, D) numbers as the data set's files have them."""
    x = numpy.asarray(numbers, dtype=float)
    if metadata["feature_scaling"] == "standardize":
        # A table's features are kept in single precision.
        x = ((x - tensors["features.mean"]) / tensors["features.deviation"]).astype("<f4").astype(float)
    elif metadata["feature_scaling"] == "divide_by_255":
        x = x / 255
    activations = json.loads(metadata["activations"])
    act = {"relu": lambda z: numpy.maximum(z, 0), "tanh": numpy.tanh, "sigmoid": lambda z: 1 / (1 + numpy.exp(-z))}
    for layer in range(len(activations) + 1):
        x = x @ tensors[f"layers.{layer}.weight"].astype(float).T + tensors[f"layers.{layer}.bias"].astype(float)
        if layer < len(activations):
            x = act[activations[layer]](x)
    return x


def probabilities(z):
    if z.shape[1] == 1:
        p = 1 / (1 + numpy.exp(-z))
        return numpy.hstack([1 - p, p])
    e = numpy.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class Models(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = pathlib.Path(cls.folder.name)
        toy.write_csv(cls.path)
        toy.write_csv(cls.path, name="three", classes=3, second=45)
        cls.service = Service(
            database=cls.path / "cairn.sqlite", flags=["--workers", "2", "--data-folder", str(cls.path)])

    @classmethod
    def tearDownClass(cls):
        with cls.service:
            pass
        cls.folder.cleanup()

    def examples(self, name):
        """Numbers and labels of a second part, as its file has them."""
        with open(self.path / f"{name}.test.csv") as file:
            rows = list(csv.DictReader(file))
        labels = [int(row.pop("label")) for row in rows]
        return [[float(value) for value in row.values()] for row in rows], labels

    def run_study(self, name, dataset, **more):
        model = {"kind": "mlp", "activations": ["tanh", "relu"], "units_2": 3, **more.pop("model", {})}
        study = toy.definition(name, dataset=dataset, iterations=(30, 60), model=model, **more)
        self.assertEqual(self.service.post("/v1/studies", study).status, 201)
        self.assertEqual(self.service.wait(name)["state"], "completed")
        return self.service.all(f"/v1/studies/{name}/trials")

    def check(self, metadata, tensors, dataset, tolerance):
        """A file scores what it says that it scored."""
        numbers, labels = self.examples(dataset)
        z = logits(metadata, tensors, numbers)
        p = probabilities(z)
        loss = -numpy.log(p[numpy.arange(len(labels)), labels]).mean()
        right = (p.argmax(axis=1) == labels).mean()
        self.assertAlmostEqual(loss, float(metadata["validation_loss"]), delta=tolerance)
        # In single precision an example may lie on the edge.
        edge = 1e-12 if tensors["layers.0.weight"].dtype == "<f8" else 1 / len(labels) + 1e-12
        self.assertAlmostEqual(right, float(metadata["validation_accuracy"]), delta=edge)

    def test_a_file_scores_what_its_trial_scored(self):
        for dataset, variant in (("toy", {}), ("three", {"precision": "float64"}), ("toy", {"optimizer": "adam"}),
                                 ("three", {"batch_size": 16, "momentum": 0.5})):
            with self.subTest(dataset=dataset, **variant):
                name = f"{dataset}-{'-'.join(variant).replace('_', '-') or 'plain'}"
                for trial in self.run_study(name, dataset, model=variant, validation={"split": "second"})[::4]:
                    answer = self.service.made(f"/v1/studies/{name}/trials/{trial['number']}/model")
                    self.assertEqual(answer.headers["Content-Type"], "application/octet-stream")
                    metadata, tensors = read_safetensors(answer.body)
                    for metric, value in trial["metrics"].items():
                        self.assertEqual(float(metadata[metric]), value)
                    self.assertEqual(json.loads(metadata["parameters"]), trial["parameters"])
                    self.assertEqual(tensors["layers.0.weight"].dtype.itemsize, 8 if "precision" in variant else 4)
                    units = trial["parameters"]["units_1"]
                    self.assertEqual(tensors["layers.0.weight"].shape, (units, 6))
                    self.check(metadata, tensors, dataset, 1e-9 if "precision" in variant else 1e-5)

    def test_every_repeat_and_fold_has_a_model(self):
        trials = self.run_study("repeats", "toy", validation={"split": "test", "repeats": 3})
        trial = trials[0]
        for repeat, score in enumerate(trial["scores"]):
            answer = self.service.made(f"/v1/studies/repeats/trials/1/model?repeat={repeat}")
            metadata, tensors = read_safetensors(answer.body)
            self.assertEqual(float(metadata["validation_accuracy"]), score)
            self.check(metadata, tensors, "toy", 1e-5)
        self.assertEqual(self.service.get("/v1/studies/repeats/trials/1/model?repeat=3").status, 400)
        trials = self.run_study("folds", "toy", validation={"split": {"folds": 4}})
        files = [self.service.made(f"/v1/studies/folds/trials/2/model?fold={fold}").body for fold in range(4)]
        self.assertEqual(len(set(files)), 4)
        scores = [float(read_safetensors(file)[0]["validation_accuracy"]) for file in files]
        self.assertEqual(scores, trials[1]["scores"])
        self.assertAlmostEqual(sum(scores) / 4, trials[1]["value"], delta=1e-12)

    def test_predictions_are_the_files(self):
        self.run_study("asked", "three")
        best = self.service.get("/v1/studies/asked/best?count=1").json["items"][0]["trials"][0]
        numbers, _ = self.examples("three")
        path = f"/v1/studies/asked/trials/{best}/predict"
        answer = self.service.until(
            lambda: (a := self.service.post(path, {"examples": numbers})).status != 202 and a)
        self.assertEqual(answer.status, 200, answer.text)
        self.assertEqual(answer.json["classes"], ["0", "1", "2"])
        metadata, tensors = read_safetensors(self.service.made(f"/v1/studies/asked/trials/{best}/model").body)
        expected = probabilities(logits(metadata, tensors, numbers))
        found = numpy.array([item["probabilities"] for item in answer.json["predictions"]])
        self.assertLess(abs(found - expected).max(), 1e-6)
        self.assertEqual([item["class"] for item in answer.json["predictions"]],
                         [str(label) for label in expected.argmax(axis=1)])

    def test_one_of_the_best_is_there_and_another_is_trained(self):
        trials = self.run_study("kept", "toy")
        best = self.service.get("/v1/studies/kept/best?count=12").json["items"]
        for point in best[:10]:
            self.service.made(f"/v1/studies/kept/trials/{point['trials'][0]}/model")
        other = best[-1]["trials"][0]
        answer = self.service.get(f"/v1/studies/kept/trials/{other}/model")
        self.assertEqual((answer.status, answer.json["state"]), (202, "training"))
        first = self.service.made(f"/v1/studies/kept/trials/{other}/model")
        again = self.service.get(f"/v1/studies/kept/trials/{other}/model", {"If-None-Match": first.headers["ETag"]})
        self.assertEqual(again.status, 304)
        self.assertEqual(len(trials), 12)
        # After a restart it is still there; after the study is gone nothing is.
        self.service.stop()
        self.service.restart()
        self.assertEqual(self.service.get(f"/v1/studies/kept/trials/{other}/model").body, first.body)
        models = pathlib.Path(f"{self.service.database}.models")
        kept = models / self.service.get("/v1/studies/kept").json["id"].upper()
        self.assertTrue(kept.exists())
        self.assertEqual(self.service.delete("/v1/studies/kept").status, 204)
        self.service.until(lambda: not kept.exists())

    def test_wrong_questions_are_named(self):
        self.run_study("wrong", "toy")
        path = "/v1/studies/wrong/trials/1/predict"
        good = [0.0] * 6
        for body, pointers in (
                ({"examples": [good, good[:5]]}, ["/examples/1"]),
                ({"examples": [good, [*good[:5], "x"], 7]}, ["/examples/1/5", "/examples/2"]),
                ({"examples": []}, ["/examples"]), ({}, [""]), ([], [""]),
                ({"examples": [good] * 1001}, ["/examples"]),
                ({"example": [good]}, ["/example", ""])):
            answer = self.service.post(path, body)
            self.assertEqual(answer.status, 422, answer.text)
            self.assertEqual([error["pointer"] for error in answer.json["errors"]], pointers)
        answer = self.service.until(lambda: (a := self.service.post(
            path, {"examples": [good, [1e300, -1e300] * 3]})).status != 202 and a)
        self.assertEqual((answer.status, answer.json["errors"][0]["pointer"]), (422, "/examples/1"))
        self.assertEqual(self.service.post(path, b"{").status, 400)
        for place in ("wrong/trials/99", "wrong/trials/0", "nobody/trials/1"):
            self.assertEqual(self.service.get(f"/v1/studies/{place}/model").status, 404)
            self.assertEqual(self.service.post(f"/v1/studies/{place}/predict", {"examples": [good]}).status, 404)
        self.assertEqual(self.service.get("/v1/studies/wrong/trials/1/model?fold=1").status, 400)
        self.assertEqual(self.service.post("/v1/studies/wrong/trials/1/model").status, 405)

    def test_a_trial_without_a_value_has_no_model(self):
        study = toy.definition("diverges", model={"kind": "mlp", "activations": ["relu"]}, iterations=(50, 60))
        study["parameters"]["learning_rate"]["values"] = [999, 1000]
        study["model"]["precision"] = "float32"
        study["model"]["momentum"] = 0.99
        self.assertEqual(self.service.post("/v1/studies", study).status, 201)
        self.service.wait("diverges")
        self.assertEqual(self.service.get("/v1/studies/diverges/trials/1").json["state"], "infeasible")
        answer = self.service.get("/v1/studies/diverges/trials/1/model")
        self.assertEqual(answer.status, 409)
        self.assertIn("infeasible", answer.json["detail"])

    def test_the_last_part_scores_the_best_points(self):
        """{"holdout", "test"}: the search never sees the last part; the best points are scored on it at the end."""
        path = "/v1/studies/last-part"
        self.service.post("/v1/studies", toy.unending(
            "last-part", max_running=1, validation={"split": {"holdout": 0.25, "test": 0.25}, "repeats": 2}))
        progress = lambda: self.service.get(path).json["progress"]
        self.service.until(lambda: progress()["completed"] >= 18)
        self.service.post(path + "/pause")
        self.service.until(lambda: progress()["running"] == 0)
        items = self.service.get(path + "/best").json["items"]
        self.assertTrue(items and all("test" not in item for item in items))
        # That was all: no machine is so fast that it had ended before this was looked at.
        numbered = sum(progress()[state] for state in ("queued", "completed", "pruned", "infeasible", "failed"))
        self.assertEqual(self.service.patch(path, {"budget": {"trials": numbered}}).status, 200)
        self.service.post(path + "/resume")
        self.assertEqual(self.service.wait("last-part")["state"], "completed")
        items = self.service.until(lambda: (
            found := self.service.get(path + "/best?count=18").json["items"])
            and all(item["test"] for item in found[:10]) and found)
        self.assertEqual([item["test"] for item in items[10:]], [None] * len(items[10:]))
        for item in items[:10]:
            scores = []
            for repetition in (0, 1):
                metadata, _ = read_safetensors(
                    self.service.made(f"{path}/trials/{item['trials'][0]}/model?repeat={repetition}").body)
                scores.append((float(metadata["test_accuracy"]), float(metadata["test_loss"])))
            self.assertAlmostEqual(item["test"]["accuracy"], sum(s[0] for s in scores) / 2, 12)
            self.assertAlmostEqual(item["test"]["loss"], sum(s[1] for s in scores) / 2, 12)
            # Twenty examples.
            self.assertAlmostEqual(scores[0][0] * 20, round(scores[0][0] * 20), 9)
        self.assertNotEqual([item["test"]["accuracy"] for item in items[:10]], [item["value"] for item in items[:10]])
