"""axe-core has nothing to say against any view, in both colour schemes, on a phone, a tablet and a desk."""
import pathlib
import unittest

from browser import PageCase
from views import all_views, make_studies

AXE = (pathlib.Path(__file__).parent / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
LOOKS = tuple((scheme, width) for scheme in ("light", "dark") for width in (360, 768, 1440))
RUN = """
const done = arguments[arguments.length - 1];
axe.run().then(({ violations, passes }) => done([passes.length, violations.map(({ id, help, nodes }) =>
  `${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`)]));
"""


class Accessibility(PageCase):
    expected_messages = ("the server responded with a status of 4",)

    def setUp(self):
        super().setUp()
        make_studies(self)

    def check(self, view):
        self.browser.run(AXE)
        passed, found = self.browser.driver.execute_async_script(RUN)
        self.assertGreater(passed, 10, view)
        self.assertEqual(found, [], view)

    def test_every_view(self):
        for scheme, width in LOOKS:
            self.browser.scheme(scheme)
            self.browser.resize(width)
            for view in all_views(self.browser):
                with self.subTest(view=view, scheme=scheme, width=width):
                    self.check(f"{view}, {scheme}, {width}")


if __name__ == "__main__":
    unittest.main()
