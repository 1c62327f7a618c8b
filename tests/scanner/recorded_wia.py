"""COM objects as WIA's automation layer shows them: what they are asked is recorded, what they answer is set.

Names and numbers follow Microsoft's documentation of WIA 2.0 (wiaaut, wiadef.h); no real device was at hand.
"""

from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from scanner.backends import wia


class ComError(Exception):
    """Like pywintypes.com_error: through IDispatch the driver's status stands in excepinfo."""

    def __init__(self, status: int, inner: bool = True) -> None:
        signed = status - (1 << 32)
        super().__init__(signed)
        self.hresult = -2147352567 if inner else signed  # DISP_E_EXCEPTION
        self.excepinfo = (0, "WIA", "", None, 0, signed) if inner else None


@dataclass
class Property:
    PropertyID: int
    value: object
    record: list[tuple[int, object]]
    refused: bool = False

    @property
    def Value(self) -> object:
        return self.value

    @Value.setter
    def Value(self, value: object) -> None:
        if self.refused:
            raise ComError(0x80070057)
        self.record.append((self.PropertyID, value))
        self.value = value


@dataclass
class Picture:
    size: tuple[int, int]

    def SaveFile(self, name: str) -> None:
        Image.new("RGB", self.size, "white").save(name, "BMP")


@dataclass
class Scanner:
    """A device with its info and its one item. `script`: pages, or statuses to fail with, of Transfer."""

    DeviceID: str = r"{6BDD1FC6-810F-11D0-BEC7-08002BE2092F}\0000"
    Type: int = wia.SCANNER_TYPE
    title: str = "Máy quét thử"
    can: int = wia.FEEDER | wia.FLATBED | wia.DUPLEX
    status: int = wia.FEED_READY
    script: list[str | int] = field(default_factory=lambda: ["page"])
    connect: int | None = None
    lacks: tuple[int, ...] = ()
    refuses: tuple[int, ...] = ()
    record: list[tuple[int, object]] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        device = {
            wia.NAME: self.title,
            wia.HANDLING_CAPABILITIES: self.can,
            wia.HANDLING_STATUS: self.status,
            wia.HANDLING_SELECT: wia.FLATBED,
            wia.PAGES: 1,
            wia.BED_WIDTH: 8500,
            wia.BED_HEIGHT: 11700,
            wia.FEEDER_WIDTH: 8500,
            wia.FEEDER_HEIGHT: 14000,
        }
        item = dict.fromkeys((wia.INTENT, *range(wia.X_RESOLUTION, wia.Y_EXTENT + 1)), 0)
        self.Properties = self._made(device)
        self.item = _Item(self, self._made(item))

    def _made(self, values: dict[int, object]) -> list[Property]:
        return [
            Property(number, value, self.record, number in self.refuses)
            for number, value in values.items()
            if number not in self.lacks
        ]

    def Connect(self) -> "Scanner":
        if self.connect is not None:
            raise ComError(self.connect)
        return self

    def Items(self, number: int) -> "_Item":
        assert number == 1
        return self.item

    def written(self, number: int) -> object:
        """The last value written to a property."""
        return next((value for each, value in reversed(self.record) if each == number), None)


@dataclass
class _Item:
    scanner: Scanner
    Properties: list[Property]

    def Transfer(self, kind: str) -> Picture:
        self.scanner.formats.append(kind)
        word = self.scanner.script.pop(0) if self.scanner.script else 0x80210003
        if isinstance(word, int):
            raise ComError(word, inner=len(self.scanner.formats) % 2 == 1)
        return Picture((int(str(self.scanner.written(wia.X_EXTENT) or 100)), 120))


class Infos(list[Scanner]):
    @property
    def Count(self) -> int:
        return len(self)

    def Item(self, number: int) -> Scanner:
        return self[number - 1]


@dataclass
class Manager:
    DeviceInfos: Infos


def manager(*scanners: Scanner) -> Manager:
    return Manager(Infos(scanners))


def leftovers(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())
