"""What was trained once is not trained again, and nobody can tell from the values."""
import pathlib
import tempfile
import unittest

import toy
from support import Service


class Reuse(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        toy.write_csv(pathlib.Path(folder.name))
        self.service = Service(flags=["--data-folder", folder.name])
        self.addCleanup(self.service.__exit__)

    def table(self, name):
        trials = self.service.all(f"/v1/studies/{name}/trials")
        return [(t["number"], t["parameters"], t["value"], t["metrics"]) for t in trials]

    def test_another_study_has_paid(self):
        first = toy.definition("first")
        self.service.post("/v1/studies", first)
        self.service.wait("first")
        table = self.table("first")
        curve = self.service.get("/v1/studies/first/trials/2").json["curve"]
        # Neither a kill nor the end of the study that paid loses the record.
        self.service.kill()
        self.service.restart()
        self.assertEqual(self.service.delete("/v1/studies/first").status, 204)
        self.service.post("/v1/studies", {**first, "name": "second"})
        study = self.service.wait("second")
        self.assertEqual(study["progress"]["reused"], len(table))
        self.assertEqual(self.table("second"), table)
        trial = self.service.get("/v1/studies/second/trials/2").json
        self.assertTrue(trial["reused_from"].startswith("first/trials/"), trial["reused_from"])
        self.assertEqual((trial["compute_seconds"], trial["curve"]), (0, curve))

        self.service.post("/v1/studies", {**first, "name": "third", "reuse": False})
        study = self.service.wait("third")
        self.assertEqual(study["progress"]["reused"], 0)
        self.assertIs(study["resolved"]["reuse"], False)
        self.assertEqual(self.table("third"), table)
        self.assertTrue(all(t["reused_from"] is None and t["compute_seconds"] > 0
                            for t in self.service.all("/v1/studies/third/trials")))

    def test_one_training_many_trials(self):
        """Trials that differ in iterations share a training; each alone gives the same."""
        levels = [1, 5, 20, 33, 60]
        self.service.post("/v1/studies", toy.definition("shared", iterations=levels))
        self.service.wait("shared")
        shared = {tuple(sorted(p.items())): (v, m) for _, p, v, m in self.table("shared")}
        for iterations in levels:
            name = f"alone-{iterations}"
            self.service.post("/v1/studies", toy.definition(name, iterations=[iterations], reuse=False))
            self.service.wait(name)
            for _, parameters, value, metrics in self.table(name):
                self.assertEqual(shared[tuple(sorted(parameters.items()))], (value, metrics))
        for trial in self.service.all("/v1/studies/shared/trials"):
            whole = self.service.get(f"/v1/studies/shared/trials/{trial['number']}").json
            steps = [point["step"] for point in whole["curve"]]
            self.assertEqual(steps, sorted(set(steps)))
            self.assertEqual(steps[-1], trial["parameters"]["iterations"])
            self.assertEqual(whole["curve"][-1]["metrics"], whole["metrics"])
            self.assertLessEqual(len(steps), 200)


if __name__ == "__main__":
    unittest.main()
