"""What must be true before the portal starts: checked, made where it is missing, or explained."""

import errno
import fcntl
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

OWN_APPS = frozenset({"portal", "accounts", "notifier", "datalake"})
# Any number will do, as long as all processes of the portal use the same.
ADVISORY_LOCK = 0x4C656974


class CannotStart(Exception):
    """The portal cannot start; the text says why and what helps."""


def check_settings() -> None:
    """Raise CannotStart when an app cannot work with its settings."""
    wrong = [str(found.msg) for found in run_checks(tags=["leitstand"]) if found.is_serious()]
    if wrong:
        raise CannotStart("\n".join(["A setting is wrong.", *wrong]))


def check_port(address: str, port: int) -> None:
    """Raise CannotStart when the web process could not listen there."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError as error:
        raise CannotStart(_port_sentence(address, port, error)) from None


def _port_sentence(address: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use by another program (or by a portal that already runs). "
            f"Choose another one: LEITSTAND_PORT={port + 1 if port < 65535 else 8000}"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights. Choose one from 1024 up with LEITSTAND_PORT."
    return f"LEITSTAND_BIND={address} cannot be used: {error.strerror or error}."


def check_data_dir(folder: Path) -> None:
    """Make the data folder. Raises CannotStart when nothing can be written there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        _keep_private(settings.DATABASES["default"])
    except OSError as error:
        raise CannotStart(
            f"Nothing can be written to LEITSTAND_DATA_DIR={folder}: {error.strerror}."
        ) from None


def _keep_private(database: Mapping[str, Any]) -> None:
    """Let nobody else read a new SQLite file: sessions are in it. SQLite's further files follow."""
    path = Path(str(database["NAME"]))
    is_new = path.parent.is_dir() and not path.exists()
    if database["ENGINE"] == "django.db.backends.sqlite3" and is_new:
        path.touch(mode=0o600)


def check_database() -> None:
    """Raise CannotStart when the database does not answer; its password is never told."""
    try:
        connection.ensure_connection()
    except Error as error:
        reason = str(error).strip().partition("\n")[0]
        password = str(settings.DATABASES["default"].get("PASSWORD") or "")
        if password:
            reason = reason.replace(password, "…")
        raise CannotStart(
            f"The database cannot be used: {reason}\n"
            "Is it running, and is LEITSTAND_DATABASE_URL right?"
        ) from None


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process after the other in: on this machine, and with PostgreSQL on all of them."""
    with (folder / "start.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


def migrate() -> bool:
    """Bring the tables up to date and return whether anything was to do.

    Raises CannotStart when a newer version of the portal has already changed them.
    """
    executor = MigrationExecutor(connection)
    if newer := _unknown_migrations(executor.loader):
        raise CannotStart(
            "The database was changed by a newer version of Leitstand "
            f"({', '.join(newer)}). Start that version, or restore a backup."
        )
    pending = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if pending:
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    return pending


def _unknown_migrations(loader: MigrationLoader) -> list[str]:
    known = loader.disk_migrations or {}
    return [
        f"{app}.{name}"
        for app, name in sorted(loader.applied_migrations or {})
        if app in OWN_APPS and (app, name) not in known
    ]


def collect_static(folder: Path) -> bool:
    """Publish the static files if one of them changed, and return whether that was so."""
    stamp = folder / "static.stamp"
    current = _fingerprint()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists() and stamp.exists() and stamp.read_text() == current:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(current)
    return True


def _fingerprint() -> str:
    """Return a digest of every static file's name, size and time, and of who publishes them."""
    storage = settings.STORAGES["staticfiles"]["BACKEND"]
    digest = sha256(f"{version('django')} {version('whitenoise')} {storage}".encode())
    for finder in get_finders():
        for name, place in finder.list([]):
            facts = Path(place.path(name)).stat()
            digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
