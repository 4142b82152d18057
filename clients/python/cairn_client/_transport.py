"""JSON over HTTP: one connection a thread that stays open, and calls that are made again until they are answered."""
from __future__ import annotations

import http.client
import json
import logging
import os
import random
import threading
import time
import urllib.parse
from typing import Any, Dict, Optional

from ._errors import CairnError
from ._wire import Reply, Wire

log = logging.getLogger("cairn_client")
# The service was not ready, or something between here and there was not: the call has changed nothing.
_AGAIN = {429, 502, 503, 504}
# How long a wrong address may take to be told.
_FIRST_CONTACT_SECONDS = 5.0
# A held answer, and some time for the way.
ANSWER_SECONDS = 90.0


class Transport:
    """Calls of one service. Every call may be repeated: the service gives the first answer again."""

    def __init__(self, url: str, token: Optional[str], patience_seconds: float) -> None:
        """`patience_seconds`: for how long a call is tried again while the service cannot be reached."""
        parts = urllib.parse.urlsplit(url if "://" in url else "http://" + url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is not an address of a service; it looks like http://127.0.0.1:8080")
        self.url = urllib.parse.urlunsplit(parts).rstrip("/")
        self.token = (token if token is not None else os.environ.get("CAIRN_TOKEN", "")).strip()
        self.patience_seconds = patience_seconds
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname, parts.port
        self._base = urllib.parse.quote(parts.path.rstrip("/"), safe="/%")
        if not self.token.isprintable() or not self.token.isascii():
            raise ValueError("the token has characters that no token has")
        port = f":{parts.port}" if parts.port else ""
        host = f"[{self._host}]" if ":" in self._host else self._host
        self._head = f" HTTP/1.1\r\nHost: {host}{port}\r\n" + (
            f"Authorization: Bearer {self.token}\r\n" if self.token else "")
        self._process, self._mine = os.getpid(), threading.local()
        self._reached = False

    def call(self, method: str, path: str, body: Any = None, headers: Optional[Dict[str, str]] = None,
             patience: Optional[float] = None, timeout: float = ANSWER_SECONDS) -> Reply:
        """The answer, 2xx or 304; raises `CairnError` for others, and where none came within the patience.

        A `body` of bytes is sent as plain text, any other as JSON.
        """
        head = f"{method} {self._base}{path}{self._head}" + "".join(f"{n}: {v}\r\n" for n, v in (headers or {}).items())
        data: Optional[bytes] = None
        if isinstance(body, bytes):
            data, head = body, head + "Content-Type: text/plain; charset=utf-8\r\n"
        elif body is not None:
            data = json.dumps(body, allow_nan=False, default=_plain).encode()
            head += "Content-Type: application/json\r\n"
        if patience is None:
            patience = self.patience_seconds if self._reached else min(_FIRST_CONTACT_SECONDS, self.patience_seconds)
        end, tries = time.monotonic() + patience, 0
        while True:
            pause = min(10.0, 0.05 * 2 ** tries) * random.uniform(0.5, 1.0)
            try:
                answer = self._exchange(head, data, timeout)
            except (OSError, http.client.HTTPException) as fault:
                problem = CairnError(0, "", f"{self.url} cannot be reached: {fault or type(fault).__name__}", [])
            else:
                if tries > 1:
                    log.warning("%s answers again", self.url)
                self._reached = True
                if answer.status not in _AGAIN:
                    if answer.status < 300 or answer.status == 304:
                        return answer
                    raise CairnError.of(answer.status, http.client.responses.get(answer.status, ""), answer.body)
                problem = CairnError.of(answer.status, http.client.responses.get(answer.status, ""), answer.body)
                pause = max(pause, _seconds(answer.headers.get("retry-after")))
            if time.monotonic() + pause > end:
                raise problem
            if tries == 1:
                log.warning("%s; trying again for %.0f s", problem, end - time.monotonic())
            tries += 1
            time.sleep(pause)

    def _exchange(self, head: str, body: Optional[bytes], timeout: float) -> Reply:
        """One request on this thread's connection; once more on a new one where the old one had been closed meanwhile."""
        wire = self._wire()
        kept = wire is not None
        if wire is None:
            wire = self._mine.wire = Wire(self._secure, self._host, self._port, timeout)
        try:
            return wire.exchange(head, body, timeout)
        except (ConnectionResetError, BrokenPipeError):
            wire.close()
            if not kept:
                raise
            return self._exchange(head, body, timeout)
        except BaseException:
            # Half a request or answer is on it.
            wire.close()
            raise

    def _wire(self) -> Optional[Wire]:
        """This thread's connection, where it has one that is open."""
        if self._process != os.getpid():
            # A forked child shares the parent's sockets, and must not speak on them.
            self._process, self._mine = os.getpid(), threading.local()
        wire: Optional[Wire] = getattr(self._mine, "wire", None)
        return wire if wire is not None and wire.open else None


def _plain(value: Any) -> Any:
    """A scalar or an array of NumPy and the like, which JSON does not know."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{value!r} cannot be sent as JSON")


def _seconds(text: Optional[str]) -> float:
    """Of a Retry-After header; 0 for a date or none."""
    try:
        return min(60.0, float(text or 0))
    except ValueError:
        return 0.0
