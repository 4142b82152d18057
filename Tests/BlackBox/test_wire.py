"""What reaches the service over the wire: names, paths below a proxy, expectations, uploads that are not quite right."""
import json
import os
import pathlib
import resource
import socket
import subprocess
import tempfile
import unittest

from support import BINARY, ROOT, Service, ServiceCase
from test_datasets import TABLE, multipart


def exchange(service, data):
    """What comes back until the service closes."""
    with socket.create_connection((service.host, service.port), timeout=120) as connection:
        connection.sendall(data)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
        return received


class Names(unittest.TestCase):
    def get(self, service, host, path="/healthz", version="1.1", target=None):
        field = b"" if host is None else b"Host: " + host.encode() + b"\r\n"
        received = exchange(service, f"GET {target or path} HTTP/{version}\r\n".encode() + field
                            + b"Connection: close\r\n\r\n")
        return int(received[9:12]), received

    def test_another_name_is_another_service(self):
        with Service(flags=["--allowed-host", "cairn.example, other.example:80", "--allowed-host", "third.example"]) as service:
            for host in ("localhost", f"127.0.0.1:{service.port}", "127.9.9.9", "[::1]:1", "LocalHost.", "cairn.example",
                         "Other.Example:8080", "third.example."):
                self.assertEqual(self.get(service, host)[0], 200, host)
            for host in ("evil.example", "evil.example:80", "localhost.example", "192.0.2.1", "[::2]", "cairn.example.org", ""):
                for path in ("/", "/healthz", "/v1/studies", "/js/app.js"):
                    status, received = self.get(service, host, path)
                    self.assertEqual(status, 421, (host, path))
                    self.assertIn(b"--allowed-host", received)
            # The target's authority comes before the field; a request of HTTP/1.0 may name nobody.
            self.assertEqual(self.get(service, "localhost", target="http://evil.example/healthz")[0], 421)
            self.assertEqual(self.get(service, "evil.example", target="http://localhost:1/healthz")[0], 200)
            self.assertEqual(self.get(service, None, version="1.0")[0], 200)
            self.assertEqual(self.get(service, None)[0], 400)

    def test_a_variable_and_a_token(self):
        with Service(environment={"CAIRN_ALLOWED_HOST": "a.example,b.example"}) as service:
            self.assertEqual([self.get(service, f"{name}.example")[0] for name in "abc"], [200, 200, 421])
        with Service(environment={"CAIRN_TOKEN": " a-token-with-white-space-around\r\n"}) as service:
            self.assertEqual(self.get(service, "evil.example")[0], 200)
            self.assertEqual(self.get(service, "")[0], 200)
            answer = service.get("/v1/studies", headers={"Authorization": "bearer   a-token-with-white-space-around"})
            self.assertEqual(answer.status, 200)


