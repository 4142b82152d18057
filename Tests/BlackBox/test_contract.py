"""The contract's sections Studies, Trials and The rest, asked over a real socket."""
import csv
import io
import re
import unittest
import urllib.parse

import toy
from support import ServiceCase

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class Studies(ServiceCase):
    def test_from_post_to_best_points(self):
        study = toy.definition("first", labels={"team": "a"}, notes="a note")
        made = self.service.post("/v1/studies", study)
        self.assertEqual(made.status, 201, made.text)
        self.assertEqual(made.headers["Location"], "/v1/studies/first")
        self.assertEqual(made.json["definition"], study)
        self.assertEqual(made.json["state"], "running")
        again = self.service.post("/v1/studies", {**study, "seed": 3.0})
        self.assertEqual(again.status, 200)
        self.assertEqual(again.json["id"], made.json["id"])
        self.assertEqual(self.service.post("/v1/studies", {**study, "seed": 4}).status, 409)

        done = self.service.wait("first")
        self.assertEqual(done["state"], "completed")
        self.assertEqual(done["stop_reason"]["code"], "space_exhausted")
        self.assertEqual(done["progress"]["total"], 18)
        self.assertEqual(done["progress"]["completed"] + done["progress"]["infeasible"], 18)
        self.assertEqual(done["progress"]["eta_seconds"] or 0, 0)
        self.assertTrue(TIME.fullmatch(done["created_at"]) and TIME.fullmatch(done["finished_at"]))
        self.assertEqual((done["labels"], done["notes"]), ({"team": "a"}, "a note"))

        trials = self.service.all("/v1/studies/first/trials")
        self.assertEqual([t["number"] for t in trials], list(range(1, 19)))
        # The first parameter by name varies fastest.
        self.assertEqual([t["parameters"]["iterations"] for t in trials[:4]], [20, 40, 60, 20])
        self.assertEqual({t["horizon"] for t in trials}, {0})
        best = self.service.get("/v1/studies/first/best?count=3").json["items"]
        values = [t["value"] for t in trials if t["value"] is not None]
        self.assertEqual(best[0]["value"], max(values))
        self.assertEqual(best, sorted(best, key=lambda p: -p["value"]))
        # The final score may have come in between.
        late = ("final", "final_state")
        self.assertEqual({k: v for k, v in done["best"].items() if k not in late},
                         {k: v for k, v in best[0].items() if k not in late})
        self.assertEqual(best[0]["runs"], 1)
        self.assertEqual(best[0]["interval_covers"], "examples")

        by_value = self.service.all("/v1/studies/first/trials?order=value", limit=4)
        self.assertEqual(len(by_value), 18)
        self.assertEqual([t["value"] for t in by_value if t["value"] is not None], sorted(values, reverse=True))
        single = self.service.get(f"/v1/studies/first/trials/{best[0]['trials'][0]}").json
        self.assertEqual(single["value"], best[0]["value"])
        self.assertEqual(single["curve"][-1]["step"], single["parameters"]["iterations"])
        self.assertLessEqual(len(single["curve"]), 200)
        self.assertEqual(single["metrics"]["validation_accuracy"], single["value"])

        text = self.service.get("/v1/studies/first/trials.csv")
        self.assertTrue(text.headers["Content-Type"].startswith("text/csv"))
        rows = list(csv.DictReader(io.StringIO(text.text)))
        self.assertEqual(len(rows), 18)
        self.assertEqual([int(r["number"]) for r in rows], list(range(1, 19)))
        self.assertEqual(float(rows[0]["parameter.learning_rate"]), trials[0]["parameters"]["learning_rate"])

    def test_pause_resume_stop_delete(self):
        self.service.post("/v1/studies", toy.unending("life"))
        path = "/v1/studies/life"
        paused = self.service.post(path + "/pause")
        self.assertEqual((paused.status, paused.json["state"]), (200, "paused"))
        self.assertEqual(self.service.post(path + "/pause").status, 200)
        # Not its whole list: that of a fast machine grows as fast as it is read.
        completed = lambda: self.service.get(path).json["progress"]["completed"]
        self.service.until(lambda: self.service.get(path).json["progress"]["running"] == 0)
        before = completed()
        self.assertEqual(self.service.get(path).json["waiting_for"], "paused")
        self.assertEqual(self.service.post(path + "/resume").json["state"], "running")
        self.service.until(lambda: completed() > before)
        stopped = self.service.post(path + "/stop")
        self.assertEqual(stopped.json["state"], "stopped")
        self.assertEqual(stopped.json["stop_reason"]["code"], "stopped")
        self.assertEqual(self.service.post(path + "/stop").status, 200)
        self.assertEqual(self.service.post(path + "/resume").status, 409)
        self.assertEqual(self.service.delete(path).status, 204)
        self.assertEqual(self.service.get(path).status, 404)
        self.assertEqual(self.service.delete(path).status, 404)

    def test_delete_while_running_frees_the_name(self):
        for _ in range(3):
            self.assertEqual(self.service.post("/v1/studies", toy.unending("gone")).status, 201)
            self.assertEqual(self.service.delete("/v1/studies/gone").status, 204)

    def test_edits(self):
        study = toy.definition("edited", {"name": "random"}, budget={"trials": 4}, validation={"final": None})
        self.service.post("/v1/studies", study)
        self.service.wait("edited")
        path = "/v1/studies/edited"
        before = self.service.all(path + "/trials")
        refused = self.service.patch(path, {"budget": {"trials": 3}})
        self.assertEqual(refused.status, 422)
        self.assertEqual(refused.json["errors"][0]["pointer"], "/budget/trials")
        self.assertIn("4", refused.json["errors"][0]["detail"])
        self.assertEqual(self.service.patch(path, {"seed": 3}).status, 422)
        edited = self.service.patch(path, {"budget": {"trials": 9}, "labels": {"a": "b"}})
        self.assertEqual(edited.status, 200, edited.text)
        self.assertEqual([e["from_trial"] for e in edited.json["edits"]], [5])
        done = self.service.wait("edited")
        self.assertEqual(done["progress"]["completed"] + done["progress"]["infeasible"], 9)
        self.assertEqual(self.service.all(path + "/trials")[:4], before)
        same = self.service.patch(path, {"budget": {"trials": 9}})
        self.assertEqual(len(same.json["edits"]), 1)
        self.assertEqual(same.json["revision"], done["revision"])

    def test_etags(self):
        # Nothing is scored at the end, which would be a revision more.
        self.service.post("/v1/studies", toy.definition("tagged", validation={"final": None}))
        done = self.service.wait("tagged")
        path = "/v1/studies/tagged"
        answer = self.service.get(path)
        tag = answer.headers["ETag"]
        self.assertIn("Cairn-Event-Id", answer.headers)
        self.assertEqual(self.service.get(path, {"If-None-Match": tag}).status, 304)
        self.assertEqual(self.service.get(path, {"If-None-Match": '"other"'}).status, 200)
        self.assertEqual(self.service.request("PATCH", path, {"notes": "x"}, {"If-Match": '"other"'}).status, 412)
        self.assertEqual(self.service.request("PATCH", path, {"notes": "x"}, {"If-Match": tag}).status, 200)
        self.assertEqual(self.service.request("PATCH", path, {"notes": "y"}, {"If-Match": tag}).status, 412)
        self.assertEqual(self.service.get(path, {"If-None-Match": tag}).status, 200)
        self.assertEqual(done["state"], "completed")

    def test_restarts(self):
        study = toy.definition("descents", {"name": "approximate_gradient", "restarts": 2})
        self.service.post("/v1/studies", study)
        done = self.service.wait("descents")
        self.assertIn(done["stop_reason"]["code"], ("converged", "space_exhausted"))
        items = self.service.get("/v1/studies/descents/restarts").json["items"]
        self.assertGreaterEqual(len(items), 1)
        values = {t["number"]: t["value"] for t in self.service.all("/v1/studies/descents/trials")}
        for item in items:
            self.assertEqual(values[item["optimum"]], item["value"])
            path = [values[n] for n in item["path"] if values[n] is not None]
            self.assertEqual(path, sorted(path))

    def test_lists(self):
        for index in range(5):
            self.service.post("/v1/studies", toy.definition(f"list-{index}", labels={"list": "yes"}))
        names = [s["name"] for s in self.service.all("/v1/studies?label=list:yes", limit=2)]
        self.assertEqual(names, [f"list-{index}" for index in reversed(range(5))])
        page = self.service.get("/v1/studies?label=list:yes&limit=2")
        self.assertIn('rel="next"', page.headers["Link"])
        cursor = urllib.parse.quote(page.json["next"])
        self.assertEqual(self.service.get(f"/v1/studies?label=list:no&limit=2&after={cursor}").status, 400)
        for query in ("limit=0", "limit=1001", "limit=x", "after=rubbish", "state=none", "nothing=1"):
            answer = self.service.get(f"/v1/studies?{query}")
            self.assertEqual(answer.status, 400, query)
        for index in range(5):
            self.service.wait(f"list-{index}")

    def test_methods_and_types(self):
        self.assertEqual(self.service.get("/v1/none").status, 404)
        self.assertEqual(self.service.get("/v1/studies/none").status, 404)
        answer = self.service.request("PUT", "/v1/studies", {})
        self.assertEqual(answer.status, 405)
        self.assertEqual({m.strip() for m in answer.headers["Allow"].split(",")}, {"GET", "HEAD", "OPTIONS", "POST"})
        self.assertIn("GET", self.service.request("OPTIONS", "/v1/studies").headers["Allow"])
        head = self.service.request("HEAD", "/v1/algorithms")
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(int(head.headers["Content-Length"]), len(self.service.get("/v1/algorithms").body))
        wrong = self.service.request("POST", "/v1/studies", b"a=b", {"Content-Type": "text/plain"})
        self.assertEqual(wrong.status, 415)
        self.assertEqual(self.service.get("/v1/studies", {"Accept": "image/png"}).status, 406)
        self.assertIn("Date", self.service.get("/healthz").headers)

    def test_the_rest(self):
        datasets = {d["name"]: d for d in self.service.get("/v1/datasets").json["items"]}
        self.assertEqual(datasets["synthetic-cats"]["shape"], [64, 64, 3])
        self.assertEqual(datasets["synthetic-cats"]["examples"], 209)
        self.assertEqual(datasets["synthetic-cats"]["second_part_examples"], 50)
        self.assertEqual(self.service.get("/v1/datasets/toy").json, datasets["toy"])
        self.assertEqual(self.service.get("/v1/datasets/none").status, 404)
        models = self.service.get("/v1/models").json["items"]
        self.assertIn("mlp", [m["kind"] for m in models])
        algorithms = [a["name"] for a in self.service.get("/v1/algorithms").json["items"]]
        self.assertEqual(algorithms, sorted(set(algorithms)))
        self.assertLessEqual({"approximate_gradient", "grid", "random"}, set(algorithms))
        # Each shows itself when it asks for its first trial.
        self.service.until(lambda: len(self.service.get("/v1/workers").json["items"]) == 2)
        self.assertEqual(self.service.get("/readyz").status, 200)
        metrics = self.service.get("/metrics").text
        for line in metrics.strip().splitlines():
            self.assertRegex(line, r"^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? [-+.\deE]+(Inf|NaN)?)$")
        self.assertEqual(self.service.get("/").headers["Content-Type"].split(";")[0], "text/html")
        for path in ("/../Package.swift", "/%2e%2e/Package.swift", "/.git/config", "//etc/passwd"):
            self.assertIn(self.service.get(path).status, (400, 404), path)


if __name__ == "__main__":
    unittest.main()
