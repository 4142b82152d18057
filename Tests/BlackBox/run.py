#!/usr/bin/env python3
"""Runs the black-box tests: `run.py` the quick ones, `run.py --long` those in files named long_*.py.

Names of files run these alone: `run.py test_wire test_events`. With CAIRN_REQUIRE_ALL=1 a test that is skipped because a
program is missing fails the run.
"""
import pathlib
import sys

folder = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(folder))

if __name__ == "__main__":
    import suite

    sys.exit(suite.run(folder, sys.argv[1:]))
