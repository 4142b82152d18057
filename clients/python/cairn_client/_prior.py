"""What is known already: a CSV of trials, a DataFrame or a list of rows becomes the `prior` of a definition."""
from __future__ import annotations

import csv
import math
import os
from typing import Any, Dict, Iterable, List, Mapping, Optional, Union

# A path, rows, or whatever has `to_dict("records")`, as a DataFrame of pandas has.
Source = Union[str, "os.PathLike[str]", Iterable[Mapping[str, Any]], Any]


def read_prior(source: Source, definition: Mapping[str, Any]) -> List[Dict[str, Any]]:
    """Finished points, `{"parameters": …, "value": …}`, for the `prior` of a definition.

    `source`: the path of a CSV file, a DataFrame, or a list of rows. Its columns are named as the parameters, or as in
    `trials.csv` (`parameter.NAME`); the value is in the column `value`, or in that of the objective's metric, or in
    `metric.NAME`. Rows of trials that are not `completed`, and rows without a value, are left out.
    """
    parameters: Mapping[str, Any] = definition["parameters"]
    metric: str = definition["objective"]["metric"]
    points = []
    for place, row in enumerate(_rows(source), 1):
        value = _first(row, ("value", metric, f"metric.{metric}"))
        if value is None or str(row.get("state") or "completed") != "completed":
            continue
        point = {}
        for name, parameter in parameters.items():
            cell = _first(row, (name, f"parameter.{name}"))
            if cell is not None:
                try:
                    point[name] = _value(cell, parameter)
                except ValueError:
                    raise ValueError(f"row {place}: {name} is {cell!r}, which is not a value of this parameter") from None
        if not point:
            raise ValueError(f"row {place} has no column of a parameter ({', '.join(parameters)})")
        points.append({"parameters": point, "value": float(value)})
    return points


def _rows(source: Source) -> Iterable[Mapping[str, Any]]:
    if isinstance(source, (str, os.PathLike)):
        with open(source, newline="", encoding="utf-8-sig") as file:
            return list(csv.DictReader(file))
    if hasattr(source, "to_dict"):
        records: List[Mapping[str, Any]] = source.to_dict("records")
        return records
    return list(source)


def _first(row: Mapping[str, Any], names: Iterable[str]) -> Optional[Any]:
    """The first cell that says something; empty and NaN say nothing."""
    for name in names:
        cell = row.get(name)
        if cell is not None and cell != "" and not (isinstance(cell, float) and math.isnan(cell)):
            return cell
    return None


def _value(cell: Any, parameter: Mapping[str, Any]) -> Any:
    """A cell as a value of the parameter."""
    if parameter["type"] == "categorical":
        # In a CSV every value is a text; a text that looked like a formula has an apostrophe before it.
        for value in parameter["values"]:
            if cell == value and isinstance(cell, bool) == isinstance(value, bool):
                return value
        for value in parameter["values"]:
            if _same(str(cell), value):
                return value
        raise ValueError
    real = float(cell)
    if parameter["type"] == "integer":
        if real != int(real):
            raise ValueError
        return int(real)
    return real


def _same(text: str, value: Any) -> bool:
    """Whether a cell's text is what a program writes for this value."""
    if isinstance(value, bool):
        return text.lower() == str(value).lower()
    if isinstance(value, (int, float)):
        try:
            return float(text) == value
        except ValueError:
            return False
    return text in (value, "'" + str(value))
