"""Drivers behind the one port `kioskcore.ports.ScanBackend`; `make_backends` opens those of the settings."""

from collections.abc import Callable

from kioskcore.config import Config
from kioskcore.ports import Probe, ScanBackend
from scanner.backends.camera import CameraBackend
from scanner.backends.escl import EsclBackend
from scanner.backends.folder import FolderBackend
from scanner.backends.phone import PhoneBackend
from scanner.backends.sample import SampleBackend
from scanner.backends.sane import SaneBackend
from scanner.backends.usb import UsbBackend

BACKENDS: dict[str, Callable[[Config], ScanBackend]] = {
    "sane": lambda config: SaneBackend(config.scan),
    "escl": lambda config: EsclBackend(config.scan),
    "camera": lambda config: CameraBackend(config.scan),
    "phone": PhoneBackend,
    "usb": lambda config: UsbBackend(config.scan),
    "folder": lambda config: FolderBackend(config.scan),
    "sample": lambda config: SampleBackend(),
}
"""Every driver there is, by the word before the colon of `Device.source`."""


def make_backends(config: Config) -> dict[str, ScanBackend]:
    """In the order of the settings."""
    return {name: BACKENDS[name](config) for name in _names(config) if name in BACKENDS}


def probe_all(config: Config) -> list[Probe]:
    """Whether each named driver can be used here; a name that no driver has is told too."""
    made = make_backends(config)
    return [
        made[name].probe() if name in made else Probe(name, False, "CONFIG-INVALID", "unknown source")
        for name in _names(config)
    ]


def _names(config: Config) -> tuple[str, ...]:
    return tuple(dict.fromkeys(config.scan.sources))
