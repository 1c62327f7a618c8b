"""The words of eSCL: reads ScannerCapabilities and ScannerStatus, writes ScanSettings.

Raises KioskError SCAN-IO for a document that is not whole or not eSCL. Lengths are 1/300 inch, as in eSCL.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from kioskcore.errors import KioskError
from kioskcore.ports import ColourMode, ScanJob

SCAN = "http://schemas.hp.com/imaging/escl/2011/05/03"
PWG = "http://www.pwg.org/schemas/2010/12/sm"

ADF_FAULTS = {
    "ScannerAdfJam": "SCAN-JAM",
    "ScannerAdfMispick": "SCAN-JAM",
    "ScannerAdfMultipickDetected": "SCAN-JAM",
    "ScannerAdfDuplexPageTooShort": "SCAN-JAM",
    "ScannerAdfDuplexPageTooLong": "SCAN-JAM",
    "ScannerAdfHatchOpen": "SCAN-COVER",
    "ScannerAdfDoorOpen": "SCAN-COVER",  # not in the description, but devices say it
    "ScannerAdfInputTrayOverloaded": "SCAN-JAM",
    "ScannerAdfInputTrayFailed": "SCAN-IO",
    "ScannerAdfEmpty": "SCAN-NO-PAPER",
}
_COLOURS = {
    ColourMode.COLOUR: ("RGB24", "RGB48", "Grayscale8"),
    ColourMode.AUTO: ("RGB24", "RGB48", "Grayscale8"),
    ColourMode.GREY: ("Grayscale8", "RGB24"),
    ColourMode.BLACK_WHITE: ("Grayscale8", "RGB24"),
}
_SIZES_MM = {"A4": (210.0, 297.0), "A5": (148.0, 210.0), "ID-1": (148.0, 105.0)}
_UNITS_PER_MM = 300 / 25.4
_FORMATS = ("image/jpeg", "image/png", "application/pdf")
_LONGEST = 20_000  # 1/300 inch: 1.7 m; beyond it a number is a mistake


@dataclass(frozen=True)
class Input:
    """What one way in (glass, feeder) can do. `steps`: resolutions; or `low`..`high`, 0 where unknown."""

    width: int
    height: int
    colours: tuple[str, ...]
    formats: tuple[str, ...]
    steps: tuple[int, ...] = ()
    low: int = 0
    high: int = 0


@dataclass(frozen=True)
class Capabilities:
    name: str
    version: str
    glass: Input | None
    feeder: Input | None
    both_sides: Input | None


@dataclass(frozen=True)
class Status:
    """`state` Idle, Processing, Testing, Stopped, Down; `adf` as in ADF_FAULTS; `jobs`: uri path -> state."""

    state: str
    adf: str
    jobs: Mapping[str, str]


def read_capabilities(text: bytes) -> Capabilities:
    """Raises SCAN-IO also where no way in is usable."""
    root = _root(text, "ScannerCapabilities")
    adf = _child(root, "Adf")
    found = Capabilities(
        name=_text(root, "MakeAndModel")[:80],
        version=_text(root, "Version")[:8] or "2.0",
        glass=_input(_child(_child(root, "Platen"), "PlatenInputCaps"), root),
        feeder=_input(_child(adf, "AdfSimplexInputCaps"), root),
        both_sides=_input(_child(adf, "AdfDuplexInputCaps"), root),
    )
    if found.glass is None and found.feeder is None:
        raise KioskError("SCAN-IO", reason="no input")
    return found


def read_status(text: bytes) -> Status:
    root = _root(text, "ScannerStatus")
    jobs = {job_path(_text(job, "JobUri")): _text(job, "JobState") for job in _every(root, "JobInfo")}
    return Status(_text(root, "State"), _text(root, "AdfState"), jobs)


def write_settings(job: ScanJob, can: Capabilities) -> bytes:
    """The ScanSettings document. Raises SCAN-JOB-INVALID for what the device cannot do."""
    feeder = uses_feeder(job, can)
    source = can.both_sides if job.duplex else can.feeder if feeder else can.glass
    if source is None:
        raise KioskError("SCAN-JOB-INVALID", field="duplex" if job.duplex else "feeder")
    root = Element("scan:ScanSettings", {"xmlns:scan": SCAN, "xmlns:pwg": PWG})
    _add(root, "pwg:Version", can.version)
    _add(root, "scan:Intent", "Document")
    region = SubElement(SubElement(root, "pwg:ScanRegions"), "pwg:ScanRegion")
    width, height = _field(job, source)
    _add(region, "pwg:ContentRegionUnits", "escl:ThreeHundredthsOfInches")
    for name, number in (("Height", height), ("Width", width), ("XOffset", 0), ("YOffset", 0)):
        _add(region, f"pwg:{name}", str(number))
    _add(root, "pwg:InputSource", "Feeder" if feeder else "Platen")
    if feeder and can.both_sides is not None:
        _add(root, "scan:Duplex", "true" if job.duplex else "false")
    _add(root, "scan:ColorMode", _pick(_COLOURS[job.mode], source.colours))
    resolution = str(_resolution(job.dpi, source))
    _add(root, "scan:XResolution", resolution)
    _add(root, "scan:YResolution", resolution)
    kind = _pick(_FORMATS, source.formats)
    _add(root, "pwg:DocumentFormat", kind)
    if _newer(can.version):
        _add(root, "scan:DocumentFormatExt", kind)
    text: bytes = tostring(root, "utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text


def uses_feeder(job: ScanJob, can: Capabilities) -> bool:
    """A device without glass takes from its feeder whatever the job says."""
    return job.feeder or can.glass is None


def job_path(uri: str) -> str:
    """The path of a job's address; "" for an address that is none."""
    try:
        return urlsplit(uri).path.rstrip("/")
    except ValueError:
        return ""


