"""The buttons of a study: pause, resume, stop, delete."""
import unittest

from browser import Keys, PageCase, endless


class Actions(PageCase):
    expected_messages = ("the server responded with a status of 4",)

    def setUp(self):
        super().setUp()
        self.post_study(**endless("acted"))
        self.browser.open("#/studies/acted")
        self.browser.until_text("#summary .state", "running")

    def press(self, text):
        # Found in one look: rows of trials come and go meanwhile.
        self.browser.run("return [...document.querySelectorAll('button')]"
                         ".find((b) => b.getClientRects().length && b.innerText === arguments[0])", text).click()

    def shown(self):
        return self.browser.texts("main [role=group][aria-label=Study] button")

    def state(self):
        return self.service.get("/v1/studies/acted").json["state"]

    def test_pause_resume_and_stop(self):
        self.assertEqual(self.shown(), ["Pause", "Stop", "Delete"])
        self.press("Pause")
        self.browser.until_text("#summary .state", "paused")
        self.assertEqual(self.shown(), ["Resume", "Stop", "Delete"])
        self.assertEqual(self.browser.run("return document.activeElement.innerText"), "Resume")
        self.assertEqual(self.state(), "paused")
        self.browser.press(Keys.ENTER)
        self.browser.until_text("#summary .state", "running")
        self.assertEqual(self.state(), "running")

        # Asked first: no is no, and so is Escape.
        for refuse in (lambda: self.press("Cancel"), lambda: self.browser.press(Keys.ESCAPE)):
            self.press("Stop")
            self.assertIn("Stop acted?", self.browser.text("dialog"))
            refuse()
            self.browser.until(lambda: not self.browser.all("dialog"))
            self.assertEqual(self.browser.run("return document.activeElement.innerText"), "Stop")
            self.assertEqual(self.state(), "running")
        self.press("Stop")
        self.press("Stop the study")
        self.browser.until_text("#summary .state", "stopped")
        self.assertEqual(self.state(), "stopped")
        self.assertEqual(self.shown(), ["Delete"])

    def test_delete_by_keyboard(self):
        next(b for b in self.browser.all("button") if b.text == "Delete").send_keys(Keys.ENTER)
        self.assertEqual(self.browser.run("return document.activeElement.innerText"), "Cancel")
        self.browser.press(Keys.TAB, Keys.ENTER)
        self.browser.until_text("main", "There is no study yet")
        self.assertEqual(self.service.get("/v1/studies/acted").status, 404)

    def test_what_the_service_refuses_is_told(self):
        # It ends without the page knowing, so that its button is still there: the stream is open, and tells nothing.
        self.browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": """
            const asked = window.fetch;
            window.fetch = async (path, options) => {
              const answer = await asked(path, options);
              return path.startsWith('/v1/events') ? new Response(new ReadableStream()) : answer;
            };"""})
        self.browser.open("#/studies/acted")
        self.browser.until_text("#summary .state", "running")
        self.service.post("/v1/studies/acted/stop")
        self.press("Pause")
        self.browser.until_text("main p[role=alert]", "stopped")


if __name__ == "__main__":
    unittest.main()
