"""Studies side by side."""
import csv
import http.client
import io
import pathlib
import random
import statistics
import tempfile
import threading
import time
import unittest

import toy
from support import Service, ServiceCase

SEARCHES = ("random", "tpe")
SEEDS = range(6)


class Comparisons(ServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.names = [f"{search}-{seed}" for seed in SEEDS for search in SEARCHES]
        for seed in SEEDS:
            for search in SEARCHES:
                study = toy.definition(f"{search}-{seed}", search, budget={"trials": 10}, seed=seed)
                assert cls.service.post("/v1/studies", study).status == 201
        for name in cls.names:
            cls.service.wait(name)
        cls.path = "/v1/comparisons/adhoc?studies=" + ",".join(cls.names)

    def trials(self, search):
        return [self.service.all(f"/v1/studies/{search}-{seed}/trials") for seed in SEEDS]

    @staticmethod
    def best(trials, count):
        return max((t["value"] for t in trials[:count] if t["value"] is not None), default=None)

    def test_the_numbers_are_those_of_the_trials(self):
        found = self.service.get(self.path).json
        self.assertEqual(found["state"], "completed")
        self.assertEqual(found["progress"]["completed"] + found["progress"]["infeasible"], 120)
        self.assertEqual([a["name"] for a in found["algorithms"]], list(SEARCHES))
        finals = {}
        for algorithm in found["algorithms"]:
            races = self.trials(algorithm["name"])
            curve = algorithm["by_trials"]
            self.assertEqual(curve["trials"][-1], 10)
            for count, mean, lower, upper in zip(curve["trials"], curve["mean"], curve["lower"], curve["upper"]):
                values = [self.best(race, int(count)) for race in races]
                self.assertAlmostEqual(mean, statistics.fmean(values), places=12)
                self.assertLessEqual(min(values), lower + 1e-12)
                self.assertLessEqual(lower, upper)
                self.assertLessEqual(upper, max(values) + 1e-12)
            finals[algorithm["name"]] = [self.best(race, 10) for race in races]
            spent = [sum(t["parameters"]["iterations"] for t in race) for race in races]
            self.assertEqual(algorithm["by_iterations"]["iterations"][-1], max(spent))
            for target in algorithm["targets"]:
                reached = sorted(
                    next(n for n in range(1, 11) if (self.best(race, n) or 0) >= target["value"])
                    for race in races if self.best(race, 10) >= target["value"])
                self.assertEqual(target["trials_50"], reached[2] if len(reached) >= 3 else None)
                self.assertEqual(target["trials_90"], reached[5] if len(reached) >= 6 else None)
        pairs = list(zip(*finals.values()))
        self.assertEqual(found["tests"][0]["better"], [sum(a > b for a, b in pairs), sum(a < b for a, b in pairs)])
        self.assertEqual(found["tests"][0]["seeds"], 6)
        self.assertAlmostEqual(
            found["algorithms"][0]["rank"], statistics.fmean(1.5 if a == b else 1 if a > b else 2 for a, b in pairs))
        self.assertTrue(found["detail"].endswith("."))

    def test_the_same_again_from_memory_and_after_a_restart(self):
        before = self.service.get(self.path).json
        self.assertEqual(self.service.get(self.path).json, before)
        self.service.kill()
        self.service.restart()
        self.assertEqual(self.service.get(self.path).json, before)

    def test_what_cannot_be_compared(self):
        for query, words in (
            ("", "studies is missing"), ("?studies=random-0,gone", 'studies has "gone"'),
            ("?studies=random-0,random-0", "twice"), ("?studies=" + ",".join(f"s{n}" for n in range(201)), "201 names"),
        ):
            answer = self.service.get("/v1/comparisons/adhoc" + query)
            self.assertEqual(answer.status, 400, query[:40])
            self.assertEqual(answer.json["errors"][0]["pointer"], "studies")
            self.assertIn(words, answer.json["detail"])


def comparison(name="c", seeds=4, trials=10, **more):
    """Five algorithms that race on the toy data set."""
    body = toy.definition(name, budget={"trials": trials}, seeds=seeds, algorithms=[
        {"name": "random"}, {"name": "grid"}, {"name": "tpe"},
        {"name": "approximate_gradient", "preset": "paper", "label": "paper"},
        {"name": "approximate_gradient", "label": "adaptive"},
    ], **more)
    del body["algorithm"], body["seed"]
    return body


class MadeComparisons(unittest.TestCase):
    """Comparisons that make their studies."""

    def start(self, workers=2):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        toy.write_csv(pathlib.Path(folder.name))
        service = Service(flags=["--workers", str(workers), "--data-folder", folder.name])
        self.addCleanup(service.__exit__)
        return service

    @staticmethod
    def ended(service, name="c"):
        return service.until(
            lambda: (c := service.get(f"/v1/comparisons/{name}").json)["state"] == "completed" and c, 600, 0.3)

    @staticmethod
    def rows(service, name="c"):
        return list(csv.DictReader(io.StringIO(service.get(f"/v1/comparisons/{name}.csv").text)))

    def test_the_same_answer_with_any_number_of_workers_and_after_kills(self):
        answers = []
        for workers, kills in ((1, 0), (4, 0), (2, 3)):
            service = self.start(workers)
            made = service.post("/v1/comparisons", comparison())
            self.assertEqual((made.status, made.headers["Location"]), (201, "/v1/comparisons/c"))
            self.assertEqual(made.json["progress"]["studies"], 20)
            for kill in range(kills):
                done = 40 * (kill + 1)
                service.until(lambda: sum(
                    service.get("/v1/comparisons/c").json["progress"][s] for s in ("completed", "infeasible")) >= done)
                service.kill()
                service.restart()
            found = self.ended(service)
            self.assertEqual(service.post("/v1/comparisons", comparison()).status, 200)
            for part in ("by_seconds", "created_at"):
                del found[part]
            answers.append((found, [{**row, "seconds": None} for row in self.rows(service)]))
        self.assertEqual(answers[0][0]["progress"]["ended"], 20)
        for answer in answers[1:]:
            self.assertEqual(answer[0], answers[0][0])
            self.assertEqual(answer[1], answers[0][1])

    def test_a_kill_leaves_all_or_nothing(self):
        service = self.start()
        draw = random.Random(7)
        for attempt in range(6):
            name = f"c{attempt}"
            body = comparison(name, seeds=40)

            def post():
                try:
                    service.request("POST", "/v1/comparisons", body)
                except (OSError, http.client.HTTPException):
                    pass  # It was killed before it answered.

            thread = threading.Thread(target=post)
            thread.start()
            time.sleep(draw.uniform(0, 0.6))
            service.kill()
            thread.join()
            service.restart()
            studies = service.all(f"/v1/studies?label=comparison:{name}")
            is_there = service.get(f"/v1/comparisons/{name}").status == 200
            self.assertEqual(len(studies), 200 if is_there else 0)
            # The same again makes it, or finds it.
            again = service.post("/v1/comparisons", body)
            self.assertEqual(again.status, 200 if is_there else 201)
            self.assertEqual(again.json["progress"]["studies"], 200)
            self.assertEqual(service.delete(f"/v1/comparisons/{name}").status, 204)
            self.assertEqual(service.all(f"/v1/studies?label=comparison:{name}"), [])
        self.assertEqual(service.get("/v1/comparisons").json["items"], [])

    def test_what_another_study_has_trained_is_charged(self):
        service = self.start()
        service.post("/v1/comparisons", comparison(seeds=2, trials=18))
        found = self.ended(service)
        rows = self.rows(service)
        seconds = {(row["study"], int(row["number"])): float(row["seconds"]) for row in rows}
        reused = [(study, trial["number"]) for algorithm in found["algorithms"] for study in algorithm["studies"]
                  for trial in service.all(f"/v1/studies/{study}/trials") if trial["reused_from"]]
        self.assertTrue(reused, "no study was answered from another")
        self.assertTrue(all(seconds[trial] > 0 for trial in reused), seconds)
        self.assertTrue(all(curve["curve"]["seconds"] for curve in found["by_seconds"]))
        # A study that paid may go: what it paid stays charged to the others.
        self.assertEqual(service.delete(f"/v1/studies/{found['algorithms'][1]['studies'][0]}").status, 204)
        left = service.get("/v1/comparisons/c").json
        self.assertEqual(left["progress"]["deleted"], 1)
        self.assertEqual(left["by_seconds"][0], found["by_seconds"][0])
        self.assertEqual([r for r in self.rows(service) if r["algorithm"] != "grid"],
                         [r for r in rows if r["algorithm"] != "grid"])

    def test_stop_list_and_conditions(self):
        service = self.start()
        body = comparison("long", seeds=[1, 5], trials=1000)
        body["parameters"]["learning_rate"] = {"type": "real", "min": 0.001, "max": 0.5, "points": 4000}
        self.assertEqual(service.post("/v1/comparisons", body).status, 201)
        self.assertEqual(service.post("/v1/comparisons", {**body, "seeds": 2}).status, 409)
        stopped = service.post("/v1/comparisons/long/stop")
        self.assertEqual((stopped.status, stopped.json["state"]), (200, "stopped"))
        # What stopped studies still tell, as the scores of their best points, may change it once more.
        def unchanged():
            tag = service.get("/v1/comparisons/long").headers["ETag"]
            return service.get("/v1/comparisons/long", {"If-None-Match": tag}).status == 304
        service.until(unchanged)
        self.assertEqual([row["name"] for row in service.all("/v1/comparisons", 1)], ["long"])
        faults = service.post("/v1/comparisons", {**body, "name": "x", "seed": 3, "seeds": 600})
        self.assertEqual(faults.status, 422)
        self.assertEqual({e["pointer"] for e in faults.json["errors"]}, {"/seed", "/seeds"})
        self.assertEqual(service.delete("/v1/comparisons/long").status, 204)
        self.assertEqual(service.get("/v1/studies").json["items"], [])


if __name__ == "__main__":
    unittest.main()
