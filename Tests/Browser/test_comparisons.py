"""Comparisons on the page: the list, and one with its curves, targets, tests and studies."""
import unittest

from browser import PageCase, definition, endless, percent
from test_looks import BYTES

# The named lines of the plot, each with its last point, and how many lines there are.
LINES = """
const chart = Chart.getChart(document.querySelector(".plot canvas"));
return [chart.data.datasets.filter((set) => set.label).map((set) => [set.label, set.data.length, set.data.at(-1)]),
  chart.data.datasets.length, chart.options.scales.x.title.text];
"""
# What is asked of the plot's names: a click on the first.
HIDE = """
const chart = Chart.getChart(document.querySelector(".plot canvas"));
chart.options.plugins.legend.onClick.call(chart.legend, {}, chart.legend.legendItems[0], chart.legend);
return [0, 1, 2, 3].map((index) => chart.isDatasetVisible(index));
"""
# How much each named line stands out from the card (WCAG 2, 1.4.11: 3), and how many looks there are.
OUT = BYTES + """
const chart = Chart.getChart(document.querySelector(".plot canvas"));
const sets = chart.data.datasets.filter((set) => set.label);
const card = behind(chart.canvas);
return [sets.map((set) => contrast(bytes(set.borderColor), card)),
  new Set(sets.map((set) => `${set.borderColor} ${set.borderDash}`)).size, new Set(sets.map((set) => `${set.borderDash}`)).size];
"""
WIDE = """
return [...document.body.querySelectorAll("*")].filter((e) => !e.closest(".scroll, .skip, thead")
  && e.getBoundingClientRect().right > innerWidth + 0.5).map((e) => e.outerHTML.slice(0, 120));
"""


