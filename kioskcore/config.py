"""The settings: each declared once here, read from TOML into a frozen `Config`, all faults told at once."""

import ipaddress
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from kioskcore import paths
from kioskcore.config_faults import ConfigError, Fault, faults_of, line_of, plain
from kioskcore.errors import KioskError

__all__ = ["Config", "ConfigError", "Fault", "find_config", "load_config", "practising"]

FILE_NAME = "kiosk_config.toml"

_MUST_EXIST = {"portal": ("sites_folder",), "guides": ("folder",), "scan": ("folder", "sane_config_dir")}
_ARE_MADE = {"paths": ("state", "work")}


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Point(Section):
    """The support point."""

    name: str = "Điểm hỗ trợ dịch vụ công trực tuyến"
    code: str = Field(default="diem-1", pattern=r"^[a-z0-9-]{1,32}$")
    machine: str = Field(default="may-1", pattern=r"^[a-z0-9-]{1,32}$")
    province: str = ""
    commune: str = ""
    help_number: str = "18001096"
    opening_hours: str = "7:30–11:30, 13:30–17:00"


class Screen(Section):
    languages: tuple[str, ...] = ("vi", "en")
    text_size: Literal["normal", "large", "huge"] = "normal"
    high_contrast: bool = False
    dots_per_inch: float = Field(default=0, ge=0, le=1000)
    full_screen: bool = True

    @field_validator("languages")
    @classmethod
    def _have_words(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        """A language is one that the screens have words for; without any there is nothing to show."""
        known = sorted((file.stem for file in paths.SCREEN_WORDS.glob("*.toml")), reverse=True)
        strange = [language for language in languages if language not in known]
        if strange:
            raise ValueError(plain("language", language=", ".join(strange), known=", ".join(known)))
        if not languages:
            raise ValueError(plain("no_language", known=", ".join(known)))
        return languages


class Keyboard(Section):
    """Typing Vietnamese, on the screen and on a real keyboard."""

    on_screen: bool = True
    method: Literal["telex", "vni"] = "telex"
    tone_style: Literal["old", "new"] = "old"
    guard_seconds: float = Field(default=0.25, ge=0, le=1)
    physical: bool = True


class Idle(Section):
    menu_seconds: int = Field(default=120, ge=5, le=3600)
    form_seconds: int = Field(default=180, ge=5, le=3600)
    warning_seconds: int = Field(default=60, ge=3, le=600)


class Portal(Section):
    home: str = "https://dichvucong.gov.vn/"
    sites_folder: str = ""
    user_agent: str = ""

    @field_validator("home")
    @classmethod
    def _is_a_web_address(cls, address: str) -> str:
        try:
            parts = urlsplit(address)
            sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:  # a port that is no number, a broken IPv6 address
            sound = False
        if not sound or re.search(r"\s", address):
            raise ValueError(plain("address"))
        return address


class Practice(Section):
    on: bool = False
    port: int = Field(default=0, ge=0, le=65535)


class Guides(Section):
    folder: str = ""


class Scan(Section):
    sources: tuple[str, ...] = ("sane", "escl", "wia", "camera", "phone", "usb", "folder")
    folder: str = ""
    sane_devices: tuple[str, ...] = ()
    sane_config_dir: str = ""
    escl_devices: tuple[str, ...] = ()
    escl_search: bool = True
    cameras: tuple[str, ...] = ()
    camera_width: int = Field(default=1920, ge=640, le=10_000)
    camera_height: int = Field(default=1080, ge=480, le=10_000)
    phone_network: str = ""
    phone_port: int = Field(default=0, ge=0, le=65535)
    usb_folders: tuple[str, ...] = ()
    dpi: int = Field(default=300, ge=75, le=600)
    budget_mb: float = Field(default=6.0, gt=0, le=500)
    deadline_seconds: int = Field(default=120, ge=5, le=900)
    max_megapixels: int = Field(default=120, ge=1, le=400)


    @field_validator("phone_network")
    @classmethod
    def _is_a_local_network(cls, text: str) -> str:
        """Whatever the phones may reach must be a network of this house, no wider than /16."""
        if text:
            try:
                network = ipaddress.ip_network(text)
            except ValueError:
                raise ValueError(plain("network")) from None
            if not network.is_private or network.prefixlen < 16:
                raise ValueError(plain("network"))
        return text


class Counts(Section):
    database: str = ""


class Paths(Section):
    state: str = ""
    work: str = ""


class Keeper(Section):
    crash_limit: int = Field(default=5, ge=1, le=100)
    crash_window_minutes: int = Field(default=10, ge=1, le=120)
    slow_retry_seconds: int = Field(default=60, ge=1, le=3600)


class Config(Section):
    point: Point = Point()
    screen: Screen = Screen()
    keyboard: Keyboard = Keyboard()
    idle: Idle = Idle()
    portal: Portal = Portal()
    practice: Practice = Practice()
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
    except tomllib.TOMLDecodeError as fault:
        found = re.search(r"line (\d+)", str(fault))
        line = int(found[1]) if found else text.count("\n") + 1
        raise ConfigError(file, [Fault(line, "", plain("not_toml", detail=str(fault)))]) from fault
    base = file.resolve().parent
    faults = list(_missing_folders(table, text, base)) if look_at_folders else []
    try:
        config = Config.model_validate(table)
    except ValidationError as wrong:
        faults += faults_of(wrong, text, _known)
    if faults:
        raise ConfigError(file, sorted(faults, key=lambda fault: fault.line))
    return _anchored(config, base)


def _missing_folders(table: dict[str, Any], text: str, base: Path) -> Iterator[Fault]:
    for section, names in _MUST_EXIST.items():
        given = table.get(section)
        for name in names:
            place = given.get(name, "") if isinstance(given, dict) else ""
            if isinstance(place, str) and place.strip() and not _is_folder(base / place.strip()):
                problem = plain("folder", folder=str(base / place.strip()))
                yield Fault(line_of(text, [section, name]), f"{section}.{name}", problem)


def _is_folder(place: Path) -> bool:
    try:
        return place.is_dir()
    except (OSError, ValueError):  # a name no file system takes
        return False


def _anchored(config: Config, base: Path) -> Config:
    """Relative folders in a settings file are meant from that file."""
    for section, names in {**_MUST_EXIST, **_ARE_MADE}.items():
        present = getattr(config, section)
        moved = {name: str(base / getattr(present, name)) for name in names if getattr(present, name)}
        config = config.model_copy(update={section: present.model_copy(update=moved)})
    return config


def _known(section: Sequence[str]) -> list[str]:
    """The keys that a section may have; the sections for []."""
    model: Any = Config
    for name in section:
        model = model.model_fields[name].annotation
    return list(model.model_fields)


def practising(config: Config) -> Config:
    """The same settings in practice mode: the made-up papers come first among the scan sources."""
    sources = ("sample", *(source for source in config.scan.sources if source != "sample"))
    return config.model_copy(
        update={
            "practice": config.practice.model_copy(update={"on": True}),
            "scan": config.scan.model_copy(update={"sources": sources}),
        }
    )
