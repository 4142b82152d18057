"""Studies over convolutional networks, on the digits that are always there."""
import json
import pathlib
import tempfile
import unittest

import numpy
import toy
from support import Service
from test_models import probabilities, read_safetensors

SMALL = {"kind": "cnn", "filters_1": 2, "filters_2": 3, "stride_1": 2, "units_1": 12, "layers": 1, "batch_size": 64,
         "optimizer": "adam", "learning_rate": 0.01}


def definition(name, **more):
    """A study of small networks over 3 × 2 × 2 points."""
    study = {
        "name": name,
        "dataset": "synthetic-digits",
        "model": {**SMALL, "stride_1": 3, "pool_1": 0, "pool_2": 0},
        "parameters": {
            "iterations": {"type": "integer", "values": [5, 20, 60]},
            "kernel_2": {"type": "integer", "values": [3, 5]},
            "pooling": {"type": "categorical", "values": ["average", "max"]},
        },
        "algorithm": {"name": "grid"},
    }
    study.update(more)
    return study


def planes(metadata, tensors, x):
    """What the layers of a file make of pictures (N, channels, rows, columns), in double precision."""
    act = {"relu": lambda z: numpy.maximum(z, 0), "tanh": numpy.tanh, "sigmoid": lambda z: 1 / (1 + numpy.exp(-z))}
    kinds = json.loads(metadata["activations"])
    sizes = [[int(n) for n in text.split()] for text in json.loads(metadata["convolutions"])]
    for layer, (_, _, _, filters, kernel, stride, rows, columns, top, left, bottom, right, pool) in enumerate(sizes):
        x = numpy.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
        w, b = tensors[f"layers.{layer}.weight"].astype(float), tensors[f"layers.{layer}.bias"].astype(float)
        z = numpy.zeros((len(x), filters, rows, columns)) + b[None, :, None, None]
        for i in range(kernel):
            for j in range(kernel):
                seen = x[:, :, i:i + stride * (rows - 1) + 1:stride, j:j + stride * (columns - 1) + 1:stride]
                z += numpy.einsum("nchw,fc->nfhw", seen, w[:, :, i, j])
        x = act[kinds[layer]](z)
        rows, columns = rows // pool, columns // pool
        squares = x[:, :, :rows * pool, :columns * pool].reshape(len(x), filters, rows, pool, columns, pool)
        x = squares.max(axis=(3, 5)) if metadata["pooling"] == "max" else squares.mean(axis=(3, 5))
    x = x.reshape(len(x), -1)
    for layer in range(len(sizes), len(kinds) + 1):
        x = x @ tensors[f"layers.{layer}.weight"].astype(float).T + tensors[f"layers.{layer}.bias"].astype(float)
        if layer < len(kinds):
            x = act[kinds[layer]](x)
    return x


