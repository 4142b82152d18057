"""The page lives by one stream of events: it asks for nothing again, and misses nothing; descents are shown."""
import time
import unittest

from browser import PageCase, endless


class Stream(PageCase):
    def asked(self):
        return [p["request"]["url"].removeprefix(self.service.address) for method, p in self.browser.events()
                if method == "Network.requestWillBeSent" and "/v1/" in p["request"]["url"]]

    def test_one_stream_for_all_views_and_no_polling(self):
        self.post_study("still")
        self.service.wait("still")
        browser = self.browser
        browser.open()
        browser.until_text("#studies", "still")
        browser.run("location.hash = '#/studies/still'")
        browser.until_text("#trials tbody", "%")
        browser.run("location.hash = '#/'")
        browser.until_text("#studies", "still")
        before = self.asked()
        self.assertEqual(before.count("/v1/events"), 1)
        time.sleep(3)
        self.assertEqual(self.asked(), before)
        # What is made, goes on and is taken away elsewhere comes by itself, without the list being fetched again.
        self.post_study(**endless("elsewhere"))
        browser.until_text("#studies", "elsewhere")
        self.service.post("/v1/studies/elsewhere/pause")
        browser.until_text("#studies tbody tr:first-child", "paused")
        self.service.delete("/v1/studies/elsewhere")
        browser.until(lambda: "elsewhere" not in browser.text("#studies"))
        self.assertEqual(self.asked(), before)

    def test_descents(self):
        self.post_study("down", algorithm={"name": "approximate_gradient", "restarts": 2})
        self.browser.open("#/studies/down")
        self.browser.until_text("#summary .state", "completed")
        told = self.service.get("/v1/studies/down/restarts").json["items"]
        self.assertEqual(len(told), 2)
        # The descents are fetched after the study's end.
        path = " → ".join(map(str, told[1]["path"]))
        self.browser.until(lambda: path in " ".join(self.browser.text("#descents tbody tr:first-child").split()))
        self.assertEqual(len(self.browser.all("#descents tbody tr")), 2)
        self.browser.click("#descents tbody tr:first-child button")
        self.browser.until_text("#trial", "Why it was tried")
        self.assertEqual(self.browser.text("#trial h2"), f"Trial {told[1]['path'][0]}")


if __name__ == "__main__":
    unittest.main()
