"""Guides as the screens see them, and what a broken guide says."""

import shutil
from pathlib import Path

import pytest

from guides.faults import GuideError
from guides.library import BUILT_IN, Library
from kioskcore.errors import KioskError

FIRST_THREE = ("2.000635", "1.004873", "1.004194")


@pytest.fixture(scope="module")
def library() -> Library:
    return Library([BUILT_IN])


@pytest.mark.parametrize("code", FIRST_THREE)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_guide_is_whole_in_both_languages(library: Library, code: str, language: str) -> None:
    guide = library.guide(code, language)
    assert guide.complete and guide.code == code
    assert guide.title and guide.fee and guide.time and guide.decides and guide.receive and guide.mistakes
    assert 1 <= len(guide.steps) <= 12
    assert all(step.texts for step in guide.steps if step.key != "logout")
    assert any(paper.scan for paper in guide.papers)
    assert 3 <= len(guide.questions) <= 5
    assert guide.portal_url.startswith("https://dichvucong.gov.vn/thu-tuc-hanh-chinh/")
    assert guide.search_url.endswith(f"keyword={code}")
    assert "portal_url" in guide.unverified


def test_the_steps_follow_the_practice_portal(library: Library) -> None:
    marks = [text for step in library.guide("2.000635").steps for text in step.texts]
    for words in (
        "Chọn cơ quan thực hiện",
        "Nộp trực tuyến",
        "Mã QR",
        "chia sẻ",
        "passcode",
        "Thông tin người nộp",
        "Thành phần hồ sơ",
        "Nộp hồ sơ thành công",
    ):
        assert words in marks


def test_a_guide_says_a_step_in_its_own_words_where_it_has_them(library: Library) -> None:
    forms = {code: _step(library, code, "form") for code in FIRST_THREE}
    assert len(set(forms.values())) == 3


def _step(library: Library, code: str, key: str) -> str:
    return next(step.text for step in library.guide(code).steps if step.key == key)


def test_an_unknown_code_is_a_coded_error(library: Library) -> None:
    with pytest.raises(KioskError) as fault:
        library.guide("9.999999")
    assert fault.value.code == "GUIDE-UNKNOWN"


def test_tiles_have_titles_in_both_languages_and_a_known_event(library: Library) -> None:
    events = [event.key for event in library.life_events()]
    tiles = library.tiles()
    assert {tile.code for tile in tiles} >= set(FIRST_THREE)
    assert all({"vi", "en"} <= set(tile.title) and tile.life_event in events for tile in tiles)
    places = [events.index(tile.life_event) for tile in tiles if not tile.general]
    assert places == sorted(places)


def test_every_guide_can_be_shown_in_both_languages(library: Library) -> None:
    assert len(library.codes()) >= 60
    for code in library.codes():
        for language in ("vi", "en"):
            guide = library.guide(code, language)
            assert guide.complete, (code, language)
            assert guide.steps and guide.checked_on and (guide.sources or guide.general)
            assert guide.general or (guide.fee and guide.time and guide.decides and guide.receive)


def test_what_the_province_sets_is_never_shown_as_nothing(library: Library) -> None:
    for code in ("1.004873", "1.000656", "1.013225", "1.001612"):
        assert "tỉnh" in library.guide(code).fee


def test_nobody_is_sent_for_an_authority_from_a_child_or_a_dead_person(library: Library) -> None:
    for code in library.codes():
        guide = library.guide(code)
        asked = {question.key: question for question in guide.questions}
        listed = any(paper.key == "uy-quyen" for paper in guide.papers)
        assert listed == bool({"for_whom", "kin"} & set(asked)), code  # question and list agree
        for question in asked.values():
            if "Giấy ủy quyền" in question.fetch and question.key != "go_self":
                assert question.good and not question.stops, code
                spared = ("con nhỏ", "gia đình", "đứng tên hộ")
                assert any(words in question.text for words in spared), code
    copy = next(one for one in library.guide("2.000635").questions if one.key == "for_whom")
    assert "đã mất" in copy.text and "chứng thực" in copy.where


TRUE_WORDS = [  # guide, field, what must be said or (after "not ") may not
    ("3.000228", "receive", "not Nhận ngay"),
    ("3.000228", "questions", "not cài VNeID theo"),
    ("3.000228", "questions", "Chưa cần cài VNeID"),
    ("3.000465", "mistakes", "not ngày hết hạn"),
    ("2.001035", "papers", "đăng ký xe"),
    ("3.000722", "title", "căn cước"),
    ("3.000722", "steps", "not cả ba việc"),
    ("3.000348", "papers", "not Ảnh chân dung"),
    ("quen-mat-khau", "steps", "not kích hoạt"),
    ("nuoc-sach", "papers", "not Cổng"),
    ("nuoc-sach", "steps", "not in danh sách"),
    ("1.001939", "steps", "Nộp trực tuyến"),
    ("3.000001", "steps", "Nộp trực tuyến"),
    ("3.000001", "steps", "not Tìm tên thủ tục"),
    ("2.000635", "papers", "details"),
]


@pytest.mark.parametrize(("code", "field", "words"), TRUE_WORDS)
def test_what_was_once_said_wrong_is_said_right(library: Library, code: str, field: str, words: str) -> None:
    said = str(getattr(library.guide(code), field))
    wanted = not words.startswith("not ")
    assert (words.removeprefix("not ") in said) == wanted


def test_an_account_that_hangs_on_the_sim_waits_for_it(library: Library) -> None:
    stops = {question.key: question.stops for question in library.guide("3.000228").questions}
    assert stops == {"own_sim": True, "phone": True, "papers": True}
    assert not next(one for one in library.guide("1.001193").questions if one.key == "sim").stops


