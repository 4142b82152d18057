#!/usr/bin/env python3
"""Runs the tests of the page in headless Chromium: `run.py` the quick ones, `run.py --long` those in long_*.py.

Without Chromium or Selenium each test is named as skipped; with CAIRN_REQUIRE_ALL=1 it fails instead.
"""
import pathlib
import sys
import unittest

folder = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(folder), str(folder.parent / "BlackBox")]

if __name__ == "__main__":
    long = "--long" in sys.argv
    files = sorted(folder.glob("long_*.py" if long else "test_*.py"))
    suite = unittest.defaultTestLoader.discover(str(folder), pattern="long_*.py" if long else "test_*.py")
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    failed = len(result.failures) + len(result.errors)
    for test, reason in result.skipped:
        print(f"not run: {test}: {reason}")
    passed = result.testsRun - failed - len(result.skipped)
    for test, why in result.skipped:
        print(f"skipped: {test.id()}: {why}")
    print(f"{passed} passed, {failed} failed, {len(result.skipped)} skipped")
    # A folder without long tests is nothing wrong; files in which no test is found are.
    sys.exit(0 if result.wasSuccessful() and (result.testsRun > 0 or (long and not files)) else 1)
