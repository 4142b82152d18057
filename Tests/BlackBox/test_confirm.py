"""New runs of the points that may still be best."""
import math
import pathlib
import statistics
import time
import unittest

import toy
from support import Service, ServiceCase


def rows(service, name):
    return [(t["number"], t["replicate"], str(t["parameters"]), t["state"], t["value"], t["horizon"])
            for t in service.all(f"/v1/studies/{name}/trials")]


class Confirm(ServiceCase):
    def make(self, name, search="random", trials=40, confirm=24, **more):
        study = toy.definition(name, search, budget={"trials": trials}, confirm={"trials": confirm}, **more)
        answer = self.service.post("/v1/studies", study)
        self.assertEqual(answer.status, 201, answer.text)
        return self.service.wait(name)

    def test_the_last_part_of_the_budget_is_new_runs(self):
        study = self.make("last-part")
        self.assertEqual(study["resolved"]["confirm"], {"trials": 24, "confidence": 0.95})
        trials = self.service.all("/v1/studies/last-part/trials")
        new = [t for t in trials if t["replicate"] > 0]
        self.assertTrue(new)
        self.assertLessEqual(len(new), 24)
        self.assertEqual([t["number"] for t in trials if t["replicate"] == 0], list(range(1, 17)))
        self.assertEqual(len({(str(t["parameters"]), t["replicate"]) for t in trials}), len(trials))
        for trial in new:
            self.assertEqual(trial["origin"]["kind"], "confirm")
            self.assertLess(trial["horizon"], trial["number"])
        self.assertIn(study["stop_reason"]["code"], ("confirmed", "budget_trials"))
        self.assertIn("new run", study["stop_reason"]["detail"])
        best = self.service.get("/v1/studies/last-part/best?count=1000").json["items"]
        for point in best:
            values = [t["value"] for t in new if t["parameters"] == point["parameters"] and t["value"] is not None]
            self.assertEqual("confirmed" in point, bool(values))
            if values:
                self.assertTrue(math.isclose(point["confirmed"]["value"], statistics.fmean(values), abs_tol=1e-12))
                self.assertEqual(point["confirmed"]["runs"], len(values))
                lower, upper = point["confirmed"]["interval"]
                self.assertLessEqual(lower, point["confirmed"]["value"])
                self.assertLessEqual(point["confirmed"]["value"], upper)
        self.assertIn("confirmed", best[0])

    def test_any_number_of_workers_and_a_kill(self):
        tables = []
        for workers in (1, 4):
            folder = pathlib.Path(self._folder.name)
            with Service(flags=["--workers", str(workers), "--data-folder", str(folder)]) as service:
                study = toy.definition("same", "tpe", budget={"trials": 40}, confirm={"trials": 24})
                self.assertEqual(service.post("/v1/studies", study).status, 201)
                if workers == 4:
                    while service.get("/v1/studies/same").json["progress"]["completed"] < 20:
                        time.sleep(0.01)
                    service.kill()
                    service.restart()
                service.wait("same")
                tables.append(rows(service, "same"))
        self.assertEqual(tables[0], tables[1])

    def test_a_study_that_has_ended_goes_on(self):
        self.assertEqual(
            self.service.post("/v1/studies", toy.definition("ended", "random", budget={"trials": 10})).status, 201)
        self.service.wait("ended")
        asked = self.service.post("/v1/studies/ended/confirm", {"trials": 8})
        self.assertEqual(asked.status, 200, asked.text)
        self.assertEqual(asked.json["budget"]["trials"], 18)
        self.assertEqual(asked.json["edits"][-1]["changes"]["confirm"]["trials"], 8)
        study = self.service.wait("ended")
        trials = self.service.all("/v1/studies/ended/trials")
        self.assertEqual([t["replicate"] for t in trials[:10]], [0] * 10)
        self.assertTrue(all(t["replicate"] > 0 for t in trials[10:]) and len(trials) <= 18)
        self.assertEqual(study["state"], "completed")
        larger = self.service.patch("/v1/studies/ended", {"budget": {"trials": 30}})
        self.assertEqual(larger.status, 409, larger.text)

    def test_who_gets_none(self):
        self.assertEqual(self.service.post("/v1/studies/none-such/confirm", {"trials": 8}).status, 404)
        self.assertEqual(self.service.post("/v1/studies", toy.lasting("halted")).status, 201)
        self.assertEqual(self.service.post("/v1/studies/halted/stop").status, 200)
        self.assertEqual(self.service.post("/v1/studies/halted/confirm", {"trials": 8}).status, 409)
        for body, pointer in (({}, ""), ({"trials": 1}, "/trials"), ({"trials": 5, "confidence": 1}, "/confidence"),
                              ({"trials": 5, "confidense": 0.9}, "/confidense")):
            answer = self.service.post("/v1/studies/halted/confirm", body)
            self.assertEqual(answer.status, 422, answer.text)
            self.assertEqual(answer.json["errors"][0]["pointer"], pointer)


if __name__ == "__main__":
    unittest.main()
