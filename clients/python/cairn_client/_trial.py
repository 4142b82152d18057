"""A trial that this process runs."""
from __future__ import annotations

import logging
import traceback
import urllib.parse
from types import TracebackType
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Type

from ._errors import CairnError, Infeasible
from ._metrics import Result, failure_class, metrics
from ._transport import ANSWER_SECONDS

if TYPE_CHECKING:
    from ._study import Study

log = logging.getLogger("cairn_client")
# The end of a traceback says what happened.
_MESSAGE_CHARACTERS = 4000
# What is told on the way out must not hold up the way out.
_PARTING_SECONDS = 5.0
# One thread makes all heartbeats: one that is not answered must not hold up the others.
_HEARTBEAT_SECONDS = 10.0


class Trial:
    """A point to try, under a lease that heartbeats keep. `with trial:` makes an exception a failed trial, and continues.

    `number`, `parameters`, `seed` (for the program's own draws) and `attempt` are the service's; `worker` is who holds it.
    `finished` is true once a result was told, or the trial was handed back.
    """

    def __init__(self, study: Study, item: Mapping[str, Any], worker: str) -> None:
        self.study, self.worker, self.lease_seconds = study, worker, study.lease_seconds
        self.number: int = item["number"]
        self.parameters: Dict[str, Any] = item["parameters"]
        self.seed: int = item["seed"]
        self.attempt: int = item.get("attempt", 1)
        self.lease: str = item["lease"]
        self.finished = False
        self.stop_reason: Optional[str] = None
        self.seen_to_stop = False
        self._logged = 0
        # Whether the next trial is asked for with the result of this one; then it waits in `following`.
        self.chained = False
        self.following: List[Trial] = []
        self._path = f"/trials/{self.number}"

    def __repr__(self) -> str:
        return f"<Trial {self.number} of {self.study.name}: {self.parameters}>"

    @property
    def should_stop(self) -> bool:
        """Whether it was pruned or stopped, or the lease was lost: its result is not needed any more."""
        self.seen_to_stop = self.seen_to_stop or self.stop_reason is not None
        return self.stop_reason is not None

    def report(self, step: int, result: Result = None, **named: Any) -> bool:
        """Tells how far it is: `trial.report(10, accuracy=0.8)`. Steps rise. False where the trial should stop."""
        measured = metrics(self.study.metric, result, named)
        self._told("measurements", {"lease": self.lease, "step": int(step), "metrics": measured})
        return self.stop_reason is None

    def log(self, text: str) -> None:
        """Adds to the trial's output, of which the service keeps the last mebibyte."""
        data = text.encode()
        try:
            self.study.call("POST", f"{self._path}/log?lease={urllib.parse.quote(self.lease, safe='')}&offset={self._logged}", data)
        except CairnError as fault:
            if fault.status not in (404, 409):
                raise
        self._logged += len(data)

    def complete(self, result: Result = None, **named: Any) -> bool:
        """The result: `trial.complete(accuracy=0.93)`. False where the trial had another outcome before."""
        return self._end({"metrics": metrics(self.study.metric, result, named)})

    def infeasible(self, reason: str) -> bool:
        """The point itself cannot be used: searches learn to stay away from it."""
        return self._end({"infeasible": reason[-_MESSAGE_CHARACTERS:]})

    def fail(self, message: str, class_: str = "error") -> bool:
        """The training failed. Classes `out_of_memory`, `io` and `lost` are tried again, three times in all."""
        return self._end({"failure": message[-_MESSAGE_CHARACTERS:], "class": class_, "lease": self.lease})

    def release(self) -> None:
        """Hands it back: it is first in line again, under the same number."""
        if self.finished:
            return
        self.abandon()
        if self.stop_reason is not None:
            return
        try:
            self.study.call("POST", self._path + "/release", {"lease": self.lease}, patience=_PARTING_SECONDS)
        except CairnError as fault:
            # It goes back by itself when the lease runs out.
            log.debug("trial %d was not handed back: %s", self.number, fault)

    def __enter__(self) -> Trial:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], fault: Optional[BaseException],
                 trace: Optional[TracebackType]) -> bool:
        if fault is None:
            return False
        if not isinstance(fault, Exception):
            self.release()
            return False
        self.settle(fault)
        return True

    def settle(self, fault: Exception) -> None:
        """Tells what an exception of the training means: infeasible, or failed with its traceback."""
        if self.finished:
            log.warning("an exception after the end of trial %d", self.number, exc_info=fault)
        elif isinstance(fault, Infeasible):
            self.infeasible(str(fault) or "infeasible")
        else:
            log.warning("trial %d of %s failed", self.number, self.study.name, exc_info=fault)
            self.fail("".join(traceback.format_exception(type(fault), fault, fault.__traceback__)), failure_class(fault))

    def _end(self, body: Dict[str, Any]) -> bool:
        if self.finished:
            raise RuntimeError(f"trial {self.number} has been told already")
        if self.chained:
            body["next"] = self.study.asking(1, self.worker, 0, without=self.number)
        try:
            answer = self.study.call("POST", self._path + "/complete", body)
        except CairnError as fault:
            if fault.status not in (404, 409):
                raise
            # The lease had run out, and another caller was faster; or a person has deleted the study.
            log.warning("the result of trial %d of %s was not taken: %s", self.number, self.study.name, fault)
            self.abandon()
            return False
        self.abandon()
        if self.chained:
            self.following = self.study.take(answer, self.worker)
        return True

    def abandon(self) -> None:
        """Its lease is not kept any more."""
        self.finished = True
        self.study.keeper.drop(self)

    def beat(self) -> bool:
        """A heartbeat; false where the service could not be reached."""
        try:
            self._told("heartbeat", {"lease": self.lease}, patience=0, timeout=_HEARTBEAT_SECONDS)
            return True
        except CairnError as fault:
            log.debug("no heartbeat of trial %d: %s", self.number, fault)
            return False

    def _told(self, verb: str, body: Dict[str, Any], patience: Optional[float] = None,
              timeout: float = ANSWER_SECONDS) -> None:
        """A call that renews the lease; its answer says whether to stop."""
        try:
            answer = self.study.call("POST", f"{self._path}/{verb}", body, patience=patience, timeout=timeout)
        except CairnError as fault:
            if fault.status not in (404, 409):
                raise
            # There is no lease to keep any more.
            self._stop("lease_lost" if fault.status == 409 else "deleted")
            return
        if answer["should_stop"]:
            self._stop(answer.get("reason") or "pruned")
        else:
            self.study.keeper.renewed(self)

    def _stop(self, reason: str) -> None:
        if not self.finished and self.stop_reason is None:
            self.stop_reason = reason
            log.info("trial %d of %s should stop: %s", self.number, self.study.name, reason)
        self.study.keeper.drop(self)
