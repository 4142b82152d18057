"""`cairn worker` against the real service: results, measurements, failures, ends of every kind, and lost connections."""
import json
import os
import pathlib
import re
import signal
import sys
import tempfile
import unittest

from chaos import Chaos
from support import Service
from workers import Proxy, VALUE, Worker, external, table, told


class WorkerCase(unittest.TestCase):
    def setUp(self):
        self.service = Service(check=True)
        self.addCleanup(self.service.__exit__)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def create(self, name, trials=12, **members):
        answer = self.service.post("/v1/studies", external(name, trials, **members))
        self.assertEqual(answer.status, 201, answer.text)

    def worker(self, study, command, *flags, **options):
        return Worker(self, self.service, study, command, *flags, **options)

    def trial(self, study, number=1):
        return self.service.get(f"/v1/studies/{study}/trials/{number}").json

    def run_whole(self, *arguments, **options):
        """Runs a worker to its end, which must be a good one."""
        worker = self.worker(*arguments, **options)
        status, output, error = worker.finish()
        self.assertEqual(status, 0, error)
        worker.wait_until_nobody_is_left()
        self.assertEqual(error, "")
        return output

    def log(self, study, number=1):
        """The kept output of a trial; empty where there is none yet."""
        answer = self.service.get(f"/v1/studies/{study}/trials/{number}/log")
        return answer.text if answer.status == 200 else ""


class Results(WorkerCase):
    def test_a_whole_study(self):
        self.create("whole")
        script = f"""
            for step in 1 2 3; do echo "cairn step=$step score=0.$step loss=1e-$step"; done
            echo "warning: $CAIRN_TRIAL" >&2
            env | grep ^CAIRN_ | sort > {self.folder}/$CAIRN_TRIAL.env
            cp "$CAIRN_PARAMETERS" {self.folder}/$CAIRN_TRIAL.json
            ls "$CAIRN_SCRATCH" | wc -l
            {told(VALUE)}
        """
        output = self.run_whole("whole", script, "--slots", "2", scratch=self.folder / "scratch")
        self.assertIn("Ran 12 trials (12 completed). The study \"whole\" has ended (completed)", output)
        self.assertEqual(self.service.get("/v1/studies/whole").json["state"], "completed")
        for trial in self.service.all("/v1/studies/whole/trials"):
            number, point = trial["number"], trial["parameters"]
            value = 1 - (point["x"] - 3) ** 2 / 100 - (point["y"] - 0.25) ** 2
            self.assertAlmostEqual(trial["value"], value, 5)
            self.assertEqual(json.loads((self.folder / f"{number}.json").read_text()), point)
            variables = dict(line.split("=", 1) for line in (self.folder / f"{number}.env").read_text().splitlines())
            self.assertEqual(
                (variables["CAIRN_STUDY"], variables["CAIRN_TRIAL"], variables["CAIRN_ATTEMPT"], variables["CAIRN_PARAM_X"],
                 float(variables["CAIRN_PARAM_Y"])), ("whole", str(number), "1", str(point["x"]), point["y"]))
            self.assertRegex(variables["CAIRN_SEED"], r"^\d+$")
            self.assertRegex(trial["worker"], r"-\d+-[01]$")
            single = self.trial("whole", number)
            self.assertEqual([(p["step"], p["metrics"]) for p in single["curve"]],
                             [(s, {"score": float(f"0.{s}"), "loss": float(f"1e-{s}")}) for s in (1, 2, 3)])
        # Nobody needs the folders any more.
        self.assertEqual(list((self.folder / "scratch").iterdir()), [])
        for number in range(1, 13):
            for text in ("cairn step=1", f"warning: {number}", '{"score":'):
                self.assertIn(text, self.log("whole", number))

    def test_places_of_results(self):
        for name, script, flags in (
                ("file", f'{VALUE} > t && printf \'{{"score": %s, "note": "x"}}\' $(cat t) > $CAIRN_RESULT', ()),
                ("regex", f'echo "the score is $({VALUE}) or so" >&2', ("--result-regex", r"score is (\S+)"))):
            self.create(name, 3)
            self.run_whole(name, f"cd {self.folder}; {script}", *flags)
            self.assertEqual({t[1] for t in table(self.service, name)}, {"completed"})

    def test_words_without_a_shell(self):
        self.create("words", 2)
        program = self.folder / "program"
        program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > {self.folder}/$CAIRN_TRIAL\necho "{{\\"score\\": $1}}"\n')
        program.chmod(0o755)
        self.run_whole("words", [str(program), "{x}", "--y={y}", "{{x}}", "a b;$(c)"], shell=False)
        for trial in self.service.all("/v1/studies/words/trials"):
            words = (self.folder / str(trial["number"])).read_text()
            y = re.sub(r"\.0$", "", str(trial["parameters"]["y"]))
            self.assertEqual(words, f"{trial['parameters']['x']}|--y={y}|{{x}}|a b;$(c)|")
            self.assertEqual(trial["value"], trial["parameters"]["x"])

    def test_exit_codes(self):
        self.create("codes", 5, retries=2)
        script = """
            case $CAIRN_TRIAL in
                1) echo too wide; exit 3;;
                2) echo "no device" >&2; exit 75;;
                3) echo Traceback >&2; exit 1;;
                4) exit 0;;
            esac
            echo '{"score": NaN}'
        """
        self.run_whole("codes", script, "--infeasible-exit", "3", "--retry-exit", "74,75")
        trials = self.service.all("/v1/studies/codes/trials")
        self.assertEqual([t["state"] for t in trials], ["infeasible", "failed", "failed", "failed", "infeasible"])
        self.assertEqual([t["attempt"] for t in trials], [1, 2, 1, 1, 1])
        for trial, words in zip(trials, ("too wide", "no device", "Traceback", "told no result", "diverged")):
            self.assertIn(words, trial["error"])

    def test_a_command_that_was_killed_is_tried_again(self):
        self.create("killed", 2)
        self.run_whole("killed", f"test $CAIRN_ATTEMPT -ge 2 || kill -9 $$; {told(VALUE)}")
        self.assertEqual([(t["state"], t["attempt"]) for t in self.service.all("/v1/studies/killed/trials")],
                         [("completed", 2)] * 2)

    def test_time_and_number(self):
        self.create("limits", 4)
        self.run_whole("limits", f"test $CAIRN_TRIAL -ne 1 || sleep 1000; {told(VALUE)}", "--timeout", "5", "--trials", "3")
        trials = self.service.all("/v1/studies/limits/trials")
        self.assertEqual([t["state"] for t in trials], ["failed", "completed", "completed"])
        self.assertIn("--timeout", trials[0]["error"])

    def test_devices_of_slots(self):
        self.create("devices", 8)
        self.run_whole("devices", f"echo $GPU > {self.folder}/$CAIRN_SLOT; {told(VALUE)}; sleep 0.2", "--slots", "2",
                       "--slot-env", "GPU", environment={"GPU": "7,9"})
        self.assertEqual([(self.folder / slot).read_text() for slot in "01"], ["7\n", "9\n"])

    def test_idle_exit(self):
        self.create("idle", 2)
        self.service.post("/v1/studies/idle/pause")
        self.assertIn("0 trials", self.run_whole("idle", "true", "--idle-exit", "1"))

    def test_output_is_there_while_the_command_runs(self):
        self.create("live", 1)
        worker = self.worker("live", f"echo begun; while ! test -e {self.folder}/go; do sleep 0.1; done; {told(VALUE)}")
        self.service.until(lambda: self.service.all("/v1/studies/live/trials"))
        self.service.until(lambda: "begun" in self.log("live"))
        (self.folder / "go").touch()
        self.assertEqual(worker.finish()[0], 0)