def test_the_death_notice_is_wanted_alike(library: Library) -> None:
    for code in ("1.000656", "2.002913"):
        assert next(paper for paper in library.guide(code).papers if paper.key == "bao-tu").required


def test_where_filing_online_is_in_doubt_so_is_doing_it_here(library: Library) -> None:
    for code in library.codes():
        unverified = library.guide(code).unverified
        assert "online_level" not in unverified or "can_do_here" in unverified


def test_each_office_has_its_own_way_and_who_logs_in_logs_out(library: Library) -> None:
    for code in library.codes():
        guide = library.guide(code)
        keys = [step.key for step in guide.steps]
        if "login" in keys and not guide.general:
            assert "logout" in keys and keys.index("consent") == keys.index("login") + 1, code
            assert any(paper.key == "dien-thoai" for paper in guide.papers), code
        if "choose_agency" in keys and not guide.general:
            assert not any(office in guide.decides for office in ("ông an", "đất đai", "rường")), code
    assert {"customer_code", "passcode"} <= {step.key for step in library.guide("3.000001").steps}
    birth = library.guide("1.001193")
    assert next(paper for paper in birth.papers if paper.key == "chung-sinh").required


def test_unverified_fields_are_named(library: Library) -> None:
    assert {"fee", "time"} <= library.guide("3.000333").unverified
    assert "fee" not in library.guide("2.000635").unverified


def _copy(tmp_path: Path, code: str = "2.000635") -> Path:
    shutil.copytree(BUILT_IN / code, tmp_path / code)
    return tmp_path


def test_a_province_overrides_a_guide(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    words = folder / "2.000635" / "vi.toml"
    words.write_text(words.read_text("utf-8").replace("8.000 đồng một bản.", "Tỉnh miễn phí."), "utf-8")
    library = Library([BUILT_IN, folder])
    assert library.guide("2.000635").fee == "Tỉnh miễn phí."
    assert library.guide("1.004194").fee.startswith("7.000")


def test_a_language_without_words_stands_in_vietnamese_and_says_so(library: Library) -> None:
    guide = library.guide("2.000635", "hre")
    assert not guide.complete
    assert guide.title == library.guide("2.000635", "vi").title


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = _copy(_copy(tmp_path), "1.004873")
    facts = folder / "2.000635" / "guide.toml"
    facts.write_text(facts.read_text("utf-8").replace("life_event", "life_evnt"), "utf-8")
    words = folder / "1.004873" / "vi.toml"
    words.write_text("title = \n", "utf-8")
    (folder / "1.004873" / "en.toml").write_bytes(b"title = '\xff'")
    library = Library([BUILT_IN, folder])
    told = [(f.file, f.line, f.code) for f in library.faults]
    assert ("2.000635/guide.toml", 3, "unknown_key_near") in told
    assert ("1.004873/vi.toml", 1, "toml") in told
    assert ("1.004873/en.toml", 0, "not_utf8") in told
    assert library.guide("2.000635").title and library.search("giấy độc thân")  # the built-in ones serve
    near = next(f for f in library.faults if f.code == "unknown_key_near")
    assert "life_event" in near.problem("vi") and "2.000635/guide.toml:3" in near.say("en")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('life_event = "giay-to"', 'life_event = "khong-co"', "unknown_name"),
        ('flow = "cong-xa"', 'flow = "khong-co"', "unknown_name"),
        ('"vneid2"', '"khong-co"', "unknown_name"),
        ('key = "uy-quyen"', 'key = "khong-co"', "missing_words"),
        ('code = "2.000635"', 'code = "2.000636"', "code_folder"),
        ('kind = "fixed"', 'kind = "gift"', "one_of"),
        ("checked_on = 2026-11-22", 'checked_on = "hôm qua"', "value_date"),
        ("checked_on = 2026-11-22", "", "missing"),
    ],
)
def test_a_fault_in_the_facts_is_named_with_its_line(tmp_path: Path, old: str, new: str, code: str) -> None:
    facts = _copy(tmp_path) / "2.000635" / "guide.toml"
    text = facts.read_text("utf-8")
    facts.write_text(text.replace(old, new, 1), "utf-8")
    library = Library([BUILT_IN, tmp_path])
    found = [f for f in library.faults if f.code == code]
    assert found and found[0].file == "2.000635/guide.toml" and found[0].problem("vi")
    if code != "missing":
        line = text[: text.index(old)].count("\n") + 1
        assert abs(found[0].line - line) <= 1


def test_a_guide_without_vietnamese_words_is_refused(tmp_path: Path) -> None:
    (_copy(tmp_path) / "2.000635" / "vi.toml").unlink()
    library = Library([BUILT_IN, tmp_path])
    assert "missing_file" in {f.code for f in library.faults}


def test_our_own_guides_are_all_sound_or_nothing_opens(tmp_path: Path) -> None:
    (_copy(tmp_path) / "2.000635" / "vi.toml").write_text("title = 1\n", "utf-8")
    with pytest.raises(GuideError) as fault:
        Library([tmp_path])
    assert fault.value.code == "GUIDE-INVALID" and fault.value.faults[0].file == "2.000635/vi.toml"


def test_a_province_may_not_pull_the_steps_from_under_our_guides(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "shared.toml").write_text('[flows]\ncong-xa = ["khong-co"]\n', "utf-8")
    library = Library([BUILT_IN, tmp_path])
    assert library.faults and len(library.guide("1.004194").steps) > 5
