"""What a study's results say: scores of folds, intervals, the final part, remarks, and rows of the list."""
import time
import unittest

import toy
from support import ServiceCase


class Results(ServiceCase):
    def run_study(self, name, **more):
        answer = self.service.post("/v1/studies", {**toy.definition(name), **more})
        self.assertEqual(answer.status, 201, answer.text)
        return self.ended(name)

    def ended(self, name):
        return self.until(f"/v1/studies/{name}", lambda s: s["state"] not in ("running", "paused"))

    def until(self, path, holds):
        end = time.monotonic() + 120
        while True:
            found = self.service.get(path).json
            if holds(found):
                return found
            self.assertLess(time.monotonic(), end, found)
            time.sleep(0.02)

    def assert_share(self, share, count):
        """A share of this many examples."""
        self.assertAlmostEqual(share * count, round(share * count), delta=1e-6)

    def best(self, name, count=10):
        return self.service.get(f"/v1/studies/{name}/best?count={count}").json["items"]

    def test_the_second_part_is_kept_for_the_end(self):
        study = self.run_study("results-default")
        validation = study["resolved"]["validation"]
        self.assertEqual((validation["split"], validation["final"]), ({"holdout": 0.2}, "second"))
        self.assertEqual(validation["scored"]["examples"], 16)
        scored = self.until("/v1/studies/results-default/best", lambda b: all(
            p["final_state"] == "scored" for p in b["items"][:3]))["items"]
        self.assertEqual([p["final_state"] for p in scored], ["scored"] * 3 + ["none"] * 7)
        for point in scored[:3]:
            # 40 examples in the second part.
            self.assert_share(point["final"], 40)
        self.assertTrue(all(p["final"] is None for p in scored[3:]))
        # The study tells of it, with a new revision; where all came from the record, its first answer may have done so.
        told = self.until("/v1/studies/results-default", lambda s: s["best"]["final_state"] == "scored")
        self.assertEqual(told["best"]["final"], scored[0]["final"])
        if told["best"] != study["best"]:
            self.until("/v1/studies/results-default", lambda s: s["revision"] > study["revision"])

    def test_folds_are_kept_and_spread_the_interval(self):
        self.run_study("results-folds", validation={"split": {"folds": 5}, "final": "second", "repeats": 2})
        trials = self.service.get("/v1/studies/results-folds/trials").json["items"]
        parts = [{"repeat": r, "fold": f} for r in range(2) for f in range(5)]
        for trial in trials:
            self.assertEqual(trial["score_parts"], parts)
            self.assertEqual(len(trial["scores"]), 10)
            self.assertAlmostEqual(trial["value"], sum(trial["scores"]) / 10, delta=1e-12)
        for point in self.best("results-folds"):
            low, high = point["interval"]
            self.assertTrue(0 <= low <= point["value"] <= high <= 1 and low < high, point)
            self.assertEqual((point["interval_covers"], point["runs"]), ("both", 10))
        scored = self.until("/v1/studies/results-folds/best?count=3", lambda b: all(
            p["final_state"] == "scored" for p in b["items"]))["items"]
        for point in scored:
            # Two repeats of five models on 40 examples.
            self.assert_share(point["final"], 400)
        # Answered from the record, the table is the same, folds included.
        again = self.run_study("results-folds-2", validation={"split": {"folds": 5}, "final": None, "repeats": 2})
        self.assertEqual(again["progress"]["reused"], 18)
        others = self.service.get("/v1/studies/results-folds-2/trials").json["items"]
        for one, other in zip(trials, others):
            for key in ("parameters", "value", "scores", "score_parts", "metrics"):
                self.assertEqual(one[key], other[key])
        self.assertEqual({p["final_state"] for p in self.best("results-folds-2")}, {"none"})

    def test_leaders_are_those_that_cannot_be_told_apart(self):
        self.run_study("results-leaders", validation={"split": {"folds": 5}, "final": None, "repeats": 2})
        answer = self.service.get("/v1/studies/results-leaders/best?count=100").json
        firsts, leaders = [p["trials"][0] for p in answer["items"]], answer["leaders"]
        self.assertEqual(leaders["trials"][0], firsts[0])
        # In the order of the ranks, each once.
        self.assertEqual(leaders["trials"], [n for n in firsts if n in leaders["trials"]])
        self.assertEqual(len(leaders["p"]), len(leaders["trials"]))
        self.assertIsNone(leaders["p"][0])
        self.assertTrue(all(0.05 < p <= 1 for p in leaders["p"][1:]), leaders)
        self.assertIn(f"trial {firsts[0]}", leaders["detail"])
        self.assertIn("the same 80 examples", leaders["detail"])
        # The same whatever is shown of the points.
        self.assertEqual(self.service.get("/v1/studies/results-leaders/best?count=1").json["leaders"], leaders)
        # Points that were run once are not compared.
        self.run_study("results-once", validation={"split": "second"})
        once = self.service.get("/v1/studies/results-once/best").json["leaders"]
        self.assertEqual((once["trials"], once["p"]), ([], []))
        self.assertIn("run once", once["detail"])

    def test_a_share_is_set_aside(self):
        study = self.run_study("results-share", validation={"split": {"folds": 3}, "final": {"share": 0.25}})
        # 20 of 80 are set aside; the folds score the rest.
        self.assertEqual(study["resolved"]["validation"]["scored"]["examples"], 60)
        scored = self.until("/v1/studies/results-share/best?count=3", lambda b: all(
            p["final_state"] == "scored" for p in b["items"]))["items"]
        for point in scored:
            self.assert_share(point["final"], 60)

    def test_one_run_covers_its_examples(self):
        self.run_study("results-second", validation={"split": "second"})
        for point in self.best("results-second"):
            self.assertEqual((point["interval_covers"], point["final_state"], point["final"]), ("examples", "none", None))
            self.assertTrue(0 <= point["interval"][0] <= point["value"] <= point["interval"][1] <= 1)
            self.assertIsNone(point["standard_deviation"])
        loss = {"metric": "validation_loss", "goal": "minimize"}
        self.run_study("results-loss", validation={"split": "second"}, objective=loss)
        self.assertEqual({(p["interval"], p["interval_covers"]) for p in self.best("results-loss")}, {(None, None)})

    def test_remarks(self):
        made = self.service.post("/v1/studies", toy.definition("results-cut", budget={"trials": 5})).json
        codes = {w["code"]: w for w in made["warnings"]}
        # Outcomes, of which the first may be there already, have remarks of their own.
        self.assertLessEqual({"grid_cut", "small_split"}, set(codes))
        self.assertEqual(codes["grid_cut"]["pointer"], "/budget/trials")
        self.assertIn("18 points", codes["grid_cut"]["detail"])
        # Nothing is learned in one update of a tiny step: the answer is one for all.
        study = self.run_study("results-constant", validation={"split": "second"}, parameters={
            "learning_rate": {"type": "real", "values": [1e-9, 2e-9, 3e-9]},
            "units_1": {"type": "integer", "values": [1]}, "iterations": {"type": "integer", "values": [1]}})
        if study["best"]["value"] <= 0.5:
            self.assertIn("constant_answer", [w["code"] for w in study["warnings"]])

    def test_rows_of_the_list_are_short(self):
        self.run_study("results-row", labels={"kind": "row"})
        whole = self.service.get("/v1/studies/results-row").json
        rows = self.service.get("/v1/studies?label=kind:row").json["items"]
        self.assertEqual(len(rows), 1)
        self.assertFalse({"definition", "resolved", "edits"} & set(rows[0]))
        self.assertEqual((rows[0]["algorithm"], rows[0]["dataset"], rows[0]["objective"]),
                         ("grid", "toy", {"metric": "validation_accuracy", "goal": "maximize",
                                          "tie_break": {"metric": "validation_loss", "goal": "minimize"}, "target": None}))
        for key in set(rows[0]) & set(whole) - {"best", "revision", "updated_at"}:
            self.assertEqual(rows[0][key], whole[key], key)
        full = self.service.get("/v1/studies?label=kind:row&include=definition").json["items"][0]
        self.assertEqual((full["definition"], full["resolved"]), (whole["definition"], whole["resolved"]))
        self.assertEqual(self.service.get("/v1/studies?include=all").status, 400)

    def test_a_budget_is_no_matter_of_a_study_that_ended_otherwise(self):
        study = self.run_study("results-space", algorithm={"name": "random"}, budget={"trials": 200})
        self.assertEqual(study["stop_reason"]["code"], "space_exhausted")
        self.assertEqual((study["progress"]["total"], study["progress"]["completed"]), (18, 18))
        answer = self.service.patch("/v1/studies/results-space", {"budget": {"trials": 300}})
        self.assertEqual(answer.status, 409)
        self.assertIn("Every point of the space", answer.json["detail"])
        self.service.post("/v1/studies", toy.unending("results-stopped"))
        self.assertEqual(self.service.post("/v1/studies/results-stopped/stop").status, 200)
        answer = self.service.patch("/v1/studies/results-stopped", {"budget": {"trials": 300}})
        self.assertEqual(answer.status, 409)
        self.assertIn("Stopped by request", answer.json["detail"])

    def test_linear_levels_are_decimals(self):
        study = toy.definition("results-levels", algorithm="random", budget={"trials": 1})
        study["parameters"] = {"dropout": {"type": "real", "min": 0.1, "max": 0.7, "points": 7},
                               "momentum": {"type": "real", "min": 0.1, "max": 0.9, "points": 9},
                               "units_1": {"type": "integer", "values": [2]}}
        made = self.service.post("/v1/studies", study).json["resolved"]["parameters"]
        self.assertEqual(made["dropout"]["values"], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
        self.assertEqual(made["momentum"]["values"], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])


if __name__ == "__main__":
    unittest.main()
