"""The table of what was measured last, as Markdown."""
import os

from machine import ROOT, kept

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: written by Benchmarks/run --write -->", "<!-- end of figures -->"
PEERS = {"numpy64": "NumPy float64, the course's loop", "numpy32": "NumPy float32", "torch": "PyTorch float32",
         "sklearn": "scikit-learn MLPClassifier"}


def number(value):
    """Three digits that mean something."""
    if value == 0:
        return "0"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def time(seconds):
    return f"{number(seconds * 1000)} ms" if seconds < 1 else f"{number(seconds)} s"


def steadiness(result):
    """What to think of a run whose peak moved."""
    peaks = result.get("peaks")
    if not peaks:
        return ""
    note = f"peak {number(peaks['before'])} → {number(peaks['after'])} GFLOP/s"
    return note if peaks["steady"] else f"**not steady**: {note}"


def trial(result):
    seconds, spent = result["seconds"], result["processor_seconds"]

    def row(label, name):
        return (f"| {label} | {time(seconds[name])} | {number(seconds[name] / seconds['cairn'])} | "
                f"{number(spent[name] / spent['cairn'])} |")

    lines = ["### The reference trial", "",
             f"12288-20-7-5-1, relu, learning rate 0.0075, {result['iterations']} iterations, 209 images of "
             f"`{result['dataset']}`, one thread; {steadiness(result)}.", "",
             "| | time | times Cairn's | the same by processor time |", "| --- | ---: | ---: | ---: |",
             row("Cairn, a further trial of a study", "cairn"),
             row("Cairn, with first weights of its own", "own"),
             row("Cairn, the first trial of a process", "first")]
    return lines + [row(f"{label} ({result['versions'][name]})", name) for name, label in PEERS.items()
                    if name in seconds]


def peak(result):
    lines = ["### The machine's peak", "",
             "| instructions | peak, one core | first layer's product | of the peak | whole update | of the peak | |",
             "| --- | ---: | ---: | ---: | ---: | ---: | --- |"]
    for isa, row in result["isas"].items():
        lines.append(
            f"| {isa} | {number(row['peak_gflops'])} GFLOP/s | {number(row['product_seconds'] * 1e6)} µs | "
            f"{row['product_fraction']:.0%} | {number(row['step_seconds'] * 1e6)} µs | {row['step_fraction']:.0%} | "
            f"{steadiness(row)} |")
    return lines + ["", f"Two copies of the peak's loop reach {number(result['two_copies'])} times one copy together."]


def grid(result):
    lines = [f"### A grid of {result['rows'][0]['trials']} points through the service", "",
             "Two workers; from POST to `completed`, every trial stored. Training: the sum of `compute_seconds`. Other "
             "work: processor time of the service beyond that; other time: two cores for the whole wall time less the "
             "training; both as shares of the training.", "",
             "| iterations up to | repeats | wall | training | other work | other time | memory | |",
             "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |"]
    for row in result["rows"]:
        lines.append(
            f"| {row['iterations'][-1]} | {row['repeats']} | {time(row['wall_seconds'])} | "
            f"{time(row['training_seconds'])} | {row['overhead']:.0%} | {row['wall_overhead']:.0%} | "
            f"{row['peak_bytes'] / 2**20:.0f} MiB | {steadiness(row)} |")
    notes = []
    for iterations in sorted({row["iterations"][-1] for row in result["rows"]}):
        pair = {row["repeats"]: row["wall_seconds"] for row in result["rows"] if row["iterations"][-1] == iterations}
        if len(pair) == 2:
            notes.append(f"{number(pair[8] / pair[1])} times as long (up to {iterations})")
    lines += ["", "Eight repeats take " + ", ".join(notes) + "."] if notes else []
    peers = kept("trial")
    if peers and "numpy64" in peers["result"]["seconds"]:
        each = {name: peers["result"]["seconds"][name] / peers["result"]["iterations"]
                for name in ("numpy64", "torch") if name in peers["result"]["seconds"]}
        for row in result["rows"]:
            if row["repeats"] == 1:
                updates = sum(row["iterations"]) * row["trials"] / len(row["iterations"])
                told = " and ".join(f"{PEERS[name]} {number(s * updates)} s" for name, s in each.items())
                lines += ["", f"Trained one by one at the reference trial's pace on one thread (calculated), up to "
                          f"{row['iterations'][-1]}: {told}."]
    return lines


