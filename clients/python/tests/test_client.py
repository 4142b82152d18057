"""The client against a stand-in for the service, which can fail in every way."""
import ast
import csv
import gc
import http.client
import io
import logging
import os
import pathlib
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER.parent), str(FOLDER)]

import cairn_client  # noqa: E402
from cairn_client import CairnError, Infeasible, Study  # noqa: E402
from stand_in import StandIn  # noqa: E402

logging.getLogger("cairn_client").setLevel(logging.CRITICAL)


def definition(trials=5, **more):
    return {"name": "s", "model": {"kind": "external"}, "parameters": {"n": {"type": "integer", "min": 1, "max": 10_000}},
            "algorithm": {"name": "random"}, "objective": {"metric": "accuracy", "goal": "maximize"},
            "budget": {"trials": trials}, **more}


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("it did not come true in time")
        time.sleep(0.01)


class ClientCase(unittest.TestCase):
    def setUp(self):
        self.service = StandIn()
        self.service.__enter__()
        self.addCleanup(self.service.__exit__)

    def study(self, trials=5, **options):
        return Study(self.service.address, definition(trials), **options)

    @property
    def shelf(self):
        return self.service.studies["s"]

    def states(self):
        return [t["state"] for t in self.shelf.trials]

    def count(self, verb):
        return sum(path.endswith(verb) for _, path, _ in self.service.calls)


class Loop(ClientCase):
    def test_a_loop_runs_every_trial_once_on_one_connection_with_one_call_each(self):
        study, seen = self.study(), []
        for trial in study:
            seen.append((trial.number, trial.parameters["n"], trial.seed, trial.attempt))
            trial.complete(accuracy=trial.number / 10)
        self.assertEqual(seen, [(n, n, 1000 + n, 1) for n in range(1, 6)])
        self.assertEqual(study.best()["value"], 0.5)
        self.assertEqual(self.count("/complete"), 5)
        # The first asks; all others come with a result, and the last result ends the study.
        self.assertLessEqual(self.count("/suggestions"), 2)
        self.assertEqual(len(self.service.connections), 1)

    def test_results_may_be_a_number_a_dictionary_or_named(self):
        study = self.study(3)
        one, two, three = study.ask(3)
        one.complete(0.5)
        two.complete({"accuracy": 1, "val/loss": 2.5})
        three.complete(accuracy=0.25, seconds=float("inf"))
        self.assertEqual([t["metrics"] for t in self.shelf.trials],
                         [{"accuracy": 0.5}, {"accuracy": 1, "val/loss": 2.5}, {"accuracy": 0.25}])

    def test_scalars_of_other_libraries_are_numbers(self):
        class Scalar:
            def __float__(self):
                return 0.75
        trial = self.study().ask()[0]
        trial.report(1, Scalar())
        trial.complete(Scalar())
        self.assertEqual(self.shelf.trials[0]["value"], 0.75)
        for wrong in ("0.5", True, [1, 2]):
            with self.assertRaises(TypeError):
                self.study().ask()[0].complete(accuracy=wrong)

    def test_leaving_the_loop_hands_the_trial_back(self):
        for trial in self.study():
            break
        self.assertEqual(self.states(), ["queued"])

    def test_leaving_after_a_result_hands_the_next_one_back(self):
        for trial in self.study():
            trial.complete(accuracy=1)
            break
        self.assertEqual(self.states(), ["completed", "queued"])

    def test_a_trial_without_a_result_is_said_at_once(self):
        with self.assertRaisesRegex(RuntimeError, "trial 1 has no result"):
            for _ in self.study():
                pass
        self.assertEqual(self.states(), ["queued"])

    def test_a_second_result_is_said(self):
        trial = self.study().ask()[0]
        trial.complete(accuracy=1)
        with self.assertRaisesRegex(RuntimeError, "trial 1 has been told already"):
            trial.complete(accuracy=1)

    def test_threads_are_workers_of_their_own(self):
        study = self.study(40)

        def work():
            for trial in study:
                trial.complete(accuracy=trial.number)
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.states(), ["completed"] * 40)
        names = {body["worker"] for _, path, body in self.service.calls if path.endswith("/suggestions")}
        self.assertEqual(len(names), 4)

    def test_ask_keeps_what_is_held(self):
        study = self.study()
        first, second = study.ask(2)
        third = study.ask()[0]
        self.assertEqual([first.number, second.number, third.number], [1, 2, 3])
        self.assertEqual(self.service.calls[-1][2]["holding"], [1, 2])

    def test_a_with_block_makes_an_exception_a_failed_trial(self):
        for trial in self.study(2):
            with trial:
                if trial.number == 1:
                    raise ValueError("no luck")
                trial.complete(accuracy=1)
        self.assertEqual(self.states(), ["failed", "completed"])
        self.assertIn("ValueError: no luck", self.shelf.trials[0]["error"])
        self.assertIn("test_client.py", self.shelf.trials[0]["error"])

    def test_the_output_is_appended_in_order(self):
        trial = self.study().ask()[0]
        trial.log("épo\n")
        trial.log("two\n")
        self.assertEqual(self.shelf.trials[0]["log"], "épo\ntwo\n")
        self.assertEqual([p.partition("offset=")[2] for _, p, _ in self.service.calls if "/log" in p], ["0", "5"])


