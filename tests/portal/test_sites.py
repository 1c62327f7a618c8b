from datetime import date, timedelta
from pathlib import Path

import pytest

from kioskcore.errors import KioskError
from kioskcore.paths import ROOT
from kioskcore.words import load_words
from portal.sites import DATA, DOSSIER_CODE, WRITTEN, Category, SiteError, load_sites

GOOD = """
id = "{id}"
category = "province"
checked_on = 2026-11-22
hosts = ["{host}"]
{more}
[name]
vi = "Cổng tỉnh"
en = "Province"
[purpose]
vi = "hồ sơ của tỉnh"
en = "the province's dossiers"
"""


def write(folder: Path, site_id: str, host: str, more: str = "") -> None:
    (folder / f"{site_id}.toml").write_text(GOOD.format(id=site_id, host=host, more=more), encoding="utf-8")


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(SiteError) as caught:
        load_sites([folder])
    return caught.value.faults


def test_the_sites_that_come_with_the_program() -> None:
    sites = load_sites([DATA])
    assert [site.id for site in sites] == sorted(file.stem for file in DATA.glob("*.toml"))
    national = sites.get("national")
    assert national is not None
    assert national.hosts == ("dichvucong.gov.vn", ".dichvucong.gov.vn")
    assert national.schemes == ("https",) and national.upload.max_bytes == 6_000_000
    assert national.dossier_code == DOSSIER_CODE and national.submitted
    for site in sites:
        assert site.checked_on <= WRITTEN
        assert not site.camera
        assert site.hosts or site.id == "payment"


def test_the_most_exact_site_is_named_first() -> None:
    sites = load_sites()
    assert [site.id for site in sites.for_host("lienthong.dichvucong.gov.vn")] == ["lien-thong", "national"]
    assert [site.id for site in sites.for_host("csdl.dichvucong.gov.vn")] == ["national"]
    assert sites.for_host("xdichvucong.gov.vn") == ()


def test_a_folder_adds_and_overrides(tmp_path: Path) -> None:
    write(tmp_path, "khanh-hoa", "dichvucong.khanhhoa.gov.vn")
    write(tmp_path, "land", "dichvucong.dat.gov.vn", "camera = true")
    sites = load_sites([DATA, tmp_path])
    assert sites.get("khanh-hoa") is not None
    land = sites.get("land")
    assert land is not None and land.camera and land.hosts == ("dichvucong.dat.gov.vn",)
    assert len(sites) == len(load_sites()) + 1


def test_a_portal_on_this_machine_needs_no_code(tmp_path: Path) -> None:
    write(tmp_path, "ours", "localhost", 'schemes = ["http"]\nports = [8080]')
    site = load_sites([tmp_path]).get("ours")
    assert site is not None and site.ports == (8080,)


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "a", "https://a.gov.vn/", 'colour = "red"')
    write(tmp_path, "b", "b.gov.vn", 'dossier_code = "("')
    (tmp_path / "c.toml").write_text("id = ", encoding="utf-8")
    (tmp_path / "d.toml").write_bytes(b'id = "\xff"')
    faults = faults_of(tmp_path)
    assert {fault.partition(":")[0] for fault in faults} == {"a.toml", "b.toml", "c.toml", "d.toml"}
    assert any("colour" in fault for fault in faults)
    assert sum(fault.startswith("a.toml") for fault in faults) == 2


