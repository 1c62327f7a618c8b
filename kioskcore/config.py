"""The settings: each declared once here, read from TOML into a frozen `Config`, all faults told at once.

The sections are plain dataclasses; what a setting may be stands beside it, and pydantic checks it when a file
is read. It is imported only then: a visit takes over what its keeper has read, because its first screen must
be there soon.
"""

import contextlib
import ipaddress
import json
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit

from kioskcore import paths
from kioskcore.config_faults import ConfigError, Fault, faults_of, line_of, plain
from kioskcore.errors import KioskError
from kioskcore.sources import known_sources

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["Config", "ConfigError", "Fault", "find_config", "hand_over", "handed_over"]
__all__ += ["load_config", "practising"]

FILE_NAME = "kiosk_config.toml"

_MUST_EXIST = {"portal": ("sites_folder",), "guides": ("folder",), "scan": ("folder", "sane_config_dir")}
_ARE_MADE = {"paths": ("state", "work")}
_HANDED_OVER = "settings.json"


def _setting(default: Any, check: Callable[[Any], Any] | None = None, **limits: Any) -> Any:
    """A setting; `limits` as pydantic's Field names them, `check` raises ValueError in words."""
    return field(default=default, metadata={"limits": limits, "check": check})


def _web_address(address: str) -> str:
    try:
        parts = urlsplit(address)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a broken IPv6 address
        sound = False
    if not sound or re.search(r"\s", address):
        raise ValueError(plain("address"))
    return address


def _local_network(text: str) -> str:
    """Whatever the phones may reach must be a network of this house, no wider than /16."""
    if text:
        try:
            network = ipaddress.ip_network(text)
        except ValueError:
            raise ValueError(plain("network")) from None
        if not network.is_private or network.prefixlen < 16:
            raise ValueError(plain("network"))
    return text


@dataclass(frozen=True)
class Point:
    """The support point."""

    name: str = "Điểm hỗ trợ dịch vụ công trực tuyến"
    code: str = _setting("diem-1", pattern=r"^[a-z0-9-]{1,32}$")
    machine: str = _setting("may-1", pattern=r"^[a-z0-9-]{1,32}$")
    province: str = ""
    commune: str = ""
    help_number: str = "18001096"
    opening_hours: str = "7:30–11:30, 13:30–17:00"


@dataclass(frozen=True)
class Screen:
    languages: tuple[str, ...] = ("vi", "en")
    text_size: Literal["normal", "large", "huge"] = "normal"
    high_contrast: bool = False
    dots_per_inch: float = _setting(0, ge=0, le=1000)
    full_screen: bool = True


@dataclass(frozen=True)
class Keyboard:
    """Typing Vietnamese, on the screen and on a real keyboard."""

    on_screen: bool = True
    method: Literal["telex", "vni"] = "telex"
    tone_style: Literal["old", "new"] = "old"
    guard_seconds: float = _setting(0.25, ge=0, le=1)
    physical: bool = True


@dataclass(frozen=True)
class Sound:
    """What is read out: recordings, else a voice of the system."""

    on: bool = True
    volume: int = _setting(70, ge=10, le=100)
    speech: bool = True
    engine: str = ""


@dataclass(frozen=True)
class Idle:
    menu_seconds: int = _setting(120, ge=5, le=3600)
    form_seconds: int = _setting(180, ge=5, le=3600)
    help_seconds: int = _setting(600, ge=5, le=3600)
    warning_seconds: int = _setting(60, ge=3, le=600)


@dataclass(frozen=True)
class Portal:
    home: str = _setting("https://dichvucong.gov.vn/", _web_address)
    sites_folder: str = ""
    user_agent: str = ""


@dataclass(frozen=True)
class Practice:
    on: bool = False
    port: int = _setting(0, ge=0, le=65535)


@dataclass(frozen=True)
class Print:
    """Paper for the citizen. Without a queue nothing is printed."""

    queue: str = _setting("", pattern=r"^[^\s/#'\"\\?]{0,127}$")
    place: str = ""
    copies_most: int = _setting(3, ge=1, le=20)
    pages_most: int = _setting(20, ge=1, le=200)
    price: int = _setting(0, ge=0, le=1_000_000)


@dataclass(frozen=True)
class Guides:
    folder: str = ""


