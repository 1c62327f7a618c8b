"""Option texts of makers' drivers, as `scanimage -A` prints them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kioskcore.errors import KioskError
from kioskcore.ports import ColourMode, ScanJob
from scanner.backends.sane_options import (
    Option,
    arguments,
    can_duplex,
    can_feed,
    can_lie_flat,
    read_options,
    uses_feeder,
)

OFFICE = """
All options specific to device `maker:usb:01':
  Standard:
    --source Flatbed|ADF|ADF Duplex [Flatbed]
        Selects the scan source.
    --mode Lineart|Gray|Color [Color]
    --resolution 75|100|200|300|600dpi [75]
  Geometry:
    -l 0..215.9mm [0]
    -t 0..297.18mm [0]
    -x 0..215.9mm [215.9]
    -y 0..297.18mm [297.18]
    --page-width 0..218mm [215.9]
    --page-height 0..800mm [297]
    --brightness -100..100% (in steps of 1) [0]
    --threshold 0..255 (in steps of 1) [inactive]
    --lamp-off[=(yes|no)] [no] [advanced]
"""
SIDE_OPTION = """
    --source Flatbed|Automatic Document Feeder [Flatbed]
    --adf-mode Simplex|Duplex [Simplex]
    --mode 24bit Color|True Gray [True Gray]
    --resolution 50..1200dpi (in steps of 1) [50]
"""
SWITCH = """
    --source FlatBed|ADF [ADF]
    --duplex[=(yes|no)] [no]
"""
GLASS_ONLY = """
    --mode Gray [Gray]
    --resolution auto|50..600dpi [300]
"""


def made(text: str, **job: object) -> list[str]:
    return arguments(ScanJob("sane:x", **job), read_options(text), {})


def test_options_are_read_with_their_values() -> None:
    options = read_options(OFFICE)
    assert options["source"].choices == ("Flatbed", "ADF", "ADF Duplex")
    assert options["resolution"].choices == ("75", "100", "200", "300", "600")
    assert options["x"] == Option(low=0.0, high=215.9)
    assert options["lamp-off"].choices == ("yes", "no")
    assert options["threshold"] == Option()


@pytest.mark.parametrize(
    ("text", "feeder", "duplex"),
    [(OFFICE, True, True), (SIDE_OPTION, True, True), (SWITCH, True, True), (GLASS_ONLY, False, False)],
)
def test_what_the_device_can(text: str, feeder: bool, duplex: bool) -> None:
    options = read_options(text)
    assert (can_feed(options), can_duplex(options)) == (feeder, duplex)


def test_the_glass_of_an_office_machine() -> None:
    assert made(OFFICE, dpi=250) == [
        "--source", "Flatbed", "--mode", "Color", "--resolution", "300",
        "-l", "0", "-t", "0", "-x", "210", "-y", "297",
    ]  # fmt: skip


def test_both_sides_from_the_feeder() -> None:
    words = made(OFFICE, feeder=True, duplex=True, mode=ColourMode.GREY, page_size="A5")
    assert words[:4] == ["--source", "ADF Duplex", "--mode", "Gray"]
    assert words[6:10] == ["--page-width", "148", "--page-height", "210"]
    assert made(SIDE_OPTION, feeder=True, duplex=True)[:4] == [
        "--source", "Automatic Document Feeder", "--adf-mode", "Duplex",
    ]  # fmt: skip
    assert made(SWITCH, feeder=True, duplex=True)[:3] == ["--source", "ADF", "--duplex=yes"]


def test_one_side_is_never_the_duplex_source() -> None:
    assert made(OFFICE, feeder=True)[:2] == ["--source", "ADF"]


def test_only_what_the_device_has_is_sent() -> None:
    assert made(GLASS_ONLY, dpi=600) == ["--resolution", "600"]
    assert made("") == []


@pytest.mark.parametrize(("asked", "sent"), [(75, "75"), (150, "200"), (600, "600")])
def test_the_next_finer_resolution(asked: int, sent: str) -> None:
    words = made(OFFICE, dpi=asked)
    assert words[words.index("--resolution") + 1] == sent


@pytest.mark.parametrize("job", [{"feeder": True}, {"feeder": True, "duplex": True}])
def test_a_feeder_that_is_not_there_is_refused(job: dict[str, bool]) -> None:
    with pytest.raises(KioskError) as caught:
        made(GLASS_ONLY, **job)
    assert caught.value.code == "SCAN-JOB-INVALID"


@given(st.text(alphabet=st.sampled_from("-abxy =|[]().0123dpim\n "), max_size=300))
def test_any_text_of_a_driver_is_survived(text: str) -> None:
    words = arguments(ScanJob("sane:x"), read_options(text), {})
    assert all(isinstance(word, str) for word in words)


def test_a_device_without_glass_takes_from_its_feeder() -> None:
    only = "    --source ADF Front|ADF Duplex [ADF Front]\n    --page-height 0..800mm [297]\n"
    options = read_options(only)
    assert (can_lie_flat(options), can_feed(options)) == (False, True)
    assert uses_feeder(ScanJob("sane:x"), options)
    assert made(only) == ["--source", "ADF Front", "--page-height", "297"]
    assert can_lie_flat(read_options(OFFICE)) and can_lie_flat(read_options(GLASS_ONLY))
    assert not uses_feeder(ScanJob("sane:x"), read_options(OFFICE))
