"""A full disk: changes are refused and say why, what was there is read on, and the service ends when it is told to."""
import pathlib
import signal
import subprocess
import tempfile
import unittest

import toy
from support import Log, Service


class FullDisk(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.disk = pathlib.Path(folder.name)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2500k", "tmpfs", folder.name],
                                 stderr=subprocess.DEVNULL, check=False)
        if mounted.returncode != 0:
            self.skipTest("only root can make a small disk")
        self.addCleanup(lambda: subprocess.run(["umount", "-l", folder.name], check=False))

    def service(self, **more):
        service = Service(database=self.disk / "x.sqlite", flags=["--workers", "1"], **more)
        self.addCleanup(service.__exit__)
        return service

    @staticmethod
    def study(number):
        study = toy.definition(f"d-{number}", dataset="synthetic-cats", notes="x" * 60_000)
        study["parameters"] = {"iterations": {"type": "integer", "min": 1, "max": 200}}
        study["model"]["units_1"] = 2
        return study

    def fill(self, service):
        """Posts until the disk is full; gives the names that were acknowledged."""
        acknowledged = []
        for number in range(100):
            answer = service.post("/v1/studies", self.study(number))
            if answer.status == 503:
                self.assertIn("disk", answer.json["detail"])
                self.assertIn("Retry-After", answer.headers)
                return acknowledged
            self.assertEqual(answer.status, 201)
            acknowledged.append(f"d-{number}")
        self.fail("the disk was not filled")

    def block(self):
        """Takes what room is left."""
        with open(self.disk / "filler", "ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass

    def test_sigterm_ends_it_while_outcomes_wait(self):
        log = Log(self)
        service = self.service(log=log)

        def waits():
            return "could not be stored, trying again" in log.text

        # An outcome is under way most of the time, so one is soon refused.
        self.assertEqual(service.post("/v1/studies", toy.unending("u", dataset="synthetic-cats")).status, 201)
        for _ in range(20):
            self.block()
            try:
                Service.until(waits, seconds=5)
                break
            except TimeoutError:
                (self.disk / "filler").unlink()
        self.assertTrue(waits())
        service.process.send_signal(signal.SIGTERM)
        self.assertEqual(service.process.wait(timeout=60), 0)
        # By itself, not by the end that comes in any case.
        self.assertNotIn("without waiting", log.text)

    def test_it_says_so_and_recovers(self):
        service = self.service()
        self.assertEqual(service.post("/v1/studies", toy.unending("u", dataset="synthetic-cats")).status, 201)
        service.until(lambda: service.get("/v1/studies/u").json["progress"]["completed"] > 1)
        acknowledged = self.fill(service)
        self.block()
        answer = service.until(lambda: (a := service.get("/readyz")).status == 503 and a)
        self.assertIn("The disk is full", answer.json["detail"])
        service.until(lambda: service.get("/v1/studies/u").json["waiting_for"] == "disk")
        self.assertEqual(len(service.all("/v1/studies")), len(acknowledged) + 1)
        done = service.get("/v1/studies/u").json["progress"]["completed"]
        (self.disk / "filler").unlink()
        subprocess.run(["mount", "-o", "remount,size=20m", str(self.disk)], check=True)
        service.until(lambda: service.get("/readyz").status == 200)
        self.assertNotEqual(service.get("/v1/studies/u").json["waiting_for"], "disk")
        service.until(lambda: service.get("/v1/studies/u").json["progress"]["completed"] > done)

    def test_it_recovers_where_nobody_asks_for_a_change(self):
        service = self.service()
        self.fill(service)
        self.block()
        self.assertEqual(service.post("/v1/studies", self.study(200)).status, 503)
        service.until(lambda: service.get("/readyz").status == 503)
        (self.disk / "filler").unlink()
        subprocess.run(["mount", "-o", "remount,size=20m", str(self.disk)], check=True)
        service.until(lambda: service.get("/readyz").status == 200)

    def test_a_start_serves_what_there_is_or_names_the_disk(self):
        service = self.service()
        acknowledged = self.fill(service)
        for size, end in (("20m", service.stop), ("40m", service.kill)):
            end()
            self.block()
            ended = self.try_start(service)
            if ended is not None:
                self.assertRegex(ended, r"^cairn: .*the disk is full.*\.\n$")
                subprocess.run(["mount", "-o", f"remount,size={size}", str(self.disk)], check=True)
                service.start()
            self.assertLessEqual(set(acknowledged), {s["name"] for s in service.all("/v1/studies")})
            (self.disk / "filler").unlink(missing_ok=True)

    def try_start(self, service):
        """Starts again; what standard error says where the start is refused, else None."""
        service.log = Log(self)
        try:
            service.start()
            return None
        except RuntimeError:
            return service.log.text
        finally:
            service.log = None


if __name__ == "__main__":
    unittest.main()
