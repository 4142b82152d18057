"""What takes minutes: time left against the truth, fairness between studies, the paper's studies to their end."""
import json
import pathlib
import tempfile
import time
import unittest

from support import DATA, HAS_CATS, ROOT, Service, ServiceCase


def image_study(name, **more):
    """A 200-point grid with iterations from 100 to 700."""
    study = {
        "name": name, "dataset": "synthetic-cats",
        "model": {"kind": "mlp", "activations": ["relu", "relu"], "units_2": 5},
        "parameters": {
            "iterations": {"type": "integer", "values": [100, 300, 400, 500, 700]},
            "learning_rate": {"type": "real", "values": [0.0034, 0.0045, 0.0075, 0.0077, 0.0078]},
            "units_1": {"type": "integer", "values": [5, 8, 10, 12, 15, 20, 25, 30]},
        },
        "algorithm": {"name": "grid"},
        # Enough work a trial that a second is not all there is to predict.
        "validation": {"split": "test", "repeats": 40},
    }
    study.update(more)
    return study


def finished(study):
    return study["progress"]["completed"] + study["progress"]["infeasible"]


class Estimates(unittest.TestCase):
    def test_time_left_at_half(self):
        with Service() as service:
            service.post("/v1/studies", image_study("estimate"))
            half = service.until(lambda: finished(s := service.get("/v1/studies/estimate").json) >= 100 and s, 600)
            at = time.monotonic()
            service.wait("estimate", 600)
            truth = time.monotonic() - at
            told = half["progress"]["eta_seconds"]
            print(f"\ntime left at half: told {told:.1f} s, was {truth:.1f} s")
            self.assertLess(abs(told - truth), 0.25 * truth)

    def test_equal_studies_share_the_workers(self):
        with Service() as service:
            names = ("first", "second")
            for name in names:
                service.post("/v1/studies", image_study(name))
            passed = {}
            start = time.monotonic()
            while len(passed) < 2:
                for name in names:
                    if name not in passed and finished(service.get(f"/v1/studies/{name}").json) >= 100:
                        passed[name] = time.monotonic() - start
                time.sleep(0.02)
            print(f"\nhalf of the trials: {passed}")
            low, high = sorted(passed.values())
            self.assertLess(high / low, 1.10)


@unittest.skipUnless(HAS_CATS, "needs the real cat images")
class Paper(unittest.TestCase):
    def test_its_studies_run_to_their_end(self):
        with Service(flags=["--data-folder", str(DATA)]) as service:
            for path in sorted((ROOT / "examples").glob("paper-*.json")):
                study = json.loads(path.read_text())
                answer = service.post("/v1/studies", study)
                self.assertEqual(answer.status, 201, answer.text)
                start = time.monotonic()
                ended = service.wait(study["name"], 1500)
                best = ended["best"]
                print(f"\n{study['name']}: {finished(ended)} trials in {time.monotonic() - start:.1f} s, "
                      f"best {best['value']:.2f} at {best['parameters']}")
                self.assertEqual(ended["state"], "completed")
                self.assertEqual(ended["progress"]["failed"], 0)


if __name__ == "__main__":
    unittest.main()
