"""What a SANE device can be told: reads `scanimage -A` and picks the arguments for a job, none it lacks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kioskcore.errors import KioskError
from kioskcore.ports import ColourMode, ScanJob

_LINE = re.compile(
    r"^ {4}(-[a-zA-Z]|--[a-z0-9-]+)"  # name
    r"(?:\[?=?\(([^)]*)\)\]?)?"  # [=(yes|no)]
    r"(?: (.*?))??"  # choices or range
    r" \[([^\]]*)\](?: \[[^\]]*\])*\s*$"  # [present value] or [inactive]
)
_RANGE = re.compile(r"^(?:auto\|)?(-?[\d.]+)\.\.(-?[\d.]+)")

_MODES = {
    ColourMode.COLOUR: ("color", "colour", "24bit color", "true color"),
    ColourMode.AUTO: ("color", "colour", "24bit color", "true color"),
    ColourMode.GREY: ("gray", "grey", "grayscale", "true gray", "8-bit gray"),
    ColourMode.BLACK_WHITE: ("gray", "grey", "grayscale", "true gray", "8-bit gray"),
}
"""Black and white is made from grey by the clean-up: better than any scanner's own threshold."""

_SIZES_MM = {"A4": (210.0, 297.0), "A5": (148.0, 210.0), "ID-1": (148.0, 105.0)}
"""A card may lie anywhere near the corner of the glass, so that an A6 field is read for it."""

_OWN = {"batch-count"}
"""Options of the scanimage program, not of a device, that a source may name."""


@dataclass(frozen=True)
class Option:
    """Either `choices` or `low`..`high`; neither for free values."""

    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


def read_options(text: str) -> dict[str, Option]:
    """The options by name without dashes; one that another must wake first has no values."""
    options: dict[str, Option] = {}
    for line in text.splitlines():
        found = _LINE.match(line)
        if not found or found[4] == "read-only":
            continue
        values = "" if found[4] == "inactive" else (found[3] or found[2] or "").strip()
        options[found[1].lstrip("-")] = _option(values)
    return options


def _option(values: str) -> Option:
    span = _RANGE.match(values)
    if span:
        return Option(low=float(span[1]), high=float(span[2]))
    if "|" not in values and not re.fullmatch(r"[\w .()-]+", values):
        return Option()
    parts = [re.sub(r"^(-?[\d.]+)(?:dpi|mm|pel|bit|us|%)$", r"\1", part) for part in values.split("|")]
    return Option(choices=tuple(part for part in parts if part))


def can_feed(options: Mapping[str, Option]) -> bool:
    return _feeder(options, duplex=False) is not None


def can_lie_flat(options: Mapping[str, Option]) -> bool:
    """Whether there is a glass: a device that names no source has nothing else."""
    return not options.get("source", Option()).choices or _flat(options) is not None


def can_duplex(options: Mapping[str, Option]) -> bool:
    return _duplex_arguments(options) is not None


def arguments(job: ScanJob, options: Mapping[str, Option], extra: Mapping[str, str]) -> list[str]:
    """The device's part of the command line. Raises SCAN-JOB-INVALID for what the device cannot do."""
    made = _source(job, options)
    if mode := _first(options.get("mode"), _MODES[job.mode]):
        made += ["--mode", mode]
    if resolution := _resolution(options.get("resolution"), job.dpi):
        made += ["--resolution", resolution]
    made += _page(job, options)
    for name, value in extra.items():
        if name not in options and name not in _OWN:
            raise KioskError("SCAN-JOB-INVALID", field="option")
        made += [f"--{name}={value}"]
    return made


def _source(job: ScanJob, options: Mapping[str, Option]) -> list[str]:
    if not uses_feeder(job, options):
        flat = _flat(options)
        return ["--source", flat] if flat else []
    if job.duplex:
        both = _duplex_arguments(options)
        if both is None:
            raise KioskError("SCAN-JOB-INVALID", field="duplex")
        return both
    feeder = _feeder(options, duplex=False)
    if feeder is None:
        raise KioskError("SCAN-JOB-INVALID", field="feeder")
    return ["--source", feeder]


def uses_feeder(job: ScanJob, options: Mapping[str, Option]) -> bool:
    """A device without glass takes from its feeder whatever the job says."""
    return job.feeder or (can_feed(options) and not can_lie_flat(options))


def _flat(options: Mapping[str, Option]) -> str | None:
    return _first(options.get("source"), ("flatbed", "document table", "platen", "normal"))


def _feeder(options: Mapping[str, Option], *, duplex: bool) -> str | None:
    for choice in options.get("source", Option()).choices:
        low = choice.lower()
        feeds = "adf" in low or "feeder" in low
        both = "duplex" in low or "both" in low
        if both == duplex and (feeds or both) and "back" not in low:
            return choice
    return None


def _duplex_arguments(options: Mapping[str, Option]) -> list[str] | None:
    if both := _feeder(options, duplex=True):
        return ["--source", both]
    feeder = _feeder(options, duplex=False)
    if feeder and (mode := _first(options.get("adf-mode"), ("duplex",))):
        return ["--source", feeder, "--adf-mode", mode]
    if feeder and "yes" in options.get("duplex", Option()).choices:
        return ["--source", feeder, "--duplex=yes"]
    return None


def _page(job: ScanJob, options: Mapping[str, Option]) -> list[str]:
    """The field to read, never beyond the glass; "auto" reads all of it."""
    made: list[str] = []
    feeding = uses_feeder(job, options)
    wanted = _SIZES_MM.get(job.page_size, (1e6, 1e6))
    for paper, length in zip(("page-width", "page-height"), wanted, strict=True):
        if feeding and job.page_size != "auto" and (high := options.get(paper, Option()).high):
            made += [f"--{paper}", f"{min(length, high):g}"]
    for corner in "lt":
        if (low := options.get(corner, Option()).low) is not None:
            made += [f"-{corner}", f"{low:g}"]
    for letter, length in zip("xy", wanted, strict=True):
        if high := options.get(letter, Option()).high:
            made += [f"-{letter}", f"{min(length, high):g}"]
    return made


def _resolution(option: Option | None, dpi: int) -> str | None:
    """The nearest that is not coarser; the finest where all are coarser."""
    if option is None:
        return None
    if option.high is not None and option.low is not None:
        return f"{min(max(dpi, option.low), option.high):g}"
    listed = sorted(float(choice) for choice in option.choices if re.fullmatch(r"[\d.]+", choice))
    if not listed:
        return None
    return f"{next((number for number in listed if number >= dpi), listed[-1]):g}"


def _first(option: Option | None, wanted: tuple[str, ...]) -> str | None:
    choices = {choice.lower(): choice for choice in (option.choices if option else ())}
    return next((choices[word] for word in wanted if word in choices), None)