class BelowAPath(unittest.TestCase):
    def test_with_and_without_the_path(self):
        flags = ["--base-path", "/hub/cairn", "--frame-ancestors", "'self' https://hub.example"]
        with Service(flags=flags) as service:
            service.check = False
            definition = json.loads((ROOT / "examples" / "first-study.json").read_text())
            made = service.post("/hub/cairn/v1/studies", definition)
            self.assertEqual(made.status, 201, made.text)
            self.assertRegex(made.headers["Location"], "^/hub/cairn/v1/studies/")
            self.assertEqual(service.get(made.headers["Location"]).status, 200)
            self.assertEqual(service.post("/v1/studies", {**definition, "name": "another"}).status, 201)
            for path in ("/hub/cairn/v1/studies?limit=1", "/v1/studies?limit=1"):
                self.assertRegex(service.get(path).headers["Link"], r'^<\?limit=1&after=[^>]+>; rel="next"$')
            for path in ("/hub/cairn/", "/"):
                page = service.get(path)
                self.assertEqual(page.status, 200)
                self.assertIn("frame-ancestors 'self' https://hub.example;", page.headers["Content-Security-Policy"])
            bare = service.get("/hub/cairn")
            self.assertEqual((bare.status, bare.headers["Location"]), (308, "/hub/cairn/"))
            body, form = multipart({"name": "mine", "format": "csv"}, [("a.csv", TABLE)])
            self.assertEqual(service.request("POST", "/hub/cairn/v1/datasets", body, form).headers["Location"],
                             "/hub/cairn/v1/datasets/mine")

    def test_what_is_no_setting(self):
        for flags, environment, word in [
                (["--base-path", "cairn"], {}, "--base-path"), (["--base-path", "/v1"], {}, "--base-path"),
                (["--frame-ancestors", "a; script-src *"], {}, "--frame-ancestors"),
                (["--allowed-host", "http://a"], {}, "--allowed-host"), (["--max-held", "1"], {}, "--max-held"),
                (["--log-space", "1KiB"], {}, "--log-space"), ([], {"CAIRN_LOG_SPACE": "much"}, "--log-space"),
                ([], {"CAIRN_TOKEN": " \n"}, "CAIRN_TOKEN"), ([], {"CAIRN_TOKEN": "two words of a token"}, "CAIRN_TOKEN"),
                ([], {"CAIRN_TOKEN": "a-tökèn-that-has-letters"}, "CAIRN_TOKEN"),
                (["--listen", "0.0.0.0:0"], {"CAIRN_TOKEN": "short-token\n"}, "16")]:
            with tempfile.TemporaryDirectory() as folder:
                database = pathlib.Path(folder) / "a.sqlite"
                plain = {k: v for k, v in os.environ.items() if not k.startswith("CAIRN_")}
                ended = subprocess.run([BINARY, "serve", "--listen", "127.0.0.1:0", "--database", str(database), *flags],
                                       capture_output=True, text=True, timeout=120, env={**plain, **environment})
                self.assertNotEqual(ended.returncode, 0, flags)
                self.assertIn(word, ended.stderr)
                self.assertEqual(len(ended.stderr.strip().splitlines()), 1, ended.stderr)
                self.assertEqual(list(pathlib.Path(folder).iterdir()), [])

    def test_too_few_descriptors(self):
        def limited():
            resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))
        with tempfile.TemporaryDirectory() as folder:
            ended = subprocess.run(
                [BINARY, "serve", "--listen", "127.0.0.1:0", "--database", f"{folder}/a.sqlite"], capture_output=True,
                text=True, timeout=120, preexec_fn=limited)
            self.assertNotEqual(ended.returncode, 0)
            self.assertRegex(ended.stderr, r"^cairn: .*24 files, and needs at least 128.*\n$")
            self.assertEqual(list(pathlib.Path(folder).iterdir()), [])


