"""A crowd of clients that ask for a long CSV and go: memory stays small, others are served, and the service ends in time."""
import signal
import time
import unittest

from many import Crowd, ManyTrials, ask, memory

LIMIT = 300  # MiB


class Crowds(unittest.TestCase):
    def setUp(self):
        self.many = ManyTrials(30_000, curves=True)
        self.service = self.many.service
        self.addCleanup(self.many.__exit__)

    def watch(self, crowds):
        """The slowest answer to another client while crowds come, in seconds."""
        slowest = 0
        while any(crowd.is_alive() for crowd in crowds):
            begun = time.monotonic()
            self.assertEqual(self.service.get("/v1/studies/many/trials/15000").status, 200)
            slowest = max(slowest, time.monotonic() - begun)
            self.assertLess(memory(self.service), LIMIT)
            time.sleep(0.02)
        return slowest

    def test_six_hundred_resets(self):
        for path in ("trials.csv", "curves?numbers=" + ",".join(map(str, range(1, 201)))):
            slowest = self.watch([Crowd(self.service, f"/v1/studies/many/{path}", 600)])
            print(f"{path[:10]}: slowest other answer {slowest * 1000:.0f} ms, memory {memory(self.service, 'VmHWM'):.0f} MiB")
        self.assertLess(memory(self.service, "VmHWM"), LIMIT)

    def test_a_crowd_that_does_not_read(self):
        clients = [ask(self.service, "/v1/studies/many/trials.csv", buffer=4096) for _ in range(300)]
        for client in clients:
            self.addCleanup(client.close)
        for number in range(1, 200):
            self.assertEqual(self.service.get(f"/v1/studies/many/trials/{number}").status, 200)
            self.assertLess(memory(self.service), LIMIT)
        # Those that take nothing lose their places.
        self.service.until(lambda: self.service.get("/v1/studies/many/trials.csv?state=failed").status == 200)
        print(f"300 clients that do not read: memory {memory(self.service, 'VmHWM'):.0f} MiB")
        self.assertLess(memory(self.service, "VmHWM"), LIMIT)

    def test_the_service_ends_within_five_seconds(self):
        unread = [ask(self.service, "/v1/studies/many/trials.csv", buffer=4096) for _ in range(20)]
        crowd = Crowd(self.service, "/v1/studies/many/trials.csv", 100_000)
        self.service.until(lambda: crowd.sent > 100)
        begun = time.monotonic()
        self.service.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.service.process.wait(timeout=60), 0)
        took = time.monotonic() - begun
        print(f"ended after {took:.1f} s")
        # What the contract says; a machine that is held up by others needs more.
        self.assertLess(took, 5)
        for client in unread:
            client.close()


class Million(unittest.TestCase):
    """A million trials that all have the best value: every answer is right, and none needs memory for them all."""

    def test_all_of_them(self):
        begun = time.monotonic()

        def tell(what):
            print(f"{time.monotonic() - begun:.1f} s {what}")
        with ManyTrials(1_000_000, ties=1_000_000, algorithm="random") as service:
            tell("ready")
            path = "/v1/studies/many"
            study = service.get(path).json
            self.assertEqual((study["state"], study["progress"]["completed"]), ("paused", 1_000_000))
            best = service.get(path + "/best?count=1000").json["items"]
            self.assertEqual([len(best), best[0]["value"], best[-1]["value"]], [1000, 1, 1])
            self.assertEqual(service.get(path + "/trials/1000000").json["number"], 1_000_000)
            tell("best points")
            before, size, lines, end = memory(service), 0, 0, b""
            client = ask(service, path + "/trials.csv")
            self.addCleanup(client.close)
            while not end.endswith(b"\r\n0\r\n\r\n"):
                piece = client.recv(1 << 20)
                self.assertTrue(piece, "the file is cut")
                size, lines, end = size + len(piece), lines + piece.count(b"Z,\r\n"), (end + piece)[-7:]
            self.assertGreater(lines, 990_000)
            self.assertGreater(size, 100_000_000)
            self.assertLess(memory(service, "VmHWM") - before, 100)
            tell("trials.csv")
            self.assertEqual(service.post(path + "/resume").status, 200)
            service.until(lambda: service.get(path).json["progress"]["completed"] > 1_000_000)
            tell("resumed, a trial completed")
            self.assertEqual(service.post(path + "/pause").status, 200)


if __name__ == "__main__":
    unittest.main()
