"""Starting for real, in processes of their own: what works, and what is said when it does not."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from portal.config import ROOT

PATIENCE = 60


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a portal of its own, on a port that was free a moment ago."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEITSTAND_")}
    own = {"DATA_DIR": str(data_dir), "PORT": str(free_port()), **settings}
    kept["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    kept["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return kept | {f"LEITSTAND_{name}": value for name, value in own.items()}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def start_bootstrap(env: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", "bootstrap"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=pipe, stderr=pipe, text=True)


def bootstrap(data_dir: Path, **settings: str) -> tuple[int, str, str]:
    """Return the exit code, the output and the complaints of `manage.py bootstrap`."""
    with start_bootstrap(environment(data_dir, **settings)) as process:
        out, complaints = process.communicate(timeout=PATIENCE)
        return process.returncode, out, complaints


def refusal(data_dir: Path, **settings: str) -> str:
    """Return the sentence of a start that must fail, and fail without a traceback."""
    code, _out, complaints = bootstrap(data_dir, **settings)
    assert (code, "Traceback" in complaints) == (1, False), complaints
    return complaints


def test_a_taken_port_is_named_with_its_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        sentence = refusal(tmp_path, PORT=str(port))
    assert f"Port {port} is in use" in sentence and "LEITSTAND_PORT" in sentence


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "abc", "LEITSTAND_PORT: Input should be a valid integer"),
        ("TIME_ZONE", "Mars/Olympus", "LEITSTAND_TIME_ZONE: is no IANA time zone"),
        ("DATABASE_URL", "mysql://u:hidden@h/n", "LEITSTAND_DATABASE_URL: must start with"),
        ("DATABASE_URL", "postgres://u:hid#den@h:x/n", "LEITSTAND_DATABASE_URL: cannot be read"),
        ("SMS_GATEWAY", "pigeon", "LEITSTAND_SMS_GATEWAY: There is no gateway pigeon."),
        ("BIND", "192.0.2.7", "LEITSTAND_BIND=192.0.2.7 cannot be used"),
        ("DATA_DIR", "/proc/nowhere", "LEITSTAND_DATA_DIR"),
        ("ADMIN_EMAIL", "ada@example.com", "LEITSTAND_ADMIN_PASSWORD: set both or neither"),
    ],
)
def test_a_broken_setting_is_named(tmp_path: Path, name: str, value: str, said: str) -> None:
    sentence = refusal(tmp_path, **{name: value})
    assert said in sentence and "hid" not in sentence


def test_a_weak_password_of_the_administrator_is_refused(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, ADMIN_EMAIL="ada@example.com", ADMIN_PASSWORD="12345678")
    assert "LEITSTAND_ADMIN_PASSWORD" in sentence and "12345678" not in sentence


def test_a_database_that_is_down_is_named_without_its_password(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, DATABASE_URL="postgres://u:hidden@127.0.0.1:1/n")
    assert "LEITSTAND_DATABASE_URL" in sentence and "hidden" not in sentence


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "leitstand.sqlite3").write_bytes(b"These are not the rows of a database." * 100)
    assert "file is not a database" in refusal(tmp_path)


def test_a_first_start_prints_the_address_and_a_link(tmp_path: Path) -> None:
    env = environment(tmp_path)
    with start_bootstrap(env) as process:
        out, _ = process.communicate(timeout=PATIENCE)
    address = f"http://127.0.0.1:{env['LEITSTAND_PORT']}"
    assert f"Leitstand: {address}\n" in out and f"  {address}/welcome/" in out


def test_nobody_else_reads_what_is_kept(tmp_path: Path) -> None:
    # As in a container: the outer folder is there already, and open.
    for folder in (tmp_path, tmp_path / "made"):
        assert bootstrap(folder)[0] == 0
    private = [tmp_path / "made", *tmp_path.glob("leitstand.sqlite3*"), tmp_path / "secret_key"]
    assert [path.name for path in private if path.stat().st_mode & 0o077] == []


def test_a_second_start_has_nothing_to_do(tmp_path: Path) -> None:
    bootstrap(tmp_path)
    published = (tmp_path / "static" / "staticfiles.json").stat().st_mtime_ns
    bootstrap(tmp_path)
    assert (tmp_path / "static" / "staticfiles.json").stat().st_mtime_ns == published


def test_with_an_administrator_no_link_is_printed(tmp_path: Path) -> None:
    code, out, _ = bootstrap(
        tmp_path, ADMIN_EMAIL="ada@example.com", ADMIN_PASSWORD="a long and lonely road"
    )
    assert (code, "/welcome/" in out) == (0, False)


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    bootstrap(tmp_path)
    with closing(sqlite3.connect(tmp_path / "leitstand.sqlite3")) as database, database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('notifier', '9999_later', '2030-01-01')"
        )
    assert "newer version of Leitstand (notifier.9999_later)" in refusal(tmp_path)


def test_starts_at_the_same_moment_wait_for_each_other(tmp_path: Path) -> None:
    together = [start_bootstrap(environment(tmp_path)) for _ in range(3)]
    said = [process.communicate(timeout=PATIENCE)[1] for process in together]
    assert ([process.returncode for process in together], said) == ([0] * 3, [""] * 3)


@pytest.fixture
def empty_database() -> Iterator[str]:
    """Yield the address of a new database on the PostgreSQL of the tests."""
    address = os.environ["LEITSTAND_DATABASE_URL"]
    name = f"leitstand_start_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlsplit(address)._replace(path=f"/{name}").geturl()
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.postgres
def test_starts_on_several_machines_wait_for_each_other(
    tmp_path: Path, empty_database: str
) -> None:
    together = [
        start_bootstrap(environment(tmp_path / str(number), DATABASE_URL=empty_database))
        for number in range(3)
    ]
    said = [process.communicate(timeout=PATIENCE)[1] for process in together]
    assert ([process.returncode for process in together], said) == ([0] * 3, [""] * 3)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Yield a running portal, as `make run` starts it, and its address."""
    env = environment(tmp_path)
    with start_bootstrap(env) as process:
        process.communicate(timeout=PATIENCE)
    command = [sys.executable, "-m", "honcho", "--env", "/dev/null", "start"]
    running = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    with running:
        yield running, f"http://127.0.0.1:{env['LEITSTAND_PORT']}"
        if running.poll() is None:
            running.send_signal(signal.SIGTERM)
        running.communicate(timeout=PATIENCE)


def wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):  # noqa: S310
                return
        except (urllib.error.URLError, ConnectionError) as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()
            if time.monotonic() > deadline:
                raise
        time.sleep(0.1)


def test_web_and_worker_run_and_stop_together(portal: tuple[subprocess.Popen[str], str]) -> None:
    running, address = portal
    wait_until_ready(address)
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=PATIENCE)
    assert (running.returncode, "worker.1 stopped (rc=0)" in out) == (130, True)


def test_when_one_process_dies_all_stop_and_say_so(
    portal: tuple[subprocess.Popen[str], str],
) -> None:
    running, address = portal
    wait_until_ready(address)
    assert running.stdout is not None
    line = next(line for line in running.stdout if "worker.1 started" in line)
    os.kill(int(line.rpartition("pid=")[2].rstrip(")\n")), signal.SIGKILL)
    out, _ = running.communicate(timeout=PATIENCE)
    assert (running.returncode != 0, "worker.1 stopped (rc=-9)" in out) == (True, True)
