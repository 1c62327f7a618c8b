"""The lists that a technician imported, in the state folder: used while they are whole, else ours serve."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from guides.cards import Cards
from kioskcore.config import Config

DATA = Path(__file__).parent / "data"
CATALOGUE = DATA / "catalogue.sqlite"
CARDS = DATA / "cards.json.gz"
_SEAL = b"\nwhole "
"""Behind the pages of an imported catalogue, with their SHA-256: SQLite reads only what its head counts."""


class Kept(NamedTuple):
    """The files to read, and the names of those in the state folder that are damaged."""

    catalogue: Path
    cards: Path
    damaged: tuple[str, ...]


def kept_lists(config: Config) -> Kept:
    """What was imported where it is whole; what the program brings in place of the rest."""
    catalogue, cards = imported_catalogue(config), imported_cards(config)
    there = [file for file in (catalogue, cards) if file.is_file()]
    damaged = [file for file in there if not (_sealed(file) if file == catalogue else Cards(file).whole())]
    return Kept(
        catalogue if catalogue in there and catalogue not in damaged else CATALOGUE,
        cards if cards in there and cards not in damaged else CARDS,
        tuple(file.name for file in damaged),
    )


def imported_catalogue(config: Config) -> Path:
    """Where `kiosk.py guides import` puts its catalogue."""
    return config.state_folder / CATALOGUE.name


def imported_cards(config: Config) -> Path:
    """Where `kiosk.py guides import --cards` puts its cards."""
    return config.state_folder / CARDS.name


@contextmanager
def in_its_place(target: Path) -> Iterator[Path]:
    """A new file to write, which then takes the place of `target` at once; the one before is kept beside it.

    Where writing fails, `target` is left alone. Raises FileExistsError where another came in between: what
    was made here does not hold what that one brought.
    """
    found = _look_of(target)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    fresh = Path(name)
    try:
        yield fresh
        if _look_of(target) != found:
            raise FileExistsError(errno.EEXIST, "", str(target))
        if target.exists():
            before = fresh.with_name(f"{fresh.name}.before")
            before.hardlink_to(target)
            before.replace(target.with_name(f"{target.name}.previous"))
        fresh.chmod(0o644)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def _look_of(file: Path) -> tuple[int, int, int] | None:
    """What changes when a file is another; None where there is none."""
    try:
        state = file.stat()
    except OSError:
        return None
    return state.st_ino, state.st_mtime_ns, state.st_size


def put_back(target: Path) -> bool:
    """Change `target` for the one before it; where there was none, ours serves again. Whether it was done."""
    before = target.with_name(f"{target.name}.previous")
    if not before.is_file() and not target.is_file():
        return False
    aside = target.with_name(f"{target.name}.aside")
    if before.is_file():
        before.replace(aside)
    if target.is_file():
        target.replace(before)
    if aside.is_file():
        aside.replace(target)
    return True


def seal(file: Path) -> None:
    """Write the sum of a catalogue behind its end, so that damage is seen before anything is read."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest().encode()
    with file.open("ab") as end:
        end.write(_SEAL + digest)


def _sealed(file: Path) -> bool:
    try:
        pages, _, digest = file.read_bytes().rpartition(_SEAL)
    except OSError:
        return False
    return hashlib.sha256(pages).hexdigest().encode() == digest
