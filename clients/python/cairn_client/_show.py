"""A study for people: a progress line, a small table, rows for pandas."""
from __future__ import annotations

import html as escape
import time
from typing import Any, Dict, Mapping, Optional, TextIO

_OUTCOMES = ("completed", "pruned", "infeasible", "failed")
# A log that is no terminal gets a line this often.
_LINE_SECONDS = 30.0


def flat(trial: Mapping[str, Any]) -> Dict[str, Any]:
    """A trial as a row, with columns named as in `trials.csv`."""
    row = {key: value for key, value in trial.items() if not isinstance(value, (dict, list))}
    for group, name in (("parameters", "parameter"), ("metrics", "metric")):
        row.pop(group, None)
        row.update({f"{name}.{key}": value for key, value in (trial.get(group) or {}).items()})
    return row


def sentence(study: Mapping[str, Any], metric: str) -> str:
    """How far a study is, on one line."""
    progress, best = study["progress"], study.get("best")
    told = sum(progress.get(outcome, 0) for outcome in _OUTCOMES)
    total = progress.get("total")
    parts = [f"{told} of {total} trials" if total is not None else f"{told} trials"]
    if best:
        parts.append(f"best {metric} {best['value']:.6g}")
    if progress.get("failed"):
        parts.append(f"{progress['failed']} failed")
    if study["state"] == "running":
        parts.append(f"{progress['running']} running")
        if progress.get("eta_seconds") is not None:
            parts.append(f"{_duration(progress['eta_seconds'])} left")
    else:
        parts.append(study["state"])
    return f"{study['name']}: " + ", ".join(parts)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"


class Progress:
    """One line that is written over on a terminal; now and then a line of its own elsewhere."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._terminal = file, file.isatty()
        self._width, self._shown = 0, -_LINE_SECONDS

    def show(self, study: Mapping[str, Any], metric: str, last: bool) -> None:
        text = sentence(study, metric)
        if self._terminal:
            self._file.write("\r" + text.ljust(self._width) + ("\n" if last else ""))
            self._width = len(text)
        elif last or time.monotonic() - self._shown >= _LINE_SECONDS:
            self._file.write(text + "\n")
            self._shown = time.monotonic()
        self._file.flush()


def html(study: Mapping[str, Any]) -> str:
    """A small table for a notebook."""
    best: Optional[Mapping[str, Any]] = study.get("best")
    metric = str((study.get("resolved") or study["definition"])["objective"]["metric"])
    rows = [("study", study["name"]), ("", sentence(study, metric))]
    if best:
        rows.append((metric, f"{best['value']:.6g}"))
        rows += [(name, str(value)) for name, value in best["parameters"].items()]
    cells = "".join(f"<tr><th>{escape.escape(name)}</th><td>{escape.escape(text)}</td></tr>" for name, text in rows)
    return f"<table>{cells}</table>"
