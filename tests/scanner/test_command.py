import argparse
import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image

from kioskcore.config import Config, Scan, Screen, practising
from scanner.backends import make_backends, probe_all
from scanner.backends.paint import photograph
from scanner.command import add_arguments, run, size_in_bytes, title
from scanner.sheet.codecs import with_dpi
from tests.bench.drawn.synth import make_paper
from tests.bench.drawn.synth import scan as scan_of


def scan(tmp_path: Path, *words: str, config: Config | None = None) -> tuple[int, dict[str, Any]]:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    report = tmp_path / "report.json"
    status = run(parser.parse_args([*words, "--report", str(report)]), config or Config())
    return status, json.loads(report.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def photographed() -> bytes:
    stream = io.BytesIO()
    photograph(0).save(stream, "JPEG", quality=90, dpi=(200, 200))
    return stream.getvalue()


@pytest.fixture
def photo(tmp_path: Path, photographed: bytes) -> Path:
    file = tmp_path / "photo.jpg"
    file.write_bytes(photographed)
    return file


def test_files_become_one_pdf_and_a_report(
    tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, kept = tmp_path / "out.pdf", tmp_path / "pages"
    options = ("--out", str(out), "--budget", "1MB", "--pages", str(kept), "--mode", "grey")
    kept.mkdir()
    (kept / "page-03.png").touch()
    status, report = scan(tmp_path, str(photo), str(photo), *options)
    assert status == 0
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == 2
    assert report["pdf"]["bytes"] == out.stat().st_size <= 1_000_000
    first = report["pages"][0]
    assert first["file"] == "photo.jpg"
    assert len(first["corners"]) == 4
    assert first["mode"] == "grey"
    assert first["bytes"] > 1000
    assert first["milliseconds"]["find"] > 0
    assert [page["clean"] for page in report["pages"]] == ["page-01.png", "page-02.png"]
    with Image.open(kept / "page-01.png") as clean:
        assert clean.size == tuple(first["pixels"])
    for pixels, millimetres in zip(first["pixels"], first["millimetres"], strict=True):
        assert pixels / millimetres * 25.4 == pytest.approx(first["dpi"], abs=0.3)
    assert sorted(file.name for file in kept.iterdir()) == [f"page-0{number}.png" for number in (1, 2, 3)]
    assert "không thuộc lần này: page-03.png." in capsys.readouterr().err
    assert photo.is_file()


def test_a_spoilt_file_is_told_and_the_others_make_the_pdf(
    tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.jpg"
    empty.write_bytes(b"")
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n rest")
    gone = tmp_path / "gone.jpg"
    files = [str(file) for file in (empty, photo, broken, gone)]
    status, report = scan(tmp_path, *files, "--out", str(tmp_path / "out.pdf"))
    assert status == 2
    codes = [page.get("error") for page in report["pages"]]
    assert codes == ["IMAGE-EMPTY", None, "IMAGE-UNREADABLE", "FILE-MISSING"]
    assert report["pdf"]["pages"] == 1
    told = capsys.readouterr()
    assert "empty.jpg: IMAGE-EMPTY: Ảnh này trống" in told.err and f"Không có tệp {gone}" in told.err
    size = (tmp_path / "out.pdf").stat().st_size
    assert told.out == f"Đã làm {tmp_path / 'out.pdf'}: 1 trang, {round(size / 1000)} KB.\n"


def test_a_picture_that_cannot_be_cleaned_costs_no_other(
    tmp_path: Path, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, dot = tmp_path / "line.png", tmp_path / "dot.png"
    Image.new("L", (1, 4000)).save(line)
    Image.new("L", (3, 3)).save(dot)
    out = ("--out", str(tmp_path / "out.pdf"))
    status, report = scan(tmp_path, str(line), str(photo), str(dot), *out)
    codes = [page.get("error") for page in report["pages"]]
    assert (status, codes) == (2, ["IMAGE-TOO-SMALL", None, "IMAGE-TOO-SMALL"])
    monkeypatch.setattr("scanner.intake._LEAST_SIDE", 1)  # what no one foresaw: OpenCV itself refuses
    status, report = scan(tmp_path, str(line), str(photo), *out)
    assert (status, [page.get("error") for page in report["pages"]]) == (2, ["IMAGE-UNREADABLE", None])


def test_no_paper_that_is_read_is_written_over(
    tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, parser = photo.read_bytes(), argparse.ArgumentParser()
    add_arguments(parser)
    first = photo.rename(tmp_path / "page-01.png")  # whatever its name says, it is read
    for given in ([str(first)], ["--source", f"folder:{tmp_path}"]):
        for more in (["--out", str(first)], ["--out", str(tmp_path / "o.pdf"), "--report", str(first)]):
            assert run(parser.parse_args([*given, *more]), Config()) == 1
            assert "OUT-IS-INPUT" in capsys.readouterr().err
    paper = str(tmp_path / "o.pdf")
    assert run(parser.parse_args([str(first), "--out", paper, "--report", paper]), Config()) == 1
    assert "REPORT-IS-PDF" in capsys.readouterr().err and not Path(paper).exists()
    kept = ["--out", paper, "--pages", str(tmp_path)]
    assert run(parser.parse_args([str(first), *kept]), Config()) == 1
    assert first.read_bytes() == before


def test_a_moving_picture_is_said_to_give_its_first_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film, still = tmp_path / "film.gif", tmp_path / "still.gif"
    frames = [Image.new("L", (64, 64), tone) for tone in (255, 128, 0)]
    frames[0].save(film, save_all=True, append_images=frames[1:])
    frames[0].save(still)
    status, report = scan(tmp_path, str(film), str(still), "--out", str(tmp_path / "out.pdf"))
    assert (status, len(report["pages"])) == (0, 2)
    said = capsys.readouterr().err
    assert "film.gif: ảnh động, chỉ lấy hình đầu trong 3 hình" in said and "still.gif: ảnh động" not in said


def test_english_where_the_settings_put_it_first(
    tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = Config(screen=Screen(languages=("en", "vi")))
    out = str(tmp_path / "out.pdf")
    assert scan(tmp_path, str(photo), str(tmp_path / "gone.jpg"), "--out", out, config=config)[0] == 2
    told = capsys.readouterr()
    assert "There is no file" in told.err and told.out.startswith(f"Made {out}: 1 pages")


def test_a_picture_that_is_not_kept_is_not_named(tmp_path: Path, photo: Path) -> None:
    report = scan(tmp_path, str(photo), "--out", str(tmp_path / "out.pdf"))[1]
    assert "clean" not in report["pages"][0]


def test_a_folder_as_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, report = scan(tmp_path, str(tmp_path), "--out", str(tmp_path / "out.pdf"))
    assert (status, report["pages"][0]["error"]) == (1, "FILE-IS-FOLDER")
    assert f'--source "folder:{tmp_path}" ' in capsys.readouterr().err


def test_the_folder_one_is_in_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scan(tmp_path, ".", "--out", str(tmp_path / "out.pdf"))
    assert capsys.readouterr().err.startswith(".: FILE-IS-FOLDER: . ")


def test_the_size_that_a_paper_needs_is_told_and_is_enough(
    tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out.pdf")
    paper = [str(photo), "--mode", "bw", "--out", out, "--budget"]  # bw: quick to write
    report = scan(tmp_path, *paper, "3KB")[1]
    least = report["pages"][-1]["facts"]["least_size"]
    assert f"phải nặng tới {least}, quá 3 KB." in capsys.readouterr().err
    assert scan(tmp_path, *paper, least)[0] == 0
    assert Path(out).stat().st_size <= size_in_bytes(least)


@pytest.mark.parametrize(
    "option", [["--dpi", "5"], ["--dpi", "601"], ["--dpi", "x"], ["--budget", "xyz"], ["--budget", "2", "MB"]]
)
def test_a_value_out_of_range_is_refused_and_what_is_allowed_is_said(
    tmp_path: Path, photo: Path, option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        scan(tmp_path, str(photo), "--out", str(tmp_path / "out.pdf"), *option)
    told = capsys.readouterr().err
    assert ("75" in told and "600" in told) if option[0] == "--dpi" else ("800KB" in told and "1,5MB" in told)


def test_a_blank_page_that_is_kept_weighs_little(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    grain = np.clip(rng.normal(225, 4, (3508, 2480)), 0, 255).astype(np.uint8)
    file = tmp_path / "back.png"
    Image.fromarray(grain).save(file, dpi=(300, 300), compress_level=1)
    status, report = scan(tmp_path, str(file), "--out", str(tmp_path / "out.pdf"))
    [page] = report["pages"]
    assert (status, page["verdicts"]) == (0, ["blank"]) and page["bytes"] < 60_000


def test_nothing_made(tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.jpg"
    empty.write_bytes(b"")
    out = tmp_path / "out.pdf"
    assert scan(tmp_path, str(empty), "--out", str(out))[0] == 1
    status, report = scan(tmp_path, str(photo), "--out", str(out), "--budget", "3KB")
    assert status == 1
    assert report["pdf"] is None
    assert report["pages"][-1]["error"] == "PAGE-TOO-BIG"
    told = capsys.readouterr().err  # one page cannot be split
    assert "--split" not in told and "Chia giấy" not in told and "--budget" in told
    assert not out.exists()


def test_a_source_instead_of_files(tmp_path: Path) -> None:
    status, report = scan(tmp_path, "--source", "sample:page,SCAN-JAM", "--out", str(tmp_path / "out.pdf"))
    assert status == 2
    assert [page.get("error") for page in report["pages"]] == [None, "SCAN-JAM"]
    status, report = scan(tmp_path, "--source", "twain:x", "--out", str(tmp_path / "o.pdf"))
    assert (status, report["pages"][0]["error"]) == (1, "SCAN-SOURCE-UNKNOWN")


@pytest.mark.sane
def test_the_feeder_of_the_test_device(tmp_path: Path, sane_folder: Path) -> None:
    config = Config(scan=Scan(sane_config_dir=str(sane_folder)))
    words = ("--source", "sane:test:0?batch-count=3", "--feeder", "--dpi", "100")
    status, report = scan(tmp_path, *words, "--out", str(tmp_path / "out.pdf"), config=config)
    assert (status, report["pdf"]["pages"]) == (0, 3)


def test_only_the_corners(tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fine = tmp_path / "fine.jpg"
    fine.write_bytes(with_dpi(photo.read_bytes(), 600))  # it is read small
    status, report = scan(tmp_path, str(photo), str(fine), "--corners-only", "--out", str(tmp_path / "x.pdf"))
    assert status == 0
    assert "x.pdf không được ghi" in capsys.readouterr().err
    assert report["pdf"] is None
    seen, small = report["pages"]
    assert len(seen["corners"]) == 4
    assert seen["confidence"] > 0.5
    assert np.abs(np.array(seen["corners"]) - small["corners"]).max() < 6


def test_a_multipage_tiff_and_a_folder(tmp_path: Path) -> None:
    paper = photograph(0).resize((950, 1300))
    drop = tmp_path / "drop"
    drop.mkdir()
    paper.save(drop / "two.tif", save_all=True, append_images=[paper])
    paper.save(drop / "x.pdf", "PDF", resolution=100)
    out = tmp_path / "out.pdf"
    status, report = scan(tmp_path, "--source", f"folder:{drop}", "--out", str(out))
    assert (status, report["pdf"]["pages"]) == (0, 3)


@pytest.fixture
def dropped(tmp_path: Path) -> Config:
    """A drop folder with a small paper, half a picture and an empty file."""
    folder = tmp_path / "drop"
    folder.mkdir()
    photograph(0).resize((950, 1300)).save(folder / "good.jpg")
    (folder / "half.jpg").write_bytes((folder / "good.jpg").read_bytes()[:2000])
    (folder / "empty.jpg").write_bytes(b"")
    return Config(scan=Scan(folder=str(folder)))


def test_the_drop_folder_keeps_everything_until_the_pdf_is_made(
    tmp_path: Path, dropped: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, out = sorted(Path(dropped.scan.folder).iterdir()), tmp_path / "out.pdf"
    words = ("--source", "folder:", "--out", str(out))
    status, report = scan(tmp_path, *words, "--budget", "3KB", config=dropped)
    assert (status, report["pages"][-1]["error"]) == (1, "PAGE-TOO-BIG")
    assert sorted(Path(dropped.scan.folder).iterdir()) == whole
    capsys.readouterr()
    status, report = scan(tmp_path, *words, config=dropped)
    assert (status, report["pdf"]["pages"]) == (2, 1)
    assert sorted(file.name for file in Path(dropped.scan.folder).iterdir()) == ["empty.jpg", "half.jpg"]
    said = capsys.readouterr().err
    assert "half.jpg: IMAGE-UNREADABLE" in said and "empty.jpg: IMAGE-EMPTY" in said
    assert "Đã lấy 1 tệp" in said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("blah:", ("SCAN-SOURCE-UNKNOWN", "blah", "sane, escl")),
        ("blah", ("SCAN-SOURCE-UNKNOWN", "blah", "sane, escl")),
        ("usb:", ("--source folder:",)),
        ("folder:", ("--source folder:", "scan.folder")),
        ("folder:/nowhere/here", ("FILE-MISSING", "/nowhere/here")),
    ],
)
def test_a_source_that_cannot_be_says_what_would(
    tmp_path: Path, source: str, said: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert scan(tmp_path, "--source", source, "--out", str(tmp_path / "out.pdf"))[0] == 1
    told = capsys.readouterr().err
    assert all(each in told for each in said)


def test_neither_files_nor_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert run(parser.parse_args(["--out", "x.pdf"]), Config()) == 1
    assert run(parser.parse_args(["a.jpg", "--corners-only"]), Config()) == 1
    assert run(parser.parse_args(["a.jpg", "--source", "sample:", "--out", "x.pdf"]), Config()) == 1
    assert "--source" in capsys.readouterr().err
    for more in (["--dpi", "300"], ["--feeder"], ["--duplex"]):  # of what no file has
        assert run(parser.parse_args(["a.jpg", "--out", "x.pdf", *more]), Config()) == 1
        assert "--feeder" in capsys.readouterr().err


def test_an_empty_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    for words in ([""], ["--out", ""], ["--source", " "], ["--report", ""], ["--pages", ""], ["--title", ""]):
        with pytest.raises(SystemExit):
            parser.parse_args(words)
        assert "không được để trống" in capsys.readouterr().err


def test_a_title_has_no_letters_that_nobody_sees() -> None:
    assert title(" Đơn\x01\t xin\u200b\n việc ") == "Đơn xin việc"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_full_disk_is_told_without_a_word_of_kept_pages(
    tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    words = [str(photo), "--out", str(tmp_path / "x.pdf"), "--mode", "bw", "--report", "/dev/full"]
    assert run(parser.parse_args(words), Config()) == 2
    said = capsys.readouterr().err
    assert "full: DISK-FULL: Ổ đĩa hết chỗ" in said and "vẫn còn" not in said


@pytest.mark.parametrize(
    ("place", "code", "said"),
    [
        ("no/such/out.pdf", "OUT-FOLDER-MISSING", "Không có thư mục"),
        ("folder", "OUT-IS-FOLDER", "là một thư mục"),
        ("photo.jpg/out.pdf", "OUT-FOLDER-MISSING", "Không có thư mục"),
        ("out.txt", "OUT-NOT-PDF", "out.txt không kết thúc bằng .pdf"),
        ("/proc/out.pdf", "OUT-NOT-WRITABLE", "Không ghi được vào /proc"),
    ],
)
def test_a_place_that_cannot_be_written(
    tmp_path: Path, photo: Path, place: str, code: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    status, report = scan(tmp_path, str(photo), "--out", str(tmp_path / place))
    assert (status, [page["error"] for page in report["pages"]]) == (1, [code])
    told = capsys.readouterr()
    assert said in told.err and "DISK-FULL" not in told.err and told.out == ""


def test_a_report_or_pages_that_cannot_be_kept(
    tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    for more, code in (
        (["--report", str(tmp_path / "no" / "r.json")], "OUT-FOLDER-MISSING"),
        (["--pages", str(photo / "pages")], "OUT-IS-FILE"),
        (["--pages", str(photo)], "OUT-IS-FILE"),
    ):
        args = parser.parse_args([str(photo), "--out", str(tmp_path / "out.pdf"), *more])
        assert run(args, Config()) == 1
        assert code in capsys.readouterr().err and not (tmp_path / "out.pdf").exists()


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("3KB", 3000),
        ("2MB", 2_000_000),
        ("800 KB", 800_000),
        ("1.5m", 1_500_000),
        ("1,5 MB", 1_500_000),
        ("0.125 mb", 125_000),
        ("1,234MB", 1_234_000),
        ("1,0625 MB", 1_062_500),
        ("6000000", 6_000_000),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert size_in_bytes(text) == size


NO_SIZES = [
    "",
    "2",
    "1500",
    "MB",
    "-1MB",
    "0",
    "2GBx",
    "1,500KB",
    "1.500 kb",
    "1.500",
    "6.000.000",
    "1,5,5MB",
    "nan",
]


@pytest.mark.parametrize("text", [*NO_SIZES, "9" * 400])
def test_sizes_that_are_none(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        size_in_bytes(text)


def test_probes_follow_the_settings() -> None:
    config = Config(scan=Scan(sources=("folder", "sane", "folder", "laser")))
    assert [probe.backend for probe in probe_all(config)] == ["folder", "sane", "laser"]
    assert not probe_all(config)[2].ok
    assert next(iter(make_backends(practising(config)))) == "sample"


def test_a_paper_too_big_names_the_split_and_is_split(
    tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out.pdf")
    both = [str(photo), str(photo), "--mode", "bw", "--out", out, "--budget", "1KB"]  # bw: quick to write
    alone = scan(tmp_path, *both)[1]["pages"][-1]
    assert (alone["error"], alone["facts"]["page"]) == ("PAGE-TOO-BIG", 1)
    said = capsys.readouterr().err
    assert "--budget" in said and "riêng trang 1, 2 phải" in said and "Xem lại trang 1, 2:" in said
    budget = both[-1] = str(alone["facts"]["size"] + 1000)
    assert scan(tmp_path, *both)[1]["pages"][-1]["error"] == "PAPER-TOO-BIG"
    assert "--split" in capsys.readouterr().err
    status, report = scan(tmp_path, *both, "--split", "--title", "Hồ sơ")
    assert (status, [part["file"] for part in report["pdf"]["parts"]]) == (0, ["out-1.pdf", "out-2.pdf"])
    for number in (1, 2):
        with pikepdf.open(tmp_path / f"out-{number}.pdf") as pdf:
            assert str(pdf.docinfo["/Title"]) == f"Hồ sơ, phần {number}/2"
        assert (tmp_path / f"out-{number}.pdf").stat().st_size <= int(budget)
    assert "out-1.pdf: 1 trang" in capsys.readouterr().out
    assert scan(tmp_path, *both, "--split")[0] == 0 and "lần chạy trước" not in capsys.readouterr().err
    assert scan(tmp_path, both[0], "--mode=bw", "--out", out, "--split")[0] == 0
    assert "lần chạy trước, không thuộc lần này: out-1.pdf, out-2.pdf." in capsys.readouterr().err


def test_a_part_never_takes_the_place_of_an_input(tmp_path: Path, photo: Path) -> None:
    mine = tmp_path / "out-2.pdf"
    mine.write_bytes(before := b"whatever it is")
    out = str(tmp_path / "out.pdf")
    status, report = scan(tmp_path, str(photo), str(mine), "--out", out, "--split")
    assert (status, report["pages"][-1]["error"], mine.read_bytes()) == (1, "OUT-IS-INPUT", before)


def card_photo(folder: Path, name: str, seed: int) -> Path:
    """A made-up card on a dark table, seen straight from above."""
    rng = np.random.default_rng(seed)
    card = make_paper(rng, "card", 250).image
    table = np.full((card.shape[0] + 400, card.shape[1] + 500, 3), 40, np.uint8)
    table[200 : 200 + card.shape[0], 250 : 250 + card.shape[1]] = card
    file = folder / name
    cv2.imwrite(str(file), table)
    return file


def drawn(pdf: Path) -> np.ndarray:
    """The first page at 300 dots per inch in grey, by a reader that is not ours."""
    subprocess.run(["pdftoppm", "-r", "300", "-gray", "-singlefile", pdf, pdf.with_suffix("")], check=True)
    return cv2.imread(str(pdf.with_suffix(".pgm")), cv2.IMREAD_GRAYSCALE)


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler-utils is not installed")
def test_both_sides_of_a_card_on_one_page_at_true_size(tmp_path: Path) -> None:
    sides = [str(card_photo(tmp_path, f"{name}.png", seed)) for seed, name in enumerate(("front", "back"))]
    out = tmp_path / "card.pdf"
    seen = {}
    for more in ("--no-purpose", "--title=Thẻ"):  # without more words the usual line is there
        status, report = scan(tmp_path, *sides, "--card", "--out", str(out), more)
        assert (status, report["pdf"]["pages"], len(report["pages"])) == (0, 1, 2)
        assert 1000 < sum(side["bytes"] for side in report["pages"]) < report["pdf"]["bytes"]
        seen[more] = drawn(out)
    plain, crossed = seen.values()
    inked = cv2.morphologyEx((plain < 250).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((41, 41), np.uint8))
    boxes = [box for *box, area in cv2.connectedComponentsWithStats(inked)[2][1:].tolist() if area > 100_000]
    assert len(boxes) == 2
    for _, _, width, height in boxes:
        assert width / 300 * 25.4 == pytest.approx(85.6, abs=0.4)
        assert height / 300 * 25.4 == pytest.approx(54.0, abs=0.4)
    for left, top, width, height in boxes:
        face = np.s_[top : top + height, left : left + width]
        assert (plain[face].astype(int) - crossed[face] > 20).mean() > 0.002


def test_one_side_of_a_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    front, own = str(card_photo(tmp_path, "front.png", 0)), ("--purpose", "Chỉ dùng để thử")
    status, report = scan(tmp_path, front, "--card", *own, "--out", str(tmp_path / "card.pdf"))
    assert (status, report["pdf"]["pages"]) == (0, 1)
    assert "một mặt thẻ" in capsys.readouterr().err


def test_what_is_no_card_or_has_too_many_sides_is_refused(
    tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ("--card", "--out", str(tmp_path / "card.pdf"))
    status, report = scan(tmp_path, str(photo), *out)
    assert (status, report["pages"][-1]["error"]) == (1, "CARD-SHAPE")
    front = str(card_photo(tmp_path, "front.png", 0))
    status, report = scan(tmp_path, *[front] * 3, *out)
    assert (status, report["pages"][-1]["error"]) == (1, "CARD-TOO-MANY")
    assert "nhiều nhất 2 mặt" in capsys.readouterr().err and not (tmp_path / "card.pdf").exists()
    assert scan(tmp_path, front, f"{tmp_path}/./front.png", *out)[0] == 1
    assert "cùng một tệp" in capsys.readouterr().err


def test_the_words_across_belong_to_a_card(
    tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    out = ["--out", str(tmp_path / "x.pdf")]
    for more in (["--purpose", "x"], ["--no-purpose"], ["--card", "--purpose", "x", "--no-purpose"]):
        assert run(parser.parse_args([str(photo), *out, *more]), Config()) == 1
        assert "--card" in capsys.readouterr().err
    for more in (["--purpose", " "], ["--purpose", "x" * 121]):
        with pytest.raises(SystemExit):
            parser.parse_args([str(photo), *out, "--card", *more])


def test_what_is_wrong_with_a_page_is_said_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = scan_of(np.random.default_rng(7), make_paper(np.random.default_rng(7), "text", 200)).image
    soft = cv2.GaussianBlur(page, (0, 0), 4)
    page[1500:] = soft[1500:]
    file = tmp_path / "half.png"
    Image.fromarray(cv2.cvtColor(page, cv2.COLOR_BGR2RGB)).save(file, dpi=(200, 200))
    status, report = scan(tmp_path, str(file), "--out", str(tmp_path / "out.pdf"))
    [told] = report["pages"]
    assert (status, told["verdicts"], told["where"]) == (0, ["blurred"], {"blurred": "bottom"})
    assert told["said"] == ["Ảnh bị mờ ở phía dưới, bác chụp hoặc quét lại nhé."]
    assert f"half.png: {told['said'][0]}" in capsys.readouterr().err
