"""Data sets by URL: fetched in the background, checked, refused by name, taken up again after a kill."""
import os
import pathlib
import signal
import tempfile
import unittest

import toy
from file_server import Files, sha256
from support import Service
from test_datasets import TABLE, multipart


class Imports(unittest.TestCase):
    flags = ["--import-networks", "127.0.0.1/32,::1"]

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "data").mkdir()
        (self.folder / "data" / "second.csv").write_bytes(TABLE)
        toy.write_csv(self.folder / "data")
        self.files = Files({"/x.csv": TABLE, "/slow.csv": TABLE, "/half.csv": b"a,b,label\n1,2,x\n1,nan,y\n"})
        self.addCleanup(self.files.close)

    def serve(self, *flags):
        service = Service(database=self.folder / "cairn.sqlite",
                          flags=["--data-folder", str(self.folder / "data"), "--workers", "1", *flags])
        self.addCleanup(service.__exit__)
        return service

    def post(self, service, name, *files, format="csv", **more):
        return service.post("/v1/datasets", {"name": name, "format": format, "files": list(files), **more})

    def file(self, path="/x.csv", content=None, host="127.0.0.1"):
        return {"url": self.files.url(path, host), "sha256": sha256(self.files.files[path] if content is None else content)}

    def ended(self, service, name):
        return service.until(lambda: (d := service.get(f"/v1/datasets/{name}").json)["state"] != "importing" and d)

    def left(self):
        """Whatever an import could have left."""
        shelf = self.folder / "cairn.sqlite.datasets"
        # Unlike rglob, a walk does not mind folders that the service takes away meanwhile.
        return sorted(str(pathlib.Path(folder, file).relative_to(shelf))
                      for folder, _, files in os.walk(shelf) for file in files)

    def test_a_data_set_is_fetched_and_tuned_on(self):
        service = self.serve(*self.flags)
        answer = self.post(service, "fetched", self.file(), {"path": "second.csv"})
        self.assertEqual(answer.status, 202, answer.text)
        self.assertEqual(answer.headers["Location"], "/v1/datasets/fetched")
        self.assertEqual((answer.json["state"], answer.json["examples"]), ("importing", None))
        ready = self.ended(service, "fetched")
        self.assertEqual((ready["state"], ready["examples"], ready["second_part_examples"]), ("ready", 40, 40), ready)
        self.assertEqual(ready["origin"], f"csv: {self.files.url('/x.csv')}, second.csv")
        # The same again is the existing one; with another file it is another.
        again = self.post(service, "fetched", self.file(), {"path": "second.csv"})
        self.assertEqual((again.status, again.json["sha256"]), (200, ready["sha256"]))
        self.assertEqual(self.post(service, "fetched", self.file()).status, 409)
        self.assertEqual(len(self.files.asked), 1)
        # It is there for everybody a moment before its import is forgotten.
        service.until(lambda: not [p for p in self.left() if "imports" in p or "incoming" in p])
        self.assertEqual(service.post("/v1/studies", toy.definition("on-it", dataset="fetched")).status, 201)
        self.assertEqual(service.wait("on-it")["progress"]["completed"], 18)
        # It stays while the study's best points are scored on its second part.
        service.until(lambda: service.delete("/v1/datasets/fetched").status == 204)
        self.assertEqual(self.left(), [])

    def test_what_goes_wrong_is_told_and_leaves_nothing(self):
        service = self.serve(*self.flags, "--import-bytes", str(len(TABLE)))
        self.files.files.update({
            "/large.csv": TABLE + b"1,1,yes\n", "/elsewhere.csv": self.files.url("/x.csv", "127.0.0.2"),
            "/inside.csv": "file:///etc/passwd", "/around.csv": "/around.csv", "/good.csv": "/x.csv"})
        other = sha256(b"")
        for number, (file, word) in enumerate([
                (self.file("/x.csv", b""), sha256(TABLE)),
                (self.file("/large.csv"), f"more than the {len(TABLE)} bytes"),
                (self.file("/half.csv"), "row 3"),
                ({"url": self.files.url("/none.csv"), "sha256": other}, "404"),
                ({"url": self.files.url("/elsewhere.csv"), "sha256": sha256(TABLE)}, "127.0.0.2 is not an address"),
                ({"url": self.files.url("/inside.csv"), "sha256": other}, "/inside.csv: "),
                ({"url": self.files.url("/around.csv"), "sha256": other}, "more than 5 times"),
                ({"url": "http://127.0.0.1:1/x.csv", "sha256": other}, "/x.csv: ")]):
            name = f"wrong-{number}"
            self.assertEqual(self.post(service, name, file).status, 202, file)
            failed = self.ended(service, name)
            self.assertEqual(failed["state"], "failed", file)
            self.assertIn(word, failed["detail"])
            self.assertIn(file["url"], failed["detail"])
            self.assertIn(name, [d["name"] for d in service.get("/v1/datasets").json["items"]])
            self.assertEqual(service.post("/v1/studies", toy.definition("no", dataset=name)).status, 422)
            self.assertEqual(self.left(), [f"imports/{name}.json"])
            self.assertEqual(service.delete(f"/v1/datasets/{name}").status, 204)
            self.assertEqual(service.get(f"/v1/datasets/{name}").status, 404)
        self.assertNotIn("/x.csv", self.files.asked[1:])
        self.assertEqual(self.left(), [])
        # One that failed may be tried again, or be uploaded.
        self.post(service, "again", self.file("/x.csv", b""))
        self.ended(service, "again")
        self.post(service, "again", {"url": self.files.url("/good.csv"), "sha256": sha256(TABLE).upper()})
        self.assertEqual(self.ended(service, "again")["state"], "ready")
        self.post(service, "sent", self.file("/x.csv", b""))
        self.ended(service, "sent")
        body, headers = multipart({"name": "sent", "format": "csv"}, [("x.csv", TABLE)])
        self.assertEqual(service.request("POST", "/v1/datasets", body, headers).status, 201)
        self.assertEqual(service.get("/v1/datasets/sent").json["state"], "ready")

    def test_without_leave_only_the_public_internet_is_asked(self):
        service = self.serve()
        for number, host in enumerate(("127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]", "0.0.0.0")):
            self.assertEqual(self.post(service, f"n{number}", self.file(host=host)).status, 202)
            failed = self.ended(service, f"n{number}")
            self.assertEqual(failed["state"], "failed")
            self.assertIn("not an address of the public internet", failed["detail"])
        self.assertEqual(self.files.asked, [])

    def test_bodies_that_are_refused(self):
        service = self.serve()
        good = {"url": "http://example.org/x.csv", "sha256": "0" * 64}
        for file, pointer in (
                ({"url": "http://example.org/x.csv"}, "/files/0"), ({"sha256": "0" * 64}, "/files/0"),
                ({**good, "sha256": "0" * 63}, "/files/0/sha256"), ({**good, "sha256": "g" * 64}, "/files/0/sha256"),
                ({**good, "url": "ftp://example.org/x"}, "/files/0/url"), ({**good, "url": "file:///x"}, "/files/0/url"),
                ({**good, "url": "http://a:b@example.org/"}, "/files/0/url"), ({**good, "url": 1}, "/files/0/url"),
                ({**good, "path": "toy.csv"}, "/files/0/url"), ({"path": "toy.csv", "sha256": "0" * 64}, "/files/0/sha256"),
                ({**good, "sha265": "0"}, "/files/0/sha265"), ("x", "/files/0")):
            answer = self.post(service, "refused", file)
            self.assertEqual(answer.status, 422, file)
            self.assertEqual(answer.json["errors"][0]["pointer"], pointer, file)
        self.assertEqual(self.post(service, "A B", good).status, 422)
        self.assertEqual(self.post(service, "many", *[{**good, "url": "http://127.0.0.1:1/"}] * 3).status, 202)
        self.assertEqual([d["name"] for d in service.get("/v1/datasets").json["items"]],
                         ["many", "second", "synthetic-cats", "synthetic-digits", "toy"])

    def test_a_server_that_does_not_end(self):
        # A limit of its own: on a machine with much else to do, a second may be too short for any other file.
        service = self.serve(*self.flags, "--import-timeout", "1")
        self.assertEqual(self.post(service, "slow", self.file("/slow.csv")).status, 202)
        failed = self.ended(service, "slow")
        self.assertEqual(failed["state"], "failed")
        self.assertIn("too long", failed["detail"])
        self.assertEqual(self.left(), ["imports/slow.json"])

    def test_an_import_outlives_the_service(self):
        service = self.serve(*self.flags)
        self.post(service, "held", self.file("/slow.csv"))
        service.until(lambda: service.get("/v1/datasets/held").json["received_bytes"] == 100)
        self.assertEqual(self.post(service, "held", self.file("/slow.csv")).status, 202)
        self.assertEqual(self.post(service, "held", self.file()).status, 409)
        body, headers = multipart({"name": "held", "format": "csv"}, [("x.csv", TABLE)])
        self.assertEqual(service.request("POST", "/v1/datasets", body, headers).status, 409)
        service.kill()
        service.restart()
        service.until(lambda: service.get("/v1/datasets/held").json["received_bytes"] == 100)
        # An orderly stop does not wait for the server at the other end, and takes away what had come.
        service.process.send_signal(signal.SIGTERM)
        self.assertEqual(service.process.wait(timeout=60), 0)
        self.assertEqual(self.left(), ["imports/held.json"])
        service.process.stdout.close()
        service.restart()
        service.until(lambda: self.files.asked.count("/slow.csv") == 3)
        self.files.go_on.set()
        self.assertEqual(self.ended(service, "held")["state"], "ready")
        service.until(lambda: [p for p in self.left() if "objects" not in p] == ["names/held.json"])

    def test_an_import_that_kills_the_service_is_given_up(self):
        service = self.serve(*self.flags)
        self.post(service, "deadly", self.file("/slow.csv"))
        for start in range(1, 4):
            service.until(lambda: self.files.asked.count("/slow.csv") == start)
            service.kill()
            service.restart()
        failed = self.ended(service, "deadly")
        self.assertEqual(failed["state"], "failed")
        self.assertIn("died 3 times", failed["detail"])
        self.assertEqual(service.delete("/v1/datasets/deadly").status, 204)

    def test_an_import_can_be_ended(self):
        service = self.serve(*self.flags)
        for _ in range(6):
            self.post(service, "ended", self.file("/slow.csv"))
            service.until(lambda: service.get("/v1/datasets/ended").json["received_bytes"] == 100)
            self.assertEqual(service.delete("/v1/datasets/ended").status, 204)
            self.assertEqual(service.get("/v1/datasets/ended").status, 404)
        service.until(lambda: self.left() == [])
        self.files.go_on.set()
        self.post(service, "ended", self.file("/slow.csv"))
        self.assertEqual(self.ended(service, "ended")["state"], "ready")


if __name__ == "__main__":
    unittest.main()
