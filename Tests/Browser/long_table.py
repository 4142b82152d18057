"""How long the page keeps its main thread busy with thousands of trials."""
import unittest

import test_table


class InTime(test_table.ManyTrials):
    """No task takes over 100 ms."""

    limit_ms = 100
    # On a busy machine a task waits for the processor as well: the best of some rounds counts.
    rounds = 5


if __name__ == "__main__":
    unittest.main()
