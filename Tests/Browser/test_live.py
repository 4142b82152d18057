"""A study under the open page, from the empty list to its end, without a reload."""
import re
import unittest

from browser import PageCase, endless, percent


class Live(PageCase):
    def counts(self):
        """How many trials the page says are done."""
        shown = dict(self.browser.run("return [...document.querySelectorAll('#summary dl > div')]"
                                      ".map((one) => [...one.children].map((e) => e.innerText))"))
        return int(shown.get("Trials", "0").split()[0])

    def test_a_study_is_followed_to_its_end(self):
        browser = self.browser
        browser.open()
        browser.until_text("main", "There is no study yet")
        browser.run("window.marked = true")

        self.post_study(**endless("live"))
        browser.until_text("#studies", "live")
        browser.until_text("#studies", "running")
        browser.click("#studies a")
        browser.until_text("#summary .state", "running")
        first = browser.until(self.counts)
        browser.until(lambda: self.counts() > first)
        browser.until(lambda: re.search(r"Time left\s+\d", browser.text("#summary")))

        self.service.post("/v1/studies/live/pause")
        browser.until_text("#summary .state", "paused")
        trials = self.service.until(
            lambda: (p := self.service.get("/v1/studies/live").json["progress"])["running"] == 0 and p["completed"])
        self.service.patch("/v1/studies/live", {"budget": {"trials": trials + 10}})
        self.service.post("/v1/studies/live/resume")
        browser.until_text("#summary .state", "completed")
        self.assertEqual(self.counts(), trials + 10)
        browser.until_text(".pager", f"{trials + 10} trials")
        self.assertTrue(browser.run("return window.marked"), "the page was loaded again")
        self.hold_against_the_service(trials + 10)

    def hold_against_the_service(self, count):
        study = self.service.get("/v1/studies/live").json
        best = percent(study["best"]["value"])
        self.assertIn(best, self.browser.text("#summary"))
        points = self.service.get("/v1/studies/live/best?count=10").json["items"]
        # What is worked out from the outcomes is fetched after the study's end, and the plot is drawn after the table.
        expected = [percent(p["value"]) for p in points]
        self.browser.until(lambda: self.browser.texts("#best tbody td:first-child") == expected)
        plotted = "const chart = Chart.getChart(document.querySelector('.plot canvas')); return chart.data.datasets"
        self.browser.until(lambda: self.browser.run(plotted + "[0].data.at(-1)?.x") == count
                           and self.browser.run(plotted + "[1].data.length") == min(count, 1500))
        line, _ = self.browser.run(plotted + ".map((set) => set.data)")
        self.assertAlmostEqual(line[-1]["y"], study["best"]["value"] * 100)
        self.browser.click_text("Over seconds")
        spent = sum(t["compute_seconds"] for t in self.service.all("/v1/studies/live/trials"))
        self.assertAlmostEqual(self.browser.run(plotted + "[0].data.at(-1).x"), spent, places=6)

    def test_the_final_score_comes_by_itself(self):
        self.post_study("final", validation={"final": "second"})
        self.browser.open("#/studies/final")
        self.browser.until_text("#summary .state", "completed")
        best = self.service.until(
            lambda: (b := self.service.get("/v1/studies/final").json["best"])["final_state"] == "scored" and b)
        self.browser.until_text("#summary", percent(best["final"]))
        self.browser.until_text("#best tbody tr:first-child", percent(best["final"]))

    def test_a_trial_shows_its_curve_and_why_it_was_tried(self):
        self.post_study("descent", algorithm={"name": "approximate_gradient", "preset": "paper"}, budget={"trials": 6})
        self.service.wait("descent")
        self.browser.open("#/studies/descent")
        self.browser.until_text("#trials tbody", "%")
        self.browser.click("#trials tr[data-trial='2'] button")
        self.browser.until_text("#trial", "Why it was tried")
        text = self.browser.text("#trial")
        for part in ("Trial 2", "around trial 1", "descent 1"):
            self.assertIn(part, text)
        curve = self.service.get("/v1/studies/descent/trials/2").json["curve"]
        for index, kind in enumerate(("accuracy", "loss")):
            sets = self.browser.run(
                "return Chart.getChart(document.querySelectorAll('#trial canvas')[arguments[0]]).data.datasets"
                ".map((set) => set.data)", index)
            self.assertEqual([[p["x"] for p in one] for one in sets], [[p["step"] for p in curve]] * 2)
            scale = 100 if kind == "accuracy" else 1
            for one, part in zip(sets, ("train", "validation")):
                for shown, point in zip(one, curve):
                    self.assertAlmostEqual(shown["y"], scale * point["metrics"][f"{part}_{kind}"])

    def test_what_is_filled_in_anew_stays_where_it_is_the_same(self):
        self.browser.open()
        kept = self.browser.run("""
            return import('/js/dom.js').then(({ element, fill }) => {
              const row = (key, text) => element("tr", { "data-key": key }, element("td", {}, text));
              const body = element("tbody");
              const draw = (...rows) => fill(body, rows.map(([key, text]) => row(key, text)));
              draw(["a", "1"], ["b", "2"], ["c", "3"]);
              const [a, b, c] = body.children;
              draw(["d", "0"], ["c", "3"], ["b", "two"]);
              return [body.contains(b), body.contains(c), body.contains(a),
                      [...body.children].map((r) => r.dataset.key + r.textContent), body.children[2] === b];
            });""")
        self.assertEqual(kept, [True, True, False, ["d0", "c3", "btwo"], True])


if __name__ == "__main__":
    unittest.main()