class Optimize(ClientCase):
    def test_workers_share_the_trials(self):
        best = self.study(30).optimize(lambda trial: trial.parameters["n"] / 30, workers=4)
        self.assertEqual(self.states(), ["completed"] * 30)
        self.assertEqual(best["parameters"], {"n": 30})

    def test_the_number_of_trials_may_be_bounded(self):
        for workers in (1, 3):
            study = self.study(30)
            study.optimize(lambda trial: 1.0, workers=workers, trials=7)
        self.assertEqual(self.states(), ["completed"] * 14)

    def test_exceptions_and_infeasible_points_are_told_apart(self):
        def train(trial):
            if trial.number == 1:
                raise Infeasible("too wide")
            if trial.number == 2:
                raise MemoryError("no room")
            if trial.number == 3:
                return float("nan")
            if trial.number == 4:
                trial.report(1, accuracy=float("inf"))
            return 0.5
        self.study(5).optimize(train)
        self.assertEqual(self.states(), ["infeasible", "failed", "infeasible", "infeasible", "completed"])
        self.assertEqual([t["error"] for t in self.shelf.trials][0], "too wide")
        self.assertEqual(self.shelf.trials[1]["told"]["class"], "out_of_memory")
        self.assertEqual(self.shelf.trials[2]["error"], "diverged: accuracy is nan")

    def test_a_function_that_gives_nothing_is_said(self):
        for workers in (1, 2):
            with self.assertRaisesRegex(TypeError, "gave None for trial"):
                self.study(5).optimize(lambda trial: None, workers=workers)
        self.assertNotIn("running", self.states())

    def test_a_result_that_the_service_refuses_ends_it_with_the_reason(self):
        with self.assertRaisesRegex(CairnError, "(?s)422.*/metrics: accuracy is missing") as caught:
            self.study(5).optimize(lambda trial: {"acc": 1}, workers=2)
        self.assertEqual(caught.exception.faults, [("/metrics", "accuracy is missing.")])
        self.assertNotIn("running", self.states())

    def test_a_keyboard_interrupt_hands_the_trial_back(self):
        def train(trial):
            raise KeyboardInterrupt
        with self.assertRaises(KeyboardInterrupt):
            self.study(5).optimize(train)
        self.assertEqual(self.states(), ["queued"])

    def test_ctrl_c_hands_back_the_trials_of_all_threads(self):
        # What a shell starts in the background ignores Ctrl-C, and so do its children.
        code = ("import os, signal, sys, time; from cairn_client import Study\n"
                "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
                "def train(trial):\n  os.write(1, b'begun\\n')\n  time.sleep(600)\n"
                "Study(sys.argv[1], 's').optimize(train, workers=3)")
        self.study(5)
        child = subprocess.Popen([sys.executable, "-c", code, self.service.address], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(FOLDER.parent)})
        for _ in range(3):
            self.assertEqual(child.stdout.readline(), "begun\n")
        child.send_signal(signal.SIGINT)
        _, told = child.communicate(timeout=60)
        self.assertIn("KeyboardInterrupt", told)
        self.assertEqual(self.states(), ["queued"] * 3)


