"""The database's own file: one service however it is called, and what the operator does to it while it runs."""
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

import toy
from support import BINARY, ROOT, Log, Service


class DatabaseFile(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.path = self.folder / "x.sqlite"
        self.log = Log(self)

    def service(self, path=None, prefix=()):
        service = Service(database=path or self.path, flags=["--workers", "1"], log=self.log, prefix=prefix)
        self.addCleanup(service.__exit__)
        return service

    def logged(self):
        # A worker that cannot store an outcome has a line of its own.
        return [line for line in self.log.text.splitlines()
                if (" error " in line or " warning " in line) and "[TrialExecution]" not in line]

    def files(self):
        return {p.relative_to(self.folder): p.stat().st_ino for p in self.folder.rglob("*")}

    def refused(self, path):
        before = self.files()
        ended = subprocess.run([BINARY, "serve", "--listen", "127.0.0.1:0", "--database", str(path), "--public",
                                str(ROOT / "public")], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual((ended.returncode, ended.stdout), (1, ""))
        self.assertRegex(ended.stderr, r"^cairn: .* is in use by another service.*\.\n$")
        self.assertEqual(self.files(), before)

    def test_a_link_made_before_its_target(self):
        (self.folder / "real").mkdir()
        link = self.folder / "link.sqlite"
        link.symlink_to(self.folder / "real" / "x.sqlite")
        self.service(link)
        self.refused(self.folder / "real" / "x.sqlite")

    def test_a_hard_link(self):
        service = self.service()
        os.link(self.path, self.folder / "hard.sqlite")
        self.refused(self.folder / "hard.sqlite")
        self.refused(self.path)
        service.stop()
        self.service(self.folder / "hard.sqlite")

    def test_a_mount_of_the_file(self):
        service = self.service()
        other = self.folder / "mounted.sqlite"
        other.touch()
        if subprocess.run(["mount", "--bind", self.path, other], stderr=subprocess.DEVNULL, check=False).returncode:
            self.skipTest("only root can mount")
        self.addCleanup(lambda: subprocess.run(["umount", "-l", other], check=True))
        self.refused(other)
        self.assertEqual(service.get("/readyz").status, 200)

    def unready(self, service, words):
        """Changes and `/readyz` say what is wrong, within the second in which it is looked for; one line is logged."""
        answer = service.until(lambda: (a := service.get("/readyz")).status == 503 and a)
        self.assertIn(words, answer.json["detail"])
        answer = service.post("/v1/studies", toy.definition("refused", dataset="synthetic-cats"))
        self.assertEqual(answer.status, 503)
        self.assertIn(words, answer.json["detail"])
        self.assertEqual(service.get("/healthz").status, 200)
        # The line may come a moment after the answers.
        told = service.until(self.logged)
        self.assertEqual(len(told), 1, told)
        self.assertIn(words, told[0])

    def test_moved_away_and_back(self):
        service = self.service()
        # Nothing is stored after its end, which would have a line of its own.
        definition = toy.definition("kept", dataset="synthetic-cats", budget={"trials": 1}, validation={"final": None})
        self.assertEqual(service.post("/v1/studies", definition).status, 201)
        service.wait("kept")
        shutil.move(self.path, self.folder / "away.sqlite")
        self.unready(service, "moved away")
        self.assertEqual(service.get("/v1/studies/kept").status, 200)
        shutil.move(self.folder / "away.sqlite", self.path)
        service.until(lambda: service.get("/readyz").status == 200)
        self.assertEqual(service.post("/v1/studies", toy.definition("more", dataset="synthetic-cats")).status, 201)

    def test_stopped_while_moved_away(self):
        service = self.service()
        self.assertEqual(service.post("/v1/studies", toy.definition("s", dataset="synthetic-cats")).status, 201)
        (self.folder / "away").mkdir()
        shutil.move(self.path, self.folder / "away" / "x.sqlite")
        self.unready(service, "moved away")
        service.stop()
        self.assertEqual([p.name for p in self.folder.glob("x.sqlite*") if p.is_file()], ["x.sqlite.lock"])
        database = sqlite3.connect(self.folder / "away" / "x.sqlite")
        self.assertEqual(database.execute("SELECT name FROM studies").fetchall(), [("s",)])
        database.close()

    def test_deleted_and_replaced(self):
        other = self.folder / "other.sqlite"
        with Service(database=other) as service:
            self.assertEqual(service.post("/v1/studies", toy.definition("o", dataset="synthetic-cats")).status, 201)
        service = self.service()
        self.path.unlink()
        self.unready(service, "was deleted")
        before = other.read_bytes()
        shutil.move(other, self.path)
        answer = service.until(lambda: "took the place" in (a := service.get("/readyz")).text and a)
        self.assertEqual(answer.status, 503)
        # Not the other file's studies.
        self.assertEqual(service.get("/v1/studies").status, 503)
        service.stop()
        self.assertEqual(self.path.read_bytes(), before)

    def test_workers_are_as_many_as_processors_allowed(self):
        service = Service(database=self.path, prefix=["taskset", "-c", str(min(os.sched_getaffinity(0)))])
        self.addCleanup(service.__exit__)
        service.until(lambda: service.get("/v1/workers").json["items"])
        self.assertEqual([w["name"] for w in service.get("/v1/workers").json["items"]], ["local-1"])


if __name__ == "__main__":
    unittest.main()
