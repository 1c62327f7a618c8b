"""The shape of guide files: pydantic models, and `read_folder` which gathers all faults of a folder at once.

A folder holds `<code>/guide.toml` (facts) with `<language>.toml` (words) beside it, and may hold `shared/`
(steps, papers, questions and life events that guides name by key).
"""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from guides.faults import Fault, line_of

FIRST_LANGUAGE = "vi"
"""Every guide has these words; other languages fall back on them."""
FIELDS = frozenset(
    {"official_name", "can_do_here", "online_level", "decides", "fee", "time", "papers", "steps", "receive"}
    | {"portal_url", "mistakes", "questions", "code", "sources"}
)
"""What a guide may say is not verified."""
CODE = r"^(\d\.\d{6}|[a-z][a-z0-9-]{2,40})$"


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Fee(Table):
    """`kind`: fixed by the state, set by the province, none, set by a company, or not known to us."""

    kind: Literal["fixed", "province", "none", "company", "unknown"]
    amounts: tuple[int, ...] = ()  # đồng; each must be named in the words


class Source(Table):
    number: str
    date: str = ""  # as the source gives it


class PaperUse(Table):
    key: str
    kind: Literal["original", "copy", "details"] = "original"  # details: to be known, no paper
    scan: bool = True
    required: bool = True
    held: bool = False


class StepUse(Table):
    key: str
    url: str | None = None
    texts: tuple[str, ...] | None = None


class GuideFacts(Table):
    code: str = Field(pattern=CODE)
    official_name: str
    life_event: str
    picture: str = ""
    general: bool = False
    online: Literal["full", "part", "none"] = "part"
    fee: Fee
    days: tuple[int, ...] = ()  # working days; each must be named in the words
    portal_uuid: str = Field(default="", pattern=r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$")
    portal_url: str = ""  # where it is not the page of portal_uuid
    checked_on: date
    unverified: tuple[str, ...] = ()
    sources: tuple[Source, ...]
    flow: str = ""  # a shared list of steps; `steps` come after it
    questions: tuple[str, ...] = ()
    papers: tuple[PaperUse, ...] = ()
    steps: tuple[StepUse, ...] = ()


Said = Annotated[str, Field(min_length=1)]
"""A text that may not be left empty."""


class StepWords(Table):
    text: Said
    hint: str = ""


class PaperWords(Table):
    title: Said
    note: str = ""


class QuestionWords(Table):
    text: Said
    fetch: str = ""
    where: str = ""


class GuideWords(Table):
    title: Said
    can_do_here: Said
    decides: str = ""  # these four may be empty in a general guide only
    fee: str = ""
    time: str = ""
    receive: str = ""
    mistakes: tuple[str, ...] = ()
    steps: Mapping[str, StepWords] = {}
    papers: Mapping[str, PaperWords] = {}
    questions: Mapping[str, QuestionWords] = {}


class SharedPicture(Table):
    picture: str = ""


class SharedStep(SharedPicture):
    url: str = ""
    texts: tuple[str, ...] = ()
    hands_off: bool = False


class SharedQuestion(SharedPicture):
    good: bool = True
    stops: bool = True


class Event(SharedPicture):
    key: str


class Shared(Table):
    life_events: tuple[Event, ...] = ()
    steps: Mapping[str, SharedStep] = {}
    papers: Mapping[str, SharedPicture] = {}
    questions: Mapping[str, SharedQuestion] = {}
    flows: Mapping[str, tuple[str, ...]] = {}
    replaced: Mapping[str, str] = {}  # old code: the code that took its place
    verbs: Mapping[str, tuple[str, ...]] = {}  # first words of a step, by language


class SharedWords(Table):
    life_events: Mapping[str, str] = {}
    online: Mapping[str, str] = {}
    pictures: Mapping[str, str] = {}
    steps: Mapping[str, StepWords] = {}
    papers: Mapping[str, PaperWords] = {}
    questions: Mapping[str, QuestionWords] = {}


@dataclass
class Folder:
    """What was read from one folder; `texts` keeps each file's text for line numbers."""

    path: Path
    facts: dict[str, GuideFacts] = field(default_factory=dict)
    words: dict[tuple[str, str], GuideWords] = field(default_factory=dict)
    shared: Shared = field(default_factory=Shared)
    shared_words: dict[str, SharedWords] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, file: str, key: str, code: str, /, **facts: str | int) -> None:
        """Note a fault of a file of this folder; `key` is dotted."""
        line = line_of(self.texts.get(file, ""), key.split(".")) if key else 0
        self.faults.append(Fault(file, line, key, code, facts))


Model = TypeVar("Model", bound=Table)


def read_folder(path: Path) -> Folder:
    """Read every guide below `path`. Never raises for what is in the files: see `Folder.faults`."""
    folder = Folder(path)
    shared = path / "shared"
    if (shared / "shared.toml").is_file():
        folder.shared = _read(folder, shared / "shared.toml", Shared) or Shared()
        for file in _languages(shared):
            words = _read(folder, file, SharedWords)
            if words:
                folder.shared_words[file.stem] = words
    for facts_file in sorted(path.glob("*/guide.toml")):
        facts = _read(folder, facts_file, GuideFacts)
        name = facts_file.parent.name
        if facts is not None:
            if facts.code != name:
                folder.fault(f"{name}/guide.toml", "code", "code_folder", code=facts.code, folder=name)
            folder.facts[name] = facts
        for file in _languages(facts_file.parent):
            guide_words = _read(folder, file, GuideWords)
            if guide_words:
                folder.words[name, file.stem] = guide_words
    return folder