def _root(text: bytes, name: str) -> Element:
    try:
        root: Element = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as fault:
        raise KioskError("SCAN-IO", reason="xml") from fault
    if _local(root) != name:
        raise KioskError("SCAN-IO", reason="xml")
    return root


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _every(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if _local(element) == name)


def _child(parent: Element | None, name: str) -> Element | None:
    if parent is None:
        return None
    return next((element for element in parent if _local(element) == name), None)


def _text(root: Element, name: str) -> str:
    found = next(_every(root, name), None)
    return (found.text or "").strip() if found is not None else ""


def _number(root: Element, name: str) -> int:
    text = _text(root, name)
    return min(int(text), _LONGEST) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _input(element: Element | None, root: Element) -> Input | None:
    """The settings may stand in the input or, once for all, under a name elsewhere in the document."""
    if element is None:
        return None
    profiles = next(_every(element, "SettingProfiles"), element)
    named = [profile.get("ref") for profile in _every(profiles, "SettingProfile") if profile.get("ref")]
    shared = [profile for profile in _every(root, "SettingProfile") if profile.get("name") in named]
    sources = [element, *shared]
    formats: list[str] = []
    colours: list[str] = []
    steps: set[int] = set()
    low = high = 0
    for source in sources:
        colours += [(each.text or "").strip() for each in _every(source, "ColorMode")]
        for kind in ("DocumentFormatExt", "DocumentFormat"):
            formats += [(each.text or "").strip() for each in _every(source, kind)]
        steps |= {_number(each, "XResolution") for each in _every(source, "DiscreteResolution")}
        for span in _every(source, "XResolutionRange"):
            low, high = _number(span, "Min"), _number(span, "Max")
    width, height = _number(element, "MaxWidth"), _number(element, "MaxHeight")
    if not (width and height):
        width, height = round(216 * _UNITS_PER_MM), round(297 * _UNITS_PER_MM)
    return Input(width, height, tuple(colours), tuple(formats), tuple(sorted(steps - {0})), low, high)


def _field(job: ScanJob, source: Input) -> tuple[int, int]:
    """The region, never beyond the glass; "auto" reads all of it."""
    if job.page_size not in _SIZES_MM:
        return source.width, source.height
    width, height = (round(length * _UNITS_PER_MM) for length in _SIZES_MM[job.page_size])
    return min(width, source.width), min(height, source.height)


def _resolution(dpi: int, source: Input) -> int:
    """The nearest that is not coarser; the finest where all are coarser."""
    if source.high:
        return min(max(dpi, source.low), source.high)
    return next((step for step in source.steps if step >= dpi), max(source.steps, default=dpi))


def _pick(wanted: tuple[str, ...], offered: tuple[str, ...]) -> str:
    """The first of what we want; what every device must know where it offers nothing of ours."""
    return next((each for each in wanted if each in offered), wanted[0])


def _newer(version: str) -> bool:
    """DocumentFormatExt came with eSCL 2.1; older devices refuse what they do not know."""
    major, _, minor = version.partition(".")
    return (major.isdigit() and int(major) > 2) or (major == "2" and minor.isdigit() and int(minor) >= 1)


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
