"""The page of a study whose trials callers run."""
import unittest

from browser import PageCase


class External(PageCase):
    def setUp(self):
        super().setUp()
        self.service.post("/v1/studies", {
            "name": "told", "model": {"kind": "external"},
            "parameters": {"x": {"type": "integer", "values": [1, 2, 3, 4]}},
            "objective": {"metric": "score", "goal": "maximize"}, "algorithm": {"name": "grid"}})
        self.held = self.post("/suggestions", {"worker": "node-7", "count": 3})["items"]
        self.post("/trials/1/complete", {"metrics": {"score": 0.5}})
        for step in (10, 20, 30):
            self.post("/trials/2/measurements",
                      {"lease": self.held[1]["lease"], "step": step, "metrics": {"score": step / 100, "cost": 1 / step}})
        self.browser.open("#/studies/told")
        self.browser.until_text("#summary .state", "running")

    def post(self, path, body):
        answer = self.service.post("/v1/studies/told" + path, body)
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json

    def state(self, number):
        return self.service.get(f"/v1/studies/told/trials/{number}").json["state"]

    def test_who_runs_what(self):
        self.browser.until_text("#trials", "node-7")
        heads = self.browser.texts("#trials th")
        self.assertIn("Worker", heads)
        self.assertNotIn("train loss", heads)
        self.browser.run("document.querySelector('tr[data-trial=\"2\"] button').click()")
        self.browser.until_text("#trial", "Held by")
        labels = self.browser.run("return [...document.querySelectorAll('#trial canvas')].map((c) => c.ariaLabel)")
        self.assertEqual(labels, ["cost of trial 2 by step", "score of trial 2 by step"])

    def test_a_trial_is_put_back_and_marked_as_failed(self):
        self.browser.run("document.querySelector('tr[data-trial=\"2\"] button').click()")
        self.browser.until_text("#trial", "Held by")
        self.browser.click_text("Put back in line")
        self.browser.until(lambda: self.state(2) == "queued")
        self.browser.until_text("#trial", "queued")
        self.browser.click_text("Mark as failed")
        self.browser.until_text("dialog", "Mark trial 2 as failed?")
        self.browser.click_text("Mark it")
        self.browser.until(lambda: self.state(2) == "failed")
        self.browser.until_text("#trial", "Marked as failed on the page.")
        self.browser.click_text("Try again")
        self.browser.until(lambda: self.state(2) == "queued")


if __name__ == "__main__":
    unittest.main()
