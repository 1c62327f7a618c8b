"""A real CUPS of a test's own: its socket, spool and printers lie in the test's folder, nobody else's."""

import os
import shutil
import subprocess
import time
from pathlib import Path

GENERIC = Path("/usr/share/ppd/cupsfilters/Generic-PDF_Printer-PDF.ppd")
CUPS = ("cupsd", "lpadmin", "lpstat")
_BORROWED = ("cgi-bin", "daemon", "driver", "filter", "monitor", "notifier")
_FILES = """ServerRoot {0}
ServerBin {0}/lib
StateDir {0}
RequestRoot {0}/spool
CacheDir {0}/cache
TempDir {0}/spool/tmp
AccessLog {0}/access
ErrorLog {0}/error
PageLog {0}/page
ServerKeychain {0}
Printcap
"""
_DAEMON = """LogLevel warn
Listen {0}/s
Browsing No
WebInterface No
<Location />
  Order allow,deny
  Allow all
</Location>
"""
_BACKEND = """#!/bin/sh
# Keeps what would be paper; says what it is told to say, and waits while it is told to.
[ $# -eq 0 ] && exit 0
[ -f {0}/say ] && cat {0}/say >&2
while [ -f {0}/wait ]; do sleep 0.05; done
[ -f {0}/break ] && exit 1
cat ${{6:-/dev/stdin}} > {0}/paper/$1.pdf.part && mv {0}/paper/$1.pdf.part {0}/paper/$1.pdf
"""


def missing() -> list[str]:
    """The programs of CUPS that are not installed here."""
    return [program for program in CUPS if shutil.which(program, path=_path()) is None]


class PrintServer:
    """One queue "desk" with a printer whose paper lands in `paper`. `address` is for CUPS_SERVER."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.paper = folder, folder / "paper"
        folder.chmod(0o755)
        for name in ("spool/tmp", "cache", "paper", "lib/backend"):
            (folder / name).mkdir(parents=True)
        for name in _BORROWED:
            (folder / "lib" / name).symlink_to(Path("/usr/lib/cups") / name)
        backend = folder / "lib" / "backend" / "kept"
        backend.write_text(_BACKEND.format(folder), encoding="ascii")
        backend.chmod(0o700)  # not for everybody: then it runs as the user who owns it
        policy = Path("/etc/cups/cupsd.conf").read_text(encoding="utf-8")
        policy = policy[policy.index("<Policy default>") :]
        (folder / "files").write_text(_FILES.format(folder), encoding="ascii")
        (folder / "daemon").write_text(_DAEMON.format(folder) + policy, encoding="utf-8")
        self.address = str(folder / "s")
        command = ["cupsd", "-f", "-c", str(folder / "daemon"), "-s", str(folder / "files")]
        environment = {**os.environ, "PATH": _path()}
        with (folder / "said").open("wb") as said:
            self._daemon = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
        self._until(Path(self.address).exists)
        self.tell("lpadmin", "-p", "desk", "-E", "-v", "kept:/", "-P", str(GENERIC))

    def tell(self, *command: str) -> str:
        """Run a program of CUPS against this server."""
        environment = {**os.environ, "PATH": _path(), "CUPS_SERVER": self.address, "LC_ALL": "C"}
        pipe = subprocess.PIPE
        return subprocess.run(command, env=environment, stdout=pipe, text=True, check=True, timeout=20).stdout

    def jobs(self) -> str:
        """What a technician would see, done jobs too."""
        return self.tell("lpstat", "-W", "all", "-o")

    def kept(self) -> list[str]:
        """Document files in the spool."""
        return sorted(file.name for file in (self.folder / "spool").glob("d*"))

    def stop(self) -> None:
        (self.folder / "wait").unlink(missing_ok=True)
        self._daemon.terminate()
        self._daemon.wait(10)

    @staticmethod
    def _until(true: object) -> None:
        end = time.monotonic() + 10
        while not true():  # type: ignore[operator]
            assert time.monotonic() < end, "CUPS did not start"
            time.sleep(0.02)


def _path() -> str:
    return f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin{os.pathsep}/sbin"
