"""Drivers behind the one port `kioskcore.ports.ScanBackend`; `make_backends` opens those of the settings.

A driver from elsewhere is an entry point of the group "kiosk_dvc.scan_backends": a callable that takes the
`Config` and gives a back end. It is used only where `scan.sources` names it; our own names come first.
"""

import sys
from collections.abc import Callable
from importlib.metadata import entry_points

from kioskcore.config import Config
from kioskcore.errors import KioskError
from kioskcore.ports import Probe, ScanBackend

GROUP = "kiosk_dvc.scan_backends"

Make = Callable[[Config], ScanBackend]


def _sane(config: Config) -> ScanBackend:
    from scanner.backends.sane import SaneBackend

    return SaneBackend(config.scan)


def _escl(config: Config) -> ScanBackend:
    from scanner.backends.escl import EsclBackend

    return EsclBackend(config.scan)


def _wia(config: Config) -> ScanBackend:
    from scanner.backends.wia import WiaBackend

    return WiaBackend(config.scan)


def _camera(config: Config) -> ScanBackend:
    from scanner.backends.camera import CameraBackend

    return CameraBackend(config.scan)


def _phone(config: Config) -> ScanBackend:
    from scanner.backends.phone import PhoneBackend

    return PhoneBackend(config)


def _usb(config: Config) -> ScanBackend:
    from scanner.backends.usb import UsbBackend

    return UsbBackend(config.scan)


def _folder(config: Config) -> ScanBackend:
    from scanner.backends.folder import FolderBackend

    return FolderBackend(config.scan)


def _sample(config: Config) -> ScanBackend:
    from scanner.backends.sample import SampleBackend

    return SampleBackend()


BACKENDS: dict[str, Make] = {
    "sane": _sane,
    "escl": _escl,
    "wia": _wia,
    "camera": _camera,
    "phone": _phone,
    "usb": _usb,
    "folder": _folder,
    "sample": _sample,
}
"""Our own drivers, by the word before the colon of `Device.source`; loaded when the settings name them."""


def make_backends(config: Config) -> dict[str, ScanBackend]:
    """In the order of the settings, without those that cannot be had; in practice the made-up papers only."""
    made: dict[str, ScanBackend] = {}
    for name in _names(config):
        try:
            made[name] = make_backend(name, config)
        except KioskError:
            continue  # the doctor tells why
    return made


def make_backend(name: str, config: Config) -> ScanBackend:
    """Raises SCAN-NO-DEVICE for a name that no driver has, SCAN-NOT-INSTALLED for one that does not load."""
    own = BACKENDS.get(name)
    if own is not None:
        return own(config)
    foreign = next(iter(entry_points(group=GROUP, name=name)), None)
    if foreign is None:
        raise KioskError("SCAN-NO-DEVICE")
    try:
        backend: ScanBackend = foreign.load()(config)
    except Exception as fault:  # somebody else's code may raise anything; the other drivers must still work
        raise KioskError("SCAN-NOT-INSTALLED", fault=type(fault).__name__) from fault
    return backend


def probe_all(config: Config) -> list[Probe]:
    """Whether each named driver can be used here; a name that no driver has is told too."""
    probes: list[Probe] = []
    for name in _names(config):
        try:
            probes.append(make_backend(name, config).probe())
        except KioskError as error:
            known = error.code != "SCAN-NO-DEVICE"
            detail = str(error.facts.get("fault", "")) if known else "unknown source"
            probes.append(Probe(name, False, error.code if known else "CONFIG-INVALID", detail))
    return probes


def _names(config: Config) -> tuple[str, ...]:
    """Each once, without the drivers of another system: the same settings serve Windows and Linux."""
    other = "sane" if sys.platform == "win32" else "wia"
    named = dict.fromkeys(name for name in config.scan.sources if name != other)
    return ("sample",) if config.practice.on else tuple(named)
