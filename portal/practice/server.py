"""The practice portal as a process of its own: one JSON line when ready, ends when its parent is gone."""

import contextlib
import json
import os
import socket
import sys
import threading

from waitress import create_server

from kioskcore.errors import KioskError
from portal.practice.app import MOST_BYTES, create_app

HOST = "127.0.0.1"


def bind(port: int) -> socket.socket:
    """A socket on loopback; 0: any free port. Raises KioskError PORT-TAKEN."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":  # there it would let two programs share the port
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((HOST, port))
    except OSError as fault:
        found.close()
        raise KioskError("PORT-TAKEN", port=port) from fault
    return found


def main(port: int = 0) -> int:
    """Serve until standard input closes. Prints {"port": N}, or {"error": code, "port": N} and returns 1."""
    try:
        listening = bind(port)
    except KioskError as error:
        _tell({"error": error.code, "port": port})
        return 1
    server = create_server(
        create_app(),
        sockets=[listening],
        threads=4,
        ident="",
        # Waitress would spool what is larger than these into files; nothing may reach a disk.
        inbuf_overflow=2 * MOST_BYTES,
        outbuf_overflow=2 * MOST_BYTES,
        max_request_body_size=2 * MOST_BYTES,
    )
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _tell({"port": listening.getsockname()[1]})
    server.run()
    return 0


def _tell(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    """All there is to lose is in memory, so the end need not be gentle, only certain."""
    with contextlib.suppress(OSError):
        while sys.stdin.buffer.read(4096):
            pass
    os._exit(0)