class Convolutional(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = pathlib.Path(cls.folder.name)
        toy.write_csv(cls.path)
        cls.service = Service(database=cls.path / "c.sqlite", flags=["--workers", "2", "--data-folder", str(cls.path)])

    @classmethod
    def tearDownClass(cls):
        with cls.service:
            pass
        cls.folder.cleanup()

    def table(self, service, name):
        trials = service.all(f"/v1/studies/{name}/trials")
        return [(t["number"], t["parameters"], t["state"], t["value"], t["metrics"], t["error"]) for t in trials]

    def test_a_whole_study(self):
        self.assertEqual(self.service.post("/v1/studies", definition("whole")).status, 201)
        study = self.service.wait("whole")
        self.assertEqual(study["state"], "completed")
        self.assertEqual(study["resolved"]["model"]["filters_2"], 3)
        for _, parameters, state, value, metrics, _ in self.table(self.service, "whole"):
            self.assertEqual(state, "completed", parameters)
            self.assertEqual(value, metrics["validation_accuracy"])
        best = self.service.get("/v1/studies/whole/best").json["items"][0]
        self.assertGreater(best["value"], 0.15)  # Guessing gives 0.1.

    def test_any_number_of_workers_gives_the_same_table(self):
        tables = []
        for workers in (1, 4):
            with Service(database=self.path / f"w{workers}.sqlite", flags=["--workers", str(workers)]) as service:
                study = definition("same", model={**SMALL, "padding": "same", "dropout": 0.1},
                                   algorithm={"name": "approximate_gradient"}, budget={"trials": 9})
                self.assertEqual(service.post("/v1/studies", study).status, 201)
                self.assertEqual(service.wait("same")["state"], "completed")
                tables.append(self.table(service, "same"))
        self.assertEqual(len(tables[0]), 9)
        self.assertEqual(*tables)

    def test_what_leaves_nothing_is_infeasible(self):
        study = definition("shrunk", budget={"trials": 12})
        study["parameters"]["kernel_2"]["values"] = [3, 11]
        self.assertEqual(self.service.post("/v1/studies", study).status, 201)
        self.service.wait("shrunk")
        trials = self.table(self.service, "shrunk")
        self.assertEqual(len(trials), 12)
        for _, parameters, state, value, _, error in trials:
            self.assertEqual(state, "infeasible" if parameters["kernel_2"] == 11 else "completed")
            if state == "infeasible":
                self.assertIsNone(value)
                self.assertEqual(
                    error, "convolution 2: its kernel of 11 × 11 does not fit into its input, which is 8 × 8")

    def test_a_rule_that_prunes_meets_infeasible_trials(self):
        study = definition("pruned", budget={"trials": 12}, algorithm={"name": "random"}, validation={"repeats": 2},
                           pruning={"rule": "median", "minimum_trials": 2})
        study["parameters"]["kernel_2"]["values"] = [3, 11]
        self.assertEqual(self.service.post("/v1/studies", study).status, 201)
        self.assertEqual(self.service.wait("pruned")["state"], "completed")
        for _, parameters, state, _, _, _ in self.table(self.service, "pruned"):
            self.assertEqual(state == "infeasible", parameters["kernel_2"] == 11)

    def test_what_no_point_can_be_trained_with_is_refused(self):
        def faults(**more):
            answer = self.service.post("/v1/studies", definition("refused", **more))
            self.assertEqual(answer.status, 422, answer.text)
            return [(fault["pointer"], fault["detail"]) for fault in answer.json["errors"]]

        ((pointer, detail),) = faults(model={**SMALL, "kernel_1": 15, "stride_1": 4})
        self.assertEqual(pointer, "/parameters")
        self.assertRegex(detail, "No point of these parameters can be trained: convolution [12]: ")
        ((pointer, detail),) = faults(dataset="toy")
        self.assertEqual(pointer, "/dataset")
        self.assertIn("a cnn needs pictures, which have height and width", detail)
        for key, value in (("filters_1", 65), ("kernel_1", 16), ("stride_1", 5), ("pool_1", 4), ("pool_1", 1), ("padding", "full"),
                           ("convolutions", 5), ("activations", ["relu"])):
            ((pointer, _),) = faults(model={**SMALL, key: value})
            self.assertEqual(pointer, f"/model/{key}")
        with Service(database=self.path / "m.sqlite", flags=["--workers", "1", "--trial-memory", "8MiB"]) as service:
            answer = service.post("/v1/studies", definition("large"))
            self.assertEqual(answer.status, 422)
            self.assertIn("--trial-memory", answer.json["errors"][0]["detail"])

    def test_models_predict(self):
        study = definition("kept", model={**SMALL, "padding": "same", "activations": ["relu", "tanh", "relu"]})
        self.assertEqual(self.service.post("/v1/studies", study).status, 201)
        self.service.wait("kept")
        numbers = numpy.arange(3 * 784).reshape(3, 784) * 37 % 256
        for trial in self.service.get("/v1/studies/kept/best?count=2").json["items"]:
            path = f"/v1/studies/kept/trials/{trial['trials'][0]}"
            answer = self.service.until(lambda: (a := self.service.get(path + "/model")).status == 200 and a)
            metadata, tensors = read_safetensors(answer.body)
            self.assertEqual(metadata["format"], "cairn-cnn-1")
            self.assertEqual(tensors["layers.1.weight"].shape, (3, 2, trial["parameters"]["kernel_2"]) + (
                trial["parameters"]["kernel_2"],))
            expected = probabilities(planes(metadata, tensors, numbers.reshape(3, 1, 28, 28) / 255))
            told = self.service.post(path + "/predict", {"examples": numbers.tolist()}).json["predictions"]
            self.assertEqual([item["class"] for item in told], [str(row.argmax()) for row in expected])
            numpy.testing.assert_allclose([item["probabilities"] for item in told], expected, atol=1e-9)

    def test_a_smaller_network_takes_the_activations_of_its_layers(self):
        kinds = ["relu", "tanh", "sigmoid", "relu"]
        study = definition("counted", model={
            "kind": "cnn", "filters_1": 2, "filters_2": 3, "units_1": 5, "units_2": 4, "activations": kinds, "iterations": 2,
            "batch_size": 64})
        study["parameters"] = {"convolutions": {"type": "integer", "min": 1, "max": 2},
                               "layers": {"type": "integer", "values": [1, 2]}, "pool_2": {"type": "integer", "min": 0, "max": 3}}
        self.assertEqual(self.service.post("/v1/studies", study).status, 201)
        self.service.wait("counted")
        trials = self.table(self.service, "counted")
        # pool_2 is there with two convolutions alone, and has three values.
        self.assertEqual(len(trials), 2 * (1 + 3))
        for number, parameters, state, _, _, _ in trials:
            self.assertEqual(state, "completed")
            path = f"/v1/studies/counted/trials/{number}/model"
            metadata, _ = read_safetensors(self.service.until(lambda: (a := self.service.get(path)).status == 200 and a).body)
            expected = kinds[:parameters["convolutions"]] + kinds[2:2 + parameters["layers"]]
            self.assertEqual(json.loads(metadata["activations"]), expected)

    def test_the_catalogue_lists_it(self):
        models = {model["kind"]: model for model in self.service.get("/v1/models").json["items"]}
        settings = {p["name"]: p for p in models["cnn"]["parameters"]}
        self.assertEqual(settings["filters_1"]["default"], 6)
        self.assertEqual(settings["pool_1"]["values"], [0, 2, 3])
        self.assertEqual(settings["padding"]["values"], ["valid", "same"])
        self.assertIn("LeNet-5", models["cnn"]["summary"])


if __name__ == "__main__":
    unittest.main()
