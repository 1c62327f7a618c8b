"""The sites which the kiosk may open, one TOML file each; all faults of all files are told at once."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from kioskcore.config_faults import plain, plain_error
from kioskcore.errors import KioskError
from kioskcore.paths import ROOT
from portal.hosts import is_loopback, is_shared_ending, plain_host

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

DATA = ROOT / "portal" / "data"
"""The site files that come with the program."""

DOSSIER_CODE = r"[A-Z0-9]+(?:\.[A-Z0-9]+)+-\d{6}-\d{4,6}"
"""Unit code, day of filing, serial: G22.99.08-260921-896048."""

WRITTEN = date(2026, 11, 22)
"""Not before the newest check of our own sites: a machine's clock that says less is wrong."""


class Category(StrEnum):
    """What may be counted about an address: the kind of its host, never the host itself."""

    NATIONAL = "national"
    SSO = "sso"
    MINISTRY = "ministry"
    PROVINCE = "province"
    PAYMENT = "payment"
    PRACTICE = "practice"
    STATE = "state"  # a .gov.vn host that no file names: perhaps a file is missing
    OTHER = "other"  # any other host
    NONE = "none"  # no host: about:, data:, what cannot be read


_NAMED = frozenset(Category) - {Category.STATE, Category.OTHER, Category.NONE}

Port = Annotated[int, Field(ge=1, le=65535, strict=True)]
Yes = Annotated[bool, Field(strict=True)]
Words = Annotated[str, Field(min_length=1)]


def _host_rule(rule: str) -> str:
    ending = rule.startswith(".")
    host = plain_host(rule[1:] if ending else rule)
    if host is None:
        raise ValueError(f"{rule!r} is not a host name (no scheme, path, port or *)")
    if ending and (is_shared_ending(host) or host[-1].isdigit() or host[0] == "["):
        raise ValueError(f"{rule!r} would let in far too much")
    return f".{host}" if ending else host


def _covers(rule: str, host: str) -> bool:
    """Whether `rule`, a plain host or ".ending", names this plain host."""
    return rule == host or (rule.startswith(".") and f".{host}".endswith(rule))


def _is_own(logout: str, data: Mapping[str, Any]) -> bool:
    if logout.startswith("/"):
        return not logout.startswith("//") and "\\" not in logout
    try:
        address = urlsplit(logout)
        host, port = plain_host(address.hostname or ""), address.port
    except ValueError:
        return False
    rules, ports = data["hosts"], data.get("ports", ())
    there = host is not None and any(_covers(rule, host) for rule in rules)
    plain_name = "@" not in address.netloc and "\\" not in logout
    return there and plain_name and address.scheme in data["schemes"] and (port is None or port in ports)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Told(_Table):
    """A text in the shipped languages."""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Upload(_Table):
    """What the site's upload boxes take; a megabyte is read as 1,000,000 bytes, the cautious reading.

    `types`: of a box that does not say so itself.
    """

    max_mb: float = Field(default=6.0, gt=0, le=500, strict=True)
    types: tuple[Literal["pdf", "jpg", "png"], ...] = Field(default=("pdf",), min_length=1)

    @property
    def accept(self) -> tuple[str, ...]:
        """As a page would write it."""
        return tuple(f".{kind}" for kind in self.types)

    @property
    def max_bytes(self) -> int:
        return int(self.max_mb * 1_000_000)


