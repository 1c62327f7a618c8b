"""The scan child gives back the memory of pictures that are gone."""

import re
import sys
from pathlib import Path

import pytest

from scanner.memory import give_back


@pytest.mark.skipif(sys.platform != "linux", reason="only there the C library is asked")
def test_holes_between_what_is_still_held_go_back_to_the_system() -> None:
    def held() -> int:
        told = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())
        assert told
        return int(told[1]) * 1024

    rows = [b"x" * (90_000 + number) for number in range(600)]
    some = rows[::2]
    del rows
    before = held()
    give_back()
    assert held() < before - 20e6
    assert len(some) == 300
