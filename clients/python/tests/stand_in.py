"""A small service that keeps to the contract of external trials, in memory; it can be told to fail in every way."""
import http.server
import itertools
import json
import math
import re
import socket
import threading
import time
import urllib.parse


class StandIn:
    """A context manager; `address` is where it listens. Points are those of the grid, the first parameter varying fastest."""

    def __init__(self, token=""):
        self.token, self.studies, self.lock = token, {}, threading.Condition()
        self.leases = itertools.count(1)
        # Every call that came, as (method, path, body); then what shall go wrong: callables (path, body) -> kind or None.
        self.calls, self.faults = [], []
        self.connections = set()
        stand_in = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_one(self):
                stand_in.connections.add(self.client_address)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                stand_in.serve(self, body)

            do_GET = do_POST = do_PATCH = do_DELETE = handle_one

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 256

            def handle_error(self, *_):
                pass  # Clients that go away are what the tests are about.

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def serve(self, handler, raw):
        path = urllib.parse.unquote(handler.path)
        kind = handler.headers.get("Content-Type", "")
        body = (raw.decode() if kind.startswith("text/plain") else json.loads(raw)) if raw else None
        with self.lock:
            self.calls.append((handler.command, path, body))
            fault = next((found for f in list(self.faults) if (found := f(path, body))), None)
        if fault == "busy":
            return self.answer(handler, 503, {"title": "Service Unavailable", "detail": "busy"}, {"Retry-After": "0"})
        if fault == "moved":
            return self.answer(handler, 302, None, {"Location": "/login"})
        if fault == "cut":
            return handler.connection.shutdown(socket.SHUT_RDWR)
        if self.token and handler.headers.get("Authorization") != f"Bearer {self.token}":
            return self.answer(handler, 401, {"title": "Unauthorized", "detail": "A token is needed."})
        status, answer = self.route(handler.command, path, body, handler.headers)
        if fault == "lost":
            # It was done, and the answer does not arrive.
            return handler.connection.shutdown(socket.SHUT_RDWR)
        tag = {"ETag": f'"{answer["revision"]}"'} if isinstance(answer, dict) and "revision" in answer else {}
        self.answer(handler, status, answer, tag)

    @staticmethod
    def answer(handler, status, body, headers=None):
        if status >= 400:
            body = {"type": "about:blank", "status": status, **body}
        data = json.dumps(body).encode() if body is not None else b""
        handler.send_response(status)
        handler.send_header("Content-Type", "application/problem+json" if status >= 400 else "application/json")
        handler.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    def route(self, method, path, body, headers):
        parts = path.partition("?")[0].split("/")[3:]
        query = dict(urllib.parse.parse_qsl(path.partition("?")[2]))
        with self.lock:
            if not parts:
                return self.create(body)
            study = self.studies.get(parts[0])
            if not study:
                return problem(404, f'There is no study named "{parts[0]}".')
            study.expire()
            rest = "/".join(parts[1:])
            if method == "GET" and not rest:
                if "wait_seconds" in query and "If-None-Match" not in headers:
                    return problem(400, "wait_seconds needs If-None-Match.")
                end = time.monotonic() + float(query.get("wait_seconds", 0))
                while headers.get("If-None-Match") == f'"{study.revision}"' and self.lock.wait(end - time.monotonic()):
                    pass
                return (304, None) if headers.get("If-None-Match") == f'"{study.revision}"' else (200, study.shown())
            if method == "GET" and rest == "best":
                return 200, {"items": study.best(int(query.get("count", 10)))}
            if method == "GET" and rest == "trials":
                after = int(query.get("after", 0))
                page = [t for t in study.trials if t["number"] > after][:2]
                more = page and page[-1]["number"] < len(study.trials)
                return 200, {"items": page, "next": str(page[-1]["number"]) if more else None}
            result = self.change(study, rest, body)
            study.revision += 1
            self.lock.notify_all()
            return result

    def create(self, body):
        if not body.get("parameters"):
            return problem(422, "The definition has 2 faults.", [
                {"pointer": "/parameters", "detail": "expected a parameter."}, {"pointer": "", "detail": "model is missing."}])
        name = body.get("name") or f"study-{len(self.studies) + 1}"
        there = self.studies.get(name)
        if there and there.definition != body:
            return problem(409, f'A study named "{name}" exists with another definition.')
        self.studies[name] = there or Shelf(self, name, body)
        return 200 if there else 201, self.studies[name].shown()

    def change(self, study, rest, body):
        if rest in ("pause", "resume", "stop"):
            study.state = {"pause": "paused", "resume": "running", "stop": "stopped"}[rest]
            if rest == "stop":
                for trial in study.trials:
                    if trial["state"] in ("running", "queued"):
                        trial.update(state="stopped", lease=None)
            return 200, study.shown()
        if rest == "suggestions":
            end = time.monotonic() + min(body.get("wait_seconds", 0), 60)
            while True:
                study.expire()
                items = study.hand_out(body)
                # Leases run out while nobody calls.
                if items or study.state not in ("running", "paused") or time.monotonic() >= end:
                    break
                self.lock.wait(min(0.05, max(0, end - time.monotonic())))
            return 200, study.given(items)
        found = re.fullmatch(r"trials/(\d+)/(\w+)", rest)
        if not found or not 1 <= int(found[1]) <= len(study.trials):
            return problem(404, "There is no such trial.")
        trial, verb = study.trials[int(found[1]) - 1], found[2]
        if verb == "complete":
            return study.complete(trial, body)
        if trial["state"] in ("pruned", "stopped") and verb in ("measurements", "heartbeat"):
            return 200, {"should_stop": True, "reason": trial["state"], "lease_expires_at": None}
        if verb == "log":
            trial["log"] = trial.get("log", "") + body
            return 200, None
        if trial["lease"] is None or body["lease"] != trial["lease"]:
            return problem(409, "lease_lost: the trial has another lease.")
        if verb == "release":
            study.back(trial)
            return 200, trial
        trial["until"] = time.monotonic() + trial["lease_seconds"]
        if verb == "measurements":
            trial.setdefault("curve", []).append({"step": body["step"], "metrics": body["metrics"]})
            if study.prunes(trial, body):
                trial.update(state="pruned", lease=None)
                study.settle()
                return 200, {"should_stop": True, "reason": "pruned", "lease_expires_at": None}
        return 200, {"should_stop": False, "lease_expires_at": "2026-01-01T00:00:00.000Z"}


