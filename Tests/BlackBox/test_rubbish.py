"""Bytes that are no HTTP, or not quite: each gets the right 4xx or 5xx, and the service goes on."""
import os
import random
import socket
import unittest

from support import Service, ServiceCase

HOST = b"Host: localhost\r\n"


class Rubbish(ServiceCase):
    def exchange(self, data, timeout=120):
        """What comes back until the service closes; to noise, of which it may want more, within `timeout` seconds."""
        with socket.create_connection((self.service.host, self.service.port), timeout=120) as connection:
            connection.sendall(data)
            connection.settimeout(timeout)
            received = b""
            try:
                while chunk := connection.recv(65536):
                    received += chunk
            except (ConnectionResetError, socket.timeout):
                pass
            return received

    def status(self, data):
        received = self.exchange(data)
        self.assertTrue(received.startswith(b"HTTP/1.1 "), (data[:80], received[:80]))
        return int(received[9:12])

    def test_framing(self):
        get = b"GET /healthz HTTP/1.1\r\n"
        post = b"POST /v1/studies HTTP/1.1\r\n" + HOST
        table = [
            (get + b"\r\n", 400),
            (get + HOST + HOST + b"\r\n", 400),
            (get + b"Host : a\r\n\r\n", 400),
            (get + HOST + b"X: a\r\n folded\r\n\r\n", 400),
            (b"GET /healthz HTTP/1.1\nHost: a\n\n", 400),
            (get + HOST + b"X: a\0b\r\n\r\n", 400),
            (b"GET  /healthz HTTP/1.1\r\n" + HOST + b"\r\n", 400),
            (b"G(T /healthz HTTP/1.1\r\n" + HOST + b"\r\n", 400),
            (b"GET healthz HTTP/1.1\r\n" + HOST + b"\r\n", 400),
            (b"GET /%zz HTTP/1.1\r\n" + HOST + b"\r\n", 400),
            (b"GET /healthz HTTP/2.0\r\n" + HOST + b"\r\n", 505),
            (b"GET /healthz HTTP/1.2\r\n" + HOST + b"Connection: close\r\n\r\n", 200),
            (b"GET /healthz HTTP/0.9\r\n" + HOST + b"\r\n", 505),
            (b"CONNECT localhost:443 HTTP/1.1\r\n" + HOST + b"\r\n", 501),
            (post + b"Content-Length: +2\r\n\r\n{}", 400),
            (post + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400),
            (post + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            (post + b"Transfer-Encoding: gzip\r\n\r\n", 501),
            (post + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
            (post + b"Transfer-Encoding: chunked, gzip\r\n\r\n", 400),
            (post + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
            (post + b"Transfer-Encoding: chunked\r\n\r\n2;\r\n{}\r\n0\r\n\r\n", 400),
            (post + b'Transfer-Encoding: chunked\r\n\r\n2;a="b\r\n{}\r\n0\r\n\r\n', 400),
            (post + b"Content-Length: 99999999999999999999\r\n\r\n", (400, 413)),
            (post + b"Content-Length: 2000000\r\nExpect: 100-continue\r\n\r\n", 413),
            (post + b"Content-Length: 2\r\nExpect: magic\r\n\r\n{}", 417),
            (get + HOST + b"X: " + b"a" * 20000 + b"\r\n\r\n", 431),
            (get + HOST + b"".join(b"X%d: a\r\n" % i for i in range(150)) + b"\r\n", 431),
            (b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", (414, 431)),
            (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\r\n\r\n", 400),
        ]
        for data, expected in table:
            with self.subTest(data[:90]):
                self.assertIn(self.status(data), expected if isinstance(expected, tuple) else (expected,))

    def test_chunked_and_continue_and_pipelining(self):
        body = b'{"a": 1}'
        chunks = b"3\r\n" + body[:3] + b"\r\n" + b"%x;x=y\r\n" % len(body[3:]) + body[3:] + b"\r\n0\r\nT: x\r\n\r\n"
        head = b"POST /v1/studies HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        self.assertEqual(self.status(head + chunks), 422)
        received = self.exchange(
            b"POST /v1/studies HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nConnection: close\r\n"
            b"Content-Length: 2\r\n\r\n{}")
        self.assertIn(b"HTTP/1.1 422", received)
        get = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"
        last = b"GET /none HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
        received = self.exchange(get * 20 + last)
        self.assertEqual(received.count(b"HTTP/1.1 200"), 20)
        self.assertEqual(received.count(b"HTTP/1.1 404"), 1)

    def test_noise(self):
        draw = random.Random(1)
        for _ in range(150):
            self.exchange(draw.randbytes(draw.randrange(1, 400)) + b"\r\n\r\n", timeout=2)
        valid = b"GET /v1/studies?limit=5 HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
        for _ in range(300):
            data = bytearray(valid)
            for _ in range(draw.randrange(1, 4)):
                data[draw.randrange(len(data))] = draw.randrange(256)
            with socket.create_connection((self.service.host, self.service.port), timeout=120) as connection:
                try:
                    connection.sendall(data)
                    connection.shutdown(socket.SHUT_WR)
                    connection.settimeout(2)
                    while connection.recv(65536):
                        pass
                except OSError:
                    pass
        self.assertEqual(self.service.get("/healthz").status, 200)

    def test_clients_that_go_away(self):
        for _ in range(100):
            connection = socket.create_connection((self.service.host, self.service.port))
            connection.sendall(b"GET /openapi.json HTTP/1.1\r\n" + HOST + b"\r\n")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()
        self.assertEqual(self.service.get("/healthz").status, 200)


class Slow(unittest.TestCase):
    def test_deadlines_are_flags(self):
        post = b"POST /v1/studies HTTP/1.1\r\n" + HOST
        late = ["--header-timeout", "0.3", "--body-timeout", "0.3"]
        # Apart from the others: a client that is held up would be idle before it has sent anything.
        with Service(flags=late) as patient, Service(flags=["--idle-timeout", "0.3"]) as hasty:
            for service, data, expected in [
                    (patient, b"GET /healthz HT", b"408"), (patient, b"GET /healthz HTTP/1.1\r\n" + HOST, b"408"),
                    (patient, post + b"Content-Length: 9\r\n\r\n{", b"408"),
                    (patient, post + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{", b"408"), (hasty, b"", b"")]:
                with socket.create_connection((service.host, service.port), timeout=120) as connection:
                    connection.sendall(data)
                    received = b""
                    # Without a deadline nothing would come for half a minute and more, and then something else.
                    while chunk := connection.recv(65536):
                        received += chunk
                    self.assertEqual(received[9:12], expected, data)
                    if expected:
                        self.assertIn(b"application/problem+json", received)
                        self.assertIn(b"\r\nConnection: close\r\n", received)


if __name__ == "__main__":
    unittest.main()
