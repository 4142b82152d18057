"""A service with a token: the page asks for it once, and then shows what it shows without."""
import json
import unittest

from browser import PageCase, definition, endless

TOKEN = "a-token-of-some-length"


class Token(PageCase):
    environment = {"CAIRN_TOKEN": TOKEN}
    expected_messages = ("the server responded with a status of 4",)

    def enter(self, text):
        field = self.browser.find("#token")
        field.clear()
        field.send_keys(text)
        self.browser.click("form button")

    def test_it_is_asked_for_once(self):
        browser = self.browser
        headers = {"Authorization": f"Bearer {TOKEN}"}
        self.assertEqual(self.service.get("/v1/studies").status, 401)
        self.assertEqual(self.service.post("/v1/studies", definition("guarded"), headers).status, 201)
        browser.open("#/studies/guarded")
        browser.until_text("h1", "needs its token")
        self.assertEqual(browser.run("return document.activeElement.id"), "token")
        for wrong in ("not-the-token", "ä-header-cannot-hold-this"):
            self.enter(wrong)
            browser.until_text("[role=alert]", "That is not the token")
        self.enter(TOKEN)
        browser.until_text("#summary .state", "completed")
        # Scripts cannot read what lets them in, and nothing else is kept.
        self.assertEqual(browser.run("return [document.cookie, sessionStorage.length, localStorage.length]"), ["", 0, 0])
        cookies = browser.driver.get_cookies()
        self.assertEqual([(c["httpOnly"], c["sameSite"], c["path"]) for c in cookies], [(True, "Strict", "/")])
        browser.click_moving("#trials tbody button")
        browser.until_text("#trial", "Why it was tried")
        # It outlives a restart of the service.
        browser.driver.get("about:blank")
        self.service.kill()
        self.service.restart()
        browser.open()
        browser.until_text("#studies", "guarded")
        browser.click("main a[href='#/new']")
        browser.until(lambda: browser.all("#field-json"))
        browser.run("document.querySelector('#field-json').value = arguments[0]", json.dumps(endless("begun")))
        browser.click("form button.main")
        browser.until_text("#summary .state", "running")
        browser.click_text("Pause")
        browser.until_text("#summary .state", "paused")
        self.assertEqual(self.service.get("/v1/studies/begun", headers).json["state"], "paused")


if __name__ == "__main__":
    unittest.main()