class Shelf:
    """One study."""

    def __init__(self, service, name, definition):
        self.service, self.name, self.definition = service, name, definition
        self.state, self.trials, self.revision = "running", [], 1
        self.levels = [(name, p.get("values") or range(p["min"], p["max"] + 1)) for name, p in definition["parameters"].items()]
        size = math.prod(len(levels) for _, levels in self.levels)
        self.budget = min(size, definition.get("budget", {}).get("trials", size))
        self.metric = definition["objective"]["metric"]
        self.prunes = lambda trial, body: False

    def shown(self):
        progress = {state: sum(t["state"] == state for t in self.trials) for state in (
            "queued", "running", "completed", "pruned", "infeasible", "failed", "stopped")}
        best = self.best(1)
        return {"name": self.name, "state": self.state, "definition": self.definition, "revision": self.revision,
                "resolved": self.definition, "best": best[0] if best else None,
                "progress": {**progress, "total": self.budget, "eta_seconds": 61.0}}

    def best(self, count):
        sign = -1 if self.definition["objective"]["goal"] == "maximize" else 1
        done = sorted((t for t in self.trials if t["state"] == "completed"), key=lambda t: sign * t["value"])
        return [{"parameters": t["parameters"], "value": t["value"], "trials": [t["number"]]} for t in done[:count]]

    def point(self, number):
        place, point = number - 1, {}
        for name, levels in self.levels:
            place, level = divmod(place, len(levels))
            point[name] = levels[level]
        return point

    def expire(self):
        for trial in self.trials:
            if trial["state"] == "running" and trial["lease"] and time.monotonic() > trial["until"]:
                self.back(trial)

    @staticmethod
    def back(trial):
        trial.update(state="queued", lease=None, worker=None, attempt=trial["attempt"] + 1)

    def hand_out(self, ask):
        own = [t for t in self.trials if t["state"] == "running" and t["worker"] == ask["worker"]
               and t["number"] not in ask.get("holding", [])]
        items = []
        for _ in range(ask["count"]):
            if self.state != "running":
                break
            queued = [t for t in self.trials if t["state"] == "queued"]
            if own or queued:
                trial = (own or queued)[0]
                own = own[1:]
            elif len(self.trials) < self.budget:
                number = len(self.trials) + 1
                trial = {"number": number, "parameters": self.point(number), "attempt": 1, "seed": 1000 + number, "value": None,
                         "metrics": {}, "scores": []}
                self.trials.append(trial)
            else:
                break
            seconds = ask.get("lease_seconds", 60)
            trial.update(state="running", worker=ask["worker"], lease=f"lease-{next(self.service.leases)}",
                         lease_seconds=seconds, until=time.monotonic() + seconds)
            items.append(dict(trial))
        return items

    def given(self, items):
        rest = {} if items else {"retry_after_seconds": 0.01, "waiting_for": "budget"}
        return {"items": items, "study_state": self.state, **rest}

    def complete(self, trial, body):
        told = {key: body[key] for key in ("metrics", "infeasible", "failure", "class") if key in body}
        if trial["state"] == "pruned" or trial.get("told") == told:
            pass
        elif "told" in trial:
            return problem(409, "The trial has another result.")
        elif "failure" in told and body["lease"] != trial["lease"]:
            return problem(409, "lease_lost: the trial has another lease.")
        elif "metrics" in told and not isinstance(told["metrics"].get(self.metric), (int, float)):
            return problem(422, "The result has 1 fault.", [{"pointer": "/metrics", "detail": f"{self.metric} is missing."}])
        else:
            state = "completed" if "metrics" in told else "infeasible" if "infeasible" in told else "failed"
            trial.update(told=told, state=state, lease=None, metrics=told.get("metrics", {}),
                         value=told.get("metrics", {}).get(self.metric), error=told.get("infeasible") or told.get("failure"))
            self.settle()
        if "next" not in body:
            return 200, trial
        return 200, {"trial": trial, **self.given(self.hand_out(body["next"]))}

    def settle(self):
        done = sum(t["state"] in ("completed", "pruned", "infeasible", "failed") for t in self.trials)
        if done == self.budget and self.state == "running":
            self.state = "completed"


def problem(status, detail, errors=None):
    title = {400: "Bad Request", 404: "Not Found", 409: "Conflict", 422: "Unprocessable Content"}[status]
    return status, {"title": title, "detail": detail, **({"errors": errors} if errors else {})}
