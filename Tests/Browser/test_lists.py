"""The list of studies: narrowed, sorted, several of them chosen and compared, stopped or deleted."""
import unittest

from browser import Keys, PageCase, endless

NAMES = "return [...document.querySelectorAll('#studies tbody tr')].map((tr) => tr.querySelector('a').textContent)"


class Lists(PageCase):
    def setUp(self):
        super().setUp()
        self.post_study("alpha-grid", labels={"team": "vision"})
        self.post_study("beta-random", algorithm={"name": "random"}, budget={"trials": 5}, labels={"team": "speech", "old": ""})
        self.post_study("gamma-tpe", algorithm={"name": "tpe"}, budget={"trials": 7}, labels={"team": "vision"})
        for name in ("alpha-grid", "beta-random", "gamma-tpe"):
            self.service.wait(name)
        self.post_study(**endless("delta-endless"))
        self.service.post("/v1/studies/delta-endless/pause")
        self.service.post("/v1/studies", {
            "name": "told", "model": {"kind": "external"}, "objective": {"metric": "height", "goal": "maximize"},
            "parameters": {"x": {"type": "integer", "min": 1, "max": 9}}, "algorithm": {"name": "random"}})
        self.browser.open()
        self.browser.until_text("#studies", "alpha-grid")

    def names(self):
        return self.browser.run(NAMES)

    def set(self, field, value, event="input"):
        self.browser.run("const field = document.getElementById(arguments[0]); field.value = arguments[1];"
                         "field.dispatchEvent(new Event(arguments[2]))", f"list-{field}", value, event)

    def select(self, *names):
        for name in names:
            self.browser.click(f"#studies input[data-name='{name}']")

    def test_narrowed_and_sorted(self):
        browser = self.browser
        self.assertEqual(self.names(), ["told", "delta-endless", "gamma-tpe", "beta-random", "alpha-grid"])
        self.set("name", "TA")
        browser.until(lambda: self.names() == ["delta-endless", "beta-random"])
        browser.until_text("main", "2 studies are like this.")
        self.set("name", "")
        self.set("label", "team:vision")
        browser.until(lambda: self.names() == ["gamma-tpe", "alpha-grid"])
        # The service is asked, which knows of more studies than the page.
        browser.until(lambda: any("label=team%3Avision" in parameters["request"]["url"] for method, parameters in browser.events()
                                  if method == "Network.requestWillBeSent"))
        self.set("label", "old")
        browser.until(lambda: self.names() == ["beta-random"])
        self.set("label", "")
        self.set("state", "paused")
        browser.until(lambda: self.names() == ["delta-endless"])
        # What an event tells of a study that is not asked for is not shown.
        self.service.patch("/v1/studies/alpha-grid", {"notes": "changed"})
        self.service.post("/v1/studies/delta-endless/resume")
        browser.until_text("main", "No study is like this.")
        self.set("state", "")
        self.set("dataset", "synthetic-cats")
        browser.until(lambda: "told" not in self.names() and len(self.names()) == 4)
        self.set("dataset", "")
        self.set("sort", "name", "change")
        browser.until(lambda: self.names() == ["alpha-grid", "beta-random", "delta-endless", "gamma-tpe", "told"])
        # A head sorts as well, and turns the order.
        browser.run("document.querySelector('#studies [data-order=name]').click()")
        browser.until(lambda: self.names()[0] == "told")
        self.assertEqual(browser.run("return [...document.querySelectorAll('#studies th')].filter((th) => th.ariaSort !== 'none' && th.ariaSort)"
                                     ".map((th) => [th.textContent, th.ariaSort])"), [["Study", "descending"]])
        self.assertIn("sort=-name", browser.run("return location.hash"))
        self.set("name", "alpha")
        browser.until(lambda: "name=alpha" in browser.run("return location.hash"))
        address = browser.run("return location.hash")
        browser.open("#/datasets")
        browser.open(address)
        browser.until_text("#studies", "alpha-grid")
        self.assertEqual(self.names(), ["alpha-grid"])
        self.assertEqual(browser.run("return [document.querySelector('#list-name').value, document.querySelector('#list-sort').value]"), ["alpha", "-name"])

    def test_several_are_compared(self):
        browser = self.browser
        self.select("alpha-grid")
        browser.until_text(".chosen", "1 study selected")
        self.assertNotIn("Compare", browser.text(".chosen"))
        self.select("gamma-tpe")
        browser.click(".chosen a")
        browser.until_text("#tests", "tpe and grid")
        browser.until_text("h1", "Studies compared")
        self.assertIn("studies=gamma-tpe,alpha-grid", browser.run("return location.hash"))
        self.assertEqual(browser.run("return Chart.getChart(document.querySelector('.plot canvas')).data.datasets.map((s) => s.label).filter(Boolean)"),
                         ["tpe", "grid"])
        self.assertNotIn("Delete", browser.text())
        # Studies of different things cannot be.
        browser.open()
        browser.until_text("#studies", "alpha-grid")
        self.select("alpha-grid", "told")
        browser.until_text(".chosen", "2 studies selected")
        self.assertNotIn("Compare", browser.text(".chosen"))

    def test_several_are_stopped_and_deleted(self):
        browser = self.browser
        self.select("delta-endless", "told", "beta-random")
        browser.click_text("Stop")
        browser.until_text("dialog", "Stop 2 studies?")
        self.assertIn("told, delta-endless", browser.text("dialog"))
        browser.press(Keys.ESCAPE)
        browser.until(lambda: not browser.all("dialog"))
        self.assertEqual(self.service.get("/v1/studies/told").json["state"], "running")
        browser.click_text("Stop")
        browser.click_text("Stop 2 studies")
        browser.until_text("main", "Stopped 2 studies.")
        for name in ("delta-endless", "told"):
            self.assertEqual(self.service.get(f"/v1/studies/{name}").json["state"], "stopped")
        self.assertEqual(browser.focused(), "Stopped 2 studies.")
        self.assertEqual(browser.texts(".chosen"), [])
        # By keyboard, all but one.
        browser.run("document.querySelector('#select-all').focus()")
        browser.press(Keys.SPACE)
        browser.until_text(".chosen", "5 studies selected")
        self.select("alpha-grid")
        browser.until_text(".chosen", "4 studies selected")
        self.assertTrue(browser.run("return document.querySelector('#select-all').indeterminate"))
        browser.click_text("Delete")
        browser.until_text("dialog", "Delete 4 studies?")
        browser.click_text("Delete 4 studies")
        browser.until_text("main", "Deleted 4 studies.")
        browser.until(lambda: self.names() == ["alpha-grid"])
        self.assertEqual([one["name"] for one in self.service.all("/v1/studies")], ["alpha-grid"])


