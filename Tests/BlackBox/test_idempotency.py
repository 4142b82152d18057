"""`Idempotency-Key`: the same key and body get the first answer, whatever happens to the service in between."""
import http.client
import pathlib
import tempfile
import threading
import time
import unittest

import toy
from support import Service
from test_datasets import TABLE, multipart


class Idempotency(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        toy.write_csv(pathlib.Path(folder.name))
        self.service = Service(flags=["--data-folder", folder.name, "--workers", "1"])
        self.addCleanup(self.service.__exit__)

    @staticmethod
    def nameless(**more):
        study = toy.definition("x", iterations=(2, 3, 4), **more)
        del study["name"]
        return study

    def test_the_first_answer_outlives_a_kill(self):
        key = {"Idempotency-Key": "once"}
        first = self.service.post("/v1/studies", self.nameless(), key)
        self.assertEqual(first.status, 201, first.text)
        self.service.kill()
        self.service.restart()
        again = self.service.post("/v1/studies", self.nameless(), key)
        self.assertEqual((again.status, again.body), (201, first.body))
        self.assertEqual(again.headers["Location"], first.headers["Location"])
        self.assertEqual(again.headers["Idempotent-Replayed"], "true")
        other = self.service.post("/v1/studies", self.nameless(seed=9), key)
        self.assertEqual(other.status, 422)
        self.assertEqual(len(self.service.all("/v1/studies")), 1)
        body, headers = multipart({"name": "keyed", "format": "csv"}, [("x.csv", TABLE)])
        for _ in range(2):
            self.assertEqual(self.service.request("POST", "/v1/datasets", body, {**headers, **key}).status, 201)
        body, headers = multipart({"name": "keyed", "format": "csv"}, [("x.csv", TABLE + b"1,2,no\n")])
        self.assertEqual(self.service.request("POST", "/v1/datasets", body, {**headers, **key}).status, 422)

    def test_a_kill_between_a_change_and_its_answer(self):
        """Killed at many moments of a request; sent again, it has been done once."""
        def post(key):
            return self.service.post("/v1/studies", self.nameless(), {"Idempotency-Key": key})

        begin = time.monotonic()
        post("warm")
        usual = time.monotonic() - begin
        answered = 0
        for turn in range(8):
            key, got = f"turn-{turn}", []

            def send():
                try:
                    got.append(post(key))
                except (OSError, http.client.HTTPException):
                    pass
            sender = threading.Thread(target=send)
            sender.start()
            time.sleep(usual * turn / 7)
            self.service.kill()
            sender.join()
            self.service.restart()
            answered += len(got)
            again = post(key)
            self.assertEqual(again.status, 201, again.text)
            if got:
                self.assertEqual((got[0].status, got[0].body), (201, again.body))
            self.assertEqual(post(key).body, again.body)
            self.assertEqual(len(self.service.all("/v1/studies")), turn + 2)
        print(f"\n{answered} of 8 requests were answered before the kill")


if __name__ == "__main__":
    unittest.main()