def _languages(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.glob("*.toml")) if file.stem not in ("guide", "shared")]


def _read(folder: Folder, file: Path, model: type[Model]) -> Model | None:
    name = file.relative_to(folder.path).as_posix()
    try:
        text = file.read_bytes().decode("utf-8-sig")  # the Windows editor puts a mark in front
    except UnicodeDecodeError:
        folder.fault(name, "", "not_utf8")
        return None
    except OSError as fault:
        folder.fault(name, "", "unreadable", detail=fault.strerror or "")
        return None
    folder.texts[name] = text
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        line = getattr(fault, "lineno", 0) or _line_in(str(fault), text)
        folder.faults.append(Fault(name, line, "", "toml"))
    except ValidationError as wrong:
        folder.faults += _in_words(wrong, name, text, model)
    return None


def _line_in(message: str, text: str) -> int:
    digits = message.partition("line ")[2].partition(",")[0]
    return int(digits) if digits.isdigit() else text.count("\n") + 1


def _in_words(wrong: ValidationError, name: str, text: str, model: type[Table]) -> Iterator[Fault]:
    for error in wrong.errors():
        location = error["loc"]
        key = ".".join(str(part) for part in location)
        line = line_of(text, location)
        if error["type"] == "extra_forbidden":
            near = difflib.get_close_matches(str(location[-1]), _known(model, location[:-1]), n=1, cutoff=0.5)
            code = "unknown_key_near" if near else "unknown_key"
            yield Fault(name, line, key, code, {"near": near[0]} if near else {})
        elif error["type"] in ("missing", "string_too_short"):
            yield Fault(name, line, key, "missing")
        elif error["type"] == "literal_error":
            yield Fault(name, line, key, "one_of", {"allowed": str(error["ctx"]["expected"])})
        else:
            kind = error["type"].partition("_")[0]
            yield Fault(name, line, key, f"value_{kind}" if kind in _VALUES else "value")


_VALUES = frozenset({"string", "int", "bool", "date", "tuple", "dict", "model"})


def _known(model: type[Table], location: tuple[int | str, ...]) -> list[str]:
    """The keys allowed at a place of a model; list numbers and free names in mappings are stepped over."""
    here: Any = model
    for part in location:
        if isinstance(here, type) and issubclass(here, Table):
            here = here.model_fields[str(part)].annotation if str(part) in here.model_fields else None
        inner = [kind for kind in get_args(here) if isinstance(kind, type) and issubclass(kind, Table)]
        here = inner[-1] if inner else here
    return list(here.model_fields) if isinstance(here, type) and issubclass(here, Table) else []


def step_uses(facts: GuideFacts, shared: Shared) -> list[StepUse]:
    """The steps of the flow, each replaced by the guide's own of the same key; then the guide's other own."""
    own = {use.key: use for use in facts.steps}
    flow = [own.pop(key, StepUse(key=key)) for key in shared.flows.get(facts.flow, ())]
    return flow + list(own.values())


def names_missing(
    guides: Mapping[str, tuple[Folder, GuideFacts]],
    shared: Shared,
    shared_words: Mapping[str, SharedWords],
) -> list[Fault]:
    """What would break `Library.guide`: a name without its shared entry or without Vietnamese words."""
    common = shared_words.get(FIRST_LANGUAGE, SharedWords())
    events = {event.key for event in shared.life_events}
    faults: list[Fault] = []
    for code, (folder, facts) in guides.items():
        start = len(folder.faults)
        file = f"{code}/guide.toml"
        own = folder.words.get((code, FIRST_LANGUAGE))
        if own is None:
            if not any(fault.file == f"{code}/{FIRST_LANGUAGE}.toml" for fault in folder.faults):
                folder.fault(file, "", "missing_file", name=f"{code}/{FIRST_LANGUAGE}.toml")
            own = GuideWords.model_construct()
        if facts.life_event not in events:
            folder.fault(file, "life_event", "unknown_name", name=facts.life_event)
        if facts.flow and facts.flow not in shared.flows:
            folder.fault(file, "flow", "unknown_name", name=facts.flow)
        for key in facts.questions:
            if key not in shared.questions:
                folder.fault(file, "questions", "unknown_name", name=key)
        needs = {
            "papers": [use.key for use in facts.papers],
            "steps": [use.key for use in step_uses(facts, shared)],
            "questions": list(facts.questions),
        }
        for section, keys in needs.items():
            for number, key in enumerate(keys):
                if key not in getattr(own, section, {}) and key not in getattr(common, section):
                    place = f"papers.{number}.key" if section == "papers" else section
                    folder.fault(file, place, "missing_words", name=key)
        faults += folder.faults[start:]
    return faults
