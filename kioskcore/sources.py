"""The names that a scan source may have: our own drivers and those of packages installed beside us."""

import difflib

from kioskcore.config_faults import plain

OWN_SOURCES = ("sane", "escl", "wia", "camera", "phone", "usb", "folder", "sample")
"""By the word before the colon of `Device.source`; a test proves that each has its driver."""

DRIVERS = "kiosk_dvc.scan_backends"
"""The group of entry points under which another package offers a driver."""


def source_names() -> list[str]:
    """Every name that `scan.sources` may hold on this machine."""
    from importlib.metadata import entry_points  # late: every start imports this module

    foreign = {point.name for point in entry_points(group=DRIVERS)}
    return [*OWN_SOURCES, *sorted(foreign.difference(OWN_SOURCES))]


def known_sources(names: tuple[str, ...]) -> tuple[str, ...]:
    """`names` as they are. Raises ValueError in words for one that no driver has."""
    if set(names) <= set(OWN_SOURCES):
        return names  # without looking at what is installed: every start comes here
    known = source_names()
    for name in names:
        if name not in known:
            problem = plain("source", name=name, known=", ".join(known))
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            raise ValueError(f"{problem}; {plain('nearest', name=near[0])}" if near else problem)
    return names
