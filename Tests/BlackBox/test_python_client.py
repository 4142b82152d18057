"""The Python client: its own tests against a stand-in, then against the real service."""
import datetime
import importlib.util
import os
import subprocess
import sys
import tempfile
import threading
import unittest

from support import ROOT, Service

CLIENT = ROOT / "clients" / "python"
sys.path.insert(0, str(CLIENT))

from cairn_client import CairnError, Infeasible, Study  # noqa: E402


def load_tests(loader, tests, pattern):
    """The client's own tests come first."""
    place = CLIENT / "tests" / "test_client.py"
    specification = importlib.util.spec_from_file_location("cairn_client_tests", place)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return unittest.TestSuite([loader.loadTestsFromModule(module), tests])


def definition(name, **more):
    return {"name": name, "model": {"kind": "external"},
            "parameters": {"x": {"type": "integer", "min": 0, "max": 20}, "y": {"type": "real", "values": [0, 0.5, 1, 2]},
                           "kind": {"type": "categorical", "values": ["round", "square"]}},
            "algorithm": {"name": "random"}, "objective": {"metric": "score", "goal": "maximize"},
            "budget": {"trials": 24}, **more}


def score(parameters):
    """A hill that a point tells of by itself."""
    return -(parameters["x"] - 7) ** 2 - parameters["y"] + (parameters["kind"] == "round")


def table(study):
    return [(t["number"], t["state"], t["value"], t["parameter.x"], t["parameter.y"], t["parameter.kind"])
            for t in study.trials()]


