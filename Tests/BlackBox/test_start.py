"""Starting and stopping: one plain sentence for what is wrong, files untouched, an orderly end."""
import http.client
import os
import pathlib
import platform
import re
import signal
import socket
import sqlite3
import subprocess
import tempfile
import unittest

import toy
from support import BINARY, Service


class Starting(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def refused(self, *arguments, environment=None):
        """Runs `serve`, which must end by itself with one line on standard error."""
        ended = subprocess.run(
            [BINARY, "serve", *map(str, arguments)], capture_output=True, text=True, timeout=120,
            env={**os.environ, **(environment or {})})
        self.assertNotEqual(ended.returncode, 0)
        self.assertEqual(ended.stdout, "")
        lines = [line for line in ended.stderr.splitlines() if line.strip()]
        self.assertEqual(len(lines), 1, ended.stderr)
        return ended.stderr

    def refused_file(self, path, word):
        before = {p.name: p.read_bytes() for p in self.path.iterdir() if p.is_file() and not p.name.endswith(".lock")}
        text = self.refused("--listen", "127.0.0.1:0", "--database", path)
        self.assertEqual(len(text.strip().splitlines()), 1, text)
        self.assertRegex(text, word)
        after = {p.name: p.read_bytes() for p in self.path.iterdir() if p.is_file() and not p.name.endswith(".lock")}
        self.assertEqual(before, after)

    def test_wrong_flags(self):
        self.assertIn("--listn", self.refused("--listn", "127.0.0.1:0"))
        self.assertIn("--workers", self.refused("--workers", "-1", "--database", self.path / "a"))
        self.assertIn("--workers", self.refused("--workers"))
        self.assertIn("more", self.refused("more"))
        self.assertIn("CAIRN_TOKEN", self.refused("--listen", "127.example:0", "--database", self.path / "a"))
        self.assertIn("--workers", self.refused("--workers", "0", "--database", self.path / "a"))
        self.assertIn("--listen", self.refused("--listen", "nonsense", "--database", self.path / "a"))
        self.assertIn("CAIRN_WORKERS", self.refused(
            "--database", self.path / "a", environment={"CAIRN_WORKERS": "many"}))
        for name in ("avx1024", "neon" if platform.machine() == "x86_64" else "avx2"):
            self.assertIn(f'CAIRN_ISA is "{name}"', self.refused(
                "--database", self.path / "a", environment={"CAIRN_ISA": name}))
        self.assertIn("CAIRN_TOKEN", self.refused("--listen", "0.0.0.0:0", "--database", self.path / "a"))
        self.assertIn("--data-folder", self.refused(
            "--data-folder", self.path / "none", "--database", self.path / "a"))

    def test_a_port_in_use(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            text = self.refused("--listen", f"127.0.0.1:{port}", "--database", self.path / "a.sqlite")
            self.assertIn(str(port), text)
            self.assertEqual(list(self.path.iterdir()), [])
            with Service(database=self.path / "a.sqlite"):
                pass
            before = {p.name: p.read_bytes() for p in self.path.iterdir() if p.is_file()}
            self.refused("--listen", f"127.0.0.1:{port}", "--database", self.path / "a.sqlite")
            self.assertEqual({p.name: p.read_bytes() for p in self.path.iterdir() if p.is_file()}, before)

    def test_a_foreign_file(self):
        path = self.path / "foreign.sqlite"
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE t (x)")
        database.close()
        self.refused_file(path, "foreign.sqlite")

    def test_no_database_at_all(self):
        path = self.path / "text.sqlite"
        path.write_text("hello\n" * 100)
        self.refused_file(path, "text.sqlite")

    def test_a_folder_and_a_missing_folder(self):
        self.refused_file(self.path, str(self.path))
        self.refused_file(self.path / "none" / "a.sqlite", "none")

    def test_a_newer_database(self):
        path = self.path / "newer.sqlite"
        with Service(database=path):
            pass
        database = sqlite3.connect(path)
        database.execute("PRAGMA user_version = 9999")
        database.commit()
        database.close()
        self.refused_file(path, "newer")

    def test_a_corrupt_database(self):
        path = self.path / "corrupt.sqlite"
        with Service(database=path):
            pass
        data = bytearray(path.read_bytes())
        for position in range(2 * 4096, len(data), 4096):
            data[position:position + 64] = os.urandom(64)
        path.write_bytes(data)
        self.refused_file(path, "corrupt")

    def test_a_corrupt_database_with_a_log_behind(self):
        path = self.path / "corrupt.sqlite"
        with Service(database=path) as service:
            self.assertEqual(service.post("/v1/studies", toy.definition("s", dataset="synthetic-cats")).status, 201)
            service.kill()
            log = pathlib.Path(f"{path}-wal")
            kept = log.read_bytes()
            self.assertGreater(len(kept), 4096)
            log.unlink()
            data = bytearray(path.read_bytes())
            for position in range(4096, len(data), 4096):
                data[position:position + 4096] = bytes(4096)
            path.write_bytes(data)
            log.write_bytes(kept)
            # SQLite's index of the log may be made anew; it holds nothing.
            before = [path.read_bytes(), log.read_bytes()]
            text = self.refused("--listen", "127.0.0.1:0", "--database", path)
            self.assertRegex(text, "corrupt")
            self.assertEqual([path.read_bytes(), log.read_bytes()], before)

    def test_a_start_that_fails_late_stops_what_was_started(self):
        toy.write_csv(self.path)
        path = self.path / "late.sqlite"
        flags = ["--data-folder", str(self.path), "--workers", "1"]
        with Service(database=path, flags=flags) as service:
            self.assertEqual(service.post("/v1/studies", toy.lasting("s")).status, 201)
        database = sqlite3.connect(path)
        self.assertEqual(database.execute("UPDATE study_texts SET resolved = '{'").rowcount, 1)
        database.commit()
        database.close()
        # Requests are answered before studies are resumed, which is what fails.
        text = self.refused("--listen", "127.0.0.1:0", "--database", path, *flags)
        self.assertIn("late.sqlite cannot be used", text)
        # The database was closed in good order: nothing of it is in a log beside it.
        self.assertFalse(pathlib.Path(f"{path}-wal").exists())

    def test_a_second_service_on_the_file(self):
        path = self.path / "shared.sqlite"
        with Service(database=path) as service:
            text = self.refused("--listen", "127.0.0.1:0", "--database", path)
            self.assertEqual(len(text.strip().splitlines()), 1, text)
            self.assertIn("shared.sqlite", text)
            self.assertEqual(service.get("/healthz").status, 200)

    def test_sigterm_puts_trials_back(self):
        toy.write_csv(self.path)
        database = self.path / "s.sqlite"
        flags = ["--data-folder", str(self.path), "--workers", "2"]
        with Service(database=database, flags=flags) as service:
            self.assertEqual(service.post("/v1/studies", toy.lasting("s")).status, 201)
            service.until(lambda: service.get("/v1/studies/s").json["progress"]["running"] == 2)
            # The trials would take hours: that it ends, with status 0, is the proof.
            service.process.send_signal(signal.SIGTERM)
            self.assertEqual(service.process.wait(timeout=60), 0)
        database = sqlite3.connect(database)
        states = [row[0] for row in database.execute("SELECT state FROM trials")]
        database.close()
        self.assertEqual(states, ["queued", "queued"])

    def test_help_is_help(self):
        text = subprocess.run([BINARY, "serve", "--help"], capture_output=True, text=True, check=True).stdout
        for flag in ("--listen", "--database", "--data-folder", "--workers", "--trial-memory", "--log-space"):
            self.assertIn(flag, text)
        self.assertTrue(re.search(r"CAIRN_LISTEN", text))

    def test_a_token(self):
        with Service(database=self.path / "t.sqlite", environment={"CAIRN_TOKEN": "secret"}) as service:
            for path in ("/", "/healthz", "/readyz", "/openapi.json"):
                self.assertEqual(service.get(path).status, 200, path)
            for path in ("/v1/studies", "/metrics"):
                answer = service.get(path)
                self.assertEqual(answer.status, 401, path)
                self.assertIn("Bearer", answer.headers["WWW-Authenticate"])
                self.assertEqual(service.get(path, headers={"Authorization": "Bearer wrong"}).status, 401)
                self.assertEqual(service.get(path, headers={"Authorization": "Bearer secret"}).status, 200)

    def test_a_token_of_its_own(self):
        with tempfile.TemporaryDirectory() as folder:
            database = pathlib.Path(folder) / "cairn.sqlite"
            command = [BINARY, "serve", "--listen", "0.0.0.0:0", "--database", str(database), "--make-token"]
            tokens = []
            for start in range(2):
                with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={k: v for k, v in os.environ.items() if not k.startswith("CAIRN_")}) as service:
                    lines = [service.stdout.readline() for _ in range(2 if start == 0 else 1)]
                    tokens += re.findall(r"\.token: (\S+)", "".join(lines))
                    port = int(re.search(r":(\d+)", lines[-1]).group(1))
                    for token, status in (("wrong-but-of-some-length", 401), (tokens[0], 200)):
                        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                        connection.request("GET", "/v1/studies", headers={"Authorization": f"Bearer {token}"})
                        self.assertEqual(connection.getresponse().status, status)
                        connection.close()
                    health = [BINARY, "health", "--listen", f"127.0.0.1:{port}"]
                    self.assertEqual(subprocess.run(health, check=False).returncode, 0)
                    service.terminate()
                    self.assertEqual(service.wait(60), 0)
            # Printed once, kept for its owner alone.
            self.assertEqual(len(tokens), 1)
            self.assertEqual((pathlib.Path(f"{database}.token")).stat().st_mode & 0o777, 0o600)
            ended = subprocess.run(health, capture_output=True, text=True, check=False)
            self.assertEqual(ended.returncode, 1)
            self.assertRegex(ended.stderr, r"^cairn: nothing answers at 127\.0\.0\.1:\d+: .*\.\n$")


if __name__ == "__main__":
    unittest.main()
