"""axe-core has nothing to say against any view, in both colour schemes, on a phone, a tablet and a desk."""
import pathlib
import unittest

from browser import PageCase, definition

AXE = (pathlib.Path(__file__).parent / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
LOOKS = (("light", 1440), ("dark", 360), ("light", 768))
RUN = """
const done = arguments[arguments.length - 1];
axe.run().then(({ violations, passes }) => done([passes.length, violations.map(({ id, help, nodes }) =>
  `${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`)]));
"""


class Accessibility(PageCase):
    expected_messages = ("the server responded with a status of 4",)

    def setUp(self):
        super().setUp()
        self.post_study("seen", notes="Why it was run.", labels={"team": "vision"}, validation={"final": None, "repeats": 2})
        self.service.post("/v1/studies", {
            "name": "told", "model": {"kind": "external"}, "parameters": {"x": {"type": "integer", "values": [1, 2, 3]}},
            "objective": {"metric": "score", "goal": "maximize"}, "algorithm": {"name": "grid"}})
        race = definition("race", algorithms=[{"name": "random"}, {"name": "tpe"}], seeds=2, budget={"trials": 5})
        del race["algorithm"]
        self.service.post("/v1/comparisons", race)
        self.service.wait("seen")
        self.service.until(lambda: self.service.get("/v1/comparisons/race").json["state"] == "completed", 600)

    def check(self, view):
        self.browser.run(AXE)
        passed, found = self.browser.driver.execute_async_script(RUN)
        self.assertGreater(passed, 10, view)
        self.assertEqual(found, [], view)

    def views(self):
        """Goes through the views, each with all that can be opened, and names them."""
        browser = self.browser
        browser.open()
        browser.until_text("#studies", "seen")
        yield "studies"
        browser.open("#/datasets")
        browser.until_text("#datasets", "synthetic-cats")
        yield "data sets"
        browser.open("#/comparisons")
        browser.until_text("#comparisons", "race")
        yield "comparisons"
        browser.open("#/comparisons/race")
        browser.until_text("#tests", "cannot be told apart")
        browser.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        yield "comparison"
        browser.open("#/studies/nothing-of-this-name")
        browser.until_text("main", "Not found")
        yield "not found"
        browser.open("#/new/from/seen/seed")
        browser.until(lambda: browser.all("#field-json"))
        browser.run("const field = document.querySelector('#field-json'); field.value = '{}'; field.dispatchEvent(new Event('input'))")
        browser.click("form button.main")
        browser.until_text("#faults", "Please fix")
        yield "form with faults"
        browser.open("#/studies/seen")
        browser.until_text("#trials tbody", "%")
        for plot in ("#slices", "#heat-map", "#parallel"):
            browser.until(lambda: browser.all(plot) and browser.find(plot).is_displayed())
            browser.run("document.querySelector(arguments[0]).scrollIntoView()", plot)
        browser.until(lambda: browser.all("#heat-map td button"))
        browser.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        browser.run("document.querySelector('#notes button').click()")
        browser.run("document.querySelector('#trials tbody button').click()")
        browser.until_text("#trial", "Why it was tried")
        yield "study"
        browser.click_text("Delete")
        browser.until_text("dialog", "Delete")
        yield "question"
        browser.open("#/studies/told")
        browser.until_text("#summary .state", "running")
        yield "external study"
        browser.open("#/studies/seen/trials/1")
        browser.until_text("#trial", "Why it was tried")
        yield "trial"

    def test_every_view(self):
        for scheme, width in LOOKS:
            self.browser.scheme(scheme)
            self.browser.resize(width)
            for view in self.views():
                with self.subTest(view=view, scheme=scheme, width=width):
                    self.check(f"{view}, {scheme}, {width}")


if __name__ == "__main__":
    unittest.main()
