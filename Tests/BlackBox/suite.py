"""What both runners of tests share: which files, in which order, and what counts as a failure."""
import os
import unittest

# What scripts/setup --tests installs is there, or the machine was not set up.
LACKING = ("is missing", "is not installed")


def run(folder, words):
    """Runs the tests of a folder; gives the status to exit with.

    `words`: `--long` for the files named long_*.py in place of test_*.py, and names of files to run alone (`test_wire`).
    """
    long = "--long" in words
    names = [word.removesuffix(".py") for word in words if word != "--long"]
    files = sorted(file.stem for file in folder.glob("long_*.py" if long else "test_*.py"))
    unknown = [name for name in names if name not in files]
    if unknown:
        print(f"There is no {unknown[0]} among {', '.join(files)}.")
        return 2
    suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromName(name) for name in names or files)
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    for test, reason in result.skipped:
        print(f"not run: {test}: {reason}")
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed, {len(result.skipped)} skipped")
    lacking = [reason for _, reason in result.skipped if reason.endswith(LACKING)]
    if lacking and os.environ.get("CAIRN_REQUIRE_ALL") == "1":
        print(f"failed, because of what was not installed: {lacking[0]}")
        return 1
    # A folder without long tests is nothing wrong; files in which no test is found are.
    return 0 if result.wasSuccessful() and (result.testsRun > 0 or not files) else 1