class Starts(WorkerCase):
    def test_what_is_wrong_is_said_in_one_sentence(self):
        self.create("x")
        builtin = {"name": "own", "dataset": "synthetic-cats", "model": {"kind": "mlp", "activations": ["relu"], "units_1": 3},
                   "parameters": {"learning_rate": {"type": "real", "values": [0.1, 0.2]}}, "budget": {"trials": 1}}
        answer = self.service.post("/v1/studies", builtin)
        self.assertEqual(answer.status, 201, answer.text)
        clash = {**external("clash"), "parameters": {"a": {"type": "integer", "min": 0, "max": 3},
                                                     "A": {"type": "integer", "min": 0, "max": 3}}}
        self.assertEqual(self.service.post("/v1/studies", clash).status, 201)
        for study, command, flags, words in (
                ("none", ["true"], (), "none"), ("own", ["true"], (), "external"), ("clash", ["true"], (), "CAIRN_PARAM_A"),
                ("x", ["true", "{z}"], (), "{z}"), ("x", ["no-such-program"], (), "no-such-program"),
                ("x", ["true"], ("--server", "http://127.0.0.1:1"), "reached"),
                ("x", ["true"], ("--server", self.service.address + "/elsewhere"), "elsewhere"),
                ("x", ["true"], ("--lease", "0"), "--lease"), ("x", ["true"], ("--result-regex", "("), "--result-regex"),
                ("x", ["true"], ("--token-file", "/none"), "--token-file"), ("x", [], (), "--")):
            worker = self.worker(study, command, *flags, shell=False)
            status, output, error = worker.finish()
            self.assertNotEqual(status, 0, words)
            self.assertEqual(output, "")
            self.assertEqual(error.count("\n"), 1, error)
            self.assertIn(words, error)

    def test_tokens(self):
        secret = "a-token-that-is-long-enough"
        service = Service(environment={"CAIRN_TOKEN": secret})
        self.addCleanup(service.__exit__)
        headers = {"Authorization": f"Bearer {secret}"}
        self.assertEqual(service.post("/v1/studies", external("guarded", 4), headers=headers).status, 201)
        file = self.folder / "token"
        file.write_text(secret + "\n")
        script = f"env > {self.folder}/env; tr '\\0' ' ' < /proc/$PPID/cmdline > {self.folder}/words; {told(VALUE)}"
        for environment, flags, status in (
                ({}, (), 1), ({"CAIRN_TOKEN": "another-that-is-wrong"}, (), 1), ({"CAIRN_TOKEN": secret}, ("--trials", "1"), 0),
                ({}, ("--token-file", str(file), "--trials", "1"), 0)):
            worker = Worker(self, service, "guarded", script, *flags, environment=environment)
            found, _, error = worker.finish()
            self.assertEqual(found, status, error)
            if status:
                self.assertIn("token", error)
                self.assertNotIn(secret, error)
        # The command has no use for it.
        self.assertNotIn(secret, (self.folder / "env").read_text() + (self.folder / "words").read_text())


