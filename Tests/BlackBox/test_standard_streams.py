"""Standard output and standard error that cannot be written: the service goes on without its lines."""
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import unittest

from support import BINARY, ROOT, Service


class StandardStreams(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("CAIRN_")}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def shell(self, line, **more):
        """Runs `line`, in which `$SERVE` is the service on a database of its own."""
        return subprocess.Popen(
            ["/bin/bash", "-c", line], env={**self.environment, "BIN": BINARY, "SERVE":
            f"serve --listen 127.0.0.1:{self.port} --database {self.folder}/x.sqlite --public {ROOT}/public"},
            stdout=subprocess.DEVNULL, text=True, **more)

    def runs_and_ends(self, line):
        """The service gets ready, and ends with 0 on SIGTERM."""
        with self.shell(f"{line.replace('cairn', 'exec $BIN $SERVE')}") as process:
            health = [BINARY, "health", "--listen", f"127.0.0.1:{self.port}"]
            Service.until(lambda: process.poll() is not None or subprocess.run(
                health, stderr=subprocess.DEVNULL, check=False).returncode == 0)
            self.assertIsNone(process.poll(), line)
            # The numbers 0 to 2 are no files of the service's own.
            for number in range(3):
                target = os.readlink(f"/proc/{process.pid}/fd/{number}")
                self.assertNotIn(str(self.folder), target)
                self.assertNotIn("anon_inode", target)
                self.assertNotIn("socket", target)
            process.terminate()
            self.assertEqual(process.wait(60), 0, line)

    def test_it_runs_without_a_place_for_its_lines(self):
        for streams in (">&-", "2>&-", "<&-", "<&- >&- 2>&-", ">/dev/full", ">/dev/full 2>/dev/full"):
            self.runs_and_ends(f"cairn {streams}")

    def test_it_runs_without_a_reader_of_its_lines(self):
        end, other = os.pipe()
        os.close(end)
        self.addCleanup(os.close, other)
        for streams in (f">&{other}", f">&{other} 2>&{other}"):
            with self.subTest(streams):
                os.set_inheritable(other, True)
                command = f"exec $BIN $SERVE {streams}"
                process = self.shell(command, pass_fds=[other])
                with process:
                    health = [BINARY, "health", "--listen", f"127.0.0.1:{self.port}"]
                    Service.until(lambda: process.poll() is not None or subprocess.run(
                        health, stderr=subprocess.DEVNULL, check=False).returncode == 0)
                    self.assertIsNone(process.poll())
                    process.terminate()
                    self.assertEqual(process.wait(60), 0)

    def test_what_is_wrong_ends_with_1_where_nobody_reads_it(self):
        for streams in ("2>&-", "2>/dev/full"):
            for arguments in ("serve --listen nonsense", "serve --nonsense", "health --listen nonsense",
                              f"health --listen 127.0.0.1:{self.port}"):
                with self.shell(f"exec $BIN {arguments} {streams}") as process:
                    self.assertIn(process.wait(60), (1, 64), arguments)

    def test_help_and_an_examination_to_nowhere(self):
        for line, status in (("serve --help >&-", 0), ("serve --help >/dev/full", 0), ("examine <&-", 1),
                             ("examine </", 1)):
            with self.shell(f"exec $BIN {line}", stderr=subprocess.DEVNULL) as process:
                self.assertEqual(process.wait(60), status, line)

    def test_a_token_that_cannot_be_shown_is_told_of(self):
        with self.shell("exec $BIN $SERVE --make-token >/dev/full", stderr=subprocess.PIPE) as process:
            line = process.stderr.readline()
            self.assertRegex(line, r"^cairn: the token could not be shown on standard output; it is kept in .*x\.sqlite\.token\.$")
            kept = pathlib.Path(re.search(r"kept in (.*)\.$", line).group(1))
            self.assertGreaterEqual(len(kept.read_text().strip()), 16)
            process.terminate()
            self.assertEqual(process.wait(60), 0)

    def test_a_refused_start_makes_no_token(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", self.port))
            taken.listen()
            with self.shell("exec $BIN $SERVE --make-token", stderr=subprocess.DEVNULL) as process:
                self.assertEqual(process.wait(60), 1)
        self.assertEqual(list(self.folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
