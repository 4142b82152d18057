"""The page below a path prefix that a proxy strips: every address that it asks for or shows is relative to it."""
import json
import subprocess
import unittest

from browser import PageCase, endless
from prefix_proxy import Proxy


class Prefix(PageCase):
    def setUp(self):
        super().setUp()
        self.proxy = Proxy(self.service.address.removeprefix("http://"), "/cairn")
        self.addCleanup(self.proxy.close)
        self.browser.address = self.proxy.address

    def tearDown(self):
        super().tearDown()
        self.assertEqual(self.proxy.strays, [])

    def hrefs(self, selector):
        return self.browser.run(
            "return [...document.querySelectorAll(arguments[0])].map((e) => e.href ?? e.src)", selector)

    def test_the_whole_page_below_a_prefix(self):
        browser = self.browser
        browser.open()
        browser.until_text("main", "There is no study yet")
        self.assertIn(self.proxy.address + "/v1/studies", browser.text("pre"))
        # A study by the form, followed by events to its end.
        browser.open("#/new")
        browser.until(lambda: browser.all("#field-json"))
        made = {**endless("below"), "budget": {"trials": 20}}
        browser.run("const field = document.querySelector('#field-json'); field.value = arguments[0];"
                    "field.dispatchEvent(new Event('input'))", json.dumps(made))
        command = browser.text("#curl")
        browser.click("form button.main")
        browser.until_text("#summary .state", "completed")
        browser.until_text(".pager", "20 trials")
        # The view's address may be loaded afresh.
        self.assertEqual(browser.run("return location.href"), self.proxy.address + "/#/studies/below")
        browser.driver.refresh()
        browser.until_text(".pager", "20 trials")
        browser.click("#trials tbody button")
        browser.until_text("#trial", "Why it was tried")
        browser.until(lambda: browser.all("#trial canvas"))
        # What it links to, and loads from, is below the prefix, and there.
        links = self.hrefs("a[href], script[src], img[src], link[href]")
        self.assertGreater(len(links), 8)
        for link in set(links):
            self.assertTrue(link.startswith(self.proxy.address + "/"), link)
        [table] = self.hrefs("a[download]")
        ended = subprocess.run(["curl", "-fsS", table], capture_output=True, text=True, timeout=120)
        self.assertEqual((ended.returncode, len(ended.stdout.splitlines())), (0, 21), ended.stderr)
        # The command in the form works as it is shown: the same study again is answered as it is.
        ended = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=120)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        browser.open("#/datasets")
        browser.until_text("#datasets", "synthetic-cats")

    def test_the_skip_link_leaves_the_view_as_it_is(self):
        self.post_study("skipped")
        browser = self.browser
        browser.open("#/studies/skipped")
        browser.until_text("h1", "skipped")
        browser.run("document.querySelector('.skip').click()")
        self.assertEqual(browser.run("return [location.hash, document.activeElement.id]"), ["#/studies/skipped", "main"])
        self.assertEqual(browser.text("h1"), "skipped")


if __name__ == "__main__":
    unittest.main()