class Ends(WorkerCase):
    # It has children in other groups and sessions, and ends late.
    TREE = "sleep 1000 & setsid sleep 1000 & (setsid sh -c 'sleep 1000 & sleep 1000' &) ; "

    def start_tree(self, study, *flags, trap="", **options):
        worker = self.worker(study, f"{trap} {self.TREE} echo x >> $CAIRN_SCRATCH/checkpoint; touch {self.folder}/begun; "
                             "while :; do sleep 0.1; done", *flags, **options)
        self.service.until(lambda: (self.folder / "begun").exists())
        return worker

    def test_sigkill_of_the_worker_leaves_nobody_behind(self):
        self.create("kill", 1)
        worker = self.start_tree("kill", "--lease", "2", scratch=self.folder / "scratch")
        self.assertGreaterEqual(len(worker.others()), 6)
        worker.kill()
        worker.wait_until_nobody_is_left()
        # Once the lease has run out, another takes it up where it was left.
        self.run_whole("kill", f"cp $CAIRN_SCRATCH/checkpoint {self.folder}/found; {told(VALUE)}",
                       scratch=self.folder / "scratch")
        trial = self.trial("kill")
        self.assertEqual((trial["state"], trial["attempt"]), ("completed", 2))
        self.assertEqual((self.folder / "found").read_text(), "x\n")

    def test_sigterm_hands_back(self):
        for number, name in ((signal.SIGTERM, "term"), (signal.SIGINT, "int")):
            self.create(name, 1)
            (self.folder / "begun").unlink(missing_ok=True)
            worker = self.start_tree(name, "--lease", "86400")
            worker.process.send_signal(number)
            status, output, error = worker.finish()
            self.assertEqual(status, 0, error)
            self.assertIn("1 handed back", output)
            self.assertEqual(worker.others(), [])
            self.assertEqual(self.trial(name)["state"], "queued")
            self.run_whole(name, told(VALUE))
            self.assertEqual(self.trial(name)["attempt"], 2)

    def test_a_second_signal_ends_at_once(self):
        self.create("twice", 1)
        worker = self.start_tree("twice", "--grace", "86400", trap="trap '' TERM;")
        worker.process.send_signal(signal.SIGTERM)
        self.assertTrue(worker.process.stdout.readline().startswith("Ending"))
        worker.process.send_signal(signal.SIGTERM)
        # With 0 where there was time to hand the trial back.
        self.assertIn(worker.finish()[0], (0, 1))
        worker.wait_until_nobody_is_left()

    def test_a_study_that_is_stopped_ends_its_commands(self):
        for name, stop in (("stop", lambda: self.service.post("/v1/studies/stop/stop")),
                           ("delete", lambda: self.service.delete("/v1/studies/delete"))):
            self.create(name, 2)
            (self.folder / "begun").unlink(missing_ok=True)
            worker = self.start_tree(name, "--lease", "2", "--grace", "0.5", trap="trap '' TERM;")
            self.assertIn(stop().status, (200, 204))
            worker.finish()
            self.assertEqual(worker.others(), [])

    def test_a_lost_lease_ends_the_command(self):
        self.create("lost", 1)
        proxy = Proxy(self, self.service)
        worker = self.start_tree("lost", "--lease", "1", address=proxy.address)
        proxy.refuses = True
        proxy.cut()
        self.service.until(lambda: self.trial("lost")["state"] == "queued")
        asked = self.service.post("/v1/studies/lost/suggestions", {"count": 1, "worker": "other", "lease_seconds": 600})
        self.assertEqual(len(asked.json["items"]), 1)
        proxy.refuses = False
        self.service.until(lambda: not worker.others())
        self.assertEqual(self.trial("lost")["worker"], "other")
        self.assertEqual(
            self.service.post("/v1/studies/lost/trials/1/complete", {"metrics": {"score": 1}}).status, 200)
        status, output, _ = worker.finish()
        self.assertEqual(status, 0)
        self.assertIn("1 lost", output)


