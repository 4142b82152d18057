"""The Python client: its own tests, against a stand-in for the service."""
import importlib.util
import unittest

from support import ROOT


def load_tests(loader, tests, pattern):
    place = ROOT / "clients" / "python" / "tests" / "test_client.py"
    specification = importlib.util.spec_from_file_location("cairn_client_tests", place)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return unittest.TestSuite([loader.loadTestsFromModule(module), tests])


if __name__ == "__main__":
    unittest.main()
