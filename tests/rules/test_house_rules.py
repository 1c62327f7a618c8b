"""Rules of the house that a machine can hold."""

import re
import subprocess
import tomllib

import pytest

from kioskcore.errors import KIND_OF
from kioskcore.paths import ROOT

TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
]
PYTHON = [file for file in TRACKED if file.suffix == ".py"]
TESTS = [file for file in PYTHON if file.relative_to(ROOT).parts[0] == "tests"]
SOURCES = [file for file in PYTHON if file not in TESTS]
WISHED = "kiosk.py pyproject.toml kiosk_config.toml README.md ui scanner guides installer tests"
ADDED = "kioskcore portal usage docs LICENSE CHANGELOG.md requirements.lock .ci .gitignore"
TOP_LEVEL = {*WISHED.split(), *ADDED.split()}


def test_nothing_at_the_top_level_without_a_place() -> None:
    assert {file.relative_to(ROOT).parts[0] for file in TRACKED} <= TOP_LEVEL


@pytest.mark.parametrize("code", sorted(KIND_OF))
def test_every_error_code_is_raised_by_a_test(code: str) -> None:
    texts = (file.read_text(encoding="utf-8") for file in TESTS if file.exists())
    assert any(code in text for text in texts), f"no test raises {code}"


def test_every_error_code_in_the_source_is_known() -> None:
    for file in SOURCES:
        used = set(re.findall(r'KioskError\(\s*"([A-Z-]+)"', file.read_text(encoding="utf-8")))
        assert used <= set(KIND_OF), f"{file}: {used - set(KIND_OF)}"


def test_no_unfinished_marks_in_the_source() -> None:
    found = [file.name for file in SOURCES if re.search(r"\b(TODO|FIXME|XXX)\b", file.read_text("utf-8"))]
    assert found == []


def test_every_dependency_names_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    table = tomllib.loads("\n".join(lines))
    for wish in table["project"]["dependencies"]:
        line = next(line for line in lines if f'"{wish}"' in line)
        assert re.search(r"#\s*\w+", line), f"{wish} has no reason"


def test_every_dependency_is_locked() -> None:
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower().replace("-", "_")
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for wish in (*table["dependencies"], *table["optional-dependencies"]["dev"]):
        name = re.split(r"[><=\[]", wish)[0].lower().replace("-", "_")
        assert re.search(rf"(?m)^{name}==", locked), f"{name} is not in the lock"
