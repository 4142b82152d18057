"""Plots of all trials: one parameter at a time, two at once, all at once; each leads to its trials."""
import unittest

from browser import PageCase, percent, webdriver

LEVELS = {"iterations": [5, 10, 20], "learning_rate": [0.0075, 0.02], "units_1": [3, 5, 8]}


class Plots(PageCase):
    def setUp(self):
        super().setUp()
        self.post_study("plotted")
        self.service.wait("plotted")
        self.trials = [t for t in self.service.all("/v1/studies/plotted/trials") if t["value"] is not None]
        # The best point: of all that tie, the service says which.
        self.point = self.service.get("/v1/studies/plotted/best").json["items"][0]
        self.best = self.point["trials"][0]
        self.browser.open("#/studies/plotted")
        self.browser.until_text("#summary .state", "completed")

    def show(self, selector):
        """Scrolls to a plot, which is drawn only when it is near."""
        self.browser.until(lambda: self.browser.run(
            "const found = document.querySelector(arguments[0]); if (!found?.getClientRects().length) return false;"
            "found.scrollIntoView({ block: 'center' }); return true", selector))

    def test_one_parameter_at_a_time(self):
        browser = self.browser
        self.show("#slices")
        look = ("return [...document.querySelectorAll('#slices canvas')].map((c) => Chart.getChart(c))"
                ".map((chart) => chart?.data.datasets.map((set) => set.data.map(({ x, y, number }) => [x, y, number])))")
        browser.until(lambda: all(one and len(one[1]) == len(self.trials) for one in browser.run(look)))
        for (best, dots), name in zip(browser.run(look), LEVELS):
            expected = {t["number"]: [t["parameters"][name], t["value"] * 100] for t in self.trials}
            self.assertEqual({number: x for x, _, number in dots}, {number: x for number, (x, _) in expected.items()})
            for _, y, number in dots:
                self.assertAlmostEqual(y, expected[number][1])
            self.assertEqual([[x, number] for x, _, number in best], [[self.point["parameters"][name], self.best]])
            self.assertAlmostEqual(best[0][1], self.point["value"] * 100)
        labels = browser.run("return [...document.querySelectorAll('#slices canvas')].map((c) => c.ariaLabel)")
        self.assertEqual(labels, [f"validation accuracy by {name.replace('_', ' ')}" for name in LEVELS])
        # The same in numbers.
        browser.run("document.querySelector('#slices details').open = true")
        rows = browser.run("return [...document.querySelectorAll('#slices .in-numbers')].map((one) =>"
                           "[...one.querySelectorAll('tbody tr')].map((tr) => [...tr.children].map((td) => td.innerText)))")
        for table, (name, levels) in zip(rows, LEVELS.items()):
            self.assertEqual([row[0] for row in table], [str(level) for level in levels])
            for row, level in zip(table, levels):
                values = [t["value"] for t in self.trials if t["parameters"][name] == level]
                self.assertEqual((row[1], row[3]), (str(len(values)), percent(max(values))))
        # A press on the best one.
        x, y = browser.run("const chart = Chart.getChart(document.querySelector('#slices canvas'));"
                           "chart.canvas.scrollIntoView({ block: 'center' });"
                           "const { x, y } = chart.getDatasetMeta(0).data[0]; const box = chart.canvas.getBoundingClientRect();"
                           "return [box.left + x, box.top + y]")
        actions = webdriver.ActionChains(browser.driver)
        actions.w3c_actions.pointer_action.move_to_location(round(x), round(y)).click()
        actions.perform()
        browser.until_text("#trial h2", f"Trial {self.best}")

    def cells(self):
        """The texts of the heat map, lowest row first."""
        rows = self.browser.run("return [...document.querySelectorAll('#heat-map tbody tr')]"
                                ".map((tr) => [...tr.querySelectorAll('td')].map((td) => td.innerText))")
        return rows[::-1]

    def expected(self, x, y, worked):
        return [[percent(worked([t["value"] for t in self.trials if (t["parameters"][x], t["parameters"][y]) == (column, row)]))
                 .removesuffix(" %") for column in LEVELS[x]] for row in LEVELS[y]]

    def test_two_parameters_at_once(self):
        browser = self.browser
        self.show("#heat-map")
        best = self.expected("iterations", "units_1", max)
        browser.until(lambda: browser.all("#heat-map tbody td"))
        self.choose("#heat-y", "units_1")
        self.choose("#heat-what", "best")
        browser.until(lambda: self.cells() == best)
        self.choose("#heat-what", "mean")
        mean = self.expected("iterations", "units_1", lambda values: sum(values) / len(values))
        shown = self.cells()
        for row, wanted in zip(shown, mean):
            for cell, value in zip(row, wanted):
                self.assertAlmostEqual(float(cell), float(value), delta=0.0101)
        self.assertEqual(browser.texts("#heat-map thead th"), [str(level) for level in LEVELS["iterations"]])
        self.assertEqual(browser.texts("#heat-map tbody th")[::-1], [str(level) for level in LEVELS["units_1"]])
        # A press on a cell shows its best trial.
        asked = browser.run("const press = document.querySelector('#heat-map td button'); press.click(); return press.dataset.trial")
        browser.until_text("#trial h2", f"Trial {asked}")

    def choose(self, selector, value):
        self.browser.run("const field = document.querySelector(arguments[0]); field.value = arguments[1];"
                         "field.dispatchEvent(new Event('change'))", selector, value)

    def test_what_is_marked_of_an_axis_leaves_its_trials(self):
        browser = self.browser
        self.show("#parallel")
        browser.until_text("#parallel", "Drag along an axis")
        browser.until(lambda: browser.run("return document.querySelector('#parallel canvas').ariaLabel").startswith(str(len(self.trials))))
        # By numbers.
        browser.run("document.querySelector('#parallel details').open = true")
        self.choose("#stretch-units_1-from", 4)
        self.choose("#stretch-units_1-to", 6)
        few = [t for t in self.trials if t["parameters"]["units_1"] == 5]
        browser.until_text("#parallel", f"{len(few)} of {len(self.trials)} trials that are drawn go through units 1")
        browser.until_text(".pager", f"{len(few)} of 18 trials")
        self.assertEqual(set(browser.texts("#trials tbody button")), {str(t["number"]) for t in few})
        browser.click_text("Show all trials")
        browser.until(lambda: browser.texts(".pager .quiet")[0].startswith("18 trials"))
        self.assertEqual(browser.run("return document.querySelector('#stretch-units_1-from').value"), "")
        # By dragging along the first axis, from above its top to its middle: all but the few iterations.
        self.show("#parallel .stage")
        left, top, height = browser.run("const b = document.querySelector('#parallel .stage canvas').getBoundingClientRect(); return [b.left, b.top, b.height]")
        actions = webdriver.ActionChains(browser.driver)
        pen = actions.w3c_actions.pointer_action
        pen.move_to_location(round(left + 56), round(top + 36)).pointer_down()
        pen.move_to_location(round(left + 56), round(top + 150))
        pen.move_to_location(round(left + 56), round(top + height * 0.45)).pointer_up()
        actions.perform()
        most = [t for t in self.trials if t["parameters"]["iterations"] == 20]
        browser.until_text("#parallel", f"{len(most)} of {len(self.trials)} trials that are drawn go through iterations 20")
        browser.until_text(".pager", f"{len(most)} of 18 trials")

    def test_the_history_has_log_axes(self):
        browser = self.browser
        types = "const { x, y } = Chart.getChart(document.querySelector('.plot canvas')).options.scales; return [x.type, y.type]"
        browser.until(lambda: browser.run(
            "return Chart.getChart(document.querySelector('.plot canvas'))?.data.datasets[1].data.length") == len(self.trials))
        self.assertEqual(browser.run(types), ["linear", "linear"])
        # The steps of the line are a table, too.
        browser.run("document.querySelector('#steps').open = true")
        steps, best = [], -1
        for trial in self.trials:
            if trial["value"] > best:
                best = trial["value"]
                steps.append([str(trial["number"]), percent(best)])
        shown = browser.run("return [...document.querySelectorAll('#steps tbody tr')].map((tr) => [...tr.children].map((td) => td.innerText))")
        self.assertEqual([row[:2] for row in shown], steps)
        browser.click_text("Log across")
        self.assertEqual(browser.run(types), ["logarithmic", "linear"])
        browser.click_text("Log values")
        browser.click_text("Log across")
        self.assertEqual(browser.run(types), ["linear", "logarithmic"])
        # Zero has no place on a log axis, which then stays a linear one.
        self.assertEqual(browser.texts("[aria-label='Log axes'] [aria-pressed='true']"), ["Log values"])

    def test_a_study_of_one_parameter_has_no_plots_of_two(self):
        self.post_study("single", model={"kind": "mlp", "activations": ["relu"], "iterations": 5},
                        parameters={"units_1": {"type": "integer", "values": [2, 3, 4]}})
        self.service.wait("single")
        self.browser.open("#/studies/single")
        self.show("#slices")
        self.assertEqual(self.browser.all("#heat-map, #parallel"), [])


