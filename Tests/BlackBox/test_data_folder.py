"""Files of the data folder that a library fails on: refused by name, and the service goes on."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest

import toy
from support import BINARY, ROOT, Log, Service

FIXTURES = ROOT / "Tests" / "Fixtures"
DEADLY = FIXTURES / "fuzzing" / "crashes-libhdf5.h5"


class DataFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.data = self.folder / "data"
        self.data.mkdir()
        toy.write_csv(self.data)
        shutil.copy(FIXTURES / "datasets" / "test.h5", self.data / "test_catvnoncat.h5")

    def put(self, source):
        """Puts a file into the place of the cat images, as a whole."""
        shutil.copy(source, self.data / "aside")
        os.rename(self.data / "aside", self.data / "train_catvnoncat.h5")

    def long_table(self, name):
        """A table that takes long enough to read for its reader to be found."""
        rows = b"".join(b"%d,%d,%s\n" % (i, i, b"x" if i % 2 else b"y") for i in range(1000))
        (self.data / name).write_bytes(b"a,b,label\n" + rows * 4000)
        return self.data / name

    def start(self):
        self.log = Log(self)
        service = Service(
            database=self.folder / "cairn.sqlite", flags=["--data-folder", str(self.data), "--workers", "2"], log=self.log)
        self.addCleanup(service.__exit__)
        return service

    def names(self, service):
        return [d["name"] for d in service.get("/v1/datasets").json["items"]]

    def test_a_file_that_ends_its_reader(self):
        self.put(DEADLY)
        service = self.start()
        for start in ("first", "second"):
            self.assertEqual(self.names(service), ["synthetic-cats", "synthetic-digits", "toy"])
            self.assertEqual(service.get("/v1/datasets/cat-vs-noncat").status, 404)
            refused = service.post("/v1/studies", toy.definition("never", dataset="cat-vs-noncat"))
            self.assertEqual(refused.status, 422)
            self.assertIn("cat-vs-noncat", refused.text)
            self.assertEqual(service.post("/v1/studies", toy.definition(start)).status, 201)
            self.assertEqual(service.wait(start)["progress"]["completed"], 18)
            service.until(lambda: "data set cat-vs-noncat: train_catvnoncat.h5, test_catvnoncat.h5: the files could "
                          "not be read to their end" in self.log.text)
            self.assertLess(len(self.log.text.splitlines()), 10)
            service.stop()
            service.restart()

    def test_a_file_that_is_changed_for_one_that_ends_its_reader(self):
        """What was found good is not what lies there when training begins."""
        self.put(FIXTURES / "datasets" / "train.h5")
        service = self.start()
        self.assertIn("cat-vs-noncat", self.names(service))
        self.put(DEADLY)
        self.assertEqual(service.post("/v1/studies", toy.definition("s", dataset="cat-vs-noncat")).status, 201)
        self.assertEqual(service.wait("s")["progress"]["failed"], 18)
        self.assertIn("cat-vs-noncat could not be read: train_catvnoncat.h5",
                      service.all("/v1/studies/s/trials")[0]["error"])
        self.put(FIXTURES / "datasets" / "train.h5")
        self.assertEqual(service.post("/v1/studies", toy.definition("t", dataset="cat-vs-noncat")).status, 201)
        self.assertEqual(service.wait("t")["progress"]["completed"], 18)

    def test_a_file_that_is_read_without_end(self):
        """Who does not ask for it is answered meanwhile."""
        table = self.long_table("a.csv")
        service = self.start()
        # A start reads it again where the reader was faster than this test.
        while (reader := self.held_reader(service, table)) is None:
            service.kill()
            service.restart()
        limits = pathlib.Path(f"/proc/{reader}/limits").read_text().splitlines()
        self.assertNotEqual(next(line for line in limits if line.startswith("Max cpu time")).split()[3], "unlimited")
        lists = []
        askers = [threading.Thread(target=lambda: lists.append(self.names(service)))
                  for _ in range(2 * os.cpu_count() + 2)]
        for asker in askers:
            asker.start()
        self.assertEqual(service.get("/readyz").status, 200)
        self.assertEqual(service.get("/v1/datasets/toy").status, 200)
        self.assertEqual(service.post("/v1/studies", toy.definition("s")).status, 201)
        self.assertEqual(service.wait("s")["progress"]["completed"], 18)
        self.assertEqual(lists, [])
        # What ends the service is often sent to its readers, too.
        for number in (signal.SIGINT, signal.SIGTERM):
            os.kill(reader, number)
            held_back = next(line for line in pathlib.Path(f"/proc/{reader}/status").read_text().splitlines()
                             if line.startswith("SigBlk"))
            self.assertTrue(int(held_back.split()[1], 16) >> number - 1 & 1)
        # As the kernel does when its time is used up.
        os.kill(reader, signal.SIGXCPU)
        os.kill(reader, signal.SIGCONT)
        for asker in askers:
            asker.join()
        self.assertEqual(lists, [["synthetic-cats", "synthetic-digits", "toy"]] * len(askers))
        self.assertEqual(service.get("/v1/datasets/a").status, 404)

    @staticmethod
    def held_reader(service, table):
        """The process that reads `table`, stopped in the middle; None where it has ended before that."""
        def status(process, field):
            lines = pathlib.Path(f"/proc/{process}/status").read_text().splitlines()
            return next((line.split()[1] for line in lines if line.startswith(field)), "0")

        def found():
            # A reader of another table never has as much memory of its own; the program's code is not counted.
            return next((p for p in service.children() if int(status(p, "RssAnon:")) << 10 > table.stat().st_size), None)
        try:
            reader = service.until(found, seconds=30, pause=0.001)
            os.kill(reader, signal.SIGSTOP)
            return reader if service.until(lambda: (s := status(reader, "State:")) in "TZX" and s) == "T" else None
        except (OSError, TimeoutError):
            return None

    def test_a_reader_ends_when_nobody_waits_for_it(self):
        table = self.long_table("a.csv")
        question = {
            "name": "a", "format": "csv", "scaling": "none", "files": [{"path": str(table), "name": "a.csv"}],
            "limits": {"features": 1 << 29, "fileBytes": 1 << 30, "classes": 10}}
        for stays in (True, False):
            asks, told = os.pipe()
            os.write(told, json.dumps(question).encode() + b"\n")
            if not stays:
                # Before the reader begins: it would be faster than a test that is held up.
                os.close(told)
            with subprocess.Popen([BINARY, "examine"], stdin=asks, stdout=subprocess.PIPE) as reader:
                os.close(asks)
                found = reader.stdout.read()
                self.assertEqual((reader.wait(), b"4000000" in found), (0, True) if stays else (1, False))
            if stays:
                os.close(told)

    def test_what_is_no_file_is_not_waited_for(self):
        os.mkfifo(self.data / "pipe.csv")
        with open(self.data / "huge.csv", "wb") as file:
            file.truncate(3 << 30)
        service = self.start()
        for name, why in (("pipe.csv", "not a regular file"), ("huge.csv", "at most")):
            refused = service.post("/v1/datasets", {"name": "mine", "format": "csv", "files": [{"path": name}]})
            self.assertEqual(refused.status, 422)
            self.assertIn(name, refused.text)
            self.assertIn(why, refused.text)
        # Nobody waits behind them.
        made = service.post("/v1/datasets", {"name": "mine", "format": "csv", "files": [{"path": "toy.csv"}]})
        self.assertEqual(made.status, 201, made.text)

    def test_a_data_set_that_is_gone_is_asked_for(self):
        service = self.start()
        body = {"name": "mine", "format": "csv", "files": [{"path": "toy.csv"}]}
        self.assertEqual(service.post("/v1/datasets", body).status, 201)
        self.assertEqual(service.post("/v1/studies", toy.definition("left", dataset="mine", budget={"trials": 3})).status, 201)
        service.wait("left")
        trials = [t["number"] for t in service.all("/v1/studies/left/trials")]
        models = [f"/v1/studies/left/trials/{number}/model" for number in trials]
        # One that is trained now would still be kept by a worker that has read the data set.
        service.until(lambda: all(service.get(model).status == 200 for model in models))
        self.assertEqual(service.delete("/v1/datasets/mine").status, 204)
        refused = service.request("PATCH", "/v1/studies/left", json.dumps({"budget": {"trials": 6}}).encode(),
                                  {"Content-Type": "application/merge-patch+json"})
        self.assertEqual(refused.status, 409, refused.text)
        self.assertIn("mine", refused.text)
        self.assertEqual(service.get("/v1/studies/left").json["state"], "completed")
        # A model that is kept is there; another says what it would take.
        self.assertEqual([service.get(f"{model}?repeat=0").status for model in models], [200] * 3)
        shutil.rmtree(f"{self.folder}/cairn.sqlite.models", ignore_errors=True)
        answer = service.get(models[0])
        self.assertEqual(answer.status, 409, answer.text)
        self.assertIn("mine", answer.text)
        # With the content back everything goes on.
        self.assertEqual(service.post("/v1/datasets", {**body, "name": "again"}).status, 201)
        service.until(lambda: service.get(models[0]).status == 200)
        longer = service.request("PATCH", "/v1/studies/left", json.dumps({"budget": {"trials": 6}}).encode(),
                                 {"Content-Type": "application/merge-patch+json"})
        self.assertEqual(longer.status, 200, longer.text)
        service.wait("left")
        self.assertEqual({t["state"] for t in service.all("/v1/studies/left/trials")}, {"completed"})


if __name__ == "__main__":
    unittest.main()