@dataclass(frozen=True)
class Scan:
    sources: tuple[str, ...] = _setting(
        ("sane", "escl", "wia", "camera", "phone", "usb", "folder"), known_sources
    )
    folder: str = ""
    sane_devices: tuple[str, ...] = ()
    sane_config_dir: str = ""
    escl_devices: tuple[str, ...] = ()
    escl_search: bool = True
    cameras: tuple[str, ...] = ()
    camera_width: int = _setting(1920, ge=640, le=10_000)
    camera_height: int = _setting(1080, ge=480, le=10_000)
    phone_network: str = _setting("", _local_network)
    phone_port: int = _setting(0, ge=0, le=65535)
    phone_https: bool = False
    usb_folders: tuple[str, ...] = ()
    dpi: int = _setting(300, ge=75, le=600)
    budget_mb: float = _setting(6.0, gt=0, le=500)
    text_layer: bool = False
    deadline_seconds: int = _setting(120, ge=5, le=900)
    max_megapixels: int = _setting(120, ge=1, le=400)


@dataclass(frozen=True)
class Counts:
    database: str = ""


@dataclass(frozen=True)
class Paths:
    state: str = ""
    work: str = ""


@dataclass(frozen=True)
class Keeper:
    crash_limit: int = _setting(5, ge=1, le=100)
    crash_window_minutes: int = _setting(10, ge=1, le=120)
    slow_retry_seconds: int = _setting(60, ge=1, le=3600)


@dataclass(frozen=True)
class Config:
    point: Point = Point()
    screen: Screen = Screen()
    keyboard: Keyboard = Keyboard()
    sound: Sound = Sound()
    idle: Idle = Idle()
    portal: Portal = Portal()
    practice: Practice = Practice()
    print: Print = Print()
    guides: Guides = Guides()
    scan: Scan = Scan()
    counts: Counts = Counts()
    paths: Paths = Paths()
    keeper: Keeper = Keeper()

    @property
    def state_folder(self) -> Path:
        return Path(self.paths.state) if self.paths.state else paths.state_folder()

    @property
    def work_root(self) -> Path:
        return Path(self.paths.work) if self.paths.work else paths.work_root()

    @property
    def database_url(self) -> str:
        """SQLAlchemy address of the counts."""
        return self.counts.database or f"sqlite:///{self.state_folder / 'counts.sqlite'}"


def find_config(given: str | None) -> Path | None:
    """--config, KIOSK_CONFIG, the machine's folder, beside kiosk.py; None: the defaults.

    Raises KioskError CONFIG-MISSING where a named file is not there, CONFIG-FOLDER where it is a folder.
    """
    named = given or os.environ.get("KIOSK_CONFIG")
    if named:
        if Path(named).is_dir():
            raise KioskError("CONFIG-FOLDER", file=named)
        if not Path(named).is_file():
            raise KioskError("CONFIG-MISSING", file=Path(named).name)
        return Path(named)
    machine = paths.state_folder() if sys.platform == "win32" else Path("/etc/kiosk-dvc")
    for folder in (machine, paths.ROOT):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    return None


def load_config(file: Path | None, *, look_at_folders: bool = True) -> Config:
    """Read and check. Raises ConfigError with every fault of the file, nearest known key named.

    `look_at_folders`: the folders named must be there now. A child of a running kiosk does without: a share
    that is away for a minute must not end the visit.
    """
    if file is None:
        return Config()
    try:
        text = file.read_text(encoding="utf-8-sig")  # some editors put a mark before the first letter
        table = tomllib.loads(text)
    except OSError as fault:
        raise ConfigError(file, [Fault(0, "", plain("unreadable"))]) from fault
    except UnicodeDecodeError as fault:
        raise ConfigError(file, [Fault(0, "", plain("not_utf8"))]) from fault
    except (ValueError, RecursionError) as fault:  # brackets without end, a number of 10,000 figures
        found = re.search(r"line (\d+)", str(fault))
        line = int(found[1]) if found else text.count("\n") + 1
        raise ConfigError(file, [Fault(line, "", plain("not_toml", detail=str(fault)))]) from fault
    base = file.resolve().parent
    faults = list(_missing_folders(table, text, base)) if look_at_folders else []
    faults += _strange_languages(table, text, base)
    config, wrong = _checked(table, text)
    faults += wrong
    if faults:
        raise ConfigError(file, sorted(faults, key=lambda fault: fault.line))
    return _anchored(config, base)