class PlotsOfMany(PageCase):
    """20,000 trials, of which a part is drawn: the best one is in every plot."""

    def setUp(self):
        super().setUp()
        self.serve_many(20_000)

    def test_the_best_trial_is_in_every_plot(self):
        browser = self.browser
        columns = self.service.get("/v1/studies/many/columns").json
        best = max(value for value in columns["value"] if value is not None)
        self.assertEqual((columns["total"], columns["value"][columns["best"] - 1]), (20_000, best))
        browser.open("#/studies/many")
        browser.until(lambda: browser.all("#slices") and browser.find("#slices").is_displayed())
        browser.run("document.querySelector('#slices').scrollIntoView()")
        drawn = browser.until(lambda: browser.run(
            "const data = Chart.getChart(document.querySelector('#slices canvas'))?.data.datasets; return data?.[1].data.length &&"
            "data.map((set) => set.data.map(({ number }) => number))"))
        self.assertEqual(drawn[0], self.service.get("/v1/studies/many/best").json["items"][0]["trials"][:1])
        self.assertIn(columns["best"], drawn[1])
        self.assertLessEqual(len(drawn[1]), 3200 + len(columns["improvements"]) + len(columns["moves"]))
        self.assertGreater(len(drawn[1]), 2000)
        browser.run("document.querySelector('#heat-map').scrollIntoView();"
                    "const field = document.querySelector('#heat-what'); field.value = 'best'; field.dispatchEvent(new Event('change'))")
        browser.until(lambda: browser.run(
            "return [...document.querySelectorAll('#heat-map td button')].some((b) => b.dataset.trial === arguments[0])",
            str(columns["best"])))
        browser.run("document.querySelector('#parallel').scrollIntoView()")
        browser.until(lambda: (browser.run("return document.querySelector('#parallel canvas').ariaLabel") or "").startswith(str(len(drawn[1]))))


if __name__ == "__main__":
    unittest.main()