class Disturbances(WorkerCase):
    def undisturbed(self, name, trials):
        with Service() as service:
            self.assertEqual(service.post("/v1/studies", external(name, trials)).status, 201)
            worker = Worker(self, service, name, told(VALUE), "--slots", "2")
            self.assertEqual(worker.finish()[0], 0)
            return table(service, name)

    def counting(self, seconds=0.3):
        """A script that counts its runs."""
        return f"echo $CAIRN_ATTEMPT >> {self.folder}/$CAIRN_TRIAL; sleep {seconds}; {told(VALUE)}"

    def test_the_service_killed_while_commands_run(self):
        self.create("killed", 6)
        worker = self.worker("killed", self.counting(2), "--slots", "2")
        for count in (1, 3):
            self.service.until(lambda: len(list(self.folder.iterdir())) >= count)
            self.service.kill()
            self.service.restart()
        status, _, error = worker.finish()
        self.assertEqual(status, 0, error)
        self.assertEqual(table(self.service, "killed"), self.undisturbed("killed", 6))
        # Leases outlive the service: nothing was run twice.
        self.assertEqual([len((self.folder / str(n)).read_text().split()) for n in range(1, 7)], [1] * 6)

    def test_connections_cut_at_random(self):
        self.create("cut", 20)
        proxy = Proxy(self, self.service)
        worker = self.worker("cut", self.counting(), "--slots", "2", address=proxy.address)
        self.service.until(lambda: proxy.connections >= 3)
        proxy.disturb(8, seed=1)
        status, _, error = worker.finish()
        self.assertEqual(status, 0, error)
        worker.wait_until_nobody_is_left()
        self.assertEqual(table(self.service, "cut"), self.undisturbed("cut", 20))

    def test_half_a_minute_of_kills_and_cuts(self):
        print(Chaos(self, seconds=30, trials=80, seed=3).run())

    def test_what_is_told_twice_is_told_once(self):
        self.create("told", 4)
        proxy = Proxy(self, self.service)
        lost = set()

        def loses(request, answer):
            place = request.partition(b" HTTP")[0]
            if b"/complete" not in place or place in lost or b" 200 " not in answer[:20]:
                return False
            lost.add(place)
            return True
        proxy.loses = loses
        worker = self.worker("told", self.counting(0), address=proxy.address)
        status, output, error = worker.finish()
        self.assertEqual(status, 0, error)
        self.assertEqual(len(lost), 4)
        self.assertIn("4 completed", output)
        self.assertEqual(table(self.service, "told"), self.undisturbed("told", 4))
        self.assertEqual([len((self.folder / str(n)).read_text().split()) for n in range(1, 5)], [1] * 4)


class Memory(WorkerCase):
    def group(self):
        """A control group that may take little memory; the test is skipped where none is ours to make."""
        for root, limit, members in (("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "tasks"),
                                     ("/sys/fs/cgroup", "memory.max", "cgroup.procs")):
            folder = pathlib.Path(root) / f"cairn-test-{os.getpid()}"
            try:
                folder.mkdir()
            except OSError:
                continue
            self.addCleanup(folder.rmdir)
            try:
                (folder / limit).write_text(str(256 << 20))
                return folder / members
            except OSError:
                continue
        self.skipTest("no control group can be made here")

    def test_a_command_that_the_kernel_ends_for_memory(self):
        members = self.group()
        self.create("memory", 1, retries=1)
        hungry = [sys.executable, "-c", "x = [b'x' * (1 << 20) for _ in range(4000)]"]
        self.run_whole("memory", hungry, shell=False,
                       prefix=["sh", "-c", f'echo $$ > {members}; exec "$@"', "sh"])
        trial = self.trial("memory")
        self.assertEqual(trial["state"], "failed")
        self.assertIn("memory was exhausted", trial["error"])


if __name__ == "__main__":
    unittest.main()
