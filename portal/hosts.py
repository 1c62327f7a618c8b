"""Host names as a browser would look them up: one spelling for each, and None for all that is not plain."""

import ipaddress
import re
import unicodedata

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_DEVIATION = frozenset("ßςẞ\u200c\u200d\u3002\uff0e\uff61")
"""Letters which old and new IDN rules turn into different names, and the other full stops."""

_STATE_KINDS = "ac|biz|co|com|edu|gob|gov|gouv|go|health|id|info|int|mil|name|ne|net|or|org|pro"
_UNDER_A_STATE = re.compile(rf"(?:{_STATE_KINDS})\.[a-z]{{2}}")
_LET_TO_ANYBODY = frozenset(
    {"amazonaws.com", "appspot.com", "azurewebsites.net", "blogspot.com", "cloudfront.net", "fly.dev"}
    | {"firebaseapp.com", "github.io", "gitlab.io", "glitch.me", "herokuapp.com", "netlify.app", "ngrok.io"}
    | {"ngrok-free.app", "onrender.com", "pages.dev", "r2.dev", "surge.sh", "translate.goog", "vercel.app"}
    | {"trycloudflare.com", "web.app", "weebly.com", "wixsite.com", "wordpress.com", "workers.dev"}
)
"""Where anybody gets a name for nothing; a list that can only be a beginning."""


def is_shared_ending(host: str) -> bool:
    """Whether the names below this plain host belong to many who have nothing to do with each other."""
    return "." not in host or _UNDER_A_STATE.fullmatch(host) is not None or host in _LET_TO_ANYBODY


def plain_host(raw: str) -> str | None:
    """Lower-case ASCII host without a final dot, IDN as xn--, IPv6 compressed in brackets; None: refused.

    Refused, since two readers could understand different hosts: letters that are not Latin or that IDN
    maps onto others (full-width), percent signs, IPv4 that is not dotted decimal, zones of IPv6.
    """
    if raw.startswith("["):
        return _plain_ipv6(raw)
    if _DEVIATION & set(raw):
        return None
    host = raw.lower().removesuffix(".")
    labels = [_plain_label(label) for label in host.split(".")]
    if len(host) > 253 or any(label is None for label in labels):
        return None
    plain = ".".join(label for label in labels if label)
    if _looks_numeric(plain):
        return _plain_ipv4(plain)
    return plain


def is_loopback(host: str) -> bool:
    """Whether a plain host is this machine itself."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _plain_label(label: str) -> str | None:
    if not label.isascii():
        latin = all(one.isascii() or unicodedata.name(one, "").startswith("LATIN ") for one in label)
        if not latin or label.strip("-") != label or unicodedata.normalize("NFKC", label).lower() != label:
            return None
        label = "xn--" + label.encode("punycode").decode("ascii")
    return label if _LABEL.fullmatch(label) else None


def _looks_numeric(host: str) -> bool:
    """Browsers read a host whose last label is a number, also 0x7f, as IPv4."""
    last = host.rsplit(".", 1)[-1]
    return last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last) is not None


def _plain_ipv4(host: str) -> str | None:
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError:
        return None


def _plain_ipv6(raw: str) -> str | None:
    inner = raw[1:-1]
    if not raw.endswith("]") or not re.fullmatch(r"[0-9A-Fa-f:.]+", inner):
        return None
    try:
        return f"[{ipaddress.IPv6Address(inner).compressed}]"
    except ValueError:
        return None
