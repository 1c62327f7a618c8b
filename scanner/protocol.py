"""The lines between the service and the scan child: one JSON message a line, checked on both sides.

`encode` gives the line; `read_request` and `read_reply` raise KioskError only, whatever the bytes.
"""

import json
import math
import re
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, NoReturn, TypeVar

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter

from kioskcore.errors import KIND_OF, KioskError
from kioskcore.ports import ColourMode, Device, FileKind, Offer, Page, Paper, Point, Preview, Probe, ScanJob

MAX_LINE = 1_000_000
"""Bytes of one message; a longer line is not one of ours."""

SOURCE = re.compile(r"[a-z][a-z0-9-]{0,19}:[^\x00-\x1f\x7f]{0,3999}")
"""`ScanJob.source`: the driver's name, a colon, and what that driver alone understands."""

PAGE_SIZES = ("A4", "A5", "ID-1", "auto")
DPI = range(75, 601)

Number = Annotated[int, Field(ge=0, lt=2**53)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$")]
Corners = tuple[Point, Point, Point, Point]
T = TypeVar("T")
_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)


@dataclass(frozen=True)
class ProbeRequest:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    id: Number
    do: Literal["probe"] = "probe"


@dataclass(frozen=True)
class DevicesRequest:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    id: Number
    do: Literal["devices"] = "devices"


@dataclass(frozen=True)
class ScanRequest:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    id: Number
    job: ScanJob
    do: Literal["scan"] = "scan"


@dataclass(frozen=True)
class CleanRequest:
    """`turn_degrees`: the whole clockwise turn from the raw picture to the clean page; None: to be found."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    id: Number
    page_id: Name
    raw: FileName
    corners: Corners | None
    turn_degrees: Literal[0, 90, 180, 270] | None
    tone: ColourMode
    do: Literal["clean"] = "clean"


@dataclass(frozen=True)
class Leaf:
    """A page of a paper: its clean file in the scan folder and its size in millimetres."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    clean: FileName
    width_mm: Annotated[float, Field(gt=0, le=2000)]
    height_mm: Annotated[float, Field(gt=0, le=2000)]
    mode: ColourMode


@dataclass(frozen=True)
class PaperRequest:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    id: Number
    paper_id: Name
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    leaves: Annotated[tuple[Leaf, ...], Field(min_length=1, max_length=300)]
    budget_bytes: Annotated[int, Field(gt=0, lt=2**40)]
    card_purpose: Annotated[str, StringConstraints(max_length=120)] | None = None
    part: Annotated[str, StringConstraints(max_length=40)] | None = None
    kind: FileKind = FileKind.PDF
    do: Literal["paper"] = "paper"


@dataclass(frozen=True)
class CancelRequest:
    """`id` is the request to stop."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    id: Number
    do: Literal["cancel"] = "cancel"


@dataclass(frozen=True)
class PressRequest:
    """`id` is the scan that the person steers."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    id: Number
    do: Literal["press"] = "press"


@dataclass(frozen=True)
class LookRequest:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    id: Number
    source: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,19}:[^\x00-\x1f\x7f]{0,400}$")]
    do: Literal["look"] = "look"


@dataclass(frozen=True)
class ProbesReply:
    id: Number
    probes: tuple[Probe, ...]
    say: Literal["probes"] = "probes"


@dataclass(frozen=True)
class DevicesReply:
    id: Number
    devices: tuple[Device, ...]
    say: Literal["devices"] = "devices"


@dataclass(frozen=True)
class ProgressReply:
    id: Number
    fraction: Annotated[float, Field(ge=0, le=1)]
    say: Literal["progress"] = "progress"


@dataclass(frozen=True)
class PreviewReply:
    id: Number
    preview: Preview
    say: Literal["preview"] = "preview"


@dataclass(frozen=True)
class OffersReply:
    id: Number
    offers: tuple[Offer, ...]
    say: Literal["offers"] = "offers"


@dataclass(frozen=True)
class PageReply:
    id: Number
    page: Page
    say: Literal["page"] = "page"


@dataclass(frozen=True)
class DoneReply:
    """The request is over; `count` pages came."""

    id: Number
    count: Number = 0
    say: Literal["done"] = "done"


@dataclass(frozen=True)
class PaperReply:
    id: Number
    paper: Paper
    say: Literal["paper"] = "paper"


@dataclass(frozen=True)
class ErrorReply:
    """The request ended in an error."""

    id: Number
    code: str
    facts: dict[str, str | int | float]
    say: Literal["error"] = "error"


Asking = ProbeRequest | DevicesRequest | LookRequest | ScanRequest | CleanRequest | PaperRequest
Request = Asking | CancelRequest | PressRequest
Telling = ProgressReply | PreviewReply | PageReply
Reply = ProbesReply | DevicesReply | OffersReply | PaperReply | Telling | DoneReply | ErrorReply

_REQUEST: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="do")])
_REPLY: TypeAdapter[Reply] = TypeAdapter(Annotated[Reply, Field(discriminator="say")])


def encode(message: Request | Reply) -> bytes:
    """The message as one line with its end."""
    adapter: TypeAdapter[Any] = _REPLY if hasattr(message, "say") else _REQUEST
    return adapter.dump_json(message, warnings="error") + b"\n"


def read_request(line: bytes) -> Request:
    """Raises KioskError SCAN-JOB-INVALID for anything that is not a whole, sound request."""
    request = _read(line, _REQUEST, "SCAN-JOB-INVALID")
    if isinstance(request, ScanRequest):
        check_job(request.job)
    if isinstance(request, PaperRequest) and request.kind is not FileKind.PDF and len(request.leaves) > 1:
        raise KioskError("SCAN-JOB-INVALID", field="leaves")  # a picture shows one page
    return request


def read_reply(line: bytes) -> Reply:
    """Raises KioskError SCAN-CRASH: a child that talks nonsense is as good as dead."""
    reply = _read(line, _REPLY, "SCAN-CRASH")
    if isinstance(reply, ErrorReply) and reply.code not in KIND_OF:
        raise KioskError("SCAN-CRASH", reason="unknown code")
    return reply


def checked(request: Request) -> Request:
    """The same request as the child will read it. Raises SCAN-JOB-INVALID."""
    if isinstance(request, ScanRequest):
        check_job(request.job)
    try:
        line = encode(request)
    except (ValueError, TypeError) as fault:
        raise KioskError("SCAN-JOB-INVALID", field="request") from fault
    return read_request(line)


def check_job(job: ScanJob) -> None:
    """Raises SCAN-JOB-INVALID naming the field; the value is never told (it may be a path)."""
    sound = {
        "source": SOURCE.fullmatch(job.source) is not None,
        "dpi": job.dpi in DPI,
        "page_size": job.page_size in PAGE_SIZES,
        "mode": isinstance(job.mode, ColourMode),
        "tone": isinstance(job.tone, ColourMode),
        "duplex": job.feeder or not job.duplex,
        "language": len(job.language) <= 8,
        "paper": len(job.paper) <= 400,
    }
    for name, good in sound.items():
        if not good:
            raise KioskError("SCAN-JOB-INVALID", field=name)


def _read(line: bytes, adapter: TypeAdapter[T], code: str) -> T:
    if len(line) > MAX_LINE:
        raise KioskError(code, reason="too long")
    try:
        message = json.loads(line, parse_constant=_not_a_number, parse_float=_finite)
        return adapter.validate_python(message)
    except (ValueError, RecursionError, OverflowError) as fault:
        raise KioskError(code, reason=type(fault).__name__) from fault


def _not_a_number(text: str) -> NoReturn:
    raise ValueError(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number