class Site(_Table):
    """One site. `hosts`: exact "a.gov.vn" or, with a leading dot, the name and all below it.

    `ports` empty: the scheme's own. `port_at_run_time`: no address is allowed until the port is known.
    `logout`: a path of the site or a whole address that ends its own log-in; "" where none is known.
    `submitted`: one of these must be on the page before a submission is believed.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: Told
    purpose: Told
    hosts: tuple[Annotated[str, AfterValidator(_host_rule)], ...]
    schemes: tuple[str, ...] = ("https",)
    ports: tuple[Port, ...] = ()
    port_at_run_time: Yes = False
    category: Category
    upload: Upload = Upload()
    logout: str = ""
    dossier_code: str = DOSSIER_CODE
    submitted: tuple[Words, ...] = ()
    camera: Yes = False
    checked_on: date
    note: str = Field(default="", validate_default=True)

    @field_validator("category")
    @classmethod
    def _named_category(cls, category: Category) -> Category:
        if category not in _NAMED:
            raise ValueError(f"a site cannot be of the category {category}")
        return category

    @field_validator("checked_on")
    @classmethod
    def _not_to_come(cls, day: date) -> date:
        if day > max(date.today(), WRITTEN):
            raise ValueError("this day is still to come: nobody can have checked then")
        return day

    @field_validator("dossier_code")
    @classmethod
    def _pattern(cls, pattern: str) -> str:
        try:
            if re.search(pattern, ""):
                raise ValueError("finds a dossier code where there is nothing")
        except re.error as fault:
            raise ValueError(f"not a regular expression: {fault}") from fault
        return pattern

    # Each rule hangs on the last key it looks at: a rule over the whole file would be silent until all
    # its keys are right, and the next fault would come up only then.

    @field_validator("schemes")
    @classmethod
    def _known_schemes(cls, schemes: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if not schemes or set(schemes) - {"https", "http", "wss", "ws"}:
            raise ValueError("https and wss; http and ws for this machine's own addresses")
        if {"http", "ws"} & set(schemes) and not all(map(is_loopback, info.data.get("hosts", ()))):
            raise ValueError("http and ws are for this machine's own addresses only")
        return schemes

    @field_validator("port_at_run_time")
    @classmethod
    def _no_ports_beside(cls, late: bool, info: ValidationInfo) -> bool:
        if late and info.data.get("ports"):
            raise ValueError("ports must be absent where the port is known at run time only")
        return late

    @field_validator("logout")
    @classmethod
    def _own_address(cls, logout: str, info: ValidationInfo) -> str:
        """Judged only where hosts and schemes are right: else they are told, not what follows from them."""
        if logout and {"hosts", "schemes"} <= set(info.data) and not _is_own(logout, info.data):
            raise ValueError("must be a path, or a whole address at one of the site's own hosts")
        return logout

    @field_validator("note")
    @classmethod
    def _why_no_hosts(cls, note: str, info: ValidationInfo) -> str:
        hosts, category = info.data.get("hosts"), info.data.get("category", Category.PAYMENT)
        if hosts == () and not (category is Category.PAYMENT and note):
            raise ValueError("hosts may be empty only for a payment site with a note that says why")
        return note


class Sites:
    """All sites, in the order of their ids."""

    def __init__(self, sites: Iterable[Site]) -> None:
        self._sites = {site.id: site for site in sorted(sites, key=lambda site: site.id)}

    def __iter__(self) -> Iterator[Site]:
        return iter(self._sites.values())

    def __len__(self) -> int:
        return len(self._sites)

    def get(self, site_id: str) -> Site | None:
        return self._sites.get(site_id)

    def for_host(self, host: str) -> tuple[Site, ...]:
        """Sites that name this plain host; the exact name first, then the longest ending."""
        found = [
            (rule.startswith("."), -len(rule), site.id)
            for site in self
            for rule in site.hosts
            if _covers(rule, host)
        ]
        return tuple(dict.fromkeys(self._sites[site_id] for _, _, site_id in sorted(found)))


class SiteError(KioskError):
    """SITE-INVALID with every fault of every file: "moj.toml: hosts: ..."."""

    def __init__(self, faults: list[str]) -> None:
        files = dict.fromkeys(fault.partition(":")[0] for fault in faults)
        super().__init__("SITE-INVALID", file=", ".join(files))
        self.faults = faults


def load_sites(folders: Iterable[Path] = (DATA,)) -> Sites:
    """Read every <id>.toml; a later folder adds sites, or replaces one by its id.

    Raises SiteError (SITE-INVALID) where anything is wrong anywhere.
    """
    sites: dict[str, Site] = {}
    faults: list[str] = []
    for folder in folders:
        if not folder.is_dir():
            faults.append(f"{folder.name}: the folder is not there")
            continue
        for file in sorted(folder.glob("*.toml")):
            try:
                site = Site.model_validate(tomllib.loads(file.read_text(encoding="utf-8-sig")))
            except (OSError, UnicodeDecodeError) as fault:
                problem = "not_utf8" if isinstance(fault, UnicodeDecodeError) else "unreadable"
                faults.append(f"{file.name}: {plain(problem)}")
            except ValidationError as wrong:
                faults += [f"{file.name}: {_said(error['loc'], _plain(error))}" for error in wrong.errors()]
            except (ValueError, RecursionError) as fault:  # brackets without end, a number of 10,000 figures
                faults.append(f"{file.name}: {plain('not_toml', detail=str(fault))}")
            else:
                if site.id != file.stem:
                    faults.append(f"{file.name}: id: must be the file's name, {file.stem}")
                sites[site.id] = site
    faults += _shared_hosts(sites)
    if faults:
        raise SiteError(faults)
    return Sites(sites.values())


def _said(place: tuple[int | str, ...], problem: str) -> str:
    where = ".".join(str(part) for part in place)
    return f"{where}: {problem}" if where else problem


def _plain(error: "ErrorDetails") -> str:
    return plain("unknown") if error["type"] == "extra_forbidden" else plain_error(error)


def _shared_hosts(sites: dict[str, Site]) -> list[str]:
    """Two sites with the same host, scheme and port: it could not be told which limits hold."""
    owner: dict[tuple[object, ...], str] = {}
    faults = []
    for site in sites.values():
        for host in dict.fromkeys(site.hosts):
            for scheme in site.schemes:
                for port in site.ports or (site.id if site.port_at_run_time else scheme,):
                    other = owner.setdefault((host, scheme, port), site.id)
                    if other != site.id:
                        faults.append(f"{site.id}.toml: hosts: {host} already belongs to {other}")
    return list(dict.fromkeys(faults))
