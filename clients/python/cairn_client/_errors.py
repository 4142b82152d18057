"""What can go wrong, with sentences that a person can act on."""
from __future__ import annotations

import json
from typing import Any, List, Tuple


class CairnError(Exception):
    """The service refused a call, or could not be reached.

    `status` is that of HTTP, or 0 where no answer came. `faults` lists every fault of the body that was sent, each with its
    JSON pointer.
    """

    def __init__(self, status: int, title: str, detail: str, faults: List[Tuple[str, str]], kind: str = "") -> None:
        self.status, self.title, self.detail, self.faults, self.kind = status, title, detail, faults, kind
        lines = [f"{status} {title}: {detail}" if status else detail]
        lines += [f"  {pointer or 'the whole body'}: {text}" for pointer, text in faults]
        super().__init__("\n".join(lines))

    def __reduce__(self) -> Any:
        return (type(self), (self.status, self.title, self.detail, self.faults, self.kind))

    @classmethod
    def of(cls, status: int, reason: str, body: bytes) -> CairnError:
        """The error of an answer: a problem document (RFC 9457), or whatever a proxy sent in its place."""
        try:
            problem = json.loads(body)
        except ValueError:
            problem = None
        if not isinstance(problem, dict):
            return cls(status, reason, body[:300].decode("utf-8", "replace").strip() or "no explanation came with it", [])
        faults = [(str(f.get("pointer", "")), str(f.get("detail", ""))) for f in problem.get("errors") or []]
        return cls(status, str(problem.get("title", reason)), str(problem.get("detail", "")), faults,
                   str(problem.get("type", "")))


class Infeasible(Exception):
    """Raise it in your function where the point itself cannot be used; its text is the reason."""