def workers(result):
    lines = ["### One worker and two", "", "| | one | two | ratio | |", "| --- | ---: | ---: | ---: | --- |"]
    row = result["grid"]
    lines.append(f"| the grid | {time(row['one'])} | {time(row['two'])} | {number(row['ratio'])}, which is "
                 f"{row['of_copies']:.0%} of what two copies of the peak's loop reach | {steadiness(row)} |")
    row = result["search"]
    same = "same table" if row["same_table"] else "**the tables differ**"
    lines.append(f"| `approximate_gradient`, `parallelism` 1, {row['trials']} trials | {time(row['one'])} | "
                 f"{time(row['two'])} | {number(row['ratio'])}, {same} | {steadiness(row)} |")
    return lines


def dense(result):
    return rates(result, "The dense path", "784-128-64-10")


def convolutional(result):
    return rates(result, "A convolutional network", "LeNet-5 (average pooling, no padding)")


def rates(result, title, network):
    lines = [f"### {title}", "",
             f"{network}, relu, softmax, batches of 64, 10,000 images; Cairn trains one network on each thread, "
             "PyTorch one on all of them.", "",
             "| optimizer | threads | Cairn | PyTorch | ratio | |", "| --- | ---: | ---: | ---: | ---: | --- |"]
    for row in result["rows"]:
        other = f"{number(row['torch'])}" if row["torch"] else "–"
        ratio = number(row["cairn"] / row["torch"]) if row["torch"] else "–"
        lines.append(f"| `{row['optimizer']}` | {row['threads']} | {number(row['cairn'])} images/s | "
                     f"{other} images/s | {ratio} | {steadiness(row)} |")
    return lines


def latency(result):
    lines = ["### Requests while it trains", "",
             f"GET of a trial, {result['rate']} requests a second for {result['seconds']} s, each timed from when it "
             f"was due; the training threads had {number(result['training_cores'])} cores meanwhile.", "",
             "| | p50 | p99 | largest |", "| --- | ---: | ---: | ---: |"]
    for name, label in (("idle", "idle service"), ("training", "both cores training")):
        row = result[name]
        lines.append(f"| {label} | {time(row['p50'])} | {time(row['p99'])} | {time(row['largest'])} |")
    return lines


def million(result):
    rows = result["rows"]
    lines = [f"### A study of {result['trials']:,} trials", "",
             "Each figure is the median of its requests on one connection, then the slowest. The study is paused meanwhile; "
             "nothing trains.", "",
             "| | " + " | ".join(f"{row['ties']:,} equal best" for row in rows) + " |",
             "| --- |" + " ---: |" * len(rows),
             "| the file | " + " | ".join(f"{number(row['file_bytes'] / 2**20)} MiB" for row in rows) + " |",
             "| ready after | " + " | ".join(time(row["ready"]) for row in rows) + " |"]
    for name in rows[0]["requests"]:
        cells = (f"{time(row['requests'][name]['median'])}, {time(row['requests'][name]['worst'])}" for row in rows)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    csv = [row["csv"] for row in rows]
    lines += [
        "| `trials.csv` | " + " | ".join(f"{number(c['bytes'] / c['seconds'] / 1e6)} MB/s" for c in csv) + " |",
        "| memory that it adds | " + " | ".join(f"{number(max(0, c['growth_bytes']) / 2**20)} MiB" for c in csv) + " |",
        "| first new trial after `resume` | " + " | ".join(time(row["first_trial"]) for row in rows) + " |"]
    naive = result["naive"]
    speed = csv[0]["bytes"] / csv[0]["seconds"]
    best = rows[0]["requests"][next(n for n in rows[0]["requests"] if "count=10`" in n)]["median"]
    return lines + [
        "",
        f"`random` in place of `grid`: ready after {time(result['random']['ready'])}, first new trial "
        f"{time(result['random']['first_trial'])} after `resume`.", "",
        f"Python's `sqlite3` and `csv` write the same table at {number(naive['csv_bytes'] / naive['csv_seconds'] / 1e6)} MB/s "
        f"(Cairn: {number(speed / (naive['csv_bytes'] / naive['csv_seconds']))} times as fast) and need {time(naive['best_seconds'])} to "
        f"group and sort all trials for the ten best (Cairn: {number(naive['best_seconds'] / best)} times as fast)."]


