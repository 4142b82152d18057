"""Runs every example of examples/external against the real service."""
import importlib.util
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from support import BINARY, ROOT, Service

EXAMPLES = ROOT / "examples" / "external"
HAS_SCIKIT = importlib.util.find_spec("sklearn") is not None


class ExternalExamples(unittest.TestCase):
    def run_example(self, service, *words):
        """What it printed; it must end by itself, and well."""
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "cairn").symlink_to(BINARY)
            ended = subprocess.run(
                [*words, service.address], cwd=folder, capture_output=True, text=True, timeout=900,
                env={**os.environ, "PATH": f"{folder}:/usr/bin:{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1",
                     "PYTHONPATH": str(ROOT / "clients" / "python")})
            self.assertEqual(ended.returncode, 0, ended.stderr[-3000:] + ended.stdout[-1000:])
            return ended.stdout

    def completed(self, service, name, trials):
        """The study's values in number order; every trial is completed."""
        study = service.get(f"/v1/studies/{name}").json
        self.assertEqual(study["state"], "completed", study)
        items = service.all(f"/v1/studies/{name}/trials")
        self.assertEqual([t["state"] for t in items], ["completed"] * trials)
        return [t["value"] for t in items]

    @unittest.skipUnless(HAS_SCIKIT, "scikit-learn is missing")
    def test_scikit_learn_by_the_python_client(self):
        with Service(flags=["--workers", "1"]) as service:
            told = self.run_example(service, "/usr/bin/python3", str(EXAMPLES / "svm_client.py"))
            values = self.completed(service, "svm-digits", 24)
            self.assertGreater(max(values), 0.98)
            self.assertIn(f"accuracy {max(values):.4f} with", told)

    @unittest.skipUnless(HAS_SCIKIT, "scikit-learn is missing")
    def test_scikit_learn_by_the_worker_gives_the_same_table(self):
        tables = []
        for words in (("/usr/bin/python3", str(EXAMPLES / "svm_client.py")), ("bash", str(EXAMPLES / "svm_worker.sh"))):
            with Service(flags=["--workers", "1"]) as service:
                self.run_example(service, *words)
                self.completed(service, "svm-digits", 24)
                tables.append([(t["number"], t["parameters"], t["value"])
                               for t in service.all("/v1/studies/svm-digits/trials")])
        self.assertEqual(*tables)

    @unittest.skipUnless(shutil.which("jq"), "jq is missing")
    def test_a_shell_loop(self):
        with Service(flags=["--workers", "1"]) as service:
            told = self.run_example(service, "bash", str(EXAMPLES / "shell_loop.sh"))
            values = self.completed(service, "gzip", 9)
            self.assertIn(f'"value":{min(values):.0f}', told)

    def test_a_c_program_by_what_it_prints(self):
        with Service(flags=["--workers", "1"]) as service:
            told = self.run_example(service, "bash", str(EXAMPLES / "sor_worker.sh"))
            items = service.all("/v1/studies/sor/trials")
            best = min(t["value"] for t in items if t["state"] == "completed")
            # Young's formula has its optimum at 2 / (1 + sin(pi / 65)), near 1.91; the sweeps are 263 at 1.9.
            self.assertLess(best, 275)
            self.assertIn(f'"value":{best:.0f}', told)

    def test_every_example_is_run(self):
        here = pathlib.Path(__file__).read_text()
        for file in EXAMPLES.iterdir():
            if file.suffix in (".sh", ".py") and file.name != "svm_train.py":
                self.assertIn(file.name, here)


if __name__ == "__main__":
    unittest.main()
