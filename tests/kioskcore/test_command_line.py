import pytest

from kiosk import parse

CASES = [
    (["scan", "a.jpg", "--mode", "xx"], "--mode: chỉ nhận một trong các giá trị auto, colour, grey, bw /"),
    (["scan", "a.jpg", "--out"], "--out: còn thiếu giá trị đi sau / needs a value"),
    (["scan", "--budget", "-1MB"], "--budget: ghi liền như 800KB, 1,5MB"),
    (["scan", "--dpi", "5"], "--dpi: phải là số nguyên từ 75 đến 600 / must"),
    (["scan", "--moed=bw"], "không hiểu --moed=bw / --moed=bw is not understood; tên gần nhất: --mode /"),
    (["scan", "--p", "x"], "chỉ nhận một trong các giá trị --purpose, --pages /"),
    (["search"], "còn thiếu text / text is missing"),
    (["guides", "leaflet", "--size", "A9"], "--size: chỉ nhận một trong các giá trị A4, A5 /"),
    (["sacn"], "chỉ nhận một trong các giá trị run, doctor,"),
]


@pytest.mark.parametrize(("words", "said"), CASES)
def test_what_is_wrong_in_a_command_is_said_in_both_languages(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(words)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_files_may_stand_behind_options_too() -> None:
    args = parse(["scan", "a.jpg", "--out", "x.pdf", "b.jpg", "--split", "c.jpg", "--config", "k.toml"])
    assert (args.command, args.files, args.out) == ("scan", ["a.jpg", "b.jpg", "c.jpg"], "x.pdf")
    assert (args.split, args.config) == (True, "k.toml")