class Leases(ClientCase):
    def test_heartbeats_keep_the_leases_of_long_trials(self):
        study = self.study(lease_seconds=1)
        trials = study.ask(3)
        begun = self.count("/heartbeat")
        until(lambda: self.count("/heartbeat") >= begun + 15)
        self.assertEqual({t.number: t.attempt for t in trials}, {1: 1, 2: 1, 3: 1})
        self.assertEqual({t["attempt"] for t in self.shelf.trials}, {1})
        self.assertEqual(sum(t.name == "cairn-heartbeats" for t in threading.enumerate() if t.is_alive()
                             and t is study.keeper._thread), 1)

    def test_a_trial_that_was_forgotten_goes_back(self):
        study = self.study(lease_seconds=1)
        kept, forgotten = study.ask(2)
        del forgotten
        gc.collect()
        until(lambda: (study.info(), self.states())[1] == ["running", "queued"])
        self.assertTrue(kept.complete(accuracy=1))

    def test_a_pruned_trial_should_stop(self):
        study = self.study(2)
        self.shelf.prunes = lambda trial, body: trial["number"] == 1 and body["step"] >= 2

        def train(trial):
            for step in range(1, 5):
                trial.report(step, accuracy=0.1 * step)
                if trial.should_stop:
                    self.assertEqual(trial.stop_reason, "pruned")
                    break
            return 0.4
        study.optimize(train)
        self.assertEqual(self.states(), ["pruned", "completed"])
        self.assertEqual(len(self.shelf.trials[0]["curve"]), 2)

    def test_a_loop_goes_on_after_a_pruned_trial(self):
        study = self.study(2)
        self.shelf.prunes = lambda trial, body: trial["number"] == 1
        for trial in study:
            if trial.report(1, accuracy=0.5):
                trial.complete(accuracy=1)
        self.assertEqual(self.states(), ["pruned", "completed"])

    def test_a_stopped_study_tells_by_heartbeat_and_ends_the_loop(self):
        study = self.study(lease_seconds=1)

        def train(trial):
            study.stop()
            until(lambda: trial.should_stop)
            return 1.0
        study.optimize(train)
        # What was cut short is no result.
        self.assertEqual(self.states(), ["stopped"])

    def test_a_lost_lease_is_said_and_the_first_result_wins(self):
        study = self.study(2)
        mine = study.ask()[0]
        self.shelf.back(self.shelf.trials[0])
        theirs = Study(self.service.address, "s").ask()[0]
        self.assertEqual(theirs.number, 1)
        self.assertFalse(mine.report(1, accuracy=0.1))
        self.assertEqual(mine.stop_reason, "lease_lost")
        self.assertTrue(theirs.complete(accuracy=0.5))
        self.assertFalse(mine.complete(accuracy=0.75))
        self.assertEqual(self.shelf.trials[0]["value"], 0.5)

    def test_a_deleted_study_ends_the_loop(self):
        study = self.study()
        for trial in study:
            del self.service.studies["s"]
            self.assertFalse(trial.report(1, accuracy=1))
            self.assertEqual(trial.stop_reason, "deleted")

    def test_a_paused_study_is_waited_for(self):
        study = self.study(1)
        study.pause()
        threading.Timer(0.3, study.resume).start()
        self.assertEqual([t.complete(accuracy=1) for t in study], [True])


