"""Where the model of a trial errs: the matrix, the classes, and the worst mistakes as pictures."""
import unittest

from browser import PageCase


class Errors(PageCase):
    def test_the_matrix_and_the_pictures_of_a_trial(self):
        browser = self.browser
        self.post_study("seen")
        self.service.wait("seen")
        browser.open("#/studies/seen/trials/1")
        browser.click_text("Show where the model errs")
        browser.until_text("#evaluation", "The worst mistakes")
        found = self.service.get("/v1/studies/seen/trials/1/evaluation").json
        cells = browser.run("return [...document.querySelectorAll('.confusion tbody tr')].map((tr) => [...tr.querySelectorAll('td')].map((td) => Number(td.innerText)))")
        self.assertEqual(cells, found["confusion"])
        self.assertEqual(browser.texts(".confusion tbody th"), found["classes"])
        self.assertIn(found["detail"], browser.text("#evaluation"))
        self.assertEqual(browser.texts("#evaluation .columns > div:last-child tbody td:nth-child(2)"),
                         [str(one["support"]) for one in found["per_class"]])
        self.assertEqual(len(browser.all(".mistakes li")), len(found["mistakes"]))
        browser.run("document.querySelector('.mistakes').scrollIntoView()")
        sizes = "return [...document.querySelectorAll('.mistakes img')].map((one) => [one.complete, one.naturalWidth, one.naturalHeight])"
        browser.until(lambda: browser.run(sizes) == [[True, 64, 64]] * len(found["mistakes"]))
        for text, one in zip(browser.texts(".mistakes li"), found["mistakes"]):
            self.assertIn(f"{one['class']}, taken for {one['predicted']}", text)
            self.assertIn(f"{one['predicted']} {100 * max(one['probabilities']):.1f} %", text)
        # The next trial has its own.
        browser.click("nav[aria-label='Other trials'] a:last-child")
        browser.until_text("h1", "Trial 2")
        browser.until_text("#evaluation", "Show where the model errs")
        self.assertEqual(browser.all(".mistakes li"), [])

    def test_trials_without_a_model_have_no_such_card(self):
        self.service.post("/v1/studies", {
            "name": "told", "model": {"kind": "external"}, "parameters": {"x": {"type": "integer", "values": [1, 2, 3]}},
            "objective": {"metric": "score", "goal": "maximize"}, "algorithm": {"name": "grid"}})
        self.service.post("/v1/studies/told/suggestions", {"count": 1, "worker": "w"})
        self.service.post("/v1/studies/told/trials/1/complete", {"metrics": {"score": 1}})
        self.browser.open("#/studies/told/trials/1")
        self.browser.until_text("#trial", "Why it was tried")
        self.assertEqual(self.browser.all("#evaluation"), [])


if __name__ == "__main__":
    unittest.main()
