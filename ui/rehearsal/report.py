"""What a play tells afterwards: each step with its time and outcome, never a filled-in variable."""

import json
from dataclasses import asdict, dataclass, field

PLAYED, MARKS = "played.json", "marks.json"
"""What the visit's half of a rehearsal leaves for the keeper's half; both are removed before the end."""


@dataclass
class StepReport:
    """`step` counts from 1; `target` as the scenario has it; `error`: "" or a code of docs/scenario.md."""

    step: int
    verb: str
    target: str
    seconds: float = 0.0
    ok: bool = False
    skipped: bool = False
    error: str = ""


@dataclass
class PlayReport:
    """`variables` holds only what was read off the screen, such as a dossier code."""

    title: str
    ok: bool = False
    seconds: float = 0.0
    steps: list[StepReport] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    pictures: list[str] = field(default_factory=list)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)
