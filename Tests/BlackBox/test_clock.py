"""The wall clock is set while the service runs: no budget and no duration counts that (libfaketime)."""
import glob
import os
import pathlib
import tempfile
import time
import unittest
from email.utils import parsedate_to_datetime

import toy
from support import Service

LIBRARY = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), None)


class SetClock(unittest.TestCase):
    def setUp(self):
        if LIBRARY is None:
            self.skipTest("libfaketime is not installed")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.set("+0")
        toy.write_csv(self.folder)
        # Beneath a shell, because libfaketime moves the environment when it is loaded first, and Swift finds its arguments
        # by where that lies.
        shell = ["/bin/sh", "-c", 'exec "$0" "$@"']
        self.service = Service(database=self.folder / "x.sqlite", flags=["--workers", "1", "--data-folder", folder.name], prefix=shell, environment={
            "LD_PRELOAD": LIBRARY, "FAKETIME_TIMESTAMP_FILE": str(self.folder / "offset"), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1"})
        self.addCleanup(self.tidy)

    def tidy(self):
        self.service.__exit__()
        for left in glob.glob(f"/dev/shm/*faketime*_{self.service.process.pid}"):
            os.unlink(left)

    def set(self, offset):
        new = self.folder / "offset.new"
        new.write_text(offset + "\n")
        os.replace(new, self.folder / "offset")

    def post(self, name, **budget):
        study = toy.unending(name)
        study["budget"] = budget
        self.assertEqual(self.service.post("/v1/studies", study).status, 201)

    def state(self, name):
        return self.service.get(f"/v1/studies/{name}").json

    def done(self, name, count):
        return self.service.until(lambda: (s := self.state(name))["progress"]["completed"] >= count and s)

    def test_a_step_ahead_and_one_back(self):
        self.post("long", seconds=6000)
        before = self.done("long", 1)["progress"]["completed"]
        for offset in ("+3600", "-3600"):
            self.set(offset)
            self.service.until(lambda: abs(self.service_time() - time.time()) > 3000)
            study = self.done("long", before + 3)
            before = study["progress"]["completed"]
            self.assertEqual(study["state"], "running")
            self.assertLess(study["progress"]["elapsed_seconds"], 3000)
        self.post("later", trials=2)
        self.assertEqual([s["name"] for s in self.service.get("/v1/studies").json["items"]], ["later", "long"])
        for trial in self.service.all("/v1/studies/long/trials"):
            if trial["finished_at"] is None:
                continue
            self.assertLessEqual(trial["created_at"], trial["started_at"])
            self.assertLessEqual(trial["started_at"], trial["finished_at"])
            self.assertLess(trial["duration_seconds"], 3000)

    def service_time(self):
        return parsedate_to_datetime(self.service.get("/healthz").headers["Date"]).timestamp()


if __name__ == "__main__":
    unittest.main()
