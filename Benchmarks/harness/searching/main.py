"""Runs searches on tables and prints their figures; `Benchmarks/search --help` says how."""
import argparse
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

import figures
import optuna_peer
import tables

PEERS = ("optuna_tpe", "optuna_tpe_univariate", "optuna_gp")


def numbers(text):
    return [int(word) for word in text.split(",") if word]


def arguments():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("algorithm")
    parser.add_argument("tables", nargs="*")
    parser.add_argument("--option", action="append", default=[])
    parser.add_argument("--parallelism", type=int, default=1)
    parser.add_argument("--budget", type=int)
    parser.add_argument("--runs", type=int, default=320)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--idle", type=int, default=0)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--best-after", type=numbers, default=[])
    parser.add_argument("--limit", type=int, default=2000)
    parser.add_argument("--tie-break", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("--against")
    return parser.parse_args()


def read_tables(words, folder):
    found = []
    for word in words or [os.environ["BENCHMARK_TABLES"]]:
        if word == "fixtures":
            subprocess.run([os.environ["BENCHMARK_SEARCHES"], "fixtures", folder], check=True)
            found += tables.read(folder)
        else:
            found += tables.read(word)
    return found


def measure(table, request):
    """What the executable, or a peer, gives for a table."""
    if request.algorithm in PEERS:
        return optuna_peer.measure(request.algorithm, table, request)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / f"{table.name}.table"
        table.write(path)
        words = [os.environ["BENCHMARK_SEARCHES"], "run", path, "--algorithm", request.algorithm]
        for option in request.option:
            words += ["--option", option]
        for name in ("parallelism", "budget", "runs", "first_seed", "threads", "limit", "idle"):
            value = getattr(request, name)
            if value is not None:
                words += ["--" + name.replace("_", "-"), str(value)]
        words += ["--best-after", ",".join(map(str, request.best_after)), "--tie-break", str(int(request.tie_break))]
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr.strip() or f"{words[0]} ended with {done.returncode}")
        return json.loads(done.stdout)


def figures_of(table, result, checkpoints):
    """All figures of one table."""
    reached = [count if count > 0 else math.inf for count in result["reached"]]
    random = figures.Random(table)
    row = {"table": table.name, "runs": len(reached), "unreached": sum(map(math.isinf, reached)), "reached": reached}
    for name, share in (("n50", 0.5), ("n90", 0.9)):
        row[name] = figures.quantile(reached, share)
        row[name + "_interval"] = figures.interval(reached, share)
        row[name + "_random"] = random.quantile(share)
    row["best"] = [math.fsum(bests[place] for bests in result["bests"]) / len(reached)
                   for place in range(len(checkpoints))]
    row["best_random"] = [random.best_after(count) for count in checkpoints]
    row["milliseconds"] = result["milliseconds"]
    row["ahead"] = result.get("ahead")
    return row


def whole(value):
    return "–" if math.isinf(value) else f"{value:.0f}"


def line(row, other):
    cells = [row["table"], f"{row['n50_random']} / {row['n90_random']}", f"{whole(row['n50'])} / {whole(row['n90'])}",
             "; ".join("–".join(map(whole, row[name + "_interval"])) for name in ("n50", "n90")),
             f"{row['n50'] / row['n50_random']:.2f} / {row['n90'] / row['n90_random']:.2f}"]
    cells += [f"{mine:.4g} ({theirs:.4g})" for mine, theirs in zip(row["best"], row["best_random"])]
    cells += [f"{times[0]:.2g} ({times[1]:.2g})" if times else "–" for times in row["milliseconds"]]
    if other is not None:
        theirs = other.get(row["table"])
        cells.append(f"{whole(theirs['n50'])} / {whole(theirs['n90'])}" if theirs else "–")
    if row["ahead"] is not None:
        cells.append(f"{row['ahead']:.0%}")
    if row["unreached"]:
        cells[2] += f" ({row['unreached']} of {row['runs']} never)"
    return "| " + " | ".join(cells) + " |"


def table_of(rows, request, other):
    heads = ["table", "random, exact", request.algorithm, "90 % of N50; of N90", "ratio to random"]
    heads += [f"mean best after {count} (random's)" for count in request.best_after]
    if any(row["milliseconds"] for row in rows):
        heads += [f"ms before {count}: median (max)" for count in request.best_after]
    heads += ["against"] if other is not None else []
    heads += ["had been run ahead"] if any(row["ahead"] is not None for row in rows) else []
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    lines += [line(row, other) for row in rows]
    means, spans = [], []
    for name, share in (("n50", 0.5), ("n90", 0.9)):
        randoms = [row[name + "_random"] for row in rows]
        means.append(figures.geometric_mean(row[name] / row[name + "_random"] for row in rows))
        spans.append(figures.mean_ratio_interval([row["reached"] for row in rows], randoms, share))
    lines += ["", f"Geometric means of the ratios to random: {means[0]:.3f} / {means[1]:.3f} (90 %: "
              + "; ".join(f"{low:.3f}–{high:.3f}" for low, high in spans) + f"); {len(rows)} tables, {rows[0]['runs']} runs each."]
    return "\n".join(lines)


def main():
    request = arguments()
    other = None
    if request.against:
        other = {row["table"]: row for row in json.loads(pathlib.Path(request.against).read_text())["rows"]}
    with tempfile.TemporaryDirectory() as folder:
        found = read_tables(request.tables, folder)
    rows = []
    for table in found:
        result = measure(table, request)
        if "unfit" in result:
            print(f"{table.name} is left out: {result['unfit']}", file=sys.stderr, flush=True)
            continue
        rows.append(figures_of(table, result, request.best_after))
        print(f"{table.name}: {whole(rows[-1]['n50'])} / {whole(rows[-1]['n90'])}", file=sys.stderr, flush=True)
        if request.json:
            pathlib.Path(request.json).write_text(json.dumps({"request": vars(request), "rows": rows}))
    if not rows:
        sys.exit(f"{request.algorithm} can search none of the tables.")
    print(table_of(rows, request, other))


main()
