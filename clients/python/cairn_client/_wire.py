"""HTTP/1.1 on one connection that stays open.

`http.client` connects, with TLS where it is asked for. What follows is written and read here, a request in one write: its
general reading of headers takes longer than the service takes for an answer.
"""
from __future__ import annotations

import http.client
import json
from typing import Any, Dict, NamedTuple, Optional, Tuple

_LINE_BYTES = 65536
_HEADER_LINES = 200


class Reply(NamedTuple):
    status: int
    headers: Dict[str, str]  # Their names in lower case.
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


class Wire:
    """A connection; after any exception it must be closed."""

    def __init__(self, secure: bool, host: str, port: Optional[int], timeout: float) -> None:
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._connection = kind(host, port, timeout=timeout)
        self._connection.connect()
        self._socket = self._connection.sock
        self._file = self._socket.makefile("rb")
        # Whether it may carry another request.
        self.open = True

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        self.open = False
        if hasattr(self, "_file"):
            self._file.close()
        self._connection.close()

    def exchange(self, head: str, body: Optional[bytes], timeout: float) -> Reply:
        """Sends a request, whose `head` lacks the length and the empty line, and waits for its answer."""
        length = "" if body is None else f"Content-Length: {len(body)}\r\n"
        if self._socket.gettimeout() != timeout:
            self._socket.settimeout(timeout)
        self._socket.sendall(f"{head}{length}\r\n".encode("ascii") + (body or b""))
        status, headers = self._head()
        while 100 <= status < 200:
            status, headers = self._head()
        if status in (204, 304):
            content = b""
        elif headers.get("transfer-encoding", "").lower() == "chunked":
            content = self._chunks()
        elif "content-length" in headers:
            content = self._exactly(int(headers["content-length"]))
        else:
            self.open, content = False, self._file.read()
        if headers.get("connection", "").lower() == "close":
            self.open = False
        return Reply(status, headers, content)

    def _head(self) -> Tuple[int, Dict[str, str]]:
        line = self._file.readline(_LINE_BYTES)
        if not line:
            raise ConnectionResetError("the connection was closed before an answer")
        words = line.split(None, 2)
        if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1].isdigit():
            raise http.client.BadStatusLine(line[:100].decode("latin-1"))
        headers: Dict[str, str] = {}
        for _ in range(_HEADER_LINES):
            line = self._file.readline(_LINE_BYTES)
            if line in (b"\r\n", b"\n"):
                return int(words[1]), headers
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon:
                break
            headers[name.lower()] = value.strip()
        raise http.client.HTTPException("the head of the answer is not HTTP, or was cut")

    def _exactly(self, size: int) -> bytes:
        content: bytes = self._file.read(size)
        if len(content) < size:
            raise http.client.IncompleteRead(content, size - len(content))
        return content

    def _chunks(self) -> bytes:
        parts = []
        while True:
            try:
                size = int(self._file.readline(_LINE_BYTES).split(b";")[0], 16)
            except ValueError:
                raise http.client.HTTPException("a chunk of the answer has no size") from None
            parts.append(self._exactly(size))
            # The end of the chunk; after the last one, whatever trailers there are.
            while self._file.readline(_LINE_BYTES) not in (b"\r\n", b"\n", b"") and size == 0:
                pass
            if size == 0:
                return b"".join(parts)
