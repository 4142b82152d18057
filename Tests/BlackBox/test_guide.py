"""Runs every command of the guides, in order, against the real service."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from support import BINARY, ROOT, Service

# How many blocks of commands each page has at least.
GUIDES = {"README.md": 4, "docs/http-api.md": 13, "docs/tutorial.md": 6, "docs/operations.md": 2,
          "docs/ask-and-tell.md": 10, "docs/comparisons.md": 4}
# Measuring takes a quarter of an hour, and needs the machine for itself; the worker's page runs programs of the reader's own,
# and test_worker runs the like.
NOT_RUN = {"docs/benchmarks.md", "docs/convolutional.md", "docs/worker.md"}
ADDRESS = "CAIRN=http://127.0.0.1:8080"
DATABASE = "DATABASE=/var/lib/cairn/cairn.sqlite"
BACKUP = "BACKUP=/var/backups/cairn"


def script(text, service, home):
    """The guide's commands as one script that ends at the first which does not do what the guide says.

    A block marked with a status must be refused with it; all others must succeed.
    """
    lines = ["set -eu"]
    blocks = re.findall(r"^```sh ?(\d*)\n(.*?)^```$", text, re.M | re.S)
    for status, commands in blocks:
        if status:
            lines.append("\n".join([
                "refused() {", commands.strip(), "}", "if answer=$(refused); then exit 1; fi",
                f"""grep -q '"status":{status}' <<<"$answer" """]))
        else:
            for there, here in ((ADDRESS, f"CAIRN={service.address}"), (DATABASE, f"DATABASE={service.database}"),
                                (BACKUP, f"BACKUP={home}/backup")):
                commands = commands.replace(there, here)
            lines.append(commands)
    return "\n".join(lines), len(blocks)


class Guide(unittest.TestCase):
    def test_every_command_does_what_the_guide_says(self):
        for guide, least in GUIDES.items():
            with self.subTest(guide):
                self.run_guide((ROOT / guide).read_text(), least)

    def run_guide(self, text, least):
        self.assertIn(ADDRESS, text)
        with Service() as service, tempfile.TemporaryDirectory() as home:
            commands, blocks = script(text, service, home)
            self.assertGreaterEqual(blocks, least)
            programs = pathlib.Path(home) / "bin"
            programs.mkdir()
            (programs / "cairn").symlink_to(BINARY)
            ended = subprocess.run(
                ["bash", "-x", "-c", commands], cwd=ROOT, capture_output=True, text=True, timeout=900,
                env={**os.environ, "PATH": f"{programs}:/usr/bin:{os.environ['PATH']}"})
            self.assertEqual(ended.returncode, 0, ended.stderr[-2000:] + ended.stdout[-1000:])
            if "304" in text:
                self.assertRegex(ended.stdout, r"[}\n]304\n")
            self.assertEqual(service.get("/v1/studies").json["items"], [])
            self.assertEqual([d["name"] for d in service.get("/v1/datasets").json["items"]], ["synthetic-cats", "synthetic-digits"])

    def test_a_refusal_ends_every_command(self):
        """curl itself ends with 0 on a 4xx: each call says otherwise, or looks at the status."""
        for guide in GUIDES:
            commands = "\n".join(re.findall(r"^```sh ?\d*\n(.*?)^```$", (ROOT / guide).read_text(), re.M | re.S))
            calls = re.findall(r"curl .*", commands)
            self.assertGreater(len(calls), 2)
            self.assertEqual([c for c in calls if not re.search(r" -f| --fail-with-body|%{http_code}", c)], [], guide)

    def test_loops_end_whatever_becomes_of_what_they_wait_for(self):
        """One that waits for a good end would never end where it is another."""
        for guide in GUIDES:
            for loop in re.findall(r"^(?:until|while) .*", (ROOT / guide).read_text(), re.M):
                self.assertRegex(loop, r'^while .*("state":"(running|importing)"|"final_state":"pending"|= 202 \])', guide)

    def test_every_page_with_commands_is_run(self):
        pages = ["README.md", *(str(p.relative_to(ROOT)) for p in (ROOT / "docs").glob("*.md"))]
        self.assertEqual([p for p in pages if "```sh" in (ROOT / p).read_text() and p not in {*GUIDES, *NOT_RUN}], [])

    def test_a_backup_by_hand_is_a_database(self):
        import toy
        with tempfile.TemporaryDirectory() as home:
            with Service() as service:
                service.post("/v1/studies", {**toy.definition("kept", dataset="synthetic-cats"), "budget": {"trials": 3}})
                service.wait("kept")
                commands, _ = script((ROOT / "docs/operations.md").read_text(), service, home)
                subprocess.run(["bash", "-euc", commands], check=True, capture_output=True, timeout=300)
                told = service.get("/v1/studies/kept/trials").json["items"]
            with Service(database=pathlib.Path(home) / "backup" / "cairn.sqlite") as restored:
                self.assertEqual(restored.get("/v1/studies/kept/trials").json["items"], told)

    def test_operations_lists_every_flag(self):
        told = " ".join(subprocess.run([BINARY, "serve", "--help"], capture_output=True, text=True, check=True).stdout.split())
        flags = {}
        for part in re.split(r" (?=--[a-z])", told[told.index("LIMITS"):]):
            found = re.match(r"(--[a-z-]+).*?\[(CAIRN_[A-Z_]+)", part)
            if found:
                default = re.search(r"\(default: ([^,;)]+)", part)
                flags[found[1]] = (found[2], default[1].removesuffix(" beside the executable's folder") if default else "off")
        self.assertGreater(len(flags), 12)
        page = (ROOT / "docs/operations.md").read_text()
        rows = re.findall(r"^\| `(--[a-z-]+)` \| `(\w+)` \| `?([^|`]+?)`? \|", page, re.M)
        self.assertEqual({flag: (variable, default) for flag, variable, default in rows}, flags)


if __name__ == "__main__":
    unittest.main()