def ask_and_tell(result):
    lines = ["### Ask and tell", "",
             f"Rounds of ask and tell on one study, each on the disk before the answer; `random`, three parameters. Optuna "
             f"{result['rows'][0]['optuna']['version']} with `RandomSampler` on SQLite, in turns on the same disk.", "",
             "| callers | disk, and 4 KiB synced | Cairn, rounds | a round | Optuna, rounds | a round | its errors | ratio |",
             "| ---: | --- | ---: | ---: | ---: | ---: | --- | ---: |"]
    for row in result["rows"]:
        own, peer = row["cairn"], row["optuna"]
        errors = ", ".join(f"{times} {name}" for name, times in peer["errors"].items()) or "none"
        if peer["left_running"]:
            errors += f"; {peer['left_running']} left running"
        lines.append(
            f"| {row['callers']} | {row['disk']['name']}, {time(row['disk']['sync_seconds'])} | {own['rounds']:,} | "
            f"{time(own['round_seconds'])} | {peer['rounds']:,} | "
            f"{time(peer['round_seconds']) if peer['round_seconds'] else '–'} | {errors} | {number(row['ratio'])} |")
    lines += ["", "Trials of 50 ms by threads of one process with the Python client:", "",
              "| search | `parallelism` | trials | callers | wall | of the time in trials |",
              "| --- | ---: | ---: | ---: | ---: | ---: |"]
    return lines + [f"| `{row['algorithm']}` | {row['parallelism']} | {row['trials']:,} | {row['callers']} | "
                    f"{time(row['wall_seconds'])} | {row['busy']:.0%} |" for row in result["busy"]]


def race(result):
    lines = ["### A race on a table", "",
             f"Five searches, {result['seeds']} seeds each, 100 trials a study, on a table of {result['points']:,} points; from "
             "POST to the end of the comparison. Kills are SIGKILL after 0.3 s each, the start of the next process included. "
             "The answers are the same in all rows, by their hash.", "",
             "| workers | kills | trials | wall |", "| ---: | ---: | ---: | ---: |"]
    return lines + [f"| {row['workers']} | {row['kills']} | {row['trials']:,} | {time(row['seconds'])} |"
                    for row in result["rows"]]


def wire(result):
    lines = ["### The wire", "",
             f"`wrk` with one thread on the same {os.cpu_count()} cores, {result['rounds']} rounds of {result['seconds']} s in "
             f"turns with nginx {result['version']} (two workers: `return 200` for `/healthz`, else a file of "
             f"{result['trial_bytes']:,} bytes); medians. Load at the end {result['load']:.1f}: where others use the processor, "
             "the column of processor times says more than that of rates.", "",
             "| request | Cairn, a second | nginx | ratio | Cairn, processor a request | nginx | nginx / Cairn |",
             "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    return lines + [
        f"| {row['label']} | {number(row['rate'])} | {number(row['peer_rate'])} | {number(row['ratio'])} | "
        f"{number(row['microseconds'])} µs | {number(row['peer_microseconds'])} µs | {number(row['processor_ratio'])} |"
        for row in result["rows"]]


SECTIONS = {"trial": trial, "peak": peak, "grid": grid, "workers": workers, "dense": dense,
            "convolutional": convolutional, "latency": latency, "million": million, "ask_and_tell": ask_and_tell,
            "race": race, "wire": wire}


def table(names=()):
    """What was measured last: of these commands, or of all."""
    lines, told = [], None
    for name, section in SECTIONS.items():
        measured = kept(name)
        if not measured or names and name not in names:
            continue
        machine = measured["machine"]
        about = (f"{machine['processor']}, {machine['cores']} cores; {machine['swift'].split(' (')[0]}; "
                 f"commit {machine['commit']}.")
        if about != told:
            lines += [about, ""]
            told = about
        lines += section(measured["result"]) + [""]
    return "\n".join(lines).rstrip() + "\n"


def write():
    """Puts the table between the page's two marks."""
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table()}\n{END}{rest.split(END)[1]}")
