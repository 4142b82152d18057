"""The promise: one definition gives the same trials, whatever the workers and however often the service dies."""
import pathlib
import tempfile
import time
import unittest

import toy
from support import Service


def table(service, name):
    items = service.all(f"/v1/studies/{name}/trials")
    return [(t["number"], t["parameters"], t["state"], t["value"], t["pruned_value"], t["pruned_at_step"]) for t in items]


class SameTrials(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        toy.write_csv(self.path)

    def tearDown(self):
        self.folder.cleanup()

    def start(self, database, workers):
        return Service(database=self.path / database, flags=["--workers", str(workers), "--data-folder", str(self.path)])

    def post(self, service, iterations=(200, 400, 600)):
        algorithms = {a["name"].replace("_", "-"): a["name"] for a in service.get("/v1/algorithms").json["items"]}
        self.names = list(algorithms)
        for name, algorithm in algorithms.items():
            study = toy.definition(name, {"name": algorithm}, iterations, budget={"trials": 18})
            self.assertEqual(service.post("/v1/studies", study).status, 201)

    def post_pruned(self, service):
        """Studies whose trials rules end early: each rule that compares trials, with repeats and without."""
        self.names = []
        for name in ("median", "percentile", "successive_halving"):
            for repeats in (1, 2):
                self.names.append(f"{name.replace('_', '-')}-{repeats}")
                study = toy.definition(
                    self.names[-1], "random", iterations=(800, 1200), budget={"trials": 18}, validation={"repeats": repeats},
                    objective={"metric": "validation_loss"}, pruning={"rule": name, "minimum_trials": 2})
                self.assertEqual(service.post("/v1/studies", study).status, 201)

    def finish(self, service):
        return [(service.wait(name)["state"], table(service, name)) for name in self.names]

    def test_workers_and_kills(self):
        with self.start("one.sqlite", 1) as service:
            self.post(service)
            expected = self.finish(service)
        for state, trials in expected:
            self.assertEqual(state, "completed")
            self.assertGreater(len(trials), 3)

        with self.start("four.sqlite", 4) as service:
            self.post(service)
            self.assertEqual(self.finish(service), expected)

        with self.start("killed.sqlite", 3) as service:
            self.post(service)
            for _ in range(4):
                time.sleep(0.25)
                service.kill()
                service.restart()
            self.assertEqual(self.finish(service), expected)
            for name in self.names:
                study = service.get(f"/v1/studies/{name}").json
                self.assertIsNone(study["reproducible"]["through"])
                self.assertEqual(study["progress"]["running"], 0)

    def test_pruned_trials_are_the_same(self):
        with self.start("one.sqlite", 1) as service:
            self.post_pruned(service)
            expected = self.finish(service)
            for name, (state, trials) in zip(self.names, expected):
                self.assertEqual(state, "completed")
                pruned = [trial for trial in trials if trial[2] == "pruned"]
                self.assertGreater(len(pruned), 0, name)
                for number, _, _, value, judged, step in pruned:
                    self.assertIsNone(value)
                    trial = service.get(f"/v1/studies/{name}/trials/{number}").json
                    self.assertEqual(trial["curve"][-1]["step"], step)
                    self.assertEqual(trial["curve"][-1]["metrics"]["validation_loss"], judged)
                study = service.get(f"/v1/studies/{name}").json
                self.assertEqual(study["progress"]["pruned"], len(pruned))
                self.assertEqual(study["resolved"]["pruning"]["minimum_trials"], 2)
                best = service.get(f"/v1/studies/{name}/best?count=100").json["items"]
                shown = {number for point in best for number in point["trials"]}
                self.assertTrue(shown.isdisjoint(trial[0] for trial in pruned))

        with self.start("four.sqlite", 4) as service:
            self.post_pruned(service)
            self.assertEqual(self.finish(service), expected)

        with self.start("killed.sqlite", 3) as service:
            self.post_pruned(service)
            for _ in range(4):
                time.sleep(0.25)
                service.kill()
                service.restart()
            self.assertEqual(self.finish(service), expected)


if __name__ == "__main__":
    unittest.main()