def test_the_error_has_its_sentence(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(KioskError) as caught:
        load_sites([tmp_path])
    assert caught.value.code == "SITE-INVALID"
    for words in load_words([ROOT / "kioskcore" / "words"]).values():
        say, _ = words.error(caught.value.code, caught.value.facts)
        assert "c.toml" in say


@pytest.mark.parametrize(
    "host",
    [
        *(".vn", ".com", ".gov.vn", ".com.vn", ".co.uk", ".github.io", ".pages.dev"),
        *("", ".", "*.gov.vn", "a.gov.vn:443", "a b.vn", "a%2eb.vn", ".1.2.3.4"),
    ],
)
def test_hosts_that_would_let_in_too_much_or_say_nothing(tmp_path: Path, host: str) -> None:
    write(tmp_path, "a", host)
    assert [fault for fault in faults_of(tmp_path) if fault.startswith("a.toml: hosts")]


@pytest.mark.parametrize(
    "more",
    [
        'schemes = ["http"]',
        'schemes = ["file"]',
        "schemes = []",
        "ports = [0]",
        'ports = ["80"]',
        "ports = [true]",
        "ports = [1e3]",
        'camera = "yes"',
        "camera = 1",
        'port_at_run_time = "no"',
        'upload = { max_mb = "6" }',
        "x = " + "[" * 100_000,
        "ports = [" + "1" * 10_000 + "]",
        "ports = [" + "1" * 4_000 + "]",
        "a" + ".a" * 3_000 + " = 1",
        "ports = [1]\nport_at_run_time = true",
        'logout = "javascript:alert(1)"',
        'checked_by = "x"',
        'submitted = [""]',
        'submitted = ["Đã nhận", " "]',
        'dossier_code = ""',
        'dossier_code = ".*"',
        'logout = "https://b.gov.vn/out"',
        'logout = "https://xa.gov.vn/out"',
        'logout = "https://a.gov.vn@b.gov.vn/out"',
        'logout = "https://a.gov.vn:8443/out"',
        'logout = "//b.gov.vn/out"',
        'logout = "http://a.gov.vn/out"',
        'upload = { types = ["doc"] }',
        "upload = { types = [] }",
    ],
)
def test_settings_that_make_no_sense(tmp_path: Path, more: str) -> None:
    write(tmp_path, "a", "a.gov.vn", more)
    assert faults_of(tmp_path)


def test_nobody_has_checked_on_a_day_to_come(tmp_path: Path) -> None:
    write(tmp_path, "a", "a.gov.vn")
    file = tmp_path / "a.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("2026-11-22", str(WRITTEN)), encoding="utf-8")
    assert load_sites([tmp_path]).get("a")
    later = max(date.today(), WRITTEN) + timedelta(days=2)
    file.write_text(text.replace("2026-11-22", str(later)), encoding="utf-8")
    assert "checked_on" in faults_of(tmp_path)[0]


@pytest.mark.parametrize("logout", ["/out", "https://a.gov.vn/out", "https://www.a.gov.vn/out?x=1"])
def test_a_log_out_at_the_sites_own_hosts(tmp_path: Path, logout: str) -> None:
    write(tmp_path, "a", ".a.gov.vn", f'logout = "{logout}"\nupload = {{ types = ["jpg", "png"] }}')
    site = load_sites([tmp_path]).get("a")
    assert site is not None and site.logout == logout and site.upload.accept == (".jpg", ".png")


def test_no_fault_hides_another(tmp_path: Path) -> None:
    hosts, rest = 'https://a/", "b.gov.vn:1", "c.gov.vn/x', 'schemes = ["ftp"]\nports = [0]\nsubmitted = [""]'
    write(tmp_path, "a", hosts, rest)
    told = [fault.split(": ")[1] for fault in faults_of(tmp_path)]
    assert told == ["hosts.0", "hosts.1", "hosts.2", "schemes", "ports.0", "submitted.0"]


def test_a_site_cannot_take_a_category_of_refused_addresses(tmp_path: Path) -> None:
    write(tmp_path, "a", "a.gov.vn")
    file = tmp_path / "a.toml"
    for category in (Category.STATE, Category.OTHER, Category.NONE, "bank"):
        text = GOOD.format(id="a", host="a.gov.vn", more="").replace('"province"', f'"{category}"')
        file.write_text(text, encoding="utf-8")
        assert "category" in faults_of(tmp_path)[0]


def test_no_hosts_only_for_payment_with_a_note(tmp_path: Path) -> None:
    text = GOOD.format(id="a", host="x", more="").replace('hosts = ["x"]', "hosts = []")
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    assert "payment" in faults_of(tmp_path)[0]
    text = text.replace('"province"', '"payment"')
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    assert "note" in faults_of(tmp_path)[0]


def test_two_sites_cannot_own_one_host_and_a_file_is_named_by_its_id(tmp_path: Path) -> None:
    write(tmp_path, "a", "x.gov.vn")
    write(tmp_path, "b", "x.gov.vn")
    (tmp_path / "z.toml").write_text(GOOD.format(id="y", host="y.gov.vn", more=""), encoding="utf-8")
    faults = faults_of(tmp_path)
    assert any("already belongs to a" in fault for fault in faults)
    assert any(fault.startswith("z.toml: id") for fault in faults)


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert "not there" in faults_of(tmp_path / "missing")[0]


def test_sites_cannot_be_changed() -> None:
    site = load_sites().get("sso")
    assert site is not None
    with pytest.raises(ValueError):
        site.camera = True  # type: ignore[misc]


def test_faults_are_told_in_both_languages_and_a_byte_order_mark_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD.format(id="a", host="a.gov.vn", more=""), encoding="utf-8-sig")
    assert load_sites([tmp_path]).get("a")
    wrong = 'id = "b"\nchecked_on = "soon"\ncolour = 1\nports = ["x"]'
    (tmp_path / "b.toml").write_text(wrong, encoding="utf-8")
    faults = "\n".join(faults_of(tmp_path))
    assert "name: còn thiếu mục này / this key is missing" in faults
    assert "checked_on: phải là ngày" in faults and "colour: không có mục này" in faults
    assert "ports.0: phải là số nguyên" in faults and "Input" not in faults and "Field" not in faults
