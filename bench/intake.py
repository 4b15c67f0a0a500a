"""Webhook intake beside Debian's `webhook`: requests a second, p50, p99, in one run.

Needs `wrk` and `webhook` (Debian packages). SQLite always; PostgreSQL too where
BENCH_DATABASE_URL names an empty database. Every target gets the same 10 KB push deliveries,
signed, each with an id of its own, over keep-alive connections. The rounds alternate and wait
for a quiet moment; a ratio is the median of those within a round. Where others use the machine,
the processor time of a request (of the server and its children) tells more than the rate.

`webhook` checks the signature and stores nothing. The second one runs no command either: its
rule also asks for a header that nobody sends, and "not satisfied" is answered 200.
"""

import argparse
import hashlib
import hmac
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SECRET = "a-secret-for-the-bench-only"  # noqa: S105


@dataclass(frozen=True)
class Target:
    """A server under load; `environment` is that of its process."""

    name: str
    url: str
    path: str
    process: int
    environment: dict[str, str] | None = None


def main() -> None:
    options = _options()
    for tool in ("wrk", "webhook"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is missing: apt-get install {tool}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leitstand-bench-")))
        body = folder / "push.json"
        body.write_bytes(_push(10 * 1024))
        targets = [stack.enter_context(_webhook(folder, runs)) for runs in (True, False)]
        peers = len(targets)
        targets.append(stack.enter_context(_portal("portal, SQLite", folder / "sqlite", {})))
        if url := os.environ.get("BENCH_DATABASE_URL"):
            environment = {"LEITSTAND_DATABASE_URL": url}
            targets.append(
                stack.enter_context(_portal("portal, PostgreSQL", folder / "postgres", environment))
            )
        _compare(targets, body, options)
        for target in targets[peers:]:
            _burst(target, body, options.burst)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--burst", type=int, default=20_000)
    return parser.parse_args()


def _compare(targets: list[Target], body: Path, options: argparse.Namespace) -> None:
    results: dict[str, list[dict[str, float]]] = {target.name: [] for target in targets}
    for number in range(-1, options.rounds):
        for target in targets:
            _wait_for_quiet()
            seconds = options.seconds if number >= 0 else 2
            result = _wrk(target, body, seconds, options.connections)
            if number >= 0:
                results[target.name].append(result)
    print(
        f"{'target':26}{'req/s':>8}{'ratio':>7}{'p50 ms':>8}{'p99 ms':>8}{'CPU ms':>8}{'errors':>8}"
    )
    peers = results[targets[0].name]
    for name, rounds in results.items():
        ratio = median(one["rate"] / peer["rate"] for one, peer in zip(rounds, peers, strict=True))
        errors = sum(int(one["errors"] + one["refused"]) for one in rounds)
        print(
            f"{name:26}{_median(rounds, 'rate'):8.0f}{ratio:7.2f}{_median(rounds, 'p50_ms'):8.1f}"
            f"{_median(rounds, 'p99_ms'):8.1f}{_median(rounds, 'cpu_ms'):8.2f}{errors:8}"
        )


def _median(rounds: list[dict[str, float]], key: str) -> float:
    return median(one[key] for one in rounds)


def _wait_for_quiet() -> None:
    """Wait until others use less than a quarter of the machine, half a minute at most."""
    for _ in range(30):
        before = _ticks()
        time.sleep(1)
        everything, idle = (new - old for new, old in zip(_ticks(), before, strict=True))
        if idle > 0.75 * everything:
            return


def _ticks() -> tuple[int, int]:
    """Return all ticks of the processors so far, and those without work."""
    ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
    return sum(ticks), ticks[3] + ticks[4]


def _wrk(target: Target, body: Path, seconds: int, connections: int) -> dict[str, float]:
    environment = {
        **os.environ,
        "BENCH_PATH": target.path,
        "BENCH_BODY": str(body),
        "BENCH_RUN": secrets.token_hex(4),
        "BENCH_SIGNATURE": _signature(body.read_bytes()),
    }
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    command += ["-s", str(ROOT / "bench" / "hooks.lua"), target.url]
    before = _processor_ms(target.process)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    result["rate"] = result["requests"] / result["seconds"]
    result["cpu_ms"] = (_processor_ms(target.process) - before) / max(1, result["requests"])
    return result


def _processor_ms(process: int) -> float:
    """Return the processor time of a server so far, its children's included."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        lists = [path.read_text() for path in Path(f"/proc/{process}/task").glob("*/children")]
    except (FileNotFoundError, ProcessLookupError):
        # It has ended meanwhile: its parent counts it.
        return 0
    own = sum(int(ticks) for ticks in fields[11:15]) * 1000 / os.sysconf("SC_CLK_TCK")
    return own + sum(_processor_ms(int(child)) for child in " ".join(lists).split())


def _burst(target: Target, body: Path, size: int) -> None:
    """Send exactly `size` deliveries over 16 connections; every answer must have its row."""
    before = _rows(target)
    script = [sys.executable, str(ROOT / "bench" / "burst.py"), target.url + target.path]
    script += [str(body), _signature(body.read_bytes()), str(size)]
    done = subprocess.run(script, capture_output=True, text=True, check=True)
    answers = json.loads(done.stdout)
    rows = _rows(target) - before
    lost, doubled = max(0, answers["accepted"] - rows), max(0, rows - answers["accepted"])
    print(
        f"{target.name}: burst of {size}: {answers['accepted']} answered 202 "
        f"in {answers['seconds']:.1f} s, {answers['errors']} errors, {rows} rows, "
        f"{lost} lost, {doubled} doubled"
    )
    if answers["errors"] or lost or doubled:
        sys.exit("The burst lost or doubled deliveries.")


def _rows(target: Target) -> int:
    code = (
        "from notifier.models import Delivery, DeliveryBody;"
        "rows = Delivery.objects.filter(verdict='accepted').count();"
        "assert rows == DeliveryBody.objects.count();"
        "print(rows)"
    )
    return int(_manage(target.environment or {}, "shell", "--no-imports", "-c", code).split()[-1])


@contextmanager
def _webhook(folder: Path, runs: bool) -> Iterator[Target]:
    rule: dict[str, Any] = {"match": {"type": "payload-hmac-sha256", "secret": SECRET}}
    rule["match"]["parameter"] = {"source": "header", "name": "X-Hub-Signature-256"}
    if not runs:
        never = {"type": "value", "value": "1", "parameter": {"source": "header", "name": "X-No"}}
        rule = {"and": [rule, {"match": never}]}
    hook = {
        "id": "bench",
        "execute-command": "/bin/true",
        "trigger-rule": rule,
        "trigger-rule-mismatch-http-response-code": 401 if runs else 200,
    }
    name = "webhook, /bin/true" if runs else "webhook, no command"
    path = folder / f"{runs}.json"
    path.write_text(json.dumps([hook]))
    port = _free_port()
    command = ["webhook", "-hooks", str(path), "-ip", "127.0.0.1", "-port", str(port)]
    with _server(command, {}, port, folder / f"{runs}.log") as process:
        yield Target(name, f"http://127.0.0.1:{port}", "/hooks/bench", process)


@contextmanager
def _portal(name: str, folder: Path, more: dict[str, str]) -> Iterator[Target]:
    folder.mkdir()
    port = _free_port()
    environment = {
        **more,
        "LEITSTAND_DATA_DIR": str(folder),
        "LEITSTAND_PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    _manage(environment, "migrate", "--verbosity", "0")
    _manage(environment, "createcachetable")
    code = (
        "from notifier.services.sources import create_source;"
        "create_source(name='Bench', slug='bench', provider='github', config={},"
        f" secret={SECRET!r})"
    )
    _manage(environment, "shell", "--no-imports", "-c", code)
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        str(ROOT / "gunicorn.conf.py"),
        "portal.wsgi",
    ]
    with _server(command, environment, port, folder / "portal.log") as process:
        yield Target(name, f"http://127.0.0.1:{port}", "/hooks/bench", process, environment)


@contextmanager
def _server(command: list[str], more: dict[str, str], port: int, log: Path) -> Iterator[int]:
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **more}, stdout=file, stderr=file
        )
    try:
        _wait_for(port, process, log)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit(f"A server did not start:\n{log.read_text()[-3000:]}")


def _manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"manage.py {arguments[0]} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _signature(body: bytes) -> str:
    return "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


def _push(size: int) -> bytes:
    """Return a push payload of about `size` bytes: one more commit until it is large enough."""
    commit = {
        "id": "5f2d7c1a9be34d06a3c7e8f1b2049d6c8a7e3b15",
        "message": "Retry the nightly import when the feed is late",
        "timestamp": "2026-03-02T10:14:07+01:00",
        "author": {"name": "Ada", "email": "ada@example.org", "username": "ada"},
        "added": [],
        "removed": [],
        "modified": ["feeds/import.py", "tests/test_import.py"],
    }
    commits = [commit]
    push = {
        "ref": "refs/heads/main",
        "before": "0d1e2f30415263748596a7b8c9dae0f102132435",
        "after": commit["id"],
        "repository": {"id": 4711, "full_name": "example/weather", "default_branch": "main"},
        "pusher": {"name": "ada"},
        "sender": {"login": "ada", "type": "User"},
        "head_commit": commit,
        "commits": commits,
    }
    while len(body := json.dumps(push).encode()) < size:
        commits.append(commit)
    return body


if __name__ == "__main__":
    main()
