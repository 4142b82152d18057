"""Which parameters matter, as the page shows it."""
import unittest

from browser import PageCase


class Importance(PageCase):
    def show(self, selector):
        """Scrolls to a plot, which is drawn only when it is near."""
        self.browser.until(lambda: self.browser.run(
            "const found = document.querySelector(arguments[0]); if (!found?.getClientRects().length) return false;"
            "found.scrollIntoView({ block: 'center' }); return true", selector))

    def drawn(self):
        return self.browser.run(
            "const chart = Chart.getChart(document.querySelector('#importance canvas'));"
            "return chart && chart.data.labels.length ? [chart.data.labels, ...chart.data.datasets.map((set) => set.data)] : null")

    def told(self, name, parameters, value, trials):
        """A study whose trials this test runs."""
        answer = self.service.post("/v1/studies", {
            "name": name, "model": {"kind": "external"}, "parameters": parameters, "algorithm": {"name": "random"},
            "objective": {"metric": "loss", "goal": "minimize"}, "budget": {"trials": trials}, "parallelism": 100})
        self.assertEqual(answer.status, 201, answer.text)
        while handed := self.service.post(f"/v1/studies/{name}/suggestions", {"count": 100, "worker": "w"}).json["items"]:
            self.service.post(f"/v1/studies/{name}/results", {"items": [
                {"number": t["number"], "metrics": {"loss": value(t["parameters"])}} for t in handed]})
        self.service.wait(name)

    def test_a_whole_grid(self):
        self.post_study("plotted", objective={"metric": "validation_loss", "goal": "minimize"})
        self.service.wait("plotted")
        found = self.service.get("/v1/studies/plotted/importance").json
        self.assertEqual(found["method"], "exact")
        self.browser.open("#/studies/plotted")
        self.show("#importance")
        self.browser.until(self.drawn)
        labels, shares, whiskers = self.drawn()
        self.assertEqual(labels, [one["parameter"].replace("_", " ") for one in found["importances"]] + ["several together"])
        for share, wanted in zip(shares, [one["importance"] for one in found["importances"]] + [found["interactions"]]):
            self.assertAlmostEqual(share, 100 * wanted)
        self.assertEqual(whiskers, [None] * 4, "exact shares have no spread")
        self.assertIn(found["detail"], self.browser.text("#importance"))
        self.browser.run("document.querySelector('#importance details').open = true")
        rows = self.browser.texts("#importance tbody th")
        self.assertEqual(rows[:4], labels)
        self.assertEqual(len(rows), 4 + len(found["pairs"]))
        label = self.browser.run("return document.querySelector('#importance canvas').ariaLabel")
        self.assertTrue(all(name in label for name in labels), label)

    def test_some_points_have_whiskers_and_few_have_a_sentence(self):
        parameters = {name: {"type": "real", "min": 0, "max": 1} for name in ("x", "y")}
        self.told("some", parameters, lambda p: 3 * p["x"] + p["y"], 60)
        found = self.service.get("/v1/studies/some/importance").json
        self.browser.open("#/studies/some")
        self.show("#importance")
        self.browser.until(self.drawn)
        labels, shares, whiskers = self.drawn()
        self.assertEqual(labels, ["x", "y", "several together"])
        first = found["importances"][0]
        low, high = whiskers[0]
        self.assertAlmostEqual(low, 100 * (first["importance"] - first["standard_deviation"]))
        self.assertAlmostEqual(high, min(100, 100 * (first["importance"] + first["standard_deviation"])))
        self.assertTrue(all(0 <= low <= high <= 100 for low, high in whiskers))
        self.told("few", parameters, lambda p: p["x"], 5)
        self.browser.open("#/studies/few")
        self.show("#importance")
        self.browser.until_text("#importance", "at least 10 different points")
        self.assertFalse(self.browser.find("#importance canvas").is_displayed())


if __name__ == "__main__":
    unittest.main()
