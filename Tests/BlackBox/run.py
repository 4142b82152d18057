#!/usr/bin/env python3
"""Runs the black-box tests: `run.py` the quick ones, `run.py --long` those in files named long_*.py."""
import pathlib
import sys
import unittest

folder = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(folder))

if __name__ == "__main__":
    pattern = "long_*.py" if "--long" in sys.argv else "test_*.py"
    suite = unittest.defaultTestLoader.discover(str(folder), pattern=pattern)
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    for test, reason in result.skipped:
        print(f"not run: {test}: {reason}")
    passed = result.testsRun - len(result.failures) - len(result.errors) - len(result.skipped)
    print(f"{passed} passed, {len(result.failures) + len(result.errors)} failed, {len(result.skipped)} skipped")
    sys.exit(0 if result.wasSuccessful() and result.testsRun > 0 else 1)
