"""Workers at work while workers, commands and the service are killed and the network is cut, at moments that a seed says."""
import os
import pathlib
import random
import signal
import tempfile
import time

from support import Service
from workers import Proxy, VALUE, Worker, external, table, told


class Chaos:
    """Runs a study of many trials for some seconds of disturbance, and then to its end."""

    def __init__(self, case, seconds, trials, seed):
        self.case, self.seconds, self.trials, self.chance = case, seconds, trials, random.Random(seed)
        folder = tempfile.TemporaryDirectory()
        case.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.runs = self.folder / "runs"
        self.scratch = self.folder / "scratch"
        self.runs.mkdir()
        self.counts = dict.fromkeys(("worker", "command", "service", "network"), 0)

    def create(self, service):
        definition = external("chaos", self.trials, retries=100, parallelism=4)
        definition["parameters"]["y"] = {"type": "real", "min": 0, "max": 1, "points": 401}
        answer = service.post("/v1/studies", definition)
        self.case.assertEqual(answer.status, 201, answer.text)

    def start(self, service, proxy, pause="0.{x}"):
        script = (f"for step in 1 2 3; do echo \"cairn step=$step score=$CAIRN_PARAM_X.$step\"; sleep {pause}; done; "
                  f"{told(VALUE)}; echo $CAIRN_ATTEMPT >> {self.runs}/$CAIRN_TRIAL")
        return Worker(self.case, service, "chaos", script, "--slots", "2", "--lease", "2", "--grace", "1",
                      address=proxy.address if proxy else None, scratch=self.scratch)

    def commands(self, worker):
        """The shells that a worker's guardians run."""
        found = []
        for process in worker.others():
            try:
                if (pathlib.Path("/proc") / str(process) / "comm").read_text().strip() == "sh":
                    found.append(process)
            except OSError:
                pass
        return found

    def disturb(self, service, proxy, workers):
        """One disturbance."""
        kind = self.chance.choice(sorted(self.counts))
        self.counts[kind] += 1
        number = self.chance.randrange(len(workers))
        if kind == "worker":
            workers[number].kill()
            # Its own must be gone before the next has the same trial: that is the guardian's part, not the test's.
            workers[number].wait_until_nobody_is_left()
            workers[number] = self.start(service, proxy)
        elif kind == "command":
            for process in self.commands(workers[number])[:1]:
                try:
                    os.kill(process, signal.SIGKILL)
                except OSError:
                    pass
        elif kind == "service":
            service.kill()
            service.restart()
        else:
            proxy.disturb(self.chance.uniform(0, 4), self.chance.random())

    def run(self):
        """Holds the table against that of an undisturbed run; gives how often what was disturbed."""
        case = self.case
        with Service() as service:
            self.create(service)
            proxy = Proxy(case, service)
            workers = [self.start(service, proxy) for _ in range(2)]
            end = time.monotonic() + self.seconds
            while time.monotonic() < end:
                time.sleep(self.chance.uniform(0.2, 2))
                self.disturb(service, proxy, workers)
                # One that gave up, because the service was away when it began, is started again.
                workers = [w if w.process.poll() is None else self.start(service, proxy) for w in workers]
            service.until(lambda: service.get("/v1/studies/chaos").json["state"] == "completed", 600)
            for worker in workers:
                worker.finish()
                worker.wait_until_nobody_is_left()
            disturbed = table(service, "chaos")
            runs = [len((self.runs / str(n)).read_text().split()) for n in range(1, self.trials + 1)]
            retried = sum(t["attempt"] > 1 for t in service.all("/v1/studies/chaos/trials"))
        with Service() as service:
            self.create(service)
            worker = self.start(service, None, pause="0")
            case.assertEqual(worker.finish()[0], 0)
            case.assertEqual(disturbed, table(service, "chaos"))
        case.assertEqual(len(disturbed), self.trials)
        return f"disturbed: {self.counts}; {retried} of {self.trials} trials tried again; to their end {sum(runs)} runs"
