"""Which worker ran what when, how the values are spread, and a study whose trials are too many for the page."""
import re
import unittest

from browser import percent
from test_search import SVG, Pictures


class Timeline(Pictures):
    def setUp(self):
        super().setUp()
        self.post_study("timed")
        self.service.wait("timed")
        self.trials = self.service.all("/v1/studies/timed/trials")
        self.browser.open("#/studies/timed")
        self.browser.until_text("#trials tbody", "%")

    def test_a_lane_for_each_worker_and_a_bar_for_each_trial(self):
        browser = self.browser
        self.show("#timeline")
        workers = {t["worker"] for t in self.trials}
        wanted = f"18 trials of {len(workers)} worker"
        browser.until(lambda: wanted in (browser.run("return document.querySelector('#timeline canvas').ariaLabel") or ""))
        browser.run("document.querySelector('#timeline details').open = true")
        rows = browser.run("return [...document.querySelectorAll('#timeline tbody tr')].map((tr) => [...tr.children].map((td) => td.innerText))")
        self.assertEqual({row[0]: int(row[1]) for row in rows}, {w: sum(t["worker"] == w for t in self.trials) for w in workers})
        root, name = self.svg("#timeline")
        self.assertEqual(name, "timed-timeline.svg")
        texts = {one.text for one in root.iter(SVG + "text")}
        self.assertLessEqual(workers | {"time since the first of these trials began"}, texts)
        bars = [one for one in root.iter(SVG + "path") if one.get("fill") not in (None, "none") and one.get("d").count("L") == 3]
        # One more is the ground.
        self.assertEqual(len(bars), len(self.trials) + 1)

    def test_how_the_values_are_spread(self):
        browser = self.browser
        self.show("#distribution")
        look = "return Chart.getChart(document.querySelector('#distribution canvas'))?.data.datasets[0]?.data.map(({ x, y }) => [x, y])"
        steps = browser.until(lambda: browser.run(look))
        values = sorted(t["value"] for t in self.trials if t["value"] is not None)
        wanted = [[values[0], 0]] + [[value, 100 * sum(one <= value for one in values) / len(values)] for value in sorted(set(values))]
        self.assertEqual(len(steps), len(wanted))
        for (x, y), (value, share) in zip(steps, wanted):
            self.assertAlmostEqual(x, 100 * value)
            self.assertAlmostEqual(y, share)
        browser.run("document.querySelector('#distribution details').open = true")
        row = browser.run("return [...document.querySelectorAll('#distribution tbody tr > *')].map((one) => one.innerText)")
        self.assertEqual(row[1:3] + row[-1:], [str(len(values)), percent(values[0]), percent(values[-1])])


    def test_curves_of_a_trial_are_saved(self):
        self.browser.open("#/studies/timed/trials/2")
        self.browser.until(lambda: len(self.browser.all("#trial .pictures")) == 2)
        root, name = self.svg("#trial")
        self.assertEqual(name, "timed-trial-2-accuracy.svg")
        self.assertLessEqual({"accuracy of trial 2", "iteration", "train", "validation"}, {one.text for one in root.iter(SVG + "text")})


class Many(Pictures):
    """20,000 trials: the page knows the ones that are drawn."""

    def setUp(self):
        super().setUp()
        self.serve_many(20_000)

    def test_the_table_has_a_part_and_any_trial_can_be_shown(self):
        browser = self.browser
        browser.open("#/studies/many?sort=-value")
        browser.until_text(".pager", "of 20000 trials")
        best = self.service.get("/v1/studies/many/columns").json["best"]
        self.assertEqual(browser.texts("#trials tbody button")[0], str(best))
        asked = [parameters["request"]["url"] for method, parameters in browser.events() if method == "Network.requestWillBeSent"]
        self.assertFalse([url for url in asked if re.search(r"/trials\?", url)], asked)
        known = browser.run("return document.querySelector('.pager .quiet').textContent")
        self.assertLess(int(known.split()[0]), 4000)
        browser.run("document.querySelector('#trial-number').value = 12345; document.querySelector('.jump button').click()")
        browser.until_text("#trial h2", "Trial 12345")
        browser.until_text("#trial", "Why it was tried")


if __name__ == "__main__":
    unittest.main()