class Comparisons(PageCase):
    expected_messages = ("the server responded with a status of 4",)

    def post(self, name, algorithms=("random", "tpe"), seeds=2, **more):
        body = {**definition(name, budget={"trials": 10}), "algorithms": [{"name": one} for one in algorithms],
                "seeds": seeds, **more}
        del body["algorithm"]
        answer = self.service.post("/v1/comparisons", body)
        self.assertEqual(answer.status, 201, answer.text)

    def ended(self, name):
        return self.service.until(
            lambda: (c := self.service.get(f"/v1/comparisons/{name}").json)["state"] == "completed" and c, 600)

    def test_from_the_list_to_a_study(self):
        browser = self.browser
        browser.open()
        browser.click("nav a[href='#/comparisons']")
        browser.until_text("main", "There is no comparison yet")
        self.assertEqual(browser.text("nav a[aria-current]"), "Comparisons")
        self.post("race")
        # It appears without being asked for.
        browser.until_text("#comparisons", "race")
        browser.until_text("#comparisons .state", "completed")
        row = browser.text("#comparisons tbody")
        for part in ("4 / 4", "random, tpe"):
            self.assertIn(part, row)
        browser.click("#comparisons a")
        found = self.ended("race")
        browser.until_text("#summary", found["detail"])
        self.assertIn("4 of 4", browser.text("#summary"))
        for algorithm in found["algorithms"]:
            self.assertIn(percent(algorithm["by_trials"]["mean"][-1]), browser.text("#algorithms"))
        targets = found["algorithms"][0]["targets"]
        self.assertEqual(browser.texts("#algorithms thead th")[4:],
                         [f"Trials to the best {100 * t['share']:g} %: {percent(t['value'])}" for t in targets])
        self.assertIn("cannot be told apart", browser.text("#tests"))
        self.assertTrue(browser.find("#members a[download]").get_attribute("href").endswith("/v1/comparisons/race.csv"))
        browser.click("#members summary")
        self.assertEqual(browser.texts("#members details[open] li"), ["race-random-0", "race-random-1"])
        browser.click("#members li a")
        browser.until_text("h1", "race-random-0")

    def test_curves_over_trials_iterations_and_seconds(self):
        self.post("race")
        found = self.ended("race")
        browser = self.browser
        browser.open("#/comparisons/race")
        browser.until_text("#summary .state", "completed")
        for over, title in (("trials", "trials of each study"), ("iterations", "iterations"),
                            ("seconds", "seconds of training")):
            browser.click(f"button[data-over={over}]")
            lines, count, shown = browser.run(LINES)
            self.assertEqual((count, shown), (6, title))
            curves = [c["curve"] for c in found["by_seconds"]] if over == "seconds" else [
                a[f"by_{over}"] for a in found["algorithms"]]
            for (name, points, last), algorithm, curve in zip(lines, found["algorithms"], curves):
                self.assertEqual((name, points), (algorithm["name"], len(curve["mean"])))
                self.assertAlmostEqual(last["x"], curve[over][-1])
                self.assertAlmostEqual(last["y"], 100 * curve["mean"][-1])
            self.assertIn(title, browser.find(".plot canvas").get_attribute("aria-label"))
            self.assertEqual(browser.texts("button[aria-pressed=true]"), [over.capitalize()])
        # The spread of all values is fetched when it is opened.
        browser.click("#distribution summary")
        values = [sorted(t["value"] for seed in range(2) for t in self.service.all(f"/v1/studies/race-{name}-{seed}/trials"))
                  for name in ("random", "tpe")]
        rows = browser.until(lambda: browser.run(
            "return [...document.querySelectorAll('#distribution tbody tr')].map((tr) => [...tr.children].map((one) => one.innerText))"))
        self.assertEqual([[row[0], row[1], row[2], row[-1]] for row in rows],
                         [[name, str(len(one)), percent(one[0]), percent(one[-1])] for name, one in zip(("random", "tpe"), values)])
        # A line goes with its band.
        self.assertEqual(browser.run(HIDE), [False, False, False, True])

    def test_lines_stand_out_and_are_told_apart(self):
        self.post("many", algorithms=("random", "tpe", "grid", "approximate_gradient", "rbf_surrogate",
                                      "gaussian_process", "successive_halving"), seeds=1)
        self.ended("many")
        for scheme in ("light", "dark"):
            self.browser.scheme(scheme)
            self.browser.open("#/comparisons/many")
            self.browser.until_text("#summary .state", "completed")
            contrasts, looks, dashes = self.browser.run(OUT)
            with self.subTest(scheme=scheme):
                self.assertEqual((len(contrasts), looks), (7, 7))
                self.assertGreaterEqual(min(contrasts), 3)
                self.assertEqual(dashes, 4)

    def test_stop_and_delete(self):
        browser = self.browser
        long = endless("long")
        self.post("long", parameters=long["parameters"], budget={"trials": 100_000}, max_running=1)
        browser.open("#/comparisons/long")
        browser.until_text("#summary .state", "running")
        browser.click_text("Stop")
        browser.click_text("Stop the comparison")
        browser.until_text("#summary .state", "stopped")
        self.assertNotIn("Stop", browser.texts("button"))
        browser.click_text("Delete")
        browser.click_text("Delete the comparison")
        browser.until_text("main", "There is no comparison yet")
        self.assertEqual(self.service.get("/v1/studies").json["items"], [])
        browser.open("#/comparisons/long")
        browser.until_text("main", "Not found")

    def test_nothing_is_wider_than_the_window(self):
        name = "a-comparison-with-a-name-that-is-as-long-as-a-name-can-ever-be-x"
        self.post(name, algorithms=("random", "tpe", "grid", "approximate_gradient"))
        self.ended(name)
        for width in (360, 768, 1440):
            self.browser.resize(width)
            for view, there in (("#/comparisons", "#comparisons"), (f"#/comparisons/{name}", "#tests")):
                self.browser.open(view)
                self.browser.until_text(there, "a")
                with self.subTest(view=view, width=width):
                    self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), width)
                    self.assertEqual(self.browser.run(WIDE), [])


if __name__ == "__main__":
    unittest.main()
