"""A trial at an address of its own: why it was tried, scores, curves, its call, and the trials beside it."""
import json
import subprocess
import unittest

from browser import PageCase, percent


class OneTrial(PageCase):
    expected_messages = ("the server responded with a status of 404",)

    def setUp(self):
        super().setUp()
        self.post_study("paged", parameters={"units_1": {"type": "integer", "values": [2, 3, 4]}},
                        model={"kind": "mlp", "activations": ["relu"], "iterations": 5},
                        validation={"final": None, "repeats": 3})
        self.service.wait("paged")

    def test_from_the_table_to_the_page_of_a_trial_and_through_its_neighbours(self):
        browser = self.browser
        browser.open("#/studies/paged")
        browser.click("tr[data-trial='2'] button")
        browser.until_text("#trial", "Why it was tried")
        browser.click("#trial .title .row a")
        browser.until_text("h1", "Trial 2")
        browser.until_text("#trial", "Why it was tried")
        self.assertEqual(browser.run("return location.hash"), "#/studies/paged/trials/2")
        self.assertEqual(browser.driver.title, "Trial 2 of paged – Cairn")
        trial = self.service.get("/v1/studies/paged/trials/2").json
        self.assertEqual(browser.texts(".scores tbody td:last-child"), [percent(score) for score in trial["scores"]])
        self.assertEqual(browser.texts(".scores tbody td:first-child"), ["1", "2", "3"])
        browser.until(lambda: len(browser.all("#trial canvas")) == 2)
        self.assertIn("Download the model", browser.text("#trial"))
        steps = browser.texts("nav[aria-label='Other trials'] a")
        self.assertEqual(steps, ["← Previous", "Next →"])
        browser.click("nav[aria-label='Other trials'] a:last-child")
        browser.until_text("h1", "Trial 3")
        self.assertEqual(browser.texts("nav[aria-label='Other trials'] a"), ["← Previous"])
        browser.driver.back()
        browser.until_text("h1", "Trial 2")

    def test_its_call_in_a_terminal_gives_it(self):
        self.browser.open("#/studies/paged/trials/1")
        self.browser.until_text("#curl", "curl")
        ended = subprocess.run(["sh", "-c", self.browser.text("#curl")], capture_output=True, text=True, timeout=120)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(json.loads(ended.stdout)["number"], 1)

    def test_a_trial_that_is_not_there(self):
        for number in ("9", "x", "0"):
            with self.subTest(number):
                self.browser.open(f"#/studies/paged/trials/{number}")
                self.browser.until_text("main", "Not found")


if __name__ == "__main__":
    unittest.main()