class Expectations(ServiceCase):
    def answer(self, method, path, fields, body=b""):
        """The answers to a client that waits before it sends its body, which it does only once it is told to."""
        with socket.create_connection((self.service.host, self.service.port), timeout=120) as connection:
            head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\n"
            connection.sendall((head + "".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n").encode())
            received = b""
            while b"\r\n\r\n" not in received:
                received += connection.recv(65536)
            statuses = [int(received[9:12])]
            if statuses == [100]:
                connection.sendall(body)
                received = received.split(b"\r\n\r\n", 1)[1]
                while chunk := connection.recv(65536):
                    received += chunk
                statuses.append(int(received[9:12]))
            return statuses

    def test_what_is_refused_anyway_is_refused_at_once(self):
        two = {"Content-Type": "application/json", "Content-Length": "2"}
        for method, path, fields, expected in [
                ("POST", "/v1/nothing", two, [404]), ("PUT", "/v1/studies", two, [405]),
                ("POST", "/v1/studies", {**two, "Content-Type": "text/plain"}, [415]),
                ("POST", "/v1/studies", {**two, "Content-Length": "2000000"}, [413]),
                ("POST", "/v1/datasets", {"Content-Type": "text/csv", "Content-Length": "300000000"}, [415]),
                ("POST", "/v1/datasets", {"Content-Type": "multipart/form-data", "Content-Length": "300000000"}, [400]),
                ("PATCH", "/v1/studies/none", two, [404]), ("POST", "/v1/studies", two, [100, 422]),
                ("POST", "/v1/studies", {"Transfer-Encoding": "chunked"}, [100, 422])]:
            body = b"2\r\n{}\r\n0\r\n\r\n" if "Transfer-Encoding" in fields else b"{}"
            self.assertEqual(self.answer(method, path, fields, body), expected, (method, path, fields))

    def test_nobody_guesses_types(self):
        for path in ("/", "/v1/studies", "/v1/none", "/healthz", "/metrics", "/openapi.json", "/none", "/js/app.js"):
            self.assertEqual(self.service.get(path).headers.get_all("X-Content-Type-Options"), ["nosniff"], path)
        received = exchange(self.service, b"nonsense\r\n\r\n")
        self.assertIn(b"X-Content-Type-Options: nosniff\r\n", received)

    def test_probes_may_add_a_query(self):
        for path in ("/healthz", "/readyz", "/metrics", "/openapi.json", "/", "/js/app.js"):
            self.assertEqual(self.service.get(path + "?x=1&limit=a&&=").status, 200, path)


class Uploads(ServiceCase):
    def post(self, kind, body):
        def answered():
            try:
                return self.service.request("POST", "/v1/datasets", body, {"Content-Type": kind} if kind else {})
            except ConnectionError:
                # What is refused is read for two seconds more; a client that is held up longer is cut while it sends.
                return None
        return self.service.until(answered)

    def test_a_boundary_is_missing(self):
        body, _ = multipart({"name": "a", "format": "csv"}, [("a.csv", TABLE)])
        for kind in ("multipart/form-data", "multipart/form-data; boundary=", 'multipart/form-data; boundary=""',
                     "Multipart/Form-Data; charset=utf-8", "multipart/form-data; boundary=" + "b" * 71):
            for content in (body, body * 2000):
                answer = self.post(kind, content)
                self.assertEqual(answer.status, 400, kind)
                self.assertIn("boundary", answer.json["detail"])
                self.assertIn("by hand", answer.json["detail"])

    def test_another_type(self):
        for kind in ("text/csv", "application/octet-stream", "multipart/mixed; boundary=a", "text/plain"):
            for content in (TABLE, TABLE * 5000):
                answer = self.post(kind, content)
                self.assertEqual(answer.status, 415, kind)
                for word in ("application/json", "multipart/form-data"):
                    self.assertIn(word, answer.json["detail"])

    def part(self, disposition, content=TABLE):
        return b"--bnd\r\nContent-Disposition: form-data; " + disposition.encode() + b"\r\n\r\n" + content + b"\r\n"

    def test_names_of_files(self):
        kind = "multipart/form-data; boundary=bnd"
        fields = self.part('name="format"', b"csv")
        for index, (disposition, shown) in enumerate([
                ("name=\"files\"; filename*=UTF-8''t%C3%A4ble%20one.csv", "täble one.csv"),
                ("name=\"files\"; filename*=utf-8'de'a.csv", "a.csv"),
                ("name=\"files\"; filename=\"b.csv\"; filename*=UTF-8''c.csv", "b.csv"),
                ("name=\"files\"; filename*=UTF-8''%ZZ", "file")]):
            name = self.part('name="name"', f"named-{index}".encode())
            answer = self.post(kind, fields + name + self.part(disposition) + b"--bnd--\r\n")
            self.assertEqual(answer.status, 201, answer.text)
            self.assertIn(shown, answer.json["origin"])
        answer = self.post(kind, fields + self.part('name="files"') + b"--bnd--\r\n")
        self.assertEqual(answer.status, 422)
        self.assertRegex(answer.json["detail"], "no file name.*-F files=@")


if __name__ == "__main__":
    unittest.main()
