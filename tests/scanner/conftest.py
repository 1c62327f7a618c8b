"""A scan child of one's own for each test, and SANE's test device."""

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from kioskcore.paths import ROOT
from scanner.service import ScanChild
from tests.scanner.desk import CHILD, Desk, Heard


@pytest.fixture(scope="session")
def sane_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SANE configuration in which only the test device exists."""
    if shutil.which("scanimage") is None:
        pytest.skip("scanimage is not installed")
    folder = tmp_path_factory.mktemp("sane")
    (folder / "dll.conf").write_text("test\n")
    (folder / "test.conf").write_text("number_of_devices 1\nresolution 75.0\nmode Color\n")
    return folder


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    made: list[ScanChild] = []

    def make(deadline: float = 30, prefix: Sequence[str] = (), work: Path | None = None, **scan: Any) -> Desk:
        settings = tmp_path / "settings.toml"
        scan.setdefault("sources", ["sample", "folder"])
        lines = [f"{name} = {value!r}" for name, value in scan.items()]
        settings.write_text("[scan]\n" + "\n".join(lines), encoding="utf-8")
        room = work or tmp_path / "work"
        room.mkdir(exist_ok=True)
        command = [*prefix, sys.executable, "-c", CHILD, str(ROOT), str(settings), str(room)]
        service = ScanChild(command, deadline_seconds=deadline)
        made.append(service)
        heard = Heard()
        service.start(heard)
        return Desk(service, heard, room)

    yield make
    for service in made:
        service.close()
