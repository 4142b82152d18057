"""Studies side by side."""
import statistics
import unittest

import toy
from support import ServiceCase

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

    def test_comparisons_that_make_their_studies_are_refused(self):
        answer = self.service.post("/v1/comparisons", {"name": "c"})
        self.assertEqual((answer.status, answer.json["detail"]), (404, "/v1/comparisons is not supported yet."))


if __name__ == "__main__":
    unittest.main()
