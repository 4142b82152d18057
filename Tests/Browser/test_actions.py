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

    def shown(self):
        return self.browser.texts("main [role=group][aria-label=Study] button")

    def state(self):
        return self.service.get("/v1/studies/acted").json["state"]

    def test_pause_resume_and_stop(self):
        self.assertEqual(self.shown(), ["Pause", "Stop", "Delete"])
        self.browser.click_text("Pause")
        self.browser.until_text("#summary .state", "paused")
        self.assertEqual(self.shown(), ["Resume", "Stop", "Delete"])
        # The stream may have told of it before the answer, which moves the focus, was there.
        self.browser.until_focused("Resume")
        self.assertEqual(self.state(), "paused")
        self.browser.press(Keys.ENTER)
        self.browser.until_text("#summary .state", "running")
        self.assertEqual(self.state(), "running")

        # Asked first: no is no, and so is Escape.
        for refuse in (lambda: self.browser.click_text("Cancel"), lambda: self.browser.press(Keys.ESCAPE)):
            self.browser.click_text("Stop")
            self.browser.until_text("dialog", "Stop acted?")
            refuse()
            self.browser.until(lambda: not self.browser.all("dialog"))
            self.browser.until_focused("Stop")
            self.assertEqual(self.state(), "running")
        self.browser.click_text("Stop")
        self.browser.click_text("Stop the study")
        self.browser.until_text("#summary .state", "stopped")
        self.assertEqual(self.state(), "stopped")
        self.assertEqual(self.shown(), ["Delete"])

    def test_delete_by_keyboard(self):
        self.browser.run("[...document.querySelectorAll('button')].find((b) => b.innerText === 'Delete').focus()")
        self.browser.press(Keys.ENTER)
        self.browser.until_focused("Cancel")
        self.browser.press(Keys.TAB, Keys.ENTER)
        self.browser.until_text("main", "There is no study yet")
        self.assertEqual(self.service.get("/v1/studies/acted").status, 404)

    def test_what_the_service_refuses_is_told(self):
        # It ends without the page knowing, so that its button is still there: the stream is open, and tells nothing.
        self.browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": """
            const asked = window.fetch;
            window.fetch = async (path, options) => {
              const answer = await asked(path, options);
              return path.startsWith('v1/events') ? new Response(new ReadableStream()) : answer;
            };"""})
        self.browser.open("#/studies/acted")
        self.browser.until_text("#summary .state", "running")
        self.service.post("/v1/studies/acted/stop")
        self.browser.click_text("Pause")
        self.browser.until_text("main p[role=alert]", "stopped")


if __name__ == "__main__":
    unittest.main()
