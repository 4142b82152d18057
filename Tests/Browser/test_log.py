"""The log of a trial whose program a caller runs: as it comes, followed at its end, bounded."""
import unittest

from browser import PageCase

BOX = "#trial pre.log"
AT_END = f"const b = document.querySelector('{BOX}'); return b.scrollHeight - b.scrollTop - b.clientHeight < 12"


class Log(PageCase):
    def setUp(self):
        super().setUp()
        self.service.post("/v1/studies", {
            "name": "told", "model": {"kind": "external"}, "parameters": {"x": {"type": "integer", "values": [1, 2, 3]}},
            "objective": {"metric": "score", "goal": "maximize"}, "algorithm": {"name": "grid"}})
        self.held = self.service.post("/v1/studies/told/suggestions", {"worker": "w", "count": 2}).json["items"]
        self.written = 0

    def write(self, text):
        answer = self.service.post(
            f"/v1/studies/told/trials/1/log?lease={self.held[0]['lease']}&offset={self.written}", text.encode(),
            {"Content-Type": "text/plain"})
        self.assertEqual(answer.status, 204, answer.text)
        self.written += len(text.encode())

    def shown(self):
        return self.browser.run(f"return document.querySelector('{BOX}').textContent")

    def test_it_comes_live_and_follows_its_end_while_the_reader_is_there(self):
        browser = self.browser
        self.write("".join(f"line {n}\n" for n in range(200)))
        browser.open("#/studies/told")
        browser.click("tr[data-trial='1'] button")
        browser.until(lambda: "line 199\n" in self.shown())
        self.assertTrue(browser.run(AT_END))
        self.write("höher <b>kein Markup</b>\n")
        browser.until(lambda: self.shown().endswith("höher <b>kein Markup</b>\n"))
        browser.until(lambda: browser.run(AT_END))
        self.assertNotIn("Follow the end", browser.texts("#trial button"))
        # Who reads above is left there.
        browser.run(f"document.querySelector('{BOX}').scrollTop = 40")
        browser.until_text("#trial", "Follow the end")
        self.write("later\n")
        browser.until(lambda: self.shown().endswith("later\n"))
        self.assertEqual(browser.run(f"return document.querySelector('{BOX}').scrollTop"), 40)
        browser.click_text("Follow the end")
        browser.until(lambda: browser.run(AT_END))
        self.write("last\n")
        browser.until(lambda: self.shown().endswith("last\n"))
        browser.until(lambda: browser.run(AT_END))

    def test_what_is_left_is_not_followed_any_more(self):
        browser = self.browser
        self.write("first\n")
        browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": """
            window.logs = [];
            const asked = window.fetch;
            window.fetch = (path, options) => {
              if (String(path).includes('log?follow')) logs.push(options.signal);
              return asked(path, options);
            };"""})
        browser.open("#/studies/told/trials/1")
        browser.until(lambda: browser.all(BOX) and "first" in self.shown())
        self.assertEqual(browser.run("return logs.map((signal) => signal.aborted)"), [False])
        browser.click("nav[aria-label='Other trials'] a")
        browser.until_text("h1", "Trial 2")
        browser.until_text("#trial", "Nothing is written yet.")
        self.assertEqual(browser.run("return logs.map((signal) => signal.aborted)"), [True, False])
        self.assertEqual(self.shown(), "")
        browser.click(".top nav a[href='#/datasets']")
        browser.until_text("#datasets", "synthetic-cats")
        self.assertEqual(browser.run("return logs.map((signal) => signal.aborted)"), [True, True])

    def test_a_trial_that_wrote_nothing_says_so_at_its_end(self):
        self.service.post("/v1/studies/told/trials/1/complete", {"metrics": {"score": 1}})
        self.browser.open("#/studies/told/trials/1")
        self.browser.until_text("#trial", "Nothing was written.")

    def test_only_the_last_part_is_kept(self):
        self.browser.open()
        found = self.browser.run("""
            return import('/js/parts/trial-log.js').then(({ tail }) => {
              const node = document.createElement('pre');
              const kept = tail(node, 1000, 100);
              let whole = '';
              let most = 0;
              for (let n = 0; n < 300; n += 1) {
                const piece = `${n}: 😀`.repeat(n % 40);
                whole += piece;
                kept.add(piece);
                most = Math.max(most, node.textContent.length);
              }
              const text = node.textContent;
              return [most, text.length, kept.length, whole.endsWith(text), text.isWellFormed()];
            })""")
        most, length, counted, is_end, is_whole = found
        self.assertLessEqual(most, 1000)
        self.assertGreater(length, 890)
        self.assertEqual(length, counted)
        self.assertTrue(is_end and is_whole)


if __name__ == "__main__":
    unittest.main()
