"""What the browser asks of others: a judge of addresses, files for an upload box, answers to dialogs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol


class Verdict(Protocol):
    """What the policy says about one address; `site` is the policy's own object, never looked into here."""

    @property
    def allowed(self) -> bool: ...
    @property
    def site(self) -> Any: ...
    @property
    def category(self) -> str: ...
    @property
    def code(self) -> str | None: ...


class Judge(Protocol):
    """`portal.policy.Policy`, as far as the browser knows it."""

    def decide(self, url: str) -> Verdict: ...


@dataclass(frozen=True)
class UploadRequest:
    """The page opened a file box. `accept`: MIME types and endings (".pdf") as the page named them.

    `max_bytes`: the largest file the present site takes, 0 where that is not known.
    """

    accept: tuple[str, ...]
    multiple: bool
    max_bytes: int = 0


Chooser = Callable[[UploadRequest], Sequence[Path]]
"""Asked while the page waits; may run a modal dialog of the kiosk. An empty answer means "none"."""


class DialogKind(StrEnum):
    ALERT = "alert"
    CONFIRM = "confirm"
    PROMPT = "prompt"
    CAMERA = "camera"  # the page of a site whose file allows it wants to see


@dataclass(frozen=True)
class DialogRequest:
    """A page's alert, confirm or prompt. `text` is the page's own and may be hostile or long.

    `cut`: there is more of it than is here, so that nobody can agree to it.
    """

    kind: DialogKind
    text: str
    default: str = ""
    cut: bool = False


@dataclass(frozen=True)
class DialogAnswer:
    accepted: bool
    text: str = ""


DialogHandler = Callable[[DialogRequest], DialogAnswer]


@dataclass(frozen=True)
class PickRequest:
    """A field wants a value: `kind` is its type ("date", "time", "month", "week", "datetime-local", "color").

    `value`, `least` and `most` are as HTML writes them ("2001-02-03", "07:30", "2001-W05", "#aabbcc");
    they are the page's own and may be nonsense.
    """

    kind: str
    value: str
    least: str = ""
    most: str = ""


Picker = Callable[[PickRequest], str | None]
"""Asked while the page waits. The value as HTML writes it; None: the field stays as it is."""


@dataclass(frozen=True)
class Option:
    """One line of a list; `number` is its place among all that the page has, `group` its heading or ""."""

    number: int
    text: str
    group: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class ListRequest:
    """A <select> wants a choice: what can be chosen, in the page's order and words."""

    options: tuple[Option, ...]
    multiple: bool = False


Lister = Callable[[ListRequest], Sequence[int] | None]
"""Asked while the page waits. The numbers of what is chosen from now on; None: all stays as it is."""


@dataclass(frozen=True)
class LinkWish:
    """A tapped link that is no page. `number`: what could be dialled, "" for any other program's."""

    number: str


def no_pick(_request: PickRequest) -> str | None:
    return None


def no_list(_request: ListRequest) -> Sequence[int] | None:
    return None


def refuse(_request: DialogRequest) -> DialogAnswer:
    """The answer where no screen handles dialogs: the page goes on, nothing is agreed to."""
    return DialogAnswer(accepted=False)


def no_files(_request: UploadRequest) -> Sequence[Path]:
    return ()


def files_inside(paths: Sequence[Path], folder: Path) -> list[str]:
    """The paths that are real files under `folder`, links followed, as the browser wants them."""
    root = folder.resolve()
    found = [path.resolve() for path in paths]
    return [str(real) for real in found if real.is_file() and root in real.parents]
