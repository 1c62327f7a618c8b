"""Scenario files: a whole visit written down as steps a person would take. No Qt here.

`load_scenario(file)` gives a checked `Scenario` or raises `ScenarioError` (SCENARIO-INVALID) with all faults.
docs/scenario.md describes every verb.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from kioskcore.errors import KioskError

VERBS = ("tap", "type", "choose", "tick", "untick", "upload", "press", "expect", "wait", "picture", "read")
_OPTIONS: dict[str, frozenset[str]] = {
    "tap": frozenset({"where", "nth"}),
    "type": frozenset({"into", "where", "nth"}),
    "choose": frozenset({"from", "where", "nth"}),
    "tick": frozenset({"where", "nth"}),
    "untick": frozenset({"where", "nth"}),
    "upload": frozenset({"into", "nth"}),
    "press": frozenset(),
    "expect": frozenset({"absent", "where"}),
    "wait": frozenset(),
    "picture": frozenset(),
    "read": frozenset({"as", "where"}),
}
_NEEDED = {"type": "into", "choose": "from", "upload": "into", "read": "as"}
_USE = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")
_RANDOM = re.compile(r"name|(?:digits|letters):(\d{1,3})")

_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Đặng", "Bùi")
_MIDDLES = ("Thị Thử", "Văn Thử", "Thử", "Minh Thử", "Ngọc Thử")  # "Thử" (trial) tells staff it is made up
_GIVEN = ("An", "Bình", "Châu", "Dũng", "Hương", "Khánh", "Lan", "Mạnh", "Nguyệt", "Phượng", "Tuấn", "Yến")

Text = Annotated[str, Field(min_length=1, max_length=500)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class ScenarioError(KioskError):
    """Every fault of one file, in the file's order; steps are numbered from 1."""

    def __init__(self, file: Path, faults: list[str]) -> None:
        super().__init__("SCENARIO-INVALID", file=file.name, problem="; ".join(faults[:3]))
        self.file = file
        self.faults = faults


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class Made(_Table):
    """A value made up anew for every play: "name", "digits:12" or "letters:8"."""

    random: str

    @field_validator("random")
    @classmethod
    def _known(cls, kind: str) -> str:
        if not _RANDOM.fullmatch(kind):
            raise ValueError('"name", "digits:12", "letters:8"')
        return kind

    def draw(self, chance: Random) -> str:
        kind, _, length = self.random.partition(":")
        if kind == "name":
            return " ".join(chance.choice(part) for part in (_FAMILIES, _MIDDLES, _GIVEN))
        letters = "0123456789" if kind == "digits" else "abcdefghijklmnopqrstuvwxyz"
        return "".join(chance.choice(letters) for _ in range(int(length)))


class Start(_Table):
    """How the visit is started. `guide`: the procedure's code. `typing`: by real keys or on the screen."""

    practice: bool = True
    language: str = Field(default="vi", pattern=r"^[a-z]{2,3}$")
    guide: str = ""
    typing: Literal["keys", "screen"] = "keys"


class Step(_Table):
    """One thing to do: exactly one verb, and its options."""

    tap: Text | None = None
    type: Annotated[str, Field(max_length=2000)] | None = None
    choose: Text | None = None
    tick: Text | None = None
    untick: Text | None = None
    upload: Text | None = None
    press: Text | None = None
    expect: Text | None = None
    wait: Annotated[float, Field(ge=0, le=3600)] | None = None
    picture: Annotated[str, Field(pattern=r"^[\w-]{1,60}$")] | None = None
    read: Text | None = None

    into: Text | None = None
    from_: Text | None = Field(default=None, alias="from")
    as_: Name | None = Field(default=None, alias="as")
    where: Literal["kiosk", "page"] | None = None
    nth: int = Field(default=1, ge=1, le=200)
    absent: bool = False
    optional: bool = False
    within: float = Field(default=15.0, gt=0, le=600)
    note: str = ""

    @model_validator(mode="after")
    def _one_verb(self) -> Self:
        given = [verb for verb in VERBS if getattr(self, verb) is not None]
        if len(given) != 1:
            raise ValueError(f"đúng một động từ / exactly one verb of {', '.join(VERBS)}; có/found: {given}")
        names = {type(self).model_fields[name].alias or name for name in self.model_fields_set}
        strange = names - {given[0], "optional", "within", "note"} - _OPTIONS[given[0]]
        if strange:
            raise ValueError(f"{given[0]}: không dùng được / cannot take {', '.join(sorted(strange))}")
        needed = _NEEDED.get(given[0])
        if needed and needed not in names:
            raise ValueError(f"{given[0]}: thiếu / needs {needed}")
        return self

    @field_validator("read")
    @classmethod
    def _is_pattern(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as fault:
            raise ValueError(f"biểu thức sai / bad pattern: {fault}") from fault
        return pattern

    @property
    def verb(self) -> str:
        return next(verb for verb in VERBS if getattr(self, verb) is not None)

    @property
    def target(self) -> str:
        """What the step is about, variables not filled in: safe to write into a report."""
        return str(getattr(self, self.verb))

    def used(self) -> Iterator[str]:
        """Names of the variables the step needs."""
        for text in (getattr(self, self.verb), self.into, self.from_):
            if isinstance(text, str):
                yield from _USE.findall(text)


class Scenario(_Table):
    title: str = ""
    start: Start = Start()
    variables: dict[Name, str | Made] = Field(default_factory=dict)
    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _variables_known(self) -> Self:
        known = set(self.variables)
        faults = []
        for number, step in enumerate(self.steps, 1):
            faults += [f"bước/step {number}: ${{{name}}} ?" for name in step.used() if name not in known]
            if step.as_:
                known.add(step.as_)
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def draw(self, chance: Random | None = None) -> dict[str, str]:
        """The values of this play; made-up ones are drawn anew."""
        chance = chance or Random()  # noqa: S311 - made-up people, not secrets
        return {
            name: value.draw(chance) if isinstance(value, Made) else value
            for name, value in self.variables.items()
        }


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in the places of their ${names}. Raises KeyError for an unknown one."""
    return _USE.sub(lambda found: values[found[1]], text)


def load_scenario(file: Path) -> Scenario:
    """Read and check. Raises ScenarioError with every fault, the step's number in each."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as fault:
        raise ScenarioError(file, [f"{file.name}: không đọc được / cannot be read"]) from fault
    except UnicodeDecodeError as fault:
        raise ScenarioError(file, ["không phải UTF-8 / not UTF-8"]) from fault
    except tomllib.TOMLDecodeError as fault:
        raise ScenarioError(file, [str(fault)]) from fault
    try:
        return Scenario.model_validate(table)
    except ValidationError as wrong:
        raise ScenarioError(file, [_told(error) for error in wrong.errors()]) from wrong


def _told(error: Mapping[str, object]) -> str:
    place = error["loc"]
    assert isinstance(place, tuple)
    problem = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        problem = "không có mục này / unknown key"
    parts = [str(part) for part in place if part not in ("str", "Made")]
    if len(place) >= 2 and place[0] == "steps" and isinstance(place[1], int):
        parts = [f"bước/step {place[1] + 1}", *parts[2:]]
    return ": ".join([*parts, problem])