class RenderedApi(PageCase):
    """The description of the API as a page."""

    def test_everything_of_the_description_is_there(self):
        browser = self.browser
        description = self.service.get("/openapi.json").json
        browser.open()
        browser.until_text("main", "There is no study yet")
        browser.click("nav a[href='#/api']")
        browser.until_text("h1", "API of Cairn")
        operations = {(method.upper(), path) for path, item in description["paths"].items() for method in item if method != "parameters"}
        shown = browser.run("return [...document.querySelectorAll('[aria-labelledby=calls] summary code')].map((one) => one.textContent.split(' '))")
        self.assertEqual({tuple(one) for one in shown}, operations)
        schemas = browser.run("return [...document.querySelectorAll('[aria-labelledby=schemas] summary code')].map((one) => one.textContent)")
        self.assertEqual(set(schemas), set(description["components"]["schemas"]))
        # Each of them opens, and says all that it has.
        browser.run("document.querySelectorAll('.entry').forEach((one) => { one.open = true; })")
        browser.until(lambda: browser.run("return [...document.querySelectorAll('.entry')].every((one) => one.querySelector('summary + div').hasChildNodes())"))
        study = browser.run("return [...document.querySelector('[data-id=Study]').querySelectorAll('tbody tr')].map((tr) => [...tr.children].map((td) => td.innerText))")
        self.assertLessEqual({"name", "best", "revision"}, {row[0] for row in study})
        listed = browser.run("return document.querySelector('[data-id=columns]').innerText")
        for part in ("points", "integer 1 to 50000", "Default: 50000", "Columns"):
            self.assertIn(part, listed)
        # Found by words, and linked.
        browser.open("#/api?find=restarts")
        browser.until(lambda: browser.texts(".entry summary") and all("restarts" in one for one in browser.texts("[aria-labelledby=calls] summary")))
        browser.open("#/api?at=Descent")
        browser.until(lambda: browser.run("return document.activeElement.innerText") == browser.texts("[data-id=Descent] summary")[0])
        self.assertIn("local_optimum", browser.text("[data-id=Descent]"))


if __name__ == "__main__":
    unittest.main()
