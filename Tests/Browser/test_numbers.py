"""What the page's modules make of numbers and of what the service tells, without a study: they are called as they are."""
import unittest

from browser import PageCase


class Numbers(PageCase):
    def setUp(self):
        super().setUp()
        self.browser.open("#/datasets")
        self.browser.until_text("#datasets", "synthetic-cats")

    def module(self, path, body, *arguments):
        """Runs a function's body with the module's exports as `m` and the arguments as `a`."""
        return self.browser.run(
            f"return import(new URL('js/{path}', document.baseURI)).then((m) => ((m, a) => {{ {body} }})(m, arguments[0]))",
            list(arguments))

    def shown(self, path, call, *arguments):
        """The text of what a module draws, and the titles in it."""
        return self.module(path, f"""
            const holder = document.createElement("div");
            holder.append(...[{call}].flat().filter((node) => node !== null));
            document.querySelector("main").append(holder);
            const found = [holder.innerText, [...holder.querySelectorAll("[title]")].map((e) => [e.innerText, e.title])];
            holder.remove();
            return found;""", *arguments)

    def test_one_precision_for_a_column_of_percentages(self):
        texts = self.module("format.js", "return a[0].map((v) => m.metric('validation_accuracy', v))",
                            [0.95, 0.9512, 1, 0, None])
        self.assertEqual(texts, ["95.00 %", "95.12 %", "100.00 %", "0.00 %", "–"])
        texts = self.module("format.js", "return a[0].map((v) => m.metric('validation_loss', v))",
                            [0.5, 0.123456, 0, 12345.678, 0.0000123456, 1.235608154807616e36, None])
        self.assertEqual(texts, ["0.5000", "0.1235", "0", "12350", "0.00001235", "1.236e+36", "–"])

    def test_parameters_have_four_digits_and_show_all_when_pointed_at(self):
        values = [0.0009486832980505, 500, 123456, 0.3, "adam", True, None]
        texts = self.module("format.js", "return a[0].map(m.parameter)", values)
        self.assertEqual(texts, ["0.0009487", "500", "123456", "0.3", "adam", "true", "–"])
        point = {"value": 0.9512345, "parameters": {"learning_rate": values[0]}, "interval": None, "runs": 1, "trials": [3]}
        _, titles = self.shown("parts/best-points.js", "m.bestPoints(a[0], ['learning_rate'], 'validation_accuracy')", [point])
        self.assertEqual(titles, [["95.12 %", "0.9512345"], ["0.0009487", "0.0009486832980505"]])

    def test_times_have_the_unit_that_fits(self):
        texts = self.module("format.js", "return a[0].map(m.seconds)", [0, 0.0058, 0.25, 3.25, 90, 1800, 9000, None])
        self.assertEqual(texts, ["0 s", "5.8 ms", "250 ms", "3.3 s", "90 s", "30 min", "2 h 30 min", "–"])

    def test_intervals_of_accuracies_are_in_points(self):
        def point(value, low, high):
            return {"value": value, "interval": None if low is None else [low, high]}
        even = [point(0.9, 0.885, 0.915), point(0.8, 0.79, 0.81), point(0.7, None, None)]
        self.assertEqual(self.module("format.js", "return m.intervals('validation_accuracy', a[0])", even),
                         ["± 1.50 points", "± 1.00 points", "–"])
        # One that ends at 100 % does not lie evenly; then the whole column goes from one end to the other.
        uneven = [*even, point(0.98, 0.955, 1)]
        self.assertEqual(self.module("format.js", "return m.intervals('validation_accuracy', a[0])", uneven),
                         ["88.50 to 91.50 %", "79.00 to 81.00 %", "–", "95.50 to 100.00 %"])
        loss = [point(0.5, 0.4, 0.6)]
        self.assertEqual(self.module("format.js", "return m.intervals('validation_loss', a[0])", loss), ["± 0.1000"])

    def test_what_an_interval_covers_and_what_unseen_examples_say(self):
        def point(**more):
            return {"value": 0.9, "parameters": {}, "interval": [0.88, 0.92], "runs": 2, "trials": [1, 2], **more}
        draw = "m.bestPoints(a[0], [], 'validation_accuracy')"
        text, _ = self.shown("parts/best-points.js", draw, [point(interval_covers="examples", final=0.875, final_state="scored"),
                                                            point(interval_covers="examples", final=None, final_state="pending")])
        for part in ("95 % intervals cover the limited number of examples, not", "On unseen examples", "87.50 %", "not scored yet"):
            self.assertIn(part, text)
        text, _ = self.shown("parts/best-points.js", draw, [point(interval_covers="both"), point(interval_covers="runs")])
        for part in ("(both)", "(runs)"):
            self.assertEqual(text.count(part), 2)
        # A service that tells none of this.
        text, _ = self.shown("parts/best-points.js", draw, [point()])
        for part in ("cover", "unseen", "undefined", "null"):
            self.assertNotIn(part, text)
        # A thousand trials of one point do not push the rest out of sight.
        text, titles = self.shown("parts/best-points.js", draw, [point(trials=list(range(1, 101)))])
        self.assertIn("1, 2, 3, 4, 5 and 95 more", text)
        self.assertEqual(titles[-1][1].count(","), 99)

    def test_scores_are_named_by_what_differs(self):
        look = "return m.scored(a[0], 'validation_accuracy')"
        def trial(*parts):
            told = [{"repeat": repeat, "fold": fold} for repeat, fold in parts]
            return {"scores": [0.5 + index / 8 for index in range(len(parts))], "score_parts": told}
        for parts, expected in (
                ([(0, 0), (0, 1)], "fold 1: 50.00 %; fold 2: 62.50 %"),
                ([(0, None), (1, None)], "repeat 1: 50.00 %; repeat 2: 62.50 %"),
                ([(0, 0), (0, 1), (1, 0)], "repeat 1, fold 1: 50.00 %; repeat 1, fold 2: 62.50 %; repeat 2, fold 1: 75.00 %")):
            self.assertEqual(self.module("parts/trial-facts.js", look, trial(*parts)), expected)
        self.assertEqual(self.module("parts/trial-facts.js", look, {"scores": [0.5, 0.75]}), "50.00 %, 75.00 %")

    STUDY = {
        "name": "s", "state": "completed", "state_reason": None, "stop_reason": None, "warnings": [],
        "best": {"value": 0.9, "final": None, "final_state": "none"},
        "progress": {"queued": 0, "running": 0, "completed": 4, "pruned": 0, "infeasible": 0, "failed": 0, "stopped": 0,
                     "reused": 0, "total": 4, "elapsed_seconds": 1.5, "eta_seconds": None},
        "resolved": {"objective": {"metric": "validation_accuracy", "goal": "maximize"}, "algorithm": {"name": "grid"},
                     "dataset": "cats"},
    }

    def test_remarks_are_in_the_state(self):
        warnings = [{"code": "grid_cut", "detail": "The budget cuts the grid: 40 of 240 points.", "pointer": "/budget/trials"},
                    {"code": "other", "detail": "Something else.", "pointer": None},
                    {"code": "constant_answer", "detail": "Said beside the best value.", "pointer": "/objective"}]
        text, _ = self.shown("parts/summary.js", "m.summary(a[0])", {**self.STUDY, "warnings": warnings})
        for part in (warnings[0]["detail"], "/budget/trials", warnings[1]["detail"]):
            self.assertIn(part, text)
        for part in ("null", warnings[2]["detail"]):
            self.assertNotIn(part, text)
        for quiet in (self.STUDY, {k: v for k, v in self.STUDY.items() if k != "warnings"}, {**self.STUDY, "best": None}):
            self.shown("parts/summary.js", "m.summary(a[0])", quiet)
            self.assertEqual(self.module("parts/remarks.js", "return m.remarks(a[0], [])", quiet), None)

    def test_what_a_running_study_waits_for_is_in_the_state(self):
        running = {**self.STUDY, "state": "running", "waiting_for": "results"}
        text, _ = self.shown("parts/summary.js", "m.summary(a[0])", running)
        self.assertIn("outcomes that the search must know first", text)
        self.assertIn("not known yet", text)
        external = {**running, "waiting_for": "workers", "resolved": {**self.STUDY["resolved"], "model": {"kind": "external"}}}
        for given, waits in ((external, "a worker that asks for a trial"), ({**running, "waiting_for": "moon_light"}, "moon light")):
            self.assertIn(waits, self.shown("parts/summary.js", "m.summary(a[0])",
                                            {"resolved": {**self.STUDY["resolved"], "model": {"kind": "mlp"}}, **given})[0])
        for given in ({**running, "waiting_for": None}, {**self.STUDY, "waiting_for": "paused"}):
            self.assertNotIn("Waits for", self.shown("parts/summary.js", "m.summary(a[0])", given)[0])

    def test_what_the_best_value_is_worth_is_beside_it(self):
        draw = "m.bestValue(a[0], a[1])"
        leaders = {"detail": "None of the 3 other points can be told apart from the best."}
        best = {"value": 0.9, "interval": [0.85, 0.97], "final": 0.8512, "final_state": "scored"}
        scored = {"scored": {"examples": 50, "most_frequent": {"class": "dog", "examples": 30}}}
        study = {**self.STUDY, "best": best, "resolved": {**self.STUDY["resolved"], "validation": scored}}
        text, _ = self.shown("parts/best-head.js", draw, study, leaders)
        for part in ("90.00 %", "85.00 to 97.00 %", "On unseen examples: 85.12 %", leaders["detail"],
                     "30.00 points better than always answering “dog”, which is right for 60.00 % of the 50 examples."):
            self.assertIn(part, text)
        worse = {"code": "constant_answer", "detail": "No better than dog.", "pointer": "/objective"}
        text, _ = self.shown("parts/best-head.js", draw, {**study, "warnings": [worse]}, leaders)
        self.assertIn(worse["detail"], text)
        self.assertNotIn("points better", text)
        text, _ = self.shown("parts/best-head.js", draw, {**study, "best": {"value": 0.9, "final": None, "final_state": "pending"}}, None)
        self.assertIn("not scored yet", text)
        for part in ("interval", "null", "undefined"):
            self.assertNotIn(part, text)
        self.assertNotIn("unseen", self.shown("parts/best-head.js", draw, self.STUDY, None)[0])
        self.assertIn("No trial is completed yet", self.shown("parts/best-head.js", draw, {**study, "best": None}, leaders)[0])

    def test_a_row_of_the_list_needs_no_definition(self):
        row = {"algorithm": {"name": "approximate_gradient"}, "dataset": "cats", "best": {"value": 0.5},
               "objective": {"metric": "validation_accuracy", "goal": "maximize"}}
        look = "return [m.algorithm(a[0]), m.dataset(a[0]), m.best(a[0])]"
        expected = ["approximate gradient", "cats", "50.00 %"]
        self.assertEqual(self.module("format.js", look, row), expected)
        self.assertEqual(self.module("format.js", look, {**row, "algorithm": "approximate_gradient"}), expected)
        whole = {"best": row["best"], "resolved": {key: row[key] for key in ("algorithm", "dataset", "objective")}}
        self.assertEqual(self.module("format.js", look, whole), expected)

    def test_thinning_keeps_what_matters(self):
        """20,000 points with the best, its improvements and the moves of a search where even spacing would skip them."""
        found = self.module("plots/thinning.js", """
            const trials = Array.from({ length: 20000 }, (_, i) => ({ number: i + 1, value: 0.5 - ((i * 7919) % 20000) / 1e5,
              compute_seconds: 0.5, origin: { kind: "neighbour", centre: i % 997 === 0 ? i + 1 : null } }));
            trials[6].value = 0.6; trials[4321].value = 0.8; trials[12345].value = 0.9; trials[777].value = null;
            const results = {};
            for (const maximize of [true, false]) {
              if (!maximize) trials.forEach((trial) => { if (trial.value !== null) trial.value = -trial.value; });
              const points = m.dots(trials, "trials");
              const better = m.improvements(points, maximize).map((p) => p.number);
              const kept = new Set([...better, ...m.moves(trials), 54, 16000]);
              const drawn = m.thinned(points, kept, 1500).map((p) => p.number);
              results[maximize] = { better, drawn, lost: [...kept].filter((n) => !drawn.includes(n)) };
            }
            results.moves = [...m.moves(trials)];
            results.all = m.thinned([{ number: 1 }, { number: 2 }], new Set(), 2).length;
            results.crowded = m.thinned(m.dots(trials, "trials"), new Set(trials.map((t) => t.number)), 1500).length;
            results.seconds = m.dots(trials.slice(0, 3), "seconds").map((p) => p.x);
            return results;""")
        self.assertEqual(found["moves"], list(range(1, 20001, 997)))
        for maximize in ("true", "false"):
            one = found[maximize]
            self.assertEqual(one["better"][-3:], [7, 4322, 12346])
            # 778 has no value, and so no dot.
            self.assertEqual(one["lost"], [])
            self.assertEqual(len(one["drawn"]), 1500)
            self.assertEqual(one["drawn"], sorted(set(one["drawn"])))
            # The others are spread over the whole.
            self.assertLess(max(b - a for a, b in zip(one["drawn"], one["drawn"][1:])), 30)
        self.assertEqual((found["all"], found["crowded"], found["seconds"]), (2, 19999, [0.5, 1, 1.5]))


if __name__ == "__main__":
    unittest.main()
