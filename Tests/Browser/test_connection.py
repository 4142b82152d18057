"""A service that goes away under the open page, and what is not there."""
import unittest

from browser import PageCase, endless

LOST = "The connection to Cairn is lost"


class Connection(PageCase):
    # What Chromium itself logs when nobody answers, and on a 404.
    expected_messages = ("ERR_CONNECTION_", "ERR_EMPTY_RESPONSE", "ERR_INCOMPLETE_CHUNKED", "ERR_SOCKET_NOT_CONNECTED",
                         "ERR_CONTENT_LENGTH_MISMATCH", "ERR_CONTENT_DECODING_FAILED", "ERR_INTERNET_DISCONNECTED",
                         "ERR_NETWORK_CHANGED", "404")

    def network(self, offline=False, latency=0):
        """What lies between page and service; latency in milliseconds."""
        self.browser.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": offline, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1})

    def trials(self):
        return int(self.browser.text(".pager").split("trials")[0].split()[-1])

    def test_killed_and_started_again_under_a_study(self):
        self.post_study(**endless("lost"))
        browser = self.browser
        browser.open("#/studies/lost")
        browser.until_text("#trials tbody", "%")
        browser.run("window.marked = true")
        for _ in range(2):
            self.service.kill()
            browser.until_text(".banner", LOST)
            held = self.trials()
            self.assertGreater(held, 0)
            self.assertEqual(browser.text("h1"), "lost")
            self.service.restart()
            browser.until(lambda: browser.texts(".banner") == [])
            browser.until(lambda: self.trials() > held)
        self.service.post("/v1/studies/lost/stop")
        browser.until_text("#summary .state", "stopped")
        self.assertTrue(browser.run("return window.marked"), "the page was loaded again")
        # Every trial once, with the state that the service has.
        table = {t["number"]: t["state"] for t in self.service.all("/v1/studies/lost/trials")}
        browser.until_text(".pager", f"{len(table)} trials")
        browser.click_moving("#trials th:first-child button")
        # What was told by number alone is fetched, and drawn, after the study's end.
        browser.until(lambda: self.shown() == sorted(table.items()))

    def shown(self):
        """Number and state of the rows of all pages, first to last, in one look."""
        return [tuple(row) for row in self.browser.run("""
            const [back, on] = document.querySelectorAll(".pager button");
            while (!back.disabled) back.click();
            const rows = [];
            for (;;) {
              rows.push(...[...document.querySelectorAll("#trials tbody tr")]
                .map((row) => [Number(row.dataset.trial), row.querySelector(".state")?.innerText ?? "completed"]));
              if (on.disabled) return rows;
              on.click();
            }""")]

    def test_lost_under_the_list(self):
        self.post_study("listed")
        self.service.wait("listed")
        browser = self.browser
        browser.open()
        browser.until_text("#studies", "listed")
        self.service.kill()
        browser.until_text(".banner", LOST)
        self.assertIn("listed", browser.text("#studies"))
        browser.click(".banner button")
        self.assertIn(LOST, browser.text(".banner"))
        self.service.restart()
        browser.until(lambda: browser.texts(".banner") == [])

    def test_a_trial_asked_for_while_the_service_is_away(self):
        self.post_study("away")
        self.service.wait("away")
        browser = self.browser
        browser.open("#/studies/away")
        browser.until_text("#trials tbody", "%")
        self.service.kill()
        # The banner that tells of it moves what is below.
        browser.click_moving("#trials tr[data-trial='3'] button")
        browser.until_text("#trial", "Cairn does not answer")
        self.service.restart()
        browser.until_text("#trial", "Why it was tried")

    def test_what_is_not_there_says_so(self):
        browser = self.browser
        browser.open("#/studies/none")
        browser.until_text("main [role=alert]", "Not found")
        self.post_study("none")
        browser.click_text("Try again")
        browser.until_text("h1", "none")
        self.service.wait("none")
        browser.until_text("#summary .state", "completed")
        self.service.delete("/v1/studies/none")
        browser.until_text("main [role=alert]", "Not found")

    def test_another_study_under_the_same_name_takes_its_place(self):
        self.post_study("twice")
        self.service.wait("twice")
        self.browser.open("#/studies/twice")
        self.browser.until_text(".pager", "18 trials")
        self.browser.run("window.marked = true")
        # Held back, so that no look at the page falls into the moment without a study.
        self.network(offline=True)
        self.browser.until_text(".banner", LOST)
        self.service.delete("/v1/studies/twice")
        self.post_study("twice", algorithm={"name": "random"}, budget={"trials": 7})
        self.network(offline=False)
        self.browser.until_text(".pager", "7 trials, page 1 of 1")
        self.assertTrue(self.browser.run("return window.marked"), "the page was loaded again")

    def test_a_slow_service_is_waited_for(self):
        self.post_study("slow")
        self.browser.open("#/")
        self.browser.until_text("#studies", "slow")
        self.network(latency=2000)
        # The view changes with the event that follows the click; what it showed is kept, however short.
        self.browser.run("window.shown = ''; new MutationObserver(() => { window.shown += document.querySelector('main')"
                         ".innerText }).observe(document.querySelector('main'), {childList: true, subtree: true})")
        self.browser.click("#studies a")
        self.browser.until(lambda: "Loading" in self.browser.run("return window.shown"))
        # Left before the answer came: it must not draw over the view that came next.
        self.browser.run("location.hash = '#/'")
        self.browser.until_text("h1", "Studies")
        self.browser.run("location.hash = '#/studies/slow'")
        self.browser.until_text("h1", "slow")


if __name__ == "__main__":
    unittest.main()
