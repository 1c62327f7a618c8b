"""Two cards on the glass are found apart, and both sides come at true size on one A4."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from kioskcore.config import Scan
from kioskcore.ports import ColourMode
from scanner.clean.page import clean_page
from scanner.clean.papers.beside import find_beside
from scanner.clean.papers.cards import find_cards
from scanner.clean.papers.place import find_pages
from scanner.intake import Intake
from scanner.sheet import card_face, card_sheet
from scanner.sheet.ladder import versions
from scanner.sheet.purpose import crossed
from tests.bench.drawn import plastic
from tests.bench.drawn.synth import background, make_paper
from tests.bench.drawn.tabletop import overlap

PURPOSE = "Chỉ dùng nộp hồ sơ đăng ký khai sinh"


def two_cards() -> tuple[np.ndarray, list[np.ndarray]]:
    rng = np.random.default_rng(3)
    table = background(rng, "dark", 1700, 1300)
    corners = []
    for number, (top, lean) in enumerate(((150, 0.05), (950, -0.08))):
        card = make_paper(np.random.default_rng(20 + number), "card", 250).image
        height, width = card.shape[:2]
        turn = cv2.getRotationMatrix2D((0, 0), np.rad2deg(-lean), 1.0)
        turn[:, 2] += (200, top)
        cv2.warpAffine(card, turn, (1300, 1700), table, borderMode=cv2.BORDER_TRANSPARENT)
        edges = np.array([[0, 0], [width, 0], [width, height], [0, height]], float) - 0.5
        corners.append(edges @ turn[:, :2].T + turn[:, 2])
    return table, corners


def test_two_cards_are_two_pages_of_card_size() -> None:
    image, truth = two_cards()
    found = find_pages(image)
    assert len(found) == 2
    for page, corners in zip(found, truth, strict=True):
        assert np.abs(page.corners - corners).max() < 4
        cleaned = clean_page(image, dpi=250, corners=[tuple(point) for point in page.corners], turn_degrees=0)
        assert (cleaned.width_mm, cleaned.height_mm) == (85.6, 54.0)
        assert cleaned.image.ndim == 3


def test_a_picture_of_both_sides_is_taken_in_as_two_pages(tmp_path: Path) -> None:
    image, truth = two_cards()
    picture = tmp_path / "both.png"
    cv2.imwrite(str(picture), cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    intake = Intake(tmp_path, Scan())
    pages = list(intake.take(picture, ColourMode.AUTO))
    assert [page.page_id == pages[0].page_id for page in pages] == [True, False]
    for page, corners in zip(pages, truth, strict=True):
        assert np.abs(np.array(page.corners) - corners / 2).max() < 3
        assert {page.width_mm, page.height_mm} == {85.6, 54.0}
    intake.forget(pages[0].page_id)
    assert all(file.is_file() for file in (pages[1].raw, pages[1].clean, pages[1].raw_preview))


def on_the_glass(ground: tuple[int, int, int], note: str = "") -> tuple[np.ndarray, list[np.ndarray]]:
    """Two pale cards, 150 dots per inch, under a white lid; a hair of shadow below them."""
    rng = np.random.default_rng(7)
    glass = np.full((1754, 1240, 3), 250.0, np.float32)
    corners = []
    for number, (top, lean) in enumerate(((250, 1.5), (900, -2.0))):
        face = make_paper(np.random.default_rng(20 + number), "card", 150).image
        pale = np.where(face.min(axis=2, keepdims=True) > 180, np.array(ground), face).astype(np.float32)
        height, width = pale.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), -lean, 1.0)
        turn[:, 2] += (340, top)
        rounded = np.zeros((height, width), np.uint8)
        cv2.rectangle(rounded, (19, 19), (width - 20, height - 20), 255, 38)
        cv2.rectangle(rounded, (19, 19), (width - 20, height - 20), 255, -1)
        size = glass.shape[1::-1]
        mask = cv2.warpAffine(rounded, turn, size)[..., None] / np.float32(255)
        shadow = cv2.GaussianBlur(np.roll(mask, 2, axis=0), (0, 0), 1.5)[..., None]
        glass *= 1 - 0.12 * shadow
        glass += (cv2.warpAffine(pale, turn, size, borderMode=cv2.BORDER_REPLICATE) - glass) * mask
        edges = np.array([[0, 0], [width, 0], [width, height], [0, height]], float) - 0.5
        corners.append(edges @ turn[:, :2].T + turn[:, 2])
    scan = np.clip(glass + rng.normal(0, 1.2, glass.shape), 0, 255).astype(np.uint8)
    for row in range(1400, 1650, 36):
        cv2.putText(scan, note, (120, row), 0, 0.8, (40, 40, 40), 2, cv2.LINE_AA)
    return scan, corners


@pytest.mark.parametrize("ground", [(247, 245, 243), (228, 238, 236), (240, 226, 232)])
def test_pale_cards_on_the_glass_are_found_at_their_true_size(ground: tuple[int, int, int]) -> None:
    image, truth = on_the_glass(ground)
    found = find_pages(image, dpi=150)
    assert len(found) == 2
    for page, corners in zip(found, truth, strict=True):
        assert np.abs(page.corners - corners).max() < 7  # of 505 px
    first = clean_page(image, dpi=150)
    assert (first.width_mm, first.height_mm) == (85.6, 54.0)
    assert [len(find_beside(image, page, dpi=150).pages) for page in found] == [1, 1]


def test_cards_on_a_written_page_or_in_grey_are_a_page() -> None:
    ground = (228, 238, 236)
    image, _ = on_the_glass(ground, "So yeu ly lich 0123456789 abc xac nhan")
    assert find_cards(image, 150).pages == []
    grey = cv2.cvtColor(on_the_glass(ground)[0], cv2.COLOR_BGR2GRAY)
    assert find_cards(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), 150).pages == []


def test_pages_that_nobody_took_leave_nothing_behind(tmp_path: Path) -> None:
    picture = tmp_path / "both.png"
    cv2.imwrite(str(picture), cv2.resize(two_cards()[0], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    intake = Intake(tmp_path, Scan())
    taking = intake.take(picture, ColourMode.AUTO)
    intake.forget(next(taking).page_id)
    taking.close()
    assert list(tmp_path.iterdir()) == []


def test_sides_lie_at_true_size_on_white() -> None:
    grey, dark = np.full((540, 856, 3), 150, np.uint8), np.full((300, 476), 60, np.uint8)
    sheet = card_sheet([grey, dark])
    assert (sheet.width_mm, sheet.height_mm) == (210.0, 297.0)
    assert sheet.image.shape == (3508, 2480, 3)
    for value in (150, 60):
        rows, columns = np.nonzero((sheet.image == value).all(axis=2))
        assert np.ptp(rows) + 1 == pytest.approx(54.0 / 25.4 * 300, abs=1)
        assert np.ptp(columns) + 1 == pytest.approx(85.6 / 25.4 * 300, abs=1)
    assert (sheet.image[:500] == 255).all()


def test_a_table_seen_past_the_round_corners_of_a_card_is_paper_on_its_face() -> None:
    face = card_face(np.full((540, 856, 3), (40, 60, 90), np.uint8)).image
    high, wide = face.shape[:2]
    for row in (0, high - 1):
        assert (face[row, [0, 5, wide - 6, wide - 1]] == 255).all()
    assert (face[:, 40 : wide - 40] == (40, 60, 90)).all() and (face[40 : high - 40] == (40, 60, 90)).all()
    assert 0.0018 < (face != (40, 60, 90)).any(axis=2).mean() < 0.0024


def test_the_purpose_line_is_faint_and_on_every_side() -> None:
    side = np.full((540, 856, 3), 200, np.uint8)
    plain, crossed = card_sheet([side, side]).image, card_sheet([side, side], purpose=PURPOSE).image
    changed = plain != crossed
    assert changed[:1300].any()
    assert changed[1300:].any()
    assert crossed[changed].min() >= 130


@pytest.mark.parametrize("words", [PURPOSE, f"{PURPOSE} và cấp thẻ bảo hiểm y tế", "nộphồsơ" * 9, "W" * 120])
def test_the_purpose_line_keeps_off_face_and_name(words: str) -> None:
    side = np.full((638, 1011, 3), (214, 230, 226), np.uint8)
    cv2.rectangle(side, (50, 230), (290, 560), (110, 140, 190), -1)
    for row in range(220, 600, 60):
        cv2.putText(side, "Ho va ten NGUYEN VAN MAU", (320, row), 0, 1.2, (30, 30, 30), 3, cv2.LINE_AA)
    plain, crossed = card_face(side).image.astype(int), card_face(side, purpose=words).image.astype(int)
    darker = (plain - crossed).max(axis=2)
    printed = cv2.dilate((plain.min(axis=2) < 190).astype(np.uint8), np.ones((3, 3))) > 0
    assert (darker > 40).sum() > 5000  # it is there, and nowhere near the rim
    rows, columns = np.nonzero(darker > 8)
    assert rows.min() > 20
    assert rows.max() < 618
    assert columns.min() > 20
    assert columns.max() < 991
    if " " in words:
        assert not (darker[printed] > 8).any()
    assert darker[printed].max() < 80


@pytest.mark.parametrize("seed", [0, 6])
def test_the_purpose_line_stays_away_from_print_where_there_is_room(seed: int) -> None:
    side = plastic.card(np.random.default_rng(seed), "citizen", 300).image
    lined = crossed(side, PURPOSE, side.shape[1] / 85.6)
    printed = (np.median(side) - side.min(axis=2) > 60).astype(np.uint8)
    near = cv2.dilate(printed, np.ones((2 * round(2.2 / 25.4 * 300) + 1,) * 2, np.uint8)) > 0
    words = cv2.absdiff(side, lined).max(axis=2) > 8
    assert words.sum() > 1000
    assert not (words & near).any()


def test_a_sheet_without_sides_is_refused() -> None:
    with pytest.raises(ValueError, match="one side or two"):
        card_sheet([])


@pytest.mark.parametrize(
    ("kinds", "seed", "dpi"), [(("white", "citizen"), 5_000_003, 150), (("bank", "white"), 5_000_002, 200)]
)
def test_beside_a_card_one_with_a_hidden_side_or_a_wide_shadow_is_found(
    kinds: tuple[str, str], seed: int, dpi: int
) -> None:
    """White plastic under a white lid: else none of the two would be taken."""
    rng = np.random.default_rng(seed)
    image, truth = plastic.on_the_glass(rng, [plastic.card(rng, kind, dpi) for kind in kinds], dpi)
    found = [page.corners for page in find_cards(image, dpi).pages]
    assert len(found) == 2
    assert all(max(overlap(quad, each) for quad in found if quad is not None) > 0.95 for each in truth)


@pytest.mark.parametrize("gap", [0.0, 2.0, 15.0])
def test_two_cards_near_each_other_are_two(gap: float) -> None:
    """Under an uneven lid too; those that touch are known by the lid between their round corners."""
    rng = np.random.default_rng(3)
    faces = [plastic.card(rng, kind) for kind in ("citizen", "old")]
    image, truth = plastic.on_the_glass(rng, faces, 150, gap)
    found = [page.corners for page in find_cards(image, 150).pages]
    assert len(found) == 2
    assert all(max(overlap(quad, each) for quad in found if quad is not None) > 0.95 for each in truth)


def test_a_slip_of_the_size_of_two_cards_stays_one_page_and_is_told() -> None:
    rng = np.random.default_rng(9)
    pair = np.hstack([plastic.card(rng, kind).image for kind in ("citizen", "old")])
    noise = rng.normal(0, 1.2, (1754, 1240, 3))
    glass = np.full(noise.shape, 250.0)
    glass[400 : 400 + pair.shape[0], 110 : 110 + pair.shape[1]] = pair
    page = clean_page(np.clip(glass + noise, 0, 255).astype(np.uint8), dpi=150)
    assert page.corners is None
    assert page.verdicts[0] == "several"


@pytest.mark.parametrize(
    ("wide", "high", "framed"), [(531, 354, False), (531, 354, True), (506, 358, False)],
    ids=["lettered", "framed", "as wide as one, a line where its side would be"],
)
def test_slips_a_little_larger_than_a_card_are_not_cropped_to_one(wide: int, high: int, framed: bool) -> None:
    noise = np.random.default_rng(9).normal(0, 1.2, (1754, 1240, 3))
    glass = np.full(noise.shape, 250, np.uint8)
    for top in (200, 230 + high):
        slip = glass[top : top + high, 300 : 300 + wide]
        slip[:] = (222, 232, 240)
        for row in range(50, 330, 36):
            cv2.putText(slip, "GIAY HEN TRA KET QUA SO 0123456789", (26, row), 0, 0.75, (40, 40, 40), 2)
        if framed:
            cv2.rectangle(slip, (13, 17), (517, 336), (40, 40, 40), 2)
    assert find_cards(np.clip(glass + noise, 0, 255).astype(np.uint8), 150) == ([], ())


def test_a_portrait_on_a_card_keeps_its_detail() -> None:
    """It was stored at half of its dots, for a card's printed ground is no white paper."""
    rng = np.random.default_rng(4)
    image = plastic.card(rng, "citizen", 300).image
    rough = cv2.GaussianBlur(rng.normal(0, 40, (300, 220, 1)).astype(np.float32), (0, 0), 1.3)
    image[250:550, 60:280] = np.clip(170 + rough[..., None] * 2, 0, 255)
    ladder = list(versions(image, 85.6, ColourMode.COLOUR))
    (layer,) = ladder[0].layers
    seen = cv2.imdecode(np.frombuffer(layer.data, np.uint8), cv2.IMREAD_COLOR)
    assert seen.shape == image.shape
    assert float(cv2.absdiff(seen, image)[250:550, 60:280].mean()) < 5
    assert ladder[0].size < 100_000 and ladder[-1].size < ladder[0].size / 2


def test_the_face_of_a_card_is_one_picture_on_its_sheet() -> None:
    """Its ground has all tints: ink parted from it left white holes in the portrait and around the words."""
    rng = np.random.default_rng(2)
    tints = rng.uniform(235, 255, (5, 8, 3)).astype(np.float32)
    ground = cv2.resize(tints, (1011, 638), interpolation=cv2.INTER_CUBIC)
    face = np.clip(ground + rng.normal(0, 3, ground.shape), 0, 255).astype(np.uint8)
    face[200:520, 50:290] = (215, 195, 170)
    cv2.ellipse(face, (170, 520), (90, 130), 0, 180, 360, (110, 70, 60), -1)
    cv2.putText(face, "TRAN THI HOA", (330, 320), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (20, 20, 20), 3)
    stored = card_sheet([face]).best.layers
    assert len(stored) == 1
    assert not (stored[0].mask or stored[0].stencil)
