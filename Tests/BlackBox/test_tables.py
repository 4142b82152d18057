"""Tables of results: uploaded, tuned on, and the same trials whatever the workers and however often the service dies."""
import csv
import io
import json
import pathlib
import tempfile
import time
import unittest

from support import ROOT, Service
from test_datasets import multipart

EXAMPLES = ROOT / "examples"
ALGORITHMS = {
    "grid": {"name": "grid"},
    "random": {"name": "random"},
    "adaptive": {"name": "approximate_gradient"},
    "paper": {"name": "approximate_gradient", "preset": "paper"},
    "tpe": {"name": "tpe"},
}

PARAMETERS = {
    "a": {"type": "integer", "min": 0, "max": 24}, "b": {"type": "real", "values": [b / 8 for b in range(10)]},
    "c": {"type": "categorical", "values": [f"{c}x" for c in range(10)]}}


def large_table():
    """2,500 points of three columns, a law that has many hollows, and a point in 25 that is not there."""
    rows = ["a,b,c,loss,compute_seconds"]
    for a in range(25):
        for b in range(10):
            for c in range(10):
                if (a + 3 * b + 7 * c) % 25 != 0:
                    loss = (a - 11) ** 2 / 40 + (b - 4) ** 2 / 9 + ((a * 7 + b * 5 + c * 3) % 13) / 10
                    rows.append(f"{a},{b / 8},{c}x,{loss},{1 + a}")
    return "\n".join(rows).encode()


