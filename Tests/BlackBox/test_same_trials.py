"""The promise: one definition gives the same trials, whatever the workers and however often the service dies."""
import pathlib
import tempfile
import time
import unittest

import toy
from support import Service


def table(service, name):
    items = service.all(f"/v1/studies/{name}/trials")
    return [(t["number"], t["parameters"], t["state"], t["value"]) for t in items]


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


if __name__ == "__main__":
    unittest.main()
