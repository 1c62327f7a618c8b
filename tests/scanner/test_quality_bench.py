"""The command that prints the goals of the clean-up starts with all its sections, and measures one."""

import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parents[1] / "bench" / "scan_quality.py"


def test_the_goals_are_measured(tmp_path: Path) -> None:
    rows = tmp_path / "rows.json"
    asked = ["--count", "1", "--only", "skew", "--jobs", "1", "--json", str(rows)]
    done = subprocess.run([sys.executable, str(BENCH), *asked], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(rows.read_text())
    assert [row["holds"] for row in told["rows"]] == [True, True]
    assert all(row["what"] in done.stdout for row in told["rows"])
