"""What matters in a study: the shares of the variance, against an independent computation."""
import itertools
import math
import random
import unittest

import toy
from support import ServiceCase


def decomposition(rows, names):
    """The exact shares: of each parameter the variance of the means of its levels."""
    def spread(key):
        groups = {}
        for row in rows:
            groups.setdefault(key(row), []).append(row["value"])
        mean = sum(row["value"] for row in rows) / len(rows)
        return sum(len(g) * (sum(g) / len(g) - mean) ** 2 for g in groups.values())
    total = spread(lambda row: tuple(row["parameters"].items()))
    shares = {n: spread(lambda row: row["parameters"][n]) / total for n in names}
    pairs = {(a, b): spread(lambda row: (row["parameters"][a], row["parameters"][b])) / total - shares[a] - shares[b]
             for a, b in itertools.combinations(names, 2)}
    return shares, pairs


class Importance(ServiceCase):
    def external(self, name, parameters, trials, value, algorithm, more=None):
        """A study whose trials this test runs; a value of None is a failure."""
        made = self.service.post("/v1/studies", {
            "name": name, "model": {"kind": "external"}, "parameters": parameters, "algorithm": {"name": algorithm},
            "objective": {"metric": "loss", "goal": "minimize"}, "budget": {"trials": trials}, "parallelism": 100,
            **(more or {})})
        self.assertEqual(made.status, 201, made.text)
        while True:
            handed = self.service.post(f"/v1/studies/{name}/suggestions", {"count": 100, "worker": "w"}).json["items"]
            if not handed:
                break
            items = []
            for trial in handed:
                found = value(trial["parameters"])
                items.append({"number": trial["number"],
                              **({"metrics": {"loss": found}} if found is not None else {"infeasible": "no"})})
            told = self.service.post(f"/v1/studies/{name}/results", {"items": items})
            self.assertEqual({item["status"] for item in told.json["items"]}, {200}, told.text)
        return self.service.wait(name)

    def test_the_grid_of_3125_points_is_exact(self):
        levels = {"iterations": [100, 300, 400, 500, 700], "learning_rate": [0.0034, 0.0045, 0.0075, 0.0077, 0.0078],
                  "units_1": [10, 15, 20, 25, 30], "units_2": [3, 5, 7, 9, 10], "units_3": [2, 3, 4, 5, 6]}
        parameters = {n: {"type": "real" if n == "learning_rate" else "integer", "values": v} for n, v in levels.items()}
        noise = random.Random(1)

        def value(point):
            return (math.log(point["iterations"]) * point["learning_rate"] * 100 + 0.05 * point["units_1"]
                    + math.sin(point["units_2"] * point["units_3"]) + noise.gauss(0, 0.3))

        self.external("grid", parameters, 3125, value, "grid")
        trials = self.service.all("/v1/studies/grid/trials")
        self.assertEqual(len(trials), 3125)
        shares, pairs = decomposition(trials, sorted(levels))
        answer = self.service.get("/v1/studies/grid/importance")
        found = answer.json
        self.assertEqual((found["method"], found["points"], found["trials"], found["completed"]), ("exact", 3125, 3125, 3125))
        told = [item["importance"] for item in found["importances"]]
        self.assertEqual(told, sorted(told, reverse=True))
        for item in found["importances"]:
            self.assertAlmostEqual(item["importance"], shares[item["parameter"]], delta=1e-9)
            self.assertIsNone(item["standard_deviation"])
        self.assertAlmostEqual(found["interactions"], 1 - sum(shares.values()), delta=1e-9)
        self.assertEqual(len(found["pairs"]), 10)
        for pair in found["pairs"]:
            self.assertAlmostEqual(pair["importance"], pairs[tuple(pair["parameters"])], delta=1e-9)
        self.assertIn("All 3125 points", found["detail"])
        known = self.service.get("/v1/studies/grid/importance", {"If-None-Match": answer.headers["ETag"]})
        self.assertEqual((known.status, known.body), (304, b""))

    def test_random_points_of_a_known_function(self):
        parameters = {"x": {"type": "real", "min": 0, "max": 1}, "y": {"type": "real", "min": 1e-4, "max": 1, "scale": "log"},
                      "n": {"type": "integer", "min": 1, "max": 9}, "kind": {"type": "categorical", "values": ["a", "b", True, 4]}}
        effect = {"a": 0.0, "b": 1.0, True: 1.0, 4: 0.0}

        def value(point):
            # Of x and y each a uniform number from 0 to 1, once the logarithm is taken.
            return 2 * point["x"] + (1 + math.log10(point["y"]) / 4) + effect[point["kind"]]

        self.external("known", parameters, 400, value, "random")
        found = self.service.get("/v1/studies/known/importance").json
        truth = {"x": 4 / 12, "y": 1 / 12, "n": 0, "kind": 1 / 4}
        total = sum(truth.values())
        self.assertEqual((found["method"], found["points"], found["pairs"]), ("forest", 400, None))
        for item in found["importances"]:
            self.assertAlmostEqual(item["importance"], truth[item["parameter"]] / total, delta=0.05)
            self.assertLess(item["standard_deviation"], 0.1)
        self.assertLess(found["interactions"], 0.05)
        self.assertGreater(found["fit"], 0.9)
        self.assertEqual(found, self.service.get("/v1/studies/known/importance").json)

    def test_what_cannot_be_told(self):
        numbers = {"x": {"type": "real", "min": 0, "max": 1}}
        self.external("few", numbers, 12, lambda p: p["x"] if p["x"] < 0.5 else None, "random")
        found = self.service.get("/v1/studies/few/importance").json
        self.assertLess(found["points"], 10)
        self.assertEqual((found["method"], found["importances"], found["interactions"], found["fit"]), (None, [], None, None))
        self.assertIn("at least 10 different points", found["detail"])
        self.external("same", numbers, 30, lambda p: 0.25, "random")
        self.assertIn("All 30 points have the same value", self.service.get("/v1/studies/same/importance").json["detail"])
        self.assertEqual(self.service.get("/v1/studies/none/importance").status, 404)
        self.assertEqual(self.service.get("/v1/studies/same/importance?x=1").status, 400)
        self.assertEqual(self.service.get("/v1/studies/same/importance", {"Accept": "text/csv"}).status, 406)

    def test_parameters_that_only_some_points_have(self):
        study = toy.definition("deep", {"name": "grid"})
        study["model"] = {"kind": "mlp", "activations": "relu"}
        study["parameters"] = {"layers": {"type": "integer", "min": 1, "max": 2}, "units_1": {"type": "integer", "values": [2, 4]},
                               "units_2": {"type": "integer", "values": [2, 3]}, "iterations": {"type": "integer", "values": [5, 50]}}
        made = self.service.post("/v1/studies", study)
        self.assertEqual(made.status, 201, made.text)
        self.service.wait("deep")
        found = self.service.get("/v1/studies/deep/importance").json
        self.assertEqual({item["parameter"] for item in found["importances"]}, set(study["parameters"]))
        self.assertEqual((found["method"], found["points"], found["pairs"]), ("exact", 12, None))
        trials = self.service.all("/v1/studies/deep/trials")
        mean = sum(t["value"] for t in trials) / 12
        total = sum((t["value"] - mean) ** 2 for t in trials)
        for item in found["importances"]:
            groups = {}
            for trial in trials:
                if item["parameter"] in trial["parameters"]:
                    groups.setdefault(trial["parameters"][item["parameter"]], []).append(trial["value"])
            own = [v for g in groups.values() for v in g]
            spread = sum(len(g) * (sum(g) / len(g) - sum(own) / len(own)) ** 2 for g in groups.values())
            self.assertAlmostEqual(item["importance"], spread / total, delta=1e-9)


if __name__ == "__main__":
    unittest.main()