class Tables(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)

    def start(self, name="cairn.sqlite", workers=2):
        service = Service(database=self.path / name, flags=["--workers", str(workers)])
        self.addCleanup(service.__exit__)
        return service

    def upload(self, service, name, content):
        body, headers = multipart({"name": name, "format": "results"}, [("tried.csv", content)])
        answer = service.request("POST", "/v1/datasets", body, headers)
        self.assertEqual(answer.status, 201, answer.text)
        return answer.json

    def race(self, service):
        """A study of each search on the large table."""
        self.upload(service, "large", large_table())
        for name, algorithm in ALGORITHMS.items():
            answer = service.post("/v1/studies", {
                "name": name, "dataset": "large", "model": {"kind": "table"}, "algorithm": algorithm,
                "parameters": PARAMETERS,
                "objective": {"metric": "loss", "goal": "minimize"}, "budget": {"trials": 400}, "seed": 3})
            self.assertEqual(answer.status, 201, answer.text)

    def finish(self, service):
        found = {}
        for name in ALGORITHMS:
            study = service.wait(name)
            self.assertEqual(study["state"], "completed", study["stop_reason"])
            self.assertIsNone(study["reproducible"]["through"])
            self.assertEqual(study["progress"]["running"], 0)
            trials = service.all(f"/v1/studies/{name}/trials")
            found[name] = [(t["number"], t["parameters"], t["state"], t["value"], t["metrics"], t["compute_seconds"], t["error"])
                           for t in trials]
        return found

    def test_the_example(self):
        service = self.start()
        study = json.loads((EXAMPLES / "table-of-results.json").read_text())
        content = (EXAMPLES / "tried.csv").read_bytes()
        self.assertEqual(service.post("/v1/studies", study).status, 422)
        facts = self.upload(service, "tried", content)
        header = content.decode().splitlines()[0].split(",")
        self.assertEqual((facts["columns"], facts["shape"], facts["classes"]), (header, None, None))
        rows = list(csv.DictReader(io.StringIO(content.decode())))
        self.assertEqual(facts["examples"], len(rows))
        answer = service.post("/v1/studies", study)
        self.assertEqual(answer.status, 201, answer.text)
        self.assertEqual(answer.json["resolved"]["dataset_sha256"], facts["sha256"])
        ended = service.wait("looked-up")
        self.assertEqual((ended["state"], ended["progress"]["failed"]), ("completed", 0))
        names = list(study["parameters"])
        for trial in service.all("/v1/studies/looked-up/trials"):
            mine = [row for row in rows if all(str(trial["parameters"][name]) == row[name] for name in names)]
            if not mine:
                self.assertEqual((trial["state"], trial["value"]), ("infeasible", None))
                self.assertIn("no row", trial["error"])
                continue
            self.assertEqual(trial["value"], float(mine[0]["loss"]))
            others = {name: float(mine[0][name]) for name in ("loss", "accuracy", "compute_seconds")}
            self.assertEqual(trial["metrics"], others)
            self.assertEqual(trial["compute_seconds"], others["compute_seconds"])
        head = service.get("/v1/studies/looked-up/trials.csv").text.splitlines()[0]
        for name in ("metric.loss", "metric.accuracy", "metric.compute_seconds"):
            self.assertIn(name, head.split(","))
        self.assertEqual(service.get("/v1/studies/looked-up/trials/1/model").status, 409)

    def test_a_table_in_use_stays(self):
        service = self.start()
        self.upload(service, "tried", (EXAMPLES / "tried.csv").read_bytes())
        study = json.loads((EXAMPLES / "table-of-results.json").read_text())
        self.assertEqual(service.post("/v1/studies", study).status, 201)
        service.wait("looked-up")
        # None of its points is there, and a paused study has not ended.
        study.update(name="mine", budget={"seconds": 3600}, algorithm={"name": "random"},
                     parameters={**study["parameters"], "loss": {"type": "real", "min": 0, "max": 1}},
                     objective={"metric": "accuracy", "goal": "maximize"})
        self.assertEqual(service.post("/v1/studies", study).status, 201)
        self.assertEqual(service.post("/v1/studies/mine/pause").status, 200)
        refused = service.delete("/v1/datasets/tried")
        self.assertEqual(refused.status, 409, refused.text)
        self.assertIn("mine", refused.json["detail"])
        self.assertEqual(service.post("/v1/studies/mine/stop").status, 200)
        self.assertEqual(service.delete("/v1/datasets/tried").status, 204)
        self.assertEqual(service.get("/v1/studies/looked-up/trials/1").json["state"], "completed")

    def test_confirm_takes_further_rows_and_values_may_be_negative(self):
        service = self.start()
        rows = ["a,validation_accuracy"] + [f"{a},{-10 - a - row % 3 / 4}" for a in range(3) for row in range(12)]
        self.upload(service, "replicates", "\n".join(rows).encode())
        made = service.post("/v1/studies", {
            "name": "negative", "dataset": "replicates", "model": {"kind": "table"}, "algorithm": {"name": "grid"},
            "parameters": {"a": {"type": "integer", "min": 0, "max": 2}}, "budget": {"trials": 21}, "confirm": {"trials": 18},
            "objective": {"metric": "validation_accuracy", "goal": "maximize"}})
        self.assertEqual(made.status, 201, made.text)
        self.assertEqual(service.wait("negative")["stop_reason"]["code"], "confirmed")
        best = service.get("/v1/studies/negative/best").json["items"][0]
        self.assertEqual(best["parameters"], {"a": 0})
        for told in (best, best["confirmed"]):
            lower, upper = told["interval"]
            self.assertLess(lower, told["value"])
            self.assertLess(told["value"], upper)
        # What a table calls an accuracy need not be one.
        self.assertLess(best["interval"][1], 0)

    def test_workers_and_kills(self):
        service = self.start("one.sqlite", 1)
        self.race(service)
        expected = self.finish(service)
        for name, trials in expected.items():
            self.assertGreater(len(trials), 3, name)
            self.assertEqual([trial[0] for trial in trials], list(range(1, len(trials) + 1)))
        # Points that are not there were met, and told apart from others.
        states = {trial[2] for trials in expected.values() for trial in trials}
        self.assertEqual(states, {"completed", "infeasible"})
        service.stop()

        service = self.start("four.sqlite", 4)
        self.race(service)
        self.assertEqual(self.finish(service), expected)
        service.stop()

        service = self.start("killed.sqlite", 3)
        self.race(service)
        for _ in range(4):
            time.sleep(0.1)
            service.kill()
            service.restart()
        self.assertEqual(self.finish(service), expected)

    def test_a_comparison_gives_the_same_answer_whatever_the_workers_and_kills(self):
        answers = []
        for workers, kills in ((1, 0), (4, 0), (3, 3)):
            service = self.start(f"race-{workers}.sqlite", workers)
            self.upload(service, "large", large_table())
            made = service.post("/v1/comparisons", {
                "name": "c", "dataset": "large", "model": {"kind": "table"}, "seeds": 6,
                "algorithms": [{**algorithm, "label": name} for name, algorithm in ALGORITHMS.items()],
                "parameters": PARAMETERS, "objective": {"metric": "loss", "goal": "minimize"}, "budget": {"trials": 100}})
            self.assertEqual(made.status, 201, made.text)
            for _ in range(kills):
                time.sleep(0.1)
                service.kill()
                service.restart()
            found = service.until(
                lambda: (c := service.get("/v1/comparisons/c").json)["state"] == "completed" and c, 120, 0.1)
            # Seconds and dates are what may differ.
            answers.append({part: found[part] for part in ("progress", "algorithms", "tests", "detail")})
            service.stop()
        self.assertEqual(answers[0]["progress"]["ended"], 30)
        self.assertEqual(answers[1], answers[0])
        self.assertEqual(answers[2], answers[0])


if __name__ == "__main__":
    unittest.main()
