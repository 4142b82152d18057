"""Ten minutes of workers at work while all that they depend on is killed and cut."""
import unittest

from chaos import Chaos


class TenMinutes(unittest.TestCase):
    def test_the_table_is_that_of_an_undisturbed_run(self):
        print(Chaos(self, seconds=600, trials=1200, seed=2).run())


if __name__ == "__main__":
    unittest.main()
