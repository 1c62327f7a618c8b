"""The environment a visit process starts its browser in: nothing of the caller's may loosen Chromium."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from kioskcore.environment import without_foreign

COLLECT = "kioskCollect"
"""The function that collects what pages left behind (`tidying.py`); pages find nothing under this name."""
FLAGS = (
    "--lang=vi --disable-pinch --force-webrtc-ip-handling-policy=disable_non_proxied_udp "
    f'--js-flags="--expose-gc-as={COLLECT} --initial-old-space-size=64 --no-memory-pool"'
)
"""Vietnamese date fields and messages; no pinch, since a page zoomed that way loses its way back; no WebRTC
packets, which go past both the interceptor and the rules for names to any numeric address; memory given back
(MB of scripts before the first collection, else 512; freed pages not kept)."""


def has_gpu() -> bool:
    """Whether there is a graphics device that Chromium could use; without one its GPU process only fails."""
    return sys.platform != "linux" or any(Path("/dev/dri").glob("render*"))


def host_rules(hosts: Iterable[str]) -> str:
    """A Chromium switch by which no other name or number can be looked up: ".gov.vn" means all below it too.

    The second lock behind the interceptor. Measured: where an allowed host redirects a picture or a fetch
    elsewhere, the interceptor's "no" can come after the request has left; this one cannot.
    """
    kept = [name for host in hosts for name in ((f"*{host}", host[1:]) if host.startswith(".") else (host,))]
    rules = " , ".join(["MAP * ~NOTFOUND", *(f"EXCLUDE {name}" for name in dict.fromkeys(kept))])
    return f'--host-resolver-rules="{rules}"'


def clean_environment(
    env: Mapping[str, str], *, hosts: Iterable[str] = (), gpu: bool | None = None
) -> dict[str, str]:
    """A copy without remote debugging, foreign flags and preloads, with the kiosk's own flags set.

    `hosts`: all hosts of all sites, spelled as in the site files; empty leaves looking-up open.
    """
    clean = without_foreign(env)
    flags = [FLAGS]
    if not (has_gpu() if gpu is None else gpu):
        flags.append("--disable-gpu")
    named = tuple(hosts)
    if named:
        flags.append(host_rules(named))
    clean["QTWEBENGINE_CHROMIUM_FLAGS"] = " ".join(flags)
    # C.UTF-8 is on every machine, while Qt complains about a missing vi_VN; --lang serves the pages.
    clean["LC_ALL"] = "C.UTF-8"
    return clean
