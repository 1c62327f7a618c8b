"""A real PostgreSQL for one test module: made in a folder of its own, on loopback, gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def running_postgres() -> Iterator[str]:
    """The address of an empty database. Skips where PostgreSQL or its driver is not installed."""
    pytest.importorskip("psycopg")
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.skip("PostgreSQL is not installed")
    with tempfile.TemporaryDirectory(prefix="kiosk-postgres-") as name:
        as_user = []
        if os.getuid() == 0:  # the server refuses to run as root
            shutil.chown(name, "postgres")
            as_user = ["runuser", "-u", "postgres", "--"]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        data = f"{name}/data"
        bin_folder = programs[-1].parent
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        control = [*as_user, str(bin_folder / "pg_ctl"), "-D", data, "-w"]
        make = [*as_user, str(programs[-1]), "-D", data, "-U", "kiosk", "-A", "trust", "-E", "UTF8", "-N"]
        _run(make, name)
        _run([*control, "-l", f"{name}/log", "-o", options, "start"], name)
        try:
            yield f"postgresql+psycopg://kiosk@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"], name)


def _run(command: list[str], folder: str) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
