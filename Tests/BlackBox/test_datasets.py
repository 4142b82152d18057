"""Bringing data sets in: uploads, paths, what is refused by name, and what is left on the disk."""
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time
import unittest

import toy
from support import ROOT, Service


def multipart(fields, files, boundary="a-boundary-of-some-length"):
    """A body of multipart/form-data; files are (name, bytes)."""
    parts = []
    for name, value in fields.items():
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, content in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n' \
               "Content-Type: application/octet-stream\r\n\r\n"
        parts.append(head.encode() + content + b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return b"".join(parts), {"Content-Type": f'multipart/form-data; boundary="{boundary}"'}


TABLE = b"a,b,label\n" + b"".join(
    f"{i},{(i * 7) % 11},{'yes' if i % 2 else 'no'}\n".encode() for i in range(40))


class Datasets(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "data").mkdir()
        toy.write_csv(self.folder / "data")
        self.service = Service(database=self.folder / "cairn.sqlite", flags=["--data-folder", str(self.folder / "data")])
        self.addCleanup(self.service.__exit__)

    def upload(self, files, **fields):
        body, headers = multipart({"format": "csv", **fields}, files)
        return self.service.request("POST", "/v1/datasets", body, headers)

    def left(self):
        """What is on the shelf beside the data sets themselves."""
        shelf = self.folder / "cairn.sqlite.datasets"
        return sorted(str(p.relative_to(shelf)) for p in shelf.glob("incoming/*"))

    def test_an_upload_is_tuned_on(self):
        answer = self.upload([("mine.csv", TABLE)], name="mine")
        self.assertEqual(answer.status, 201, answer.text)
        self.assertEqual(answer.headers["Location"], "/v1/datasets/mine")
        self.assertEqual((answer.json["examples"], answer.json["classes"]), (40, ["no", "yes"]))
        self.assertEqual(self.upload([("mine.csv", TABLE)], name="mine").status, 200)
        self.assertEqual(self.upload([("mine.csv", TABLE + b"1,2,no\n")], name="mine").status, 409)
        self.assertIn("mine", [d["name"] for d in self.service.get("/v1/datasets").json["items"]])
        study = toy.definition("on-mine", dataset="mine")
        self.assertEqual(self.service.post("/v1/studies", study).status, 201)
        ended = self.service.wait("on-mine")
        self.assertEqual(ended["resolved"]["dataset"]["sha256"] if isinstance(ended["resolved"]["dataset"], dict)
                         else answer.json["sha256"], answer.json["sha256"])
        self.assertEqual(ended["progress"]["completed"], 18)
        # It is still there after a kill.
        self.service.kill()
        self.service.restart()
        self.assertEqual(self.service.get("/v1/datasets/mine").json["sha256"], answer.json["sha256"])
        self.assertEqual(self.service.delete("/v1/datasets/mine").status, 204)
        self.assertEqual(self.service.get("/v1/datasets/mine").status, 404)
        self.assertEqual(self.service.delete("/v1/datasets/mine").status, 404)
        shelf = self.folder / "cairn.sqlite.datasets"
        self.assertEqual([p for part in ("objects", "names", "incoming") for p in (shelf / part).iterdir()], [])

    def test_what_is_in_use_stays(self):
        self.upload([("used.csv", TABLE)], name="used")
        self.service.post("/v1/studies", toy.unending("user", dataset="used"))
        refused = self.service.delete("/v1/datasets/used")
        self.assertEqual(refused.status, 409)
        self.assertIn("user", refused.json["detail"])
        self.service.post("/v1/studies/user/stop")
        self.assertEqual(self.service.delete("/v1/datasets/used").status, 204)
        for name, why in (("toy", "lies in the data folder"), ("synthetic-cats", "is built in")):
            refused = self.service.delete(f"/v1/datasets/{name}")
            self.assertEqual(refused.status, 409)
            self.assertIn(f"Data set {name} {why}", refused.json["detail"])
        unknown = self.service.delete("/v1/datasets/none")
        self.assertEqual(unknown.status, 404)
        self.assertEqual(unknown.json["detail"], "There is no data set none; GET /v1/datasets lists all.")

    def test_paths_in_the_data_folder(self):
        (self.folder / "data" / "sub").mkdir()
        (self.folder / "data" / "sub" / "more.csv").write_bytes(TABLE)
        (self.folder / "secret.csv").write_bytes(TABLE)
        (self.folder / "data" / "link.csv").symlink_to(self.folder / "secret.csv")

        def post(**more):
            return self.service.post("/v1/datasets", {
                "name": "by-path", "format": "csv", "files": [{"path": "sub/more.csv"}], **more})
        self.assertEqual(post().status, 201)
        # What the study is pinned to does not change with the file.
        (self.folder / "data" / "sub" / "more.csv").write_bytes(b"")
        self.service.kill()
        self.service.restart()
        self.assertEqual(self.service.get("/v1/datasets/by-path").json["examples"], 40)
        # A link that leads out is followed neither at a start nor by its path.
        self.assertEqual(self.service.get("/v1/datasets/link").status, 404)
        refused = post(name="other", files=[{"path": "link.csv"}])
        self.assertIn("leads out of the data folder", refused.json["errors"][0]["detail"])
        for path in ("../secret.csv", "link.csv", "/etc/passwd", "nothing.csv", "", "sub/../../secret.csv"):
            refused = post(name="other", files=[{"path": path}])
            self.assertEqual(refused.status, 422, path)
            self.assertEqual(refused.json["errors"][0]["pointer"], "/files/0/path")
        wrong = post(name="other", formt="csv", format="cvs", scaling="max", files=[{}, {"path": 1}])
        pointers = {e["pointer"] for e in wrong.json["errors"]}
        self.assertEqual(pointers, {"/formt", "/format", "/scaling", "/files/0", "/files/1/path"})

    def test_broken_uploads_leave_nothing_behind(self):
        for files, fields, word in (
            ([("x.csv", b"a,label\n1,x\nnan,y\n")], {}, "row 3"),
            ([("x.csv", b"a,label\n1,x\n2,x\n")], {}, "class"),
            ([("x.h5", b"\x89HDF\r\n\x1a\n" + b"\0" * 100)], {"format": "hdf5"}, "x.h5"),
            ([("x.csv", TABLE)], {"name": "A B"}, "name"),
            ([("x.csv", TABLE)], {"format": "png"}, "format"),
            ([], {}, "file"),
            ([("x", b"1"), ("y", b"2"), ("z", b"3"), ("u", b"4"), ("v", b"5")], {}, "4 files"),
        ):
            answer = self.upload(files, **{"name": "broken", **fields})
            self.assertIn(answer.status, (400, 422), word)
            self.assertIn(word, answer.text)
        body, headers = multipart({"name": "cut", "format": "csv"}, [("x.csv", TABLE)])
        for wrong in (body[:-8], b"", b"--other\r\n\r\n", body.replace(b"form-data;", b"attachment;")):
            self.assertEqual(self.service.request("POST", "/v1/datasets", wrong, headers).status, 400)
        self.assertEqual(self.service.post("/v1/datasets", b"x", {"Content-Type": "text/csv"}).status, 415)
        self.assertEqual(self.left(), [])
        names = [d["name"] for d in self.service.get("/v1/datasets").json["items"]]
        self.assertEqual(names, ["synthetic-cats", "synthetic-digits", "toy"])

    def test_by_curl_and_cut_anywhere(self):
        (self.folder / "curl.csv").write_bytes(TABLE)
        ended = subprocess.run(
            ["curl", "-sS", "--fail-with-body", "-F", "name=curl", "-F", "format=csv",
             "-F", f"files=@{self.folder / 'curl.csv'}", f"{self.service.address}/v1/datasets"],
            capture_output=True, text=True, check=False)
        self.assertEqual(ended.returncode, 0, ended.stdout)
        # The parser sees the body in pieces of every size.
        import http.client
        body, headers = multipart({"name": "pieces", "format": "csv"}, [("x.csv", TABLE)])
        for size in (1, 2, 3, 7, 29):
            connection = http.client.HTTPConnection(self.service.host, self.service.port, timeout=120)
            connection.request("POST", "/v1/datasets", iter([body[i:i + size] for i in range(0, len(body), size)]),
                               headers, encode_chunked=True)
            self.assertIn(connection.getresponse().status, (200, 201))
            connection.close()

    def test_a_file_that_ends_its_reader_is_refused(self):
        """Files are read by a process of their own; the service outlives it."""
        rows = b"".join(b"%d,%d,%s\n" % (i, i, b"x" if i % 2 else b"y") for i in range(1000))
        # Once the data folder has been read, no other reader is about.
        self.assertEqual(self.service.get("/v1/datasets").status, 200)

        def killed():
            """The answer to an upload whose reader was killed; None where the reader was faster than this test."""
            answers, readers = [], []
            sender = threading.Thread(target=lambda: answers.append(
                self.upload([("x.csv", b"a,b,label\n" + rows * 1500)], name="deadly")))
            sender.start()
            while sender.is_alive() and not (readers := self.service.children()):
                time.sleep(0.001)
            for reader in readers:
                try:
                    os.kill(reader, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            sender.join()
            if answers[0].status != 201:
                return answers[0]
            self.assertEqual(self.service.delete("/v1/datasets/deadly").status, 204)
            return None
        answers = [self.service.until(killed)]
        self.assertEqual(answers[0].status, 422, answers[0].text)
        damaged = ROOT / "Tests" / "Fixtures" / "fuzzing" / "crashes-libhdf5.h5"
        answer = self.upload([("damaged.h5", damaged.read_bytes())], name="deadly", format="hdf5")
        self.assertEqual(answer.status, 422, answer.text)
        self.assertIn("damaged.h5", answer.json["detail"])
        self.assertIn("x.csv: the files could not be read to their end", answers[0].json["detail"])
        self.assertEqual(self.left(), [])
        self.assertEqual(self.service.get("/v1/datasets/deadly").status, 404)

    def test_a_large_upload_takes_no_memory(self):
        def resident():
            status = pathlib.Path(f"/proc/{self.service.process.pid}/status").read_text()
            return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])

        rows = b"".join(b"%d,%d,x\n" % (i, i) for i in range(1000))
        before, peak, done = resident(), [0], threading.Event()

        def watch():
            while not done.is_set():
                peak[0] = max(peak[0], resident())
                time.sleep(0.01)
        watcher = threading.Thread(target=watch)
        watcher.start()
        # One class only: it is read to the disk whole, and refused then.
        body, headers = multipart({"name": "large", "format": "idx"}, [("x", b"a,b,label\n" + rows * 6000)])
        answer = self.service.request("POST", "/v1/datasets", body, headers)
        done.set()
        watcher.join()
        self.assertEqual(answer.status, 422)
        print(f"\nupload of {len(body) >> 20} MiB: resident {before >> 10} MiB before, {peak[0] >> 10} MiB at most")
        self.assertLess(peak[0] - before, 32 << 10)
        self.assertEqual(self.left(), [])


if __name__ == "__main__":
    unittest.main()
