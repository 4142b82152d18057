"""The same as test_many_callers.py, with more trials and more kills."""
import unittest

from test_many_callers import ManyCallers


class VeryManyCallers(ManyCallers):
    trials, callers, kills = 1600, 400, tuple(range(100, 1600, 125))


del ManyCallers

if __name__ == "__main__":
    unittest.main()
