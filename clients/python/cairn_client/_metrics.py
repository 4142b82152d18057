"""Numbers as JSON has them, whatever library they come from."""
from __future__ import annotations

import math
from typing import Any, Dict, Mapping, Optional, Union

from ._errors import Infeasible

# One number is the objective; several have names.
Result = Union[float, Mapping[str, Any], None]


def number(name: str, value: Any) -> Union[int, float]:
    """An int or a float of Python; a scalar or an array of one element of NumPy, PyTorch and the like is one of these."""
    if isinstance(value, (bool, str, bytes)) or value is None:
        raise TypeError(f"{name} is {value!r}, and should be a number")
    if type(value) is int:
        return value
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} is {value!r}, and should be a number") from None


def metrics(objective: str, result: Result, named: Mapping[str, Any]) -> Dict[str, Union[int, float]]:
    """The metrics of `trial.complete(0.93)`, `trial.complete({"accuracy": 0.93})` or `trial.complete(accuracy=0.93)`.

    JSON has no NaN and no infinity. An objective that is one raises `Infeasible`; other metrics that are one are left out.
    """
    given: Dict[str, Any] = dict(result) if isinstance(result, Mapping) else {} if result is None else {objective: result}
    given.update(named)
    told = {str(name): number(str(name), value) for name, value in given.items()}
    if objective in told and not math.isfinite(told[objective]):
        raise Infeasible(f"diverged: {objective} is {told[objective]}")
    return {name: value for name, value in told.items() if math.isfinite(value)}


def failure_class(fault: Optional[BaseException]) -> str:
    """The class that says whether another attempt may help."""
    if isinstance(fault, MemoryError) or type(fault).__name__ == "OutOfMemoryError":
        return "out_of_memory"
    if isinstance(fault, (ConnectionError, TimeoutError)):
        return "io"
    return "error"