class Faults(ClientCase):
    def test_every_call_is_made_again_until_it_is_answered(self):
        """Each third call is cut before it is done, each fourth after, each fifth is refused for now."""
        study = self.study(30)
        numbers = iter(range(1, 10_000))

        def fault(path, body):
            n = next(numbers)
            return "cut" if n % 3 == 0 else "lost" if n % 4 == 0 else "busy" if n % 5 == 0 else None
        self.service.faults.append(fault)
        study.optimize(lambda trial: trial.number, workers=3)
        self.service.faults.clear()
        self.assertEqual(self.states(), ["completed"] * 30)
        self.assertEqual([t["value"] for t in self.shelf.trials], list(range(1, 31)))

    def test_a_wrong_address_is_said_soon(self):
        with self.assertRaisesRegex(CairnError, "http://127.0.0.1:1 cannot be reached"):
            Study("127.0.0.1:1", "s", patience_seconds=0.2)
        with self.assertRaisesRegex(ValueError, "looks like http://"):
            Study("ftp://x", "s")

    def test_every_fault_of_a_definition_is_said(self):
        with self.assertRaises(CairnError) as caught:
            Study(self.service.address, {"parameters": {}})
        self.assertEqual(str(caught.exception).splitlines(), [
            "422 Unprocessable Content: The definition has 2 faults.", "  /parameters: expected a parameter.",
            "  the whole body: model is missing."])
        self.assertEqual(str(pickle.loads(pickle.dumps(caught.exception))), str(caught.exception))

    def test_a_service_that_is_gone_for_good_ends_it(self):
        study = self.study(patience_seconds=0.3)

        def train(trial):
            self.service.faults.append(lambda path, body: "cut")
            trial.report(1, accuracy=1)
        for workers in (1, 2):
            with self.assertRaisesRegex(CairnError, "cannot be reached"):
                study.optimize(train, workers=workers)
            self.service.faults.clear()

    def test_an_address_that_leads_elsewhere_is_an_error(self):
        self.service.faults.append(lambda path, body: "moved")
        with self.assertRaisesRegex(CairnError, "302 Found"):
            self.study()

    def test_another_definition_under_the_name_is_an_error(self):
        self.study(5)
        with self.assertRaises(CairnError) as caught:
            self.study(6)
        self.assertEqual(caught.exception.status, 409)

    def test_an_answer_that_is_no_problem_document_is_shown(self):
        self.assertEqual(str(CairnError.of(403, "Forbidden", b"<h1>proxy</h1>")), "403 Forbidden: <h1>proxy</h1>")

    def test_the_token_comes_from_the_argument_or_the_environment(self):
        self.service.token = "secret"
        with self.assertRaisesRegex(CairnError, "401"):
            self.study()
        self.study(token=" secret\n").ask()
        os.environ["CAIRN_TOKEN"] = "secret"
        self.addCleanup(os.environ.pop, "CAIRN_TOKEN")
        self.study().ask()
        self.assertNotIn("secret", repr(self.study()))


