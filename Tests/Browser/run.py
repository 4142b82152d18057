#!/usr/bin/env python3
"""Runs the tests of the page in headless Chromium: `run.py` the quick ones, `run.py --long` those in long_*.py.

Names of files run these alone. Without Chromium or Selenium each test is named as skipped; with CAIRN_REQUIRE_ALL=1 it fails
instead.
"""
import pathlib
import sys

folder = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(folder), str(folder.parent / "BlackBox")]

if __name__ == "__main__":
    import suite

    sys.exit(suite.run(folder, sys.argv[1:]))
