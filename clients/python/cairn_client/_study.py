"""A study of external trials: asks, runs, tells, and looks."""
from __future__ import annotations

import contextlib
import itertools
import logging
import os
import socket
import sys
import threading
import time
import urllib.parse
from typing import Any, Callable, Dict, Generator, Iterator, List, Mapping, Optional, Union

from ._errors import CairnError, Infeasible
from ._keeper import Keeper
from ._metrics import Result
from ._prior import Source, read_prior
from ._show import Progress, flat, html
from ._transport import ANSWER_SECONDS, Transport
from ._trial import Trial

log = logging.getLogger("cairn_client")
# An idle caller costs two requests a minute.
_WAIT_SECONDS = 30
_LIVE = ("running", "paused")
_workers = itertools.count(1)


class Study:
    """A study of the service at `url`; who iterates over it gets its trials.

    `for trial in study:` asks for trials until the study has ended. Threads and processes may do so at the same time; each
    is a worker of its own. `study.optimize(function, workers=4)` does it for you.
    """

    def __init__(self, url: str, definition: Union[str, Mapping[str, Any]], *, token: Optional[str] = None,
                 worker: Optional[str] = None, lease_seconds: float = 60, prior: Optional[Source] = None,
                 patience_seconds: float = 3600) -> None:
        """Creates the study, or attaches to it: by its name, or where one with the same definition exists.

        `token`: the service's, by default that of `CAIRN_TOKEN`. `worker`: a name that says where it runs, by default
        HOST-PID; every thread adds a number. `lease_seconds`: how long the service waits for a sign of life; three
        heartbeats fit into it. `prior`: what is known already (see `read_prior`). `patience_seconds`: how long calls are
        tried again while the service cannot be reached.
        """
        self._transport = Transport(url, token, patience_seconds)
        self.lease_seconds, self._worker_name = lease_seconds, worker
        self._process, self._names, self._keeper = os.getpid(), threading.local(), Keeper()
        self._numbers = itertools.count(1)
        if isinstance(definition, str):
            study = self._transport.call("GET", "/v1/studies/" + urllib.parse.quote(definition, safe="")).json
        else:
            body = dict(definition)
            if prior is not None:
                body["prior"] = read_prior(prior, definition)
            # A name that the service makes up is made up once.
            key = {} if "name" in body else {"Idempotency-Key": os.urandom(12).hex()}
            study = self._transport.call("POST", "/v1/studies", body, headers=key).json
        self.name: str = study["name"]
        self.path = "/v1/studies/" + urllib.parse.quote(self.name, safe="")
        self.metric: str = (study.get("resolved") or study["definition"])["objective"]["metric"]

    def __repr__(self) -> str:
        return f"Study({self._transport.url!r}, {self.name!r})"

    def _repr_html_(self) -> str:
        return html(self.info())

    def __reduce__(self) -> Any:
        return _attach, (self._transport.url, self.name, self._transport.token, self._worker_name, self.lease_seconds,
                         self._transport.patience_seconds)

    # Looking.

    def info(self) -> Dict[str, Any]:
        """The study as the service shows it: `state`, `progress`, `best`, `warnings`, …"""
        return dict(self._transport.call("GET", self.path).json)

    def best(self) -> Optional[Dict[str, Any]]:
        """The best point: `parameters`, `value`, `interval`, `trials`, …; None while there is none."""
        points = self.best_points(1)
        return points[0] if points else None

    def best_points(self, count: int = 10) -> List[Dict[str, Any]]:
        """The best points, best first."""
        return list(self._transport.call("GET", f"{self.path}/best?count={count}").json["items"])

    def trials(self) -> List[Dict[str, Any]]:
        """All trials in number order, a row each, with columns named as in `trials.csv`: `pandas.DataFrame(study.trials())`."""
        rows: List[Dict[str, Any]] = []
        after = ""
        while True:
            page = self._transport.call("GET", f"{self.path}/trials?limit=1000{after}").json
            rows += page["items"]
            if not page["next"]:
                return [flat(row) for row in rows]
            after = "&after=" + urllib.parse.quote(page["next"], safe="")

    def wait(self, progress: bool = True) -> Dict[str, Any]:
        """Waits until the study has ended, with a line on standard error that says how far it is; then the study."""
        line = Progress(sys.stderr) if progress else None
        tag: Dict[str, str] = {}
        while True:
            # Only a caller that has seen the study can wait for a change.
            wait = f"?wait_seconds={_WAIT_SECONDS}" if tag else ""
            answer = self._transport.call("GET", self.path + wait, headers=tag)
            if answer.status == 304:
                continue
            study: Dict[str, Any] = answer.json
            ended = study["state"] not in _LIVE
            if line:
                line.show(study, self.metric, last=ended)
            if ended:
                return study
            tag = {"If-None-Match": answer.headers["etag"]} if "etag" in answer.headers else {}
            time.sleep(0.2 if tag else 1)

    # Changing.

    def pause(self) -> None:
        """Running trials finish; none is handed out."""
        self.call("POST", "/pause", None)

    def resume(self) -> None:
        """Hands out trials again."""
        self.call("POST", "/resume", None)

    def stop(self) -> None:
        """Ends the study; running trials are told to stop."""
        self.call("POST", "/stop", None)

    def enqueue(self, parameters: Mapping[str, Any]) -> None:
        """Puts a point of the space first in line."""
        self.call("POST", "/trials", {"parameters": dict(parameters)})

    # Asking.

    def ask(self, count: int = 1, wait_seconds: float = 0) -> List[Trial]:
        """Up to `count` trials; none where there is none to give within `wait_seconds` (at most 60)."""
        worker = self._worker()
        return self.take(self.call("POST", "/suggestions", self.asking(count, worker, wait_seconds)), worker)

    def __iter__(self) -> Iterator[Trial]:
        return self._each(lambda: True)

    def optimize(self, function: Callable[[Trial], Result], workers: int = 1,
                 trials: Optional[int] = None) -> Optional[Dict[str, Any]]:
        """Calls `function(trial)` until the study has ended, in as many threads as `workers`; then the best point.

        The function gives the objective, or a dictionary of metrics with the objective among them, or None where it told
        the result itself. An exception is a failed trial with its traceback; `Infeasible` says that the point cannot be
        used. What it gives after it saw `should_stop` is not told. `trials`: at most this many are run by this call.
        """
        numbers = iter(range(trials)) if trials is not None else itertools.count()
        lock, over = threading.Lock(), threading.Event()
        faults: List[BaseException] = []

        def more() -> bool:
            with lock:
                return not over.is_set() and next(numbers, None) is not None

        def work() -> None:
            with contextlib.closing(self._each(more, over)) as each:
                for trial in each:
                    _run(function, trial)

        def slot() -> None:
            try:
                work()
            except BaseException as fault:
                over.set()
                faults.append(fault)

        if workers == 1:
            work()
            return self.best()
        threads = [threading.Thread(target=slot, name=f"cairn-worker-{n + 1}", daemon=True) for n in range(workers)]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        except BaseException:
            # Ctrl-C: the functions cannot be interrupted, but their trials can go to somebody else.
            over.set()
            for trial in self.keeper.trials(self):
                trial.release()
            raise
        if faults:
            raise faults[0]
        return self.best()

    def _each(self, more: Callable[[], bool], over: Optional[threading.Event] = None) -> Generator[Trial, None, None]:
        """Trials one after the other while `more` allows one more; what is unfinished at the end is handed back."""
        worker, process = self._worker(), os.getpid()
        trial: Optional[Trial] = None
        following: List[Trial] = []
        try:
            wanted = more()
            while wanted:
                following = following or self._next(worker, over)
                if not following:
                    return
                trial, following = following[0], following[1:]
                # The next trial comes with the answer to this one's result.
                trial.chained = wanted = more()
                yield trial
                if not trial.finished:
                    if trial.stop_reason is None:
                        raise RuntimeError(f"trial {trial.number} has no result: call its complete, infeasible, fail or "
                                           "release before the next one")
                    trial.abandon()
                following, trial.following = following + trial.following, []
        finally:
            # A forked child that ends has nothing to hand back.
            if process == os.getpid():
                for left in [*([trial, *trial.following] if trial else []), *following]:
                    left.release()

    def _next(self, worker: str, over: Optional[threading.Event]) -> List[Trial]:
        """Waits for a trial; none where the study has ended."""
        while not (over and over.is_set()):
            try:
                answer = self.call("POST", "/suggestions", self.asking(1, worker, _WAIT_SECONDS))
            except CairnError as fault:
                if fault.status != 404:
                    raise
                log.warning("the study %s was deleted", self.name)
                return []
            trials = self.take(answer, worker)
            if trials or answer["study_state"] not in _LIVE:
                return trials
            time.sleep(answer.get("retry_after_seconds") or 1)
        return []

    def asking(self, count: int, worker: str, wait_seconds: float, without: Optional[int] = None) -> Dict[str, Any]:
        """The body that asks for trials; `without` is the number of one that ends with this call."""
        holding = [number for number in self.keeper.held(self, worker) if number != without]
        return {"count": count, "worker": worker, "lease_seconds": self.lease_seconds, "wait_seconds": wait_seconds,
                **({"holding": holding} if holding else {})}

    def take(self, answer: Mapping[str, Any], worker: str) -> List[Trial]:
        """The trials of an answer; their leases are kept from now on."""
        trials = [Trial(self, item, worker) for item in answer["items"]]
        for trial in trials:
            self.keeper.hold(trial)
        return trials

    def call(self, verb: str, path: str, body: Any, patience: Optional[float] = None,
             timeout: float = ANSWER_SECONDS) -> Any:
        """A call below the study's address; the JSON of its answer."""
        return self._transport.call(verb, self.path + path, body, patience=patience, timeout=timeout).json

    @property
    def keeper(self) -> Keeper:
        """What keeps the leases of this process; a forked child begins with one of its own, which keeps none."""
        if self._process != os.getpid():
            self._process, self._names, self._keeper = os.getpid(), threading.local(), Keeper()
        return self._keeper

    def _worker(self) -> str:
        """This thread's name as a worker."""
        self.keeper  # A forked child gets names of its own.
        if not hasattr(self._names, "worker"):
            if self._worker_name:
                self._names.worker = f"{self._worker_name}-{next(self._numbers)}"
            else:
                self._names.worker = f"{socket.gethostname()[:64]}-{os.getpid()}-{next(_workers)}"
        return str(self._names.worker)


def _run(function: Callable[[Trial], Result], trial: Trial) -> None:
    """One trial, from its parameters to its outcome."""
    try:
        result = function(trial)
    except Exception as fault:
        if isinstance(fault, CairnError) and fault.status in (0, 401):
            # Nothing can be told of this trial either.
            raise
        trial.settle(fault)
        return
    if trial.finished:
        return
    if trial.seen_to_stop:
        trial.abandon()
        return
    if result is None:
        raise TypeError(f"the function gave None for trial {trial.number}, and told no result: it should give the value of "
                        f"{trial.study.metric}")
    try:
        trial.complete(result)
    except Infeasible as fault:
        trial.infeasible(str(fault))


def _attach(url: str, name: str, token: str, worker: Optional[str], lease_seconds: float,
            patience_seconds: float) -> Study:
    """A study in another process, from what pickle carries."""
    return Study(url, name, token=token, worker=worker, lease_seconds=lease_seconds, patience_seconds=patience_seconds)
