"""Heartbeats: one thread keeps the leases of every trial that this process holds."""
from __future__ import annotations

import threading
import time
import weakref
from typing import TYPE_CHECKING, List, Optional

if TYPE_CHECKING:
    from ._study import Study
    from ._trial import Trial

# A service that cannot be reached is asked again after this; a call of the user's own waits longer, and is made again.
_TRY_SECONDS = 2.0
# A thread that has nothing to keep for this long ends.
_IDLE_SECONDS = 10.0


class Keeper:
    """Holds trials; renews each lease when a third of it has passed."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        # When each is due. A trial that its program has forgotten is not kept: its lease runs out.
        self._due: weakref.WeakKeyDictionary[Trial, float] = weakref.WeakKeyDictionary()
        self._thread: Optional[threading.Thread] = None
        # When the thread looks again by itself; it is woken for what is due before that alone.
        self._looks = 0.0

    def hold(self, trial: Trial) -> None:
        """Keeps the lease of a trial that was just handed out."""
        with self._changed:
            self._due[trial] = due = time.monotonic() + trial.lease_seconds / 3
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="cairn-heartbeats", daemon=True)
                self._thread.start()
            elif due < self._looks:
                self._changed.notify()

    def renewed(self, trial: Trial) -> None:
        """The lease has begun anew, by a report or a heartbeat."""
        with self._changed:
            if trial in self._due:
                self._due[trial] = time.monotonic() + trial.lease_seconds / 3

    def drop(self, trial: Trial) -> None:
        """There is no lease to keep any more."""
        with self._changed:
            self._due.pop(trial, None)

    def trials(self, study: Study) -> List[Trial]:
        """The trials of a study that are held."""
        with self._changed:
            return [trial for trial in self._due if trial.study is study]

    def held(self, study: Study, worker: str) -> List[int]:
        """The numbers of the trials of a study that a worker holds."""
        return sorted(trial.number for trial in self.trials(study) if trial.worker == worker)

    def _run(self) -> None:
        while True:
            trial = self._await()
            if trial is None:
                return
            if not trial.beat():
                with self._changed:
                    if trial in self._due:
                        self._due[trial] = time.monotonic() + min(_TRY_SECONDS, trial.lease_seconds / 3)
            del trial

    def _await(self) -> Optional[Trial]:
        """Waits for a trial that is due; None when there was nothing to keep for a while."""
        with self._changed:
            while True:
                now = time.monotonic()
                due = min(self._due.values(), default=now + _IDLE_SECONDS)
                if due <= now:
                    for trial, at in self._due.items():
                        if at == due:
                            self._due[trial] = now + max(_TRY_SECONDS, trial.lease_seconds / 3)
                            return trial
                    continue
                self._looks = due
                if not self._changed.wait(due - now) and not self._due:
                    self._thread = None
                    return None
