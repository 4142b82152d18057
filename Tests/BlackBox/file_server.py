"""A server of files on this machine, and the sums that they are asked for by."""
import hashlib
import http.server
import threading


class Files(http.server.ThreadingHTTPServer):
    """Serves bytes by path on every address of this machine; a `slow` path gives a part and waits until it is let go."""
    daemon_threads = True

    def __init__(self, files):
        self.files, self.asked, self.go_on = files, [], threading.Event()
        super().__init__(("0.0.0.0", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path, host="127.0.0.1"):
        return f"http://{host}:{self.server_port}{path}"

    def close(self):
        self.go_on.set()
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(404)
        elif isinstance(content, str):
            self.send_response(302)
            self.send_header("Location", content)
            self.end_headers()
        else:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if "slow" in self.path:
                self.wfile.write(content[:100])
                self.wfile.flush()
                self.server.go_on.wait()
                content = content[100:]
            self.wfile.write(content)

    def handle(self):
        try:
            super().handle()
        except OSError:
            pass

    def log_message(self, *_):
        pass


def sha256(content):
    return hashlib.sha256(content).hexdigest()