class OnTheWire(unittest.TestCase):
    """What a proxy may make of an answer."""

    def reply(self, *pieces, sends=1):
        from cairn_client._wire import Wire
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def serve():
                accepted, _ = listener.accept()
                with accepted:
                    for _ in range(sends):
                        accepted.recv(65536)
                        for piece in pieces:
                            accepted.sendall(piece)
                            time.sleep(0.01)
            threading.Thread(target=serve, daemon=True).start()
            wire = Wire(False, "127.0.0.1", listener.getsockname()[1], 60)
            try:
                return [(r.status, r.body, wire.open) for r in (
                    wire.exchange("GET / HTTP/1.1\r\nHost: x\r\n", None, 60) for _ in range(sends))]
            finally:
                wire.close()

    def test_every_framing_is_read(self):
        head = b"HTTP/1.1 200 OK\r\n"
        self.assertEqual(self.reply(head + b"Content-Length: 3\r\n\r\nab", b"c", sends=2), [(200, b"abc", True)] * 2)
        self.assertEqual(self.reply(head, b"Transfer-Encoding: chunked\r\n\r\n2;x=1\r\nab\r\n", b"1\r\nc\r\n0\r\nX: y\r\n\r\n",
                                    sends=2), [(200, b"abc", True)] * 2)
        self.assertEqual(self.reply(head + b"\r\nabc"), [(200, b"abc", False)])
        self.assertEqual(self.reply(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", sends=2), [(304, b"", True)] * 2)
        self.assertEqual(self.reply(b"HTTP/1.1 100 Continue\r\n\r\n" + head + b"connection: CLOSE\r\ncontent-length:0\r\n\r\n"),
                         [(200, b"", False)])

    def test_half_an_answer_is_none(self):
        for pieces in ([b"HTTP/1.1 200 OK\r\nContent-Le"], [b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab"], [b"SSH-2.0\r\n"],
                       [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"], [b""],
                       [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"], [b"HTTP/1.1 200 OK\r\nX\r\n\r\n"]):
            with self.assertRaises((OSError, http.client.HTTPException), msg=pieces):
                self.reply(*pieces)


class Looking(ClientCase):
    def test_rows_are_flat_and_all_pages_come(self):
        study = self.study(5)
        study.optimize(lambda trial: {"accuracy": trial.number, "loss": 1})
        rows = study.trials()
        self.assertEqual([(r["number"], r["parameter.n"], r["metric.loss"], r["value"]) for r in rows],
                         [(n, n, 1, n) for n in range(1, 6)])
        self.assertFalse([v for row in rows for v in row.values() if isinstance(v, (dict, list))])

    def test_waiting_shows_a_line_and_ends_with_the_study(self):
        study = self.study(3)
        ended, told = [], io.StringIO()
        waiter = threading.Thread(target=lambda: ended.append(study.wait()))
        real, sys.stderr = sys.stderr, told
        try:
            waiter.start()
            study.optimize(lambda trial: 0.25)
            waiter.join(60)
        finally:
            sys.stderr = real
        self.assertEqual(ended[0]["state"], "completed")
        self.assertEqual(told.getvalue().splitlines()[-1], "s: 3 of 3 trials, best accuracy 0.25, completed")

    def test_a_notebook_shows_a_small_table(self):
        study = self.study(2)
        self.assertIn("0 of 2 trials, 0 running, 1 min 1 s left", study._repr_html_())
        self.shelf.name = "<b>"
        study.ask()[0].complete(0.5)
        self.assertIn("<th>n</th><td>1</td>", study._repr_html_())
        self.assertIn("&lt;b&gt;", study._repr_html_())


class Processes(ClientCase):
    def test_a_forked_child_is_a_worker_of_its_own(self):
        study = self.study(4)
        mine = study.ask()[0]
        ends = []
        for _ in range(2):
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    trial = study.ask()[0]
                    code = 0 if trial.complete(accuracy=trial.number) and not study.keeper.trials(study) else 2
                finally:
                    os._exit(code)
            ends.append(os.waitpid(child, 0)[1])
        self.assertEqual(ends, [0, 0])
        mine.complete(accuracy=1)
        self.assertEqual(self.states(), ["completed"] * 3)
        self.assertEqual(len({b["worker"] for _, p, b in self.service.calls if p.endswith("/suggestions")}), 3)

    def test_a_forked_child_leaves_the_parents_loop_alone(self):
        for trial in self.study(1):
            child = os.fork()
            if child == 0:
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                # The whole interpreter ends in the child, as sys.exit has it, though without the test runner.
                del trial
                gc.collect()
                os._exit(0)
            self.assertEqual(os.waitpid(child, 0)[1], 0)
            self.assertEqual(self.states(), ["running"])
            trial.complete(accuracy=1)

    def test_a_study_can_be_sent_to_another_process(self):
        study = self.study(1, lease_seconds=7)
        code = ("import pickle, sys; study = pickle.load(sys.stdin.buffer); print(study.lease_seconds)\n"
                "for trial in study: trial.complete(accuracy=1)")
        told = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(study), stdout=subprocess.PIPE, check=True,
                              env={**os.environ, "PYTHONPATH": str(FOLDER.parent)})
        self.assertEqual(told.stdout, b"7\n")
        self.assertEqual(self.states(), ["completed"])


class Prior(unittest.TestCase):
    definition = {
        "parameters": {"width": {"type": "integer", "min": 1, "max": 64}, "rate": {"type": "real", "min": 0.1, "max": 1},
                       "kind": {"type": "categorical", "values": ["relu", 8, True, "=x"]}},
        "objective": {"metric": "accuracy"}}

    def test_a_csv_of_trials(self):
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerows([
            ["number", "state", "value", "parameter.kind", "parameter.rate", "parameter.width", "metric.accuracy", "origin"],
            [1, "completed", "0.5", "relu", "0.25", "8", "0.5", "random"],
            [2, "failed", "", "8", "0.25", "8", "", "random"],
            [3, "completed", "0.75", "True", "1", "16", "0.75", "random"],
            [4, "completed", "0.25", "'=x", "", "16.0", "0.25", "random"],
            [5, "completed", "0.25", "8.0", "1", "16", "0.25", "random"]])
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
            file.write(text.getvalue())
            file.flush()
            points = cairn_client.read_prior(file.name, self.definition)
        self.assertEqual(points, [
            {"parameters": {"width": 8, "rate": 0.25, "kind": "relu"}, "value": 0.5},
            {"parameters": {"width": 16, "rate": 1.0, "kind": True}, "value": 0.75},
            {"parameters": {"width": 16, "kind": "=x"}, "value": 0.25},
            {"parameters": {"width": 16, "rate": 1.0, "kind": 8}, "value": 0.25}])
        self.assertIs(points[1]["parameters"]["kind"], True)

    def test_a_frame(self):
        class Frame:
            def to_dict(self, orient):
                assert orient == "records"
                return [{"width": 8.0, "rate": 0.5, "kind": 8, "accuracy": 0.5},
                        {"width": 9.0, "rate": 0.5, "kind": "relu", "accuracy": float("nan")}]
        self.assertEqual(cairn_client.read_prior(Frame(), self.definition),
                         [{"parameters": {"width": 8, "rate": 0.5, "kind": 8}, "value": 0.5}])

    def test_a_wrong_cell_is_named(self):
        for row, told in (({"width": "8.5", "value": 1}, "row 1: width is '8.5'"), ({"kind": "tanh", "value": 1}, "row 1: kind"),
                          ({"depth": 1, "value": 1}, "row 1 has no column of a parameter")):
            with self.assertRaisesRegex(ValueError, told):
                cairn_client.read_prior([row], self.definition)

    def test_it_becomes_part_of_the_definition(self):
        with StandIn() as service:
            Study(service.address, definition(), prior=[{"n": 3, "accuracy": 0.5}])
            self.assertEqual(service.studies["s"].definition["prior"], [{"parameters": {"n": 3}, "value": 0.5}])


class Package(unittest.TestCase):
    def test_its_syntax_is_that_of_python_3_9(self):
        files = list((FOLDER.parent / "cairn_client").glob("*.py"))
        self.assertGreater(len(files), 5)
        for file in files:
            ast.parse(file.read_text(), str(file), feature_version=(3, 9))

    def test_it_needs_the_standard_library_alone(self):
        wanted = set()
        for file in (FOLDER.parent / "cairn_client").glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Import):
                    wanted |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    wanted.add(node.module.split(".")[0])
        self.assertEqual(wanted - set(sys.stdlib_module_names), set())

    def test_its_types_are_right(self):
        found = subprocess.run([sys.executable, "-m", "mypy", "--version"], capture_output=True)
        if found.returncode:
            self.skipTest("mypy is missing")
        told = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "cairn_client"],
                              cwd=FOLDER.parent,
                              capture_output=True, text=True)
        self.assertEqual(told.returncode, 0, told.stdout)

    def test_it_can_be_installed_without_a_network(self):
        with tempfile.TemporaryDirectory() as home:
            # What building leaves behind stays out of the checkout.
            source = pathlib.Path(home) / "source"
            subprocess.run(["cp", "-r", str(FOLDER.parent), str(source)], check=True)
            told = subprocess.run(
                [sys.executable, "-m", "pip", "install", "--no-index", "--no-build-isolation", "--no-deps", "--quiet",
                 "--target", f"{home}/site", str(source)], capture_output=True, text=True,
                env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
            if "No module named pip" in told.stderr:
                self.skipTest("pip is missing")
            self.assertEqual(told.returncode, 0, told.stderr[-2000:])
            self.assertTrue((pathlib.Path(home) / "site/cairn_client/py.typed").exists())
            subprocess.run([sys.executable, "-c", "import cairn_client; cairn_client.Study"], check=True,
                           env={"PYTHONPATH": f"{home}/site"}, cwd="/")


if __name__ == "__main__":
    unittest.main()