class AgainstTheService(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = Service(flags=["--workers", "1"])

    @classmethod
    def tearDownClass(cls):
        with cls.service:
            pass

    def study(self, name, **more):
        return Study(self.service.address, definition(name, **more))

    def lease_end(self, name):
        return datetime.datetime.fromisoformat(
            self.service.get(f"/v1/studies/{name}/trials/1").json["lease_expires_at"].replace("Z", "+00:00"))

    def test_four_workers_run_a_study_to_its_end(self):
        study = self.study("four", algorithm={"name": "approximate_gradient"})
        best = study.optimize(lambda trial: {"score": score(trial.parameters), "seconds": 0.5}, workers=4)
        info = study.info()
        self.assertEqual((info["state"], info["stop_reason"]["code"], info["progress"]["completed"]),
                         ("completed", "budget_trials", 24))
        rows = study.trials()
        self.assertEqual([row["number"] for row in rows], list(range(1, 25)))
        self.assertEqual({row["metric.seconds"] for row in rows}, {0.5})
        self.assertEqual(best["value"], max(row["value"] for row in rows))
        self.assertIn("24 of 24 trials", study._repr_html_())

    def test_the_same_results_give_the_same_trials(self):
        tables = []
        for name, workers in (("once", 1), ("again", 4)):
            study = self.study(name, algorithm={"name": "approximate_gradient"}, parallelism=4)
            study.optimize(lambda trial: score(trial.parameters), workers=workers)
            tables.append(table(study))
        self.assertEqual(*tables)

    def test_every_kind_of_outcome(self):
        study = self.study("kinds", budget={"trials": 5})

        def train(trial):
            if trial.number == 1:
                raise Infeasible("too wide")
            if trial.number == 2:
                raise ValueError("no such file: a.csv")
            if trial.number == 3 and trial.attempt < 3:
                raise MemoryError("no room")
            if trial.number == 4:
                return float("nan")
            return 1
        study.optimize(train)
        rows = study.trials()
        self.assertEqual([row["state"] for row in rows], ["infeasible", "failed", "completed", "infeasible", "completed"])
        self.assertEqual(rows[2]["attempt"], 3)
        self.assertIn("too wide", rows[0]["error"])
        self.assertIn("ValueError: no such file: a.csv", rows[1]["error"])

    def test_a_crash_of_the_service_is_waited_for(self):
        with Service(flags=["--workers", "1"]) as service:
            study = Study(service.address, definition("crash"))
            ends = []

            def train(trial):
                if trial.number in (5, 15):
                    service.kill()
                    service.restart()
                ends.append(trial.number)
                return score(trial.parameters)
            study.optimize(train)
            self.assertEqual([t["state"] for t in study.trials()], ["completed"] * 24)
            # A lease outlives the process: nothing was run twice.
            self.assertEqual(ends, list(range(1, 25)))

    def test_heartbeats_keep_a_long_trial(self):
        study = Study(self.service.address, definition("long", budget={"trials": 1}), lease_seconds=1)
        trial = study.ask()[0]
        end = self.lease_end("long")
        # Three leases later it is still the first attempt.
        self.service.until(lambda: self.lease_end("long") - end > datetime.timedelta(seconds=3))
        self.assertFalse(trial.should_stop)
        self.assertTrue(trial.complete(score=1))
        self.assertEqual(study.trials()[0]["attempt"], 1)

    def test_what_was_left_goes_to_the_next(self):
        study = self.study("left", budget={"trials": 2})
        for trial in study:
            break
        other = Study(self.service.address, "left")
        self.assertEqual([(t.number, t.complete(score=1)) for t in other], [(1, True), (2, True)])

    def test_a_stopped_study_ends_loops_and_tells_trials(self):
        study = Study(self.service.address, definition("stopped"), lease_seconds=1)

        def train(trial):
            study.stop()
            self.service.until(lambda: trial.should_stop)
            return 1
        self.assertIsNone(study.optimize(train))
        self.assertEqual((study.info()["state"], study.trials()[0]["state"]), ("stopped", "stopped"))

    def test_a_median_rule_prunes(self):
        study = self.study("pruned", budget={"trials": 8}, parallelism=1,
                           pruning={"rule": "median", "warmup_steps": 0, "minimum_trials": 2})

        def train(trial):
            for step in range(1, 4):
                if not trial.report(step, score=-trial.number * step):
                    break
            return -trial.number * 3
        study.optimize(train)
        states = [row["state"] for row in study.trials()]
        self.assertEqual(states[:2], ["completed"] * 2)
        self.assertIn("pruned", states[2:])

    def test_the_line_and_the_end_of_waiting(self):
        study = self.study("waited")
        ended = []
        waiter = threading.Thread(target=lambda: ended.append(study.wait(progress=False)))
        waiter.start()
        study.optimize(lambda trial: score(trial.parameters), workers=2)
        waiter.join(120)
        self.assertEqual(ended[0]["state"], "completed")

    def test_a_table_becomes_a_prior(self):
        old = self.study("old")
        old.optimize(lambda trial: score(trial.parameters))
        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            file.write(self.service.get("/v1/studies/old/trials.csv").body)
            file.flush()
            new = Study(self.service.address, definition("new", seed=9), prior=file.name)
        self.assertEqual(len(self.service.get("/v1/studies/new").json["definition"]["prior"]), 24)
        known = {row[3:] for row in table(old)}
        new.optimize(lambda trial: score(trial.parameters))
        self.assertFalse(known & {row[3:] for row in table(new)})
        third = Study(self.service.address, definition("third", seed=9), prior=old.trials())
        self.assertEqual(third.info()["definition"]["prior"], new.info()["definition"]["prior"])

    def test_wrong_calls_say_what_is_wrong(self):
        study = self.study("wrong")
        with self.assertRaisesRegex(CairnError, "(?s)422.*/parameters/x"):
            self.study("wrong-2", parameters={"x": {"type": "integer", "values": [3, 3]}})
        with self.assertRaisesRegex(CairnError, "404"):
            Study(self.service.address, "nowhere")
        with self.assertRaisesRegex(CairnError, "409"):
            self.study("wrong", seed=5)
        trial = study.ask()[0]
        with self.assertRaisesRegex(CairnError, "422.*score"):
            trial.complete(loss=1)
        with self.assertRaisesRegex(CairnError, "422"):
            study.ask(0)
        trial.report(5, score=1)
        with self.assertRaises(CairnError):
            trial.report(4, score=1)
        trial.release()

    def test_an_enqueued_point_is_next(self):
        study = self.study("enqueued", budget={"trials": 2})
        study.enqueue({"x": 7, "y": 0, "kind": "round"})
        with self.assertRaisesRegex(CairnError, "(?s)422.*/parameters"):
            study.enqueue({"x": 21, "y": 0, "kind": "round"})
        self.assertEqual(study.ask()[0].parameters, {"x": 7, "y": 0, "kind": "round"})

    def test_the_output_is_kept(self):
        trial = self.study("output").ask()[0]
        trial.log("begun\n")
        trial.log("ended: é\n")
        trial.complete(1.5)
        self.assertEqual(self.service.get("/v1/studies/output/trials/1/log").text, "begun\nended: é\n")


class WithAToken(unittest.TestCase):
    def test_the_token_is_sent(self):
        token = "a-token-that-is-long-enough"
        with Service(flags=["--workers", "1"], environment={"CAIRN_TOKEN": token}, check=False) as service:
            with self.assertRaisesRegex(CairnError, "401"):
                Study(service.address, definition("token"))
            code = ("import sys; from cairn_client import Study\n"
                    "for trial in Study(sys.argv[1], 'token'): trial.complete(1)")
            Study(service.address, definition("token", budget={"trials": 2}), token=token)
            subprocess.run([sys.executable, "-c", code, service.address], check=True, timeout=120,
                           env={**os.environ, "PYTHONPATH": str(CLIENT), "CAIRN_TOKEN": token})


if __name__ == "__main__":
    unittest.main()
