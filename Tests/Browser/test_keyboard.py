"""The page by keyboard alone: everything is reached by Tab, and the focus is always seen."""
import unittest

from browser import Keys, PageCase, endless

OUTLINE = """
const focused = document.activeElement;
const style = getComputedStyle(focused);
return [focused.tagName, focused.innerText.trim(), style.outlineStyle, parseFloat(style.outlineWidth)];
"""


class Keyboard(PageCase):
    def tab_to(self, wanted, most=60):
        """Presses Tab until the focus is on what says `wanted`; on the way, each stop must show it has the focus."""
        seen = []
        for _ in range(most):
            self.browser.press(Keys.TAB)
            tag, text, style, width = self.browser.run(OUTLINE)
            seen.append(text)
            if tag == "BODY":
                continue
            self.assertNotEqual(style, "none", f"{tag} {text!r} does not show the focus")
            self.assertGreaterEqual(width, 2, f"{tag} {text!r}")
            if text == wanted:
                return
        self.fail(f"{wanted!r} was not reached; the stops were {seen}")

    def test_from_the_list_to_a_trial_and_back(self):
        self.post_study("keys")
        self.service.wait("keys")
        browser = self.browser
        browser.open()
        browser.until_text("#studies", "completed")
        self.tab_to("Skip to the content", most=1)
        self.tab_to("keys")
        browser.press(Keys.ENTER)
        browser.until_text("#trials tbody", "%")

        self.tab_to("learning rate")
        browser.press(Keys.SPACE)
        browser.until(lambda: browser.all("#trials th:nth-child(5)[aria-sort=descending]"))
        self.assertEqual(browser.focused(), "learning rate")
        browser.press(Keys.ENTER)
        browser.until(lambda: browser.all("#trials th:nth-child(5)[aria-sort=ascending]"))

        self.tab_to("7")
        browser.press(Keys.ENTER)
        browser.until_text("#trial", "Why it was tried")
        self.assertEqual(browser.focused(), "Trial 7")
        self.tab_to("Close", most=2)
        browser.press(Keys.ENTER)
        browser.until_focused("7")
        self.assertEqual(browser.texts("#trial"), [])

    def test_the_focus_stays_while_the_study_goes_on(self):
        self.post_study(**endless("moving"))
        browser = self.browser
        browser.open("#/studies/moving")
        browser.until_text("#trials tbody", "%")
        # Ascending by number, so that the row stays on its page.
        browser.click_moving("#trials th:first-child button")
        browser.run("document.querySelector(\"#trials tr[data-trial='1'] button\").focus()")
        before = browser.text(".pager")
        for _ in range(3):
            browser.until(lambda: browser.text(".pager") != before)
            before = browser.text(".pager")
            self.assertEqual(browser.focused(), "1")
        self.service.post("/v1/studies/moving/stop")

    def test_what_can_be_clicked_is_a_button_or_a_link(self):
        self.post_study("real")
        self.service.wait("real")
        self.browser.open("#/studies/real")
        self.browser.until_text("#trials tbody", "%")
        self.assertEqual(len(self.browser.all("#trials th > button")), len(self.browser.all("#trials th")))
        self.assertEqual(len(self.browser.all("#trials tbody tr")), len(self.browser.all("#trials tbody td:first-child > button")))
        nameless = self.browser.run(
            "return [...document.querySelectorAll('button, a, input, select, textarea')].filter((e) => "
            "!(e.innerText.trim() || e.ariaLabel || e.labels?.length || e.hidden || e.closest('[hidden]'))).map((e) => e.outerHTML)")
        self.assertEqual(nameless, [])


if __name__ == "__main__":
    unittest.main()
