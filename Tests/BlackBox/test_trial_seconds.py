"""`budget.trial_seconds`: a training that takes too long fails, and nothing else does."""
import unittest

from support import Service


def definition(name, limit, **more):
    return {"name": name, "dataset": "synthetic-cats", "model": {"kind": "mlp", "units_1": 64, "activations": ["relu"]},
            "parameters": {"iterations": {"type": "integer", "values": [1, 1000000]},
                           "learning_rate": {"type": "real", "values": [0.1]}},
            "algorithm": {"name": "grid"}, "budget": {"trials": 2, "trial_seconds": limit}, **more}


class TrialSeconds(unittest.TestCase):
    def setUp(self):
        self.service = Service()
        self.addCleanup(self.service.__exit__)

    def test_too_long(self):
        for pruning in (None, {"rule": "median"}):
            name = "judged" if pruning else "plain"
            answer = self.service.post("/v1/studies", definition(name, 0.001, **({"pruning": pruning} if pruning else {})))
            self.assertEqual(answer.status, 201, answer.text)
            study = self.service.wait(name)
            self.assertEqual(study["resolved"]["budget"]["trial_seconds"], 0.001)
            trial = self.service.get(f"/v1/studies/{name}/trials/2").json
            self.assertEqual((trial["state"], trial["attempt"], trial["value"]), ("failed", 1, None))
            self.assertIn("budget.trial_seconds, which is 0.001", trial["error"])
            self.assertIn("raise it and retry the trial", trial["error"])
            self.assertLessEqual(study["reproducible"]["through"], 1)
            self.assertIn("trial_seconds", study["reproducible"]["reason"])

    def test_time_enough(self):
        body = definition("short", 1e9)
        body["parameters"]["iterations"]["values"] = [1, 3]
        self.service.post("/v1/studies", body)
        study = self.service.wait("short")
        self.assertEqual((study["progress"]["completed"], study["reproducible"]["through"]), (2, None))
        # What the record has takes no time, however small the limit.
        self.service.post("/v1/studies", {**body, "name": "again", "budget": {"trials": 2, "trial_seconds": 1e-9}})
        study = self.service.wait("again")
        self.assertEqual((study["progress"]["completed"], study["progress"]["reused"]), (2, 2))

    def test_edit(self):
        self.service.post("/v1/studies", definition("slow", 1e9))
        patched = self.service.patch("/v1/studies/slow", {"budget": {"trial_seconds": 1e8}})
        self.assertEqual((patched.status, patched.json["budget"]["trial_seconds"]), (200, 1e8))
        self.assertEqual(patched.json["edits"][0]["changes"], {"budget": {"trial_seconds": 1e8}})
        self.assertEqual(self.service.delete("/v1/studies/slow").status, 204)

    def test_refused(self):
        external = {"name": "mine", "model": {"kind": "external"},
                    "parameters": {"x": {"type": "integer", "min": 1, "max": 9}},
                    "objective": {"metric": "score", "goal": "maximize"}}
        answer = self.service.post("/v1/studies", {**external, "budget": {"trial_seconds": 5}})
        self.assertEqual((answer.status, [e["pointer"] for e in answer.json["errors"]]), (422, ["/budget/trial_seconds"]))
        self.assertIn("--timeout", answer.json["errors"][0]["detail"])
        self.service.post("/v1/studies", external)
        answer = self.service.patch("/v1/studies/mine", {"budget": {"trial_seconds": 5}})
        self.assertEqual((answer.status, [e["pointer"] for e in answer.json["errors"]]), (422, ["/budget/trial_seconds"]))
        for wrong in (0, -1, "5", True):
            answer = self.service.post("/v1/studies", definition("wrong", wrong))
            self.assertEqual(answer.status, 422, wrong)


if __name__ == "__main__":
    unittest.main()
