"""What this machine is, what it can do at the moment, and measuring only while that does not change."""
import json
import os
import pathlib
import platform
import statistics
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RESULTS = ROOT / "Benchmarks" / "results"
PROBE = os.environ["BENCHMARK_PROBE"]
# A peak that moved by more than this between before and after makes a run count for nothing.
STEADY = 0.05


def say(text):
    print(text, flush=True)


def probe(command, isa=None, **options):
    """One command of the Swift probe, as a dictionary."""
    words = [PROBE, command]
    for name, value in options.items():
        words += ["--" + name.replace("_", "-"), str(value)]
    environment = dict(os.environ)
    if isa:
        environment["CAIRN_ISA"] = isa
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True, env=environment).stdout)


def peak(isa=None, threads=1):
    """Billions of operations a second, from registers alone; the median of 20 ms slices, or None."""
    options = {"threads": threads, **({"isa": isa} if isa else {})}
    return probe("peak", **options)


def steadily(measure, quick=False, isa=None):
    """Runs `measure` between two measurements of the peak, again while the peak moved; gives its result and the peaks.

    `measure` gives a dictionary. After three unsteady runs the last one is given, marked as not steady.
    """
    for attempt in range(1, 2 if quick else 5):
        before = peak(isa)["median_gflops"]
        result = measure()
        after = peak(isa)["median_gflops"]
        moved = abs(after / before - 1)
        result["peaks"] = {"before": before, "after": after, "moved": moved, "steady": moved <= STEADY,
                           "attempt": attempt, "load": os.getloadavg()[0]}
        if moved <= STEADY:
            break
        say(f"  the peak moved by {moved:.0%}" + ("" if quick else ": again"))
    return result


def middle(values):
    return statistics.median(values)


def description():
    """The machine and the commit, for the head of a report."""
    model = "unknown processor"
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
            if line.startswith("flags"):
                model += ", AVX-512" if " avx512f " in line else ", AVX2" if " avx2 " in line else ""
                break
    except OSError:
        pass

    def git(*words):
        return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True).stdout.strip()

    changed = " with changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    return {"processor": model, "cores": os.cpu_count(), "system": platform.platform(), "swift": swift,
            "commit": git("rev-parse", "--short", "HEAD") + changed}


def keep(name, result):
    """Stores what a command measured."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps({"machine": description(), "result": result}, indent=1))
    return result


def kept(name):
    """What a command measured last, or None."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None
