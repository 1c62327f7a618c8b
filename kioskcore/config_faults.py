"""What is wrong with a settings file, in plain words of both languages, each with its line where known."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kioskcore.errors import KioskError
from kioskcore.words import core_words

_KIND_OF_TYPE = {  # what pydantic found : the sentence `fault.<name>` of the words
    "missing": "missing",
    "bool_parsing": "yes_no",
    "bool_type": "yes_no",
    "int_parsing": "whole_number",
    "int_type": "whole_number",
    "int_from_float": "whole_number",
    "float_parsing": "number",
    "float_type": "number",
    "finite_number": "number",
    "string_type": "text",
    "string_too_short": "empty",
    "too_short": "empty",
    "tuple_type": "list",
    "list_type": "list",
    "model_type": "section",
    "model_attributes_type": "section",
    "dict_type": "section",
    "date_type": "date",
    "date_parsing": "date",
    "date_from_datetime_parsing": "date",
    "date_from_datetime_inexact": "date",
    "literal_error": "one_of",
    "enum": "one_of",
    "string_pattern_mismatch": "pattern",
    "greater_than": "more_than",
    "greater_than_equal": "at_least",
    "less_than": "less_than",
    "less_than_equal": "at_most",
}
_FACT_OF_KIND = {
    "one_of": "expected",
    "pattern": "pattern",
    "more_than": "gt",
    "at_least": "ge",
    "less_than": "lt",
    "at_most": "le",
}


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a settings file. `line` is 1-based, 0 where unknown."""

    line: int
    key: str
    problem: str

    def __str__(self) -> str:
        where = f"dòng/line {self.line}: " if self.line else ""
        return f"{where}{self.key}: {self.problem}" if self.key else f"{where}{self.problem}"


class ConfigError(KioskError):
    """All faults of one file."""

    def __init__(self, file: Path, faults: list[Fault]) -> None:
        super().__init__("CONFIG-INVALID", faults=len(faults))
        self.file = file
        self.faults = faults


def plain(kind: str, **facts: str | int | float) -> str:
    """The sentence `fault.<kind>` in Vietnamese and English: the language is itself a setting."""
    return " / ".join(core_words()[language].say(f"fault.{kind}", **facts) for language in ("vi", "en"))


def plain_error(error: Mapping[str, Any]) -> str:
    """One entry of `ValidationError.errors()` in plain words; our own validators' words as they are."""
    kind = _KIND_OF_TYPE.get(error["type"])
    if kind is None:
        return str(error["msg"]).removeprefix("Value error, ")
    fact = _FACT_OF_KIND.get(kind)
    if fact is None:
        return plain(kind)
    value = error["ctx"][fact]
    return plain(kind, wanted=str(value).replace("' or '", "', '") if kind == "one_of" else value)


def faults_of(
    errors: Iterable[Mapping[str, Any]], text: str, known: Callable[[Sequence[str]], Sequence[str]]
) -> Iterator[Fault]:
    """pydantic's `errors` with their lines in `text`; `known(section)` lists the keys a section may have."""
    for error in errors:
        names = [str(part) for part in error["loc"]]
        problem = plain_error(error)
        if error["type"] == "extra_forbidden":
            problem = plain("unknown")
            near = difflib.get_close_matches(names[-1], known(names[:-1]), n=1, cutoff=0.5)
            if near:
                problem += f"; {plain('nearest', name=near[0])}"
        yield Fault(line_of(text, names), ".".join(names), problem)


def line_of(text: str, names: Sequence[str]) -> int:
    """Line of the key in the file; a section for a section, 0 where neither is found."""
    names = [name for name in names if not name.isdigit()]
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+\s*([\w.\"-]+)\s*\]+", line)
        if header:
            section = header[1].strip('"')
            if [section] == names:
                return number
            continue
        key = re.match(r"\s*([\w\".-]+)\s*=", line)
        if key and [*filter(None, [section]), *key[1].replace('"', "").split(".")] == names:
            return number
    return 0
