"""A real PostgreSQL on a free port of this machine, with as many empty databases as tests want."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from tests.server.process import free_port, wait_until

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
"""Debian keeps them outside of the path, a folder for each version."""
USER: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
"""PostgreSQL refuses to be root."""
QUICK = ("fsync=off", "full_page_writes=off", "shared_buffers=16MB", "max_connections=200", "timezone=UTC")


def connected(url: str) -> psycopg.Connection[Any]:
    """Open a connection that commits each statement."""
    return psycopg.connect(url, autocommit=True, connect_timeout=5)


class PostgreSQL:
    """Starts at once."""

    def __init__(self) -> None:
        self.port = free_port()
        self._numbers = count(1)
        self._end = ExitStack()
        self._folder = Path(tempfile.mkdtemp(prefix="arrivarr-postgresql-"))
        self._end.callback(shutil.rmtree, self._folder, ignore_errors=True)
        self._folder.chmod(0o700)
        if USER:
            shutil.chown(self._folder, USER["user"], USER["group"])
        self._run("initdb", "--no-sync", "-A", "trust", "-U", "arrivarr", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()

    def _command(self, name: str, *arguments: str) -> list[str]:
        return [str(PROGRAMS[-1] / name), "-D", str(self._folder / "data"), *arguments]

    def _run(self, name: str, *arguments: str) -> None:
        command = self._command(name, *arguments)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **USER)

    def start(self) -> None:
        """Serve, also again after ``kill``."""
        options = [f"-cunix_socket_directories={self._folder}", f"-cport={self.port}", "-clisten_addresses=127.0.0.1"]
        command = self._command("postgres", *options, *(f"-c{each}" for each in QUICK))
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **USER)
        wait_until(self._answers, 30)

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError), connected(self.url()):
            return True
        assert self._process.poll() is None, "PostgreSQL left at once."
        return False

    def url(self, name: str = "postgres") -> str:
        """Give the address of a database."""
        return f"postgresql://arrivarr@127.0.0.1:{self.port}/{name}"

    def create(self) -> str:
        """Make a database; give its address."""
        name = f"board{next(self._numbers)}"
        with connected(self.url()) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def empty(self, url: str) -> None:
        """Let a database be as ``flask prepare`` leaves it."""
        with connected(url) as connection:
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            full = ", ".join(table for (table,) in tables if table not in ("alembic_version", "setting", "lease"))
            connection.execute(f"TRUNCATE {full} RESTART IDENTITY")
            connection.execute("DELETE FROM setting WHERE name <> 'epoch'")

    def kill(self) -> None:
        """Leave at once, as a power cut would let it, and lose nothing that was committed."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(20)

    def close(self) -> None:
        """Leave and leave nothing behind."""
        self.kill()
        self._end.close()