def hand_over(config: Config, work: Path) -> None:
    """Leave the checked settings in a visit's work folder for its processes; they can do without."""
    with contextlib.suppress(OSError):  # a full disk is told elsewhere
        (work / _HANDED_OVER).write_text(json.dumps(asdict(config)), encoding="utf-8")


def handed_over(work: Path) -> Config | None:
    """The settings that the keeper left in `work`, believed without a check; None where there are none."""
    try:
        return _made(json.loads((work / _HANDED_OVER).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _made(table: Mapping[str, Mapping[str, Any]]) -> Config:
    made = {}
    for section, kind in _sections().items():
        given = table[section].items()
        made[section] = kind(**{key: tuple(it) if isinstance(it, list) else it for key, it in given})
    return Config(**made)


def _sections() -> dict[str, type[Any]]:
    return {section.name: type(section.default) for section in fields(Config)}


def _checked(table: dict[str, Any], text: str) -> tuple[Config, list[Fault]]:
    """The settings of `table` and no faults, or the defaults and what is wrong."""
    from pydantic import ValidationError

    try:
        return _made(_model().model_validate(table).model_dump()), []
    except ValidationError as wrong:
        return Config(), list(faults_of(wrong.errors(), text, _known))


def _model() -> "type[BaseModel]":
    """The pydantic model of the sections and settings declared above."""
    from pydantic import AfterValidator, ConfigDict, Field, create_model

    rules = ConfigDict(extra="forbid", str_strip_whitespace=True)
    models: dict[str, Any] = {}
    for section, kind in _sections().items():
        keys: dict[str, Any] = {}
        for key in fields(kind):
            check = key.metadata.get("check")
            wanted = Annotated[key.type, AfterValidator(check)] if check else key.type
            keys[key.name] = (wanted, Field(default=key.default, **key.metadata.get("limits", {})))
        model = create_model(kind.__name__, __config__=rules, **keys)
        models[section] = (model, model())
    return create_model("Config", __config__=rules, **models)


def _missing_folders(table: dict[str, Any], text: str, base: Path) -> Iterator[Fault]:
    for section, names in _MUST_EXIST.items():
        given = table.get(section)
        for name in names:
            place = given.get(name, "") if isinstance(given, dict) else ""
            if isinstance(place, str) and place.strip() and not _is_folder(base / place.strip()):
                problem = plain("folder", folder=str(base / place.strip()))
                yield Fault(line_of(text, [section, name]), f"{section}.{name}", problem)


def _strange_languages(table: dict[str, Any], text: str, base: Path) -> Iterator[Fault]:
    """A language is one that the screens have words for, ours or those of the guides' folder."""
    screen, guides = table.get("screen"), table.get("guides")
    named = screen.get("languages") if isinstance(screen, dict) else None
    if not isinstance(named, list) or not all(isinstance(language, str) for language in named):
        return  # not given, or another fault
    folder = guides.get("folder", "") if isinstance(guides, dict) else ""
    places = [paths.SCREEN_WORDS]
    if isinstance(folder, str) and folder.strip():
        places.append(base / folder.strip() / paths.OWN_SCREENS)
    known = sorted({file.stem for place in places for file in place.glob("*.toml")}, reverse=True)
    strange = [language for language in named if language not in known]
    if strange:
        problem = plain("language", language=", ".join(strange), known=", ".join(known))
    elif not named:
        problem = plain("no_language", known=", ".join(known))
    else:
        return
    yield Fault(line_of(text, ["screen", "languages"]), "screen.languages", problem)


def _is_folder(place: Path) -> bool:
    try:
        return place.is_dir()
    except (OSError, ValueError):  # a name no file system takes
        return False


def _anchored(config: Config, base: Path) -> Config:
    """Relative folders in a settings file are meant from that file."""
    moved = {}
    for section, names in {**_MUST_EXIST, **_ARE_MADE}.items():
        present = getattr(config, section)
        places = {name: str(base / getattr(present, name)) for name in names if getattr(present, name)}
        moved[section] = replace(present, **places)
    return replace(config, **moved)


def _known(section: Sequence[str]) -> list[str]:
    """The keys that a section may have; the sections for []."""
    sections = _sections()
    return [key.name for key in fields(sections[section[0]])] if section else list(sections)


def practising(config: Config) -> Config:
    """The same settings in practice mode: the made-up papers come first among the scan sources."""
    sources = ("sample", *(source for source in config.scan.sources if source != "sample"))
    return replace(
        config, practice=replace(config.practice, on=True), scan=replace(config.scan, sources=sources)
    )
