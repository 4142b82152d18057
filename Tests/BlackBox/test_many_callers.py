"""200 callers at once, some dying, some late, some telling twice, and a service that is killed three times."""
import unittest

from callers import Crowd, check, definition
from support import Service


class ManyCallers(unittest.TestCase):
    trials, callers, kills = 600, 200, (100, 300, 500)

    def test_nothing_is_lost_and_nothing_is_done_twice(self):
        tables = []
        for calm in (False, True):
            with self.subTest(calm=calm), Service(flags=["--workers", "1"]) as service:
                service.post("/v1/studies", definition("crowd", self.trials))
                crowd = Crowd(service, "crowd", 4 if calm else self.callers, misbehave=not calm)
                crowd.run(() if calm else self.kills)
                tables.append(check(self, crowd, service, self.trials))
                if not calm:
                    self.assertGreater(min(crowd.done.values()), 5, crowd.done)
        # The same results were told, by other callers in another order: the same points were suggested.
        self.assertEqual(*tables)


if __name__ == "__main__":
    unittest.main()
