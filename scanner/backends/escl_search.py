"""Finds eSCL scanners on the local network by mDNS ("_uscan._tcp", "_uscans._tcp")."""

import ipaddress
import re
import time
from contextlib import suppress
from dataclasses import dataclass

from zeroconf import DNSQuestionType, IPVersion, ServiceBrowser, ServiceListener, Zeroconf

SERVICES = ("_uscans._tcp.local.", "_uscan._tcp.local.")
SEARCH_SECONDS = 1.6
"""Scanners that are awake answer within a second."""

_ASK_MILLISECONDS = 800
_ASKED_OF_ALL = DNSQuestionType.QM
"""An answer to this PC alone is lost where another program (Avahi, a browser) holds mDNS's port too."""


@dataclass(frozen=True)
class Seen:
    """`key` is the same for the plain and the encrypted address of one scanner."""

    key: str
    url: str
    secure: bool


class _Names(ServiceListener):
    def __init__(self) -> None:
        self.names: dict[tuple[str, str], None] = {}

    def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.names[type_, name] = None

    def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.names.pop((type_, name), None)

    def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.names[type_, name] = None


def search(seconds: float = SEARCH_SECONDS, interfaces: tuple[str, ...] = ()) -> list[Seen]:
    """What answers within `seconds`, encrypted addresses first. Empty where the network refuses mDNS."""
    found: list[Seen] = []
    with suppress(OSError):  # no network at all: then no scanner is on it either
        zeroconf = Zeroconf(interfaces=list(interfaces) or ["0.0.0.0"], ip_version=IPVersion.V4Only)  # noqa: S104
        try:
            heard = _Names()
            ServiceBrowser(zeroconf, list(SERVICES), heard, question_type=_ASKED_OF_ALL)
            time.sleep(seconds)
            for type_, name in list(heard.names):
                info = zeroconf.get_service_info(type_, name, _ASK_MILLISECONDS, _ASKED_OF_ALL)
                if info is not None:
                    texts = {key: value for key, value in info.properties.items() if value is not None}
                    seen = read_record(type_, name, info.parsed_addresses(IPVersion.V4Only), info.port, texts)
                    found += [seen] if seen else []
        finally:
            zeroconf.close()
    return sorted(found, key=lambda seen: (not seen.secure, seen.url))


def read_record(
    type_: str, name: str, addresses: list[str], port: int | None, texts: dict[bytes, bytes]
) -> Seen | None:
    """A record by anybody on the network: only a number of the local network and a plain path are taken."""
    path = texts.get(b"rs", b"eSCL").decode("ascii", "replace").strip("/")
    near = [each for each in addresses if _near(each)]
    if not near or not port or not re.fullmatch(r"[A-Za-z0-9/._-]{1,100}", path):
        return None
    secure = type_.startswith("_uscans")
    key = texts.get(b"UUID", b"").decode("ascii", "replace").lower() or name.partition("._uscan")[0]
    return Seen(key, f"{'https' if secure else 'http'}://{near[0]}:{port}/{path}", secure)


def _near(address: str) -> bool:
    number = ipaddress.ip_address(address)
    return number.is_private or number.is_link_local
