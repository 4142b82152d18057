"""Every error path is walked: system calls fail one at a time, while all that the service does is done."""
import errno
import http.client
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

import toy
from faults import ERRORS, KINDS, Faults, Ledger, Walk, places
from support import BINARY, ROOT, Log, Service


class EveryFault(unittest.TestCase):
    # How many calls of each kind fail in each step, spread evenly over those that there are; None: every one.
    most = 2
    # The same for starts, of which each takes a while.
    most_starts = 1
    # How many errors of each kind last for a while; None: every one.
    most_errors = 1

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.log = Log(self)
        self.faults = Faults(self.folder)
        self.addCleanup(self.faults.close)
        toy.write_csv(self.folder)
        self.ledger = Ledger(self)
        self.tried = 0

    def service(self):
        service = Service(database=self.folder / "x.sqlite", flags=["--workers", "1", "--data-folder", str(self.folder)],
                          environment=self.faults.environment, log=self.log)
        self.addCleanup(self.end, service)
        return service

    def end(self, service):
        self.faults.disarm()
        service.__exit__()

    def test_single_calls(self):
        """Each step, with one call of it failing: the service answers, lives, keeps its promises and goes on."""
        service = self.service()
        for step in Walk.STEPS:
            before = self.faults.counts()
            counted = Walk(service, self.ledger, f"{step.__name__}-0")
            counted.begin() if step is Walk.look else None
            step(counted)
            counted.settle()
            after = self.faults.counts()
            for kind in KINDS:
                for index, place in enumerate(places(after[kind] - before[kind], self.most)):
                    code = ERRORS[kind][index % len(ERRORS[kind])]
                    with self.subTest(step=step.__name__, kind=kind, place=place, code=errno.errorcode[code]):
                        self.single(service, step, kind, place, code)
            self.restart(service)
        print(f"\n{self.tried} faults")

    def single(self, service, step, kind, place, code):
        walk = Walk(service, self.ledger, f"{step.__name__}-{kind}-{place}", is_cut=kind in ("traffic", "descriptors"))
        if step is Walk.look:
            walk.begin()
            walk.settle()
        self.faults.arm(kind, code, after=place)
        try:
            step(walk)
        finally:
            self.tried += self.faults.disarm()
        self.assertIsNone(service.process.poll(), f"the service has ended: {self.log.text[-2000:]}")
        walk.settle()
        ledger = Ledger(self)
        ledger.studies = {n: s for n, s in self.ledger.studies.items() if n.endswith(walk.name)}
        ledger.datasets = {n: s for n, s in self.ledger.datasets.items() if n.endswith(walk.name)}
        ledger.check(service)

    def restart(self, service):
        """All of it is there also after a death."""
        service.kill()
        service.restart()
        Walk(service, self.ledger, "restart").settle()
        self.ledger.check(service)

    def test_what_fails_for_a_while(self):
        """Every call of a kind fails: what can be answered is; SIGTERM ends the service; all is there afterwards."""
        service = self.service()
        for kind in KINDS:
            # What cannot be accepted cannot be answered, and what is bound once is never bound again.
            if kind in ("listen", "descriptors", "traffic"):
                continue
            for code in ERRORS[kind][:self.most_errors]:
                with self.subTest(kind=kind, code=errno.errorcode[code]):
                    walk = Walk(service, self.ledger, f"while-{kind}-{code}")
                    walk.call("POST", "/v1/studies", toy.unending(f"u-{walk.name}"))
                    self.ledger.studies[f"u-{walk.name}"] = {}
                    service.until(lambda: service.get(f"/v1/studies/u-{walk.name}").json["progress"]["completed"] > 0)
                    self.faults.arm(kind, code, lasting=True)
                    for step in Walk.STEPS:
                        step(walk)
                    self.assertEqual(service.get("/healthz").status, 200)
                    service.process.send_signal(signal.SIGTERM)
                    self.assertEqual(service.process.wait(timeout=60), 0, self.log.text[-2000:])
                    service.process.stdout.close()
                    self.tried += self.faults.disarm()
                    service.restart()
                    service.until(lambda: Walk.is_ready(service))
                    self.ledger.check(service)
                    self.assertEqual(service.post(f"/v1/studies/u-{walk.name}/stop").status, 200)
        print(f"\n{self.tried} faults")

    def test_starts(self):
        """One call of a start fails: it starts, or says why in one sentence; the next start has everything."""
        service = self.service()
        walk = Walk(service, self.ledger, "before")
        walk.begin()
        walk.upload()
        walk.settle()
        self.assertEqual(service.post("/v1/studies", toy.unending("running")).status, 201)
        service.until(lambda: service.get("/v1/studies/running").json["progress"]["running"] > 0)
        service.kill()
        kept = self.folder.with_name(self.folder.name + "-kept")
        shutil.copytree(self.folder, kept)
        self.addCleanup(shutil.rmtree, kept)
        before = self.faults.counts()
        service.start()
        after = self.faults.counts()
        service.kill()
        for kind in KINDS:
            for index, place in enumerate(places(after[kind] - before[kind], self.most_starts)):
                code = ERRORS[kind][(index + place) % len(ERRORS[kind])]
                with self.subTest(kind=kind, place=place, code=errno.errorcode[code]):
                    for path in self.folder.iterdir():
                        shutil.rmtree(path) if path.is_dir() else path.unlink()
                    shutil.copytree(kept, self.folder, dirs_exist_ok=True)
                    self.start(service, kind, place, code)

    def start(self, service, kind, place, code):
        self.log.clear()
        self.faults.arm(kind, code, after=place)
        try:
            service.start()
        except RuntimeError:
            sentences = [line for line in self.log.text.splitlines() if " notice " not in line]
            self.assertEqual(service.process.returncode, 1, sentences)
            self.assertEqual(len(sentences), 1, sentences)
            self.assertRegex(sentences[0], r"^cairn: .*[.]$")
            service.process.stdout.close()
            self.tried += self.faults.disarm()
            service.start()
        self.tried += self.faults.disarm()
        service.until(lambda: Walk.is_ready(service))
        self.ledger.check(service)
        service.stop()

    def test_a_reader_that_was_not_asked_is_not_waited_for(self):
        """The process that reads a data set is asked over a socket; where that fails it would wait for ever, and so would we."""
        service = self.service()
        self.assertEqual(service.get("/v1/datasets").status, 200)
        body = {"name": "mine", "format": "csv", "files": [{"path": "toy.csv"}]}

        def refused():
            # The request comes first, and then the question.
            self.faults.arm("traffic", errno.ENOBUFS, after=1)
            try:
                answer = service.post("/v1/datasets", body)
            except (ConnectionError, http.client.HTTPException):
                return None
            finally:
                self.faults.disarm()
            if answer.status == 503:
                return answer
            self.assertEqual(service.delete("/v1/datasets/mine").status, 204)
            return None
        self.assertIn("The process that examines data sets", service.until(refused).json["detail"])
        self.assertEqual(service.post("/v1/datasets", body).status, 201)

    def test_ends(self):
        """One call of an end fails: the service ends with 0, and the next start has everything."""
        service = self.service()
        walk = Walk(service, self.ledger, "before")
        walk.begin()
        walk.upload()
        walk.settle()
        self.assertEqual(service.post("/v1/studies", toy.unending("running")).status, 201)
        before = self.faults.counts()
        service.stop()
        counts = {kind: n - before[kind] for kind, n in self.faults.counts().items()}
        for kind in KINDS:
            for index, place in enumerate(places(counts[kind], self.most_starts)):
                code = ERRORS[kind][(index + place) % len(ERRORS[kind])]
                with self.subTest(kind=kind, place=place, code=errno.errorcode[code]):
                    service.start()
                    self.faults.arm(kind, code, after=place)
                    service.process.send_signal(signal.SIGTERM)
                    self.assertEqual(service.process.wait(timeout=60), 0, self.log.text[-2000:])
                    service.process.stdout.close()
                    self.tried += self.faults.disarm()
                    service.start()
                    self.ledger.check(service)
                    service.stop()


if __name__ == "__main__":
    unittest.main()
