"""What may load: every address is refused unless a site file names its host, scheme and port."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.hosts import plain_host
from portal.sites import Category, Site, Sites

_USUAL_PORT = {"https": 443, "wss": 443, "http": 80, "ws": 80}
_ADDRESS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<slashes>//)?(?P<authority>[^/?#]*)")
_HOST_AND_PORT = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]+)(?::(?P<port>[0-9]{1,5}))?")
_EMPTY_PAGES = frozenset({"about:blank", "about:srcdoc"})


class Verdict(StrEnum):
    """Why an address was let in or refused."""

    ALLOWED = "allowed"
    EMPTY_PAGE = "empty-page"  # about:blank, about:srcdoc: let in, no site
    MALFORMED = "malformed"
    SCHEME = "scheme"
    USERINFO = "userinfo"
    HOST = "host"
    PORT = "port"


@dataclass(frozen=True)
class Decision:
    """`site` where allowed (None for an empty page); `category` may be counted; `code` says why."""

    allowed: bool
    site: Site | None
    category: Category
    code: Verdict


class Policy:
    """Decides by host, scheme and port. `ports`: site id -> port, for sites whose port is known late.

    Empty pages are let in: they carry nothing, frames need them, and Chromium does not ask for them at
    top level. A visit that ends up on a blank top page must be sent home by whoever watches the address.
    """

    def __init__(self, sites: Sites, ports: Mapping[str, int] | None = None) -> None:
        self._sites = sites
        self._ports = dict(ports or {})

    def decide(self, url: str) -> Decision:
        """`url`: the whole address as text. Never raises."""
        if url in _EMPTY_PAGES:
            return Decision(True, None, Category.NONE, Verdict.EMPTY_PAGE)
        front = re.split(r"[?#]", url, maxsplit=1)[0]
        found = _ADDRESS.match(url)
        if found is None or not _readable(url) or "\\" in front:
            return _refused(Verdict.MALFORMED)
        scheme = found["scheme"].lower()
        if scheme not in _USUAL_PORT:
            return _refused(Verdict.SCHEME)
        authority = found["authority"]
        if "@" in authority:
            return _refused(Verdict.USERINFO)
        parts = _HOST_AND_PORT.fullmatch(authority) if found["slashes"] else None
        host = plain_host(parts["host"]) if parts else None
        if parts is None or host is None:
            return _refused(Verdict.MALFORMED)
        port = int(parts["port"]) if parts["port"] else _USUAL_PORT[scheme]
        return self._judge(scheme, host, port)

    def _judge(self, scheme: str, host: str, port: int) -> Decision:
        sites = self._sites.for_host(host)
        if not sites:
            return _refused(Verdict.HOST, _kind_of(host))
        speaking = [site for site in sites if scheme in site.schemes]
        for site in speaking:
            if port in self._open_ports(site, scheme):
                return Decision(True, site, site.category, Verdict.ALLOWED)
        return _refused(Verdict.PORT if speaking else Verdict.SCHEME, sites[0].category)

    def _open_ports(self, site: Site, scheme: str) -> tuple[int, ...]:
        if site.port_at_run_time:
            return (self._ports[site.id],) if site.id in self._ports else ()
        return site.ports or (_USUAL_PORT[scheme],)


def _readable(url: str) -> bool:
    """No control character: browsers drop some of them, and so read another address."""
    return not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", url)


def _kind_of(host: str) -> Category:
    return Category.STATE if host == "gov.vn" or host.endswith(".gov.vn") else Category.OTHER


def _refused(code: Verdict, category: Category = Category.NONE) -> Decision:
    return Decision(False, None, category, code)
