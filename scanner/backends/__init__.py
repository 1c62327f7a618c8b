"""Drivers behind the one port `kioskcore.ports.ScanBackend`; `make_backends` opens those of the settings.

A driver from elsewhere is an entry point of the group "kiosk_dvc.scan_backends": a callable that takes the
`Config` and gives a back end. It is used only where `scan.sources` names it; our own names come first.
"""

import sys
from collections.abc import Callable
from importlib.metadata import entry_points

from kioskcore.config import Config
from kioskcore.errors import KioskError
from kioskcore.ports import ExaminedBackend, Probe, ScanBackend
from kioskcore.sources import DRIVERS, source_names

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
    """Raises SCAN-SOURCE-UNKNOWN for a name that no driver has, SCAN-NOT-INSTALLED where it does not load."""
    own = BACKENDS.get(name)
    if own is not None:
        return own(config)
    foreign = next(iter(entry_points(group=DRIVERS, name=name)), None)
    if foreign is None:
        raise KioskError("SCAN-SOURCE-UNKNOWN", name=name, known=", ".join(source_names()))
    try:
        backend: ScanBackend = foreign.load()(config)
    except Exception as fault:  # somebody else's code may raise anything; the other drivers must still work
        raise KioskError("SCAN-NOT-INSTALLED", fault=type(fault).__name__) from fault
    return backend


def probe_all(config: Config, *, examine: bool = False) -> list[Probe]:
    """Whether each named driver can be used here; a name that no driver has is told too.

    `examine`: devices are opened to know, which may take a minute.
    """
    return [_probe(name, config, examine) for name in _names(config)]


def _probe(name: str, config: Config, examine: bool) -> Probe:
    try:
        backend = make_backend(name, config)
        if examine and isinstance(backend, ExaminedBackend):
            return backend.examine()
        return backend.probe()
    except KioskError as error:
        return Probe(name, False, error.code, str(error.facts.get("fault", "")))
    except Exception as fault:  # noqa: BLE001 - a driver's surprise must not cost what the others tell
        return Probe(name, False, "SCAN-IO", type(fault).__name__)


def _names(config: Config) -> tuple[str, ...]:
    """Each once, without the drivers of another system: the same settings serve Windows and Linux."""
    other = "sane" if sys.platform == "win32" else "wia"
    named = dict.fromkeys(name for name in config.scan.sources if name != other)
    return ("sample",) if config.practice.on else tuple(named)
