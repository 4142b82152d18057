"""scripts/reproduce-paper: its short form against the service, and its own arithmetic."""
import itertools
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

from support import BINARY, ROOT

sys.path.insert(0, str(ROOT / "scripts" / "paper"))
import arithmetic  # noqa: E402
import facts  # noqa: E402
import page  # noqa: E402


def reproduce(folder, data):
    environment = {**os.environ, "CAIRN_BINARY": str(BINARY), "CAIRN_TEST_DATA": str(data)}
    return subprocess.run([ROOT / "scripts" / "reproduce-paper", "--quick", "--output", folder], env=environment,
                          capture_output=True, text=True, timeout=600)


class ShortForm(unittest.TestCase):
    """Without the cat images, twice."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.outputs = [pathlib.Path(cls.folder.name) / name for name in ("one", "two")]
        cls.runs = [reproduce(output, cls.folder.name) for output in cls.outputs]

    def page(self, place):
        self.assertEqual(self.runs[place].returncode, 0, self.runs[place].stderr)
        return (self.outputs[place] / "paper.md").read_text()

    def test_it_says_that_the_images_are_not_the_papers(self):
        text = self.page(0)
        self.assertIn("synthetic-cats take their place", self.runs[0].stderr)
        self.assertIn("Data: the built-in `synthetic-cats`", text)
        self.assertIn("This is the short form", text)

    def test_two_runs_differ_in_the_table_of_seconds_alone(self):
        first, second = (re.sub(r"[0-9.]+ s \|", "s |", self.page(place)) for place in (0, 1))
        self.assertEqual(first, second)
        for picture in self.outputs[0].glob("pictures/*"):
            self.assertEqual(picture.read_text(), (self.outputs[1] / "pictures" / picture.name).read_text(), picture.name)

    def test_every_row_of_the_paper_is_there(self):
        rows = re.findall(r"^\| Table [23], \w+, \d+ \|", self.page(0), re.M)
        self.assertEqual(len(rows), sum(len(listed) for _, _, listed in facts.TABLES))
        self.assertEqual(len(rows), 50)

    def test_the_pictures_are_shown_and_well_formed(self):
        shown = set(re.findall(r"\]\(pictures/([^)]+)\)", self.page(0)))
        there = {path.name: path for path in self.outputs[0].glob("pictures/*.svg")}
        self.assertEqual((shown, len(there)), (set(there), 3))
        for path in there.values():
            xml.etree.ElementTree.parse(path)
            self.assertIn("prefers-color-scheme: dark", path.read_text())

    def test_the_short_form_does_not_replace_the_page_of_the_whole_one(self):
        refused = subprocess.run([ROOT / "scripts" / "reproduce-paper", "--quick"], capture_output=True, text=True, timeout=60)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("--quick needs --output", refused.stderr)


class Arithmetic(unittest.TestCase):
    def test_an_interval_is_students(self):
        middle, (low, high) = arithmetic.interval([1, 2, 3, 4])
        # The deviation is 1.29099, the quantile for three degrees of freedom 3.182.
        self.assertAlmostEqual(middle, 2.5)
        self.assertAlmostEqual(high - middle, 3.182 * 1.290994 / 2, 5)
        self.assertAlmostEqual(middle - low, high - middle)
        self.assertEqual(arithmetic.interval([0.5]), (0.5, None))

    def test_the_expected_best_is_that_of_all_draws(self):
        values = [0.3, 0.9, 0.3, 0.5, 0.7]
        for draws in range(1, 6):
            every = [max(drawn) for drawn in itertools.combinations(values, draws)]
            self.assertAlmostEqual(arithmetic.expected_best(values, draws), sum(every) / len(every), 12)
        self.assertAlmostEqual(arithmetic.expected_best(values, 9), 0.9)

    def test_ranks_of_equal_values_are_shared(self):
        self.assertEqual(arithmetic.ranks([5, 1, 5, 9]), [2.5, 1, 2.5, 4])
        self.assertAlmostEqual(arithmetic.rank_correlation([1, 2, 3], [10, 20, 15]), 0.5)
        self.assertEqual(arithmetic.rank_correlation([1, 2, 3], [4, 4, 4]), 0)

    def test_a_descent_goes_to_the_best_neighbour_and_stops_on_a_plateau(self):
        levels, known = ((1, 2, 3, 4), (10, 20)), {}
        path = arithmetic.descent((1, 10), levels, lambda p: min(p[0], 3), known)
        self.assertEqual(path, [(1, 10), (2, 10), (3, 10)])
        self.assertEqual(list(known), [(1, 10), (2, 10), (1, 20), (3, 10), (2, 20), (4, 10), (3, 20)])

    def test_a_poll_that_the_budget_cuts_decides_nothing(self):
        known = {}
        path = arithmetic.descent((1, 10), ((1, 2, 3), (10, 20)), lambda p: p[0], known, budget=2)
        self.assertEqual((path, len(known)), ([(1, 10)], 2))

    def test_restarts_use_the_budget_and_no_point_twice(self):
        points = list(itertools.product((1, 2, 3), (10, 20, 30)))
        known = arithmetic.restarted(points, ((1, 2, 3), (10, 20, 30)), lambda p: -p[0], 7, 1)
        self.assertEqual(len(known), 7)
        self.assertEqual(set(arithmetic.restarted(points, ((1, 2, 3), (10, 20, 30)), lambda p: 0, 99, 1)), set(points))

    def test_a_claim_holds_only_where_its_whole_interval_does(self):
        self.assertEqual(page.verdict([0.00, 0.01, 0.00, 0.01], 2), "holds")
        self.assertEqual(page.verdict([0.05, 0.06, 0.05, 0.06], 2), "does not hold")
        self.assertEqual(page.verdict([0.00, 0.05, 0.00, 0.05], 2), "cannot be decided")

    def test_searches_with_the_same_weights_count_once(self):
        self.assertEqual(page.by_weights([(0, 1.0), (0, 3.0), (1, 4.0)], lambda row: row[1]), [2.0, 4.0])

    def test_two_hours_buy_a_sixth_of_the_grid(self):
        self.assertEqual(facts.share(3125, "paper", "grid", 5), 521)
        self.assertEqual(facts.share(625, "paper", "grid", 4), 125)


if __name__ == "__main__":
    unittest.main()
