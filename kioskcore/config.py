"""The settings: each declared once here, read from TOML into a frozen `Config`, all faults told at once."""

import difflib
import ipaddress
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from kioskcore import paths
from kioskcore.errors import KioskError

FILE_NAME = "kiosk_config.toml"


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
            network = ipaddress.ip_network(text)
            if not network.is_private or network.prefixlen < 16:
                raise ValueError("mạng nội bộ, /16 hoặc hẹp hơn / a private network, /16 or narrower")
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


def find_config(given: str | None) -> Path | None:
    """--config, KIOSK_CONFIG, the machine's folder, beside kiosk.py; None: the defaults.

    Raises KioskError CONFIG-MISSING where a named file is not there.
    """
    named = given or os.environ.get("KIOSK_CONFIG")
    if named:
        if not Path(named).is_file():
            raise KioskError("CONFIG-MISSING", file=Path(named).name)
        return Path(named)
    machine = paths.state_folder() if sys.platform == "win32" else Path("/etc/kiosk-dvc")
    for folder in (machine, paths.ROOT):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    return None


def load_config(file: Path | None) -> Config:
    """Read and check. Raises ConfigError with every fault of the file, nearest known key named."""
    if file is None:
        return Config()
    try:
        text = file.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except UnicodeDecodeError as fault:
        raise ConfigError(file, [Fault(0, "", "không phải UTF-8 / not UTF-8")]) from fault
    except tomllib.TOMLDecodeError as fault:
        found = re.search(r"line (\d+)", str(fault))
        line = int(found[1]) if found else text.count("\n") + 1
        raise ConfigError(file, [Fault(line, "", str(fault))]) from fault
    try:
        config = Config.model_validate(table)
    except ValidationError as wrong:
        raise ConfigError(file, sorted(_faults(wrong, text), key=lambda fault: fault.line)) from wrong
    return _anchored(config, file.resolve().parent)


def _anchored(config: Config, base: Path) -> Config:
    """Relative folders in a settings file are meant from that file."""
    places = {
        "portal": ("sites_folder",),
        "guides": ("folder",),
        "scan": ("folder", "sane_config_dir"),
        "paths": ("state", "work"),
    }
    for section, names in places.items():
        present = getattr(config, section)
        moved = {name: str(base / getattr(present, name)) for name in names if getattr(present, name)}
        config = config.model_copy(update={section: present.model_copy(update=moved)})
    return config


def _faults(wrong: ValidationError, text: str) -> Iterator[Fault]:
    for error in wrong.errors():
        names = [str(part) for part in error["loc"]]
        problem = error["msg"]
        if error["type"] == "extra_forbidden":
            near = difflib.get_close_matches(names[-1], _known(names[:-1]), n=1, cutoff=0.5)
            problem = "không có mục này / unknown key"
            if near:
                problem += f"; gần nhất / did you mean: {near[0]}"
        yield Fault(_line_of(text, names), ".".join(names), problem)


def _known(section: list[str]) -> list[str]:
    model: Any = Config
    for name in section:
        model = model.model_fields[name].annotation
    return list(model.model_fields)


def _line_of(text: str, names: list[str]) -> int:
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
        key = re.match(r"\s*([\w\"-]+)\s*=", line)
        if key and [part for part in (section, key[1].strip('"')) if part] == names:
            return number
    return 0


def practising(config: Config) -> Config:
    """The same settings in practice mode: the made-up papers come first among the scan sources."""
    sources = ("sample", *(source for source in config.scan.sources if source != "sample"))
    return config.model_copy(
        update={
            "practice": config.practice.model_copy(update={"on": True}),
            "scan": config.scan.model_copy(update={"sources": sources}),
        }
    )
