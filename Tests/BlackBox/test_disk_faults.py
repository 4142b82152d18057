"""What the disk and the machine refuse while data sets come in and go: told in one sentence, and the service goes on."""
import http.client
import os
import pathlib
import resource
import shutil
import subprocess
import tempfile
import unittest

import toy
from file_server import Files, sha256
from support import Service
from test_datasets import TABLE, multipart


def may_mount():
    """Whether this process may mount a file system; a container often may not, even as root."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False)
        if done.returncode == 0:
            subprocess.run(["umount", folder], check=True)
        return done.returncode == 0


class Refusals(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "data").mkdir()
        toy.write_csv(self.folder / "data")
        self.files = Files({"/x.csv": TABLE})
        self.addCleanup(self.files.close)
        self.service = Service(database=self.folder / "cairn.sqlite", flags=[
            "--data-folder", str(self.folder / "data"), "--import-networks", "127.0.0.1/32", "--workers", "1"])
        self.addCleanup(self.service.__exit__)
        self.shelf = self.folder / "cairn.sqlite.datasets"

    def upload(self, name, table=TABLE):
        body, headers = multipart({"name": name, "format": "csv"}, [("mine.csv", table)])
        return self.service.request("POST", "/v1/datasets", body, headers)

    def by_path(self, name):
        return self.service.post("/v1/datasets", {"name": name, "format": "csv", "files": [{"path": "toy.csv"}]})

    def by_url(self, name):
        file = {"url": self.files.url("/x.csv"), "sha256": sha256(TABLE)}
        return self.service.post("/v1/datasets", {"name": name, "format": "csv", "files": [file]})

    def refused(self, answer, *words):
        self.assertEqual(answer.status, 503, answer.text)
        self.assertIn("Retry-After", answer.headers)
        for word in words:
            self.assertIn(word, answer.json["detail"])
        self.assertEqual(self.service.get("/healthz").status, 200)

    def every_way(self, *words):
        """Each way of bringing in and taking away is refused; what came in before stays."""
        self.refused(self.upload("new"), *words)
        self.refused(self.by_path("new"), *words)
        self.refused(self.by_url("new"), *words)
        self.assertEqual(self.service.get("/v1/datasets/new").status, 404)
        self.assertEqual(self.service.get("/v1/datasets/before").json["examples"], 40)

    def works_again(self):
        self.assertEqual(self.upload("new").status, 201)
        self.assertEqual(self.by_path("other").status, 201)
        self.assertEqual(self.by_url("fetched").status, 202)
        ready = self.service.until(
            lambda: (d := self.service.get("/v1/datasets/fetched").json)["state"] != "importing" and d)
        self.assertEqual(ready["state"], "ready", ready)
        # Whatever was refused has left nothing.
        self.service.until(lambda: not list((self.shelf / "incoming").iterdir()))
        self.service.kill()
        self.service.restart()
        for name in ("before", "new", "other", "fetched"):
            self.assertEqual(self.service.get(f"/v1/datasets/{name}").status, 200, name)
            self.assertEqual(self.service.delete(f"/v1/datasets/{name}").status, 204, name)

    def test_the_folder_was_removed(self):
        self.assertEqual(self.upload("before").status, 201)
        shutil.rmtree(self.shelf)
        # It is made again, and the same files put back what was taken away with it.
        self.assertEqual(self.upload("new").status, 201)
        self.assertEqual(self.upload("before").status, 200)
        self.assertEqual(self.upload("gone").status, 201)
        shutil.rmtree(self.shelf)
        self.assertEqual(self.service.delete("/v1/datasets/gone").status, 204)
        for name in ("before", "new"):
            self.assertEqual(self.upload(name).status, 200)
            self.assertEqual(self.service.delete(f"/v1/datasets/{name}").status, 204)
        self.assertEqual(self.upload("before").status, 201)
        self.works_again()

    def test_a_file_stands_in_place_of_the_folder(self):
        self.assertEqual(self.upload("before").status, 201)
        self.shelf.rename(self.folder / "aside")
        self.shelf.write_text("not a folder")
        self.every_way(str(self.shelf), "cannot be written")
        self.refused(self.service.delete("/v1/datasets/before"), str(self.shelf))
        self.shelf.unlink()
        (self.folder / "aside").rename(self.shelf)
        self.works_again()

    @unittest.skipUnless(may_mount(), "needs leave to mount a file system")
    def test_the_disk_is_full(self):
        self.assertEqual(self.upload("before").status, 201)
        shutil.copytree(self.shelf, self.folder / "copy")
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", self.shelf], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.shelf], capture_output=True, check=False)
        shutil.copytree(self.folder / "copy", self.shelf, dirs_exist_ok=True)
        large = TABLE + b"1,2,no\n" * 100_000
        for _ in range(3):
            self.refused(self.upload("new", large), "the disk is full")
            self.assertEqual(list((self.shelf / "incoming").iterdir()), [])
        (self.shelf / "filler").write_bytes(b"")
        with (self.shelf / "filler").open("wb", buffering=0) as filler:
            try:
                while filler.write(b"x" * 4096):
                    pass
            except OSError:
                pass
        self.every_way("the disk is full")
        # Taking away makes room, and needs none.
        self.assertEqual(self.service.delete("/v1/datasets/before").status, 204)
        (self.shelf / "filler").unlink()
        self.assertEqual(self.upload("before").status, 201)
        self.works_again()

    @unittest.skipUnless(may_mount(), "needs leave to mount a file system")
    def test_the_disk_is_read_only(self):
        self.assertEqual(self.upload("before").status, 201)
        subprocess.run(["mount", "--bind", self.shelf, self.shelf], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.shelf], capture_output=True, check=False)
        subprocess.run(["mount", "-o", "remount,bind,ro", self.shelf], check=True)
        self.every_way(str(self.shelf), "read-only")
        self.refused(self.service.delete("/v1/datasets/before"), "read-only")
        self.assertEqual(self.service.get("/v1/datasets/before").status, 200)
        subprocess.run(["mount", "-o", "remount,bind,rw", self.shelf], check=True)
        self.works_again()

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_the_folder_may_not_be_written(self):
        self.assertEqual(self.upload("before").status, 201)
        for part in ("incoming", "names", "imports"):
            (self.shelf / part).chmod(0o555)
        self.every_way(str(self.shelf), "no permission")
        self.refused(self.service.delete("/v1/datasets/before"), "no permission")
        for part in ("incoming", "names", "imports"):
            (self.shelf / part).chmod(0o755)
        self.works_again()

    def test_too_many_files_are_open(self):
        self.assertEqual(self.upload("before").status, 201)
        process = self.service.process.pid
        soft, hard = resource.prlimit(process, resource.RLIMIT_NOFILE)
        connection = http.client.HTTPConnection(self.service.host, self.service.port, timeout=120)
        self.addCleanup(connection.close)

        def ask(method, path, body=None, headers=None):
            # By a connection that is open: a new one would need a descriptor, too.
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response, response.read().decode()
        self.assertEqual(ask("GET", "/v1/datasets/before")[0].status, 200)
        (self.folder / "data" / "late.csv").write_bytes(TABLE)
        body, headers = multipart({"name": "new", "format": "csv"}, [("mine.csv", TABLE)])
        listed = b'{"name": "new", "format": "csv", "files": [{"path": "late.csv"}]}'
        open_now = max(int(p) for p in os.listdir(f"/proc/{process}/fd"))
        # With no descriptor left, and with so few that another of the calls is the one that gets none.
        for left in range(4):
            resource.prlimit(process, resource.RLIMIT_NOFILE, (open_now + 1 + left, hard))
            for sent, head in ((body, headers), (listed, {"Content-Type": "application/json"})):
                answer, text = ask("POST", "/v1/datasets", sent, head)
                self.assertIn(answer.status, (503, 201), text)
                if answer.status == 503:
                    self.assertIn("Retry-After", answer.headers)
                    self.assertIn("try again", text)
                    self.assertNotIn("full", text)
                else:
                    self.assertEqual(ask("DELETE", "/v1/datasets/new")[0].status, 204)
        resource.prlimit(process, resource.RLIMIT_NOFILE, (soft, hard))
        self.works_again()


if __name__ == "__main__":
    unittest.main()
