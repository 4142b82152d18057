"""A reverse proxy that serves everything below a prefix and strips it, as nginx' `location /cairn/` does."""
import http.client
import http.server
import threading

# What belongs to one connection is not passed on (RFC 9110, section 7.6.1).
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade"}


class Proxy:
    """Listens on a free port of 127.0.0.1; `strays` are the targets that were asked for outside the prefix."""

    def __init__(self, upstream, prefix):
        self.strays = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def serve(self):
                if not self.path.startswith(prefix + "/"):
                    proxy.strays.append(self.path)
                    self.send_error(404)
                    return
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length) if length else None
                connection = http.client.HTTPConnection(upstream)
                headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
                connection.request(self.command, self.path[len(prefix):], body, headers)
                answer = connection.getresponse()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in HOP_BY_HOP | {"date", "server"}:
                        self.send_header(name, value)
                self.send_header("Connection", "close")
                self.end_headers()
                try:
                    while piece := answer.read1(65536):
                        self.wfile.write(piece)
                        self.wfile.flush()
                except (ConnectionError, http.client.HTTPException):
                    # The page has gone, or the service has.
                    pass
                finally:
                    connection.close()

            do_GET = do_HEAD = do_POST = do_PATCH = do_DELETE = serve

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}{prefix}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
