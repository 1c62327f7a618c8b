from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QUrl

from portal.hosts import plain_host
from portal.policy import Decision, Policy, Verdict
from portal.sites import Category, load_sites

SITES = load_sites()
POLICY = Policy(SITES, {"practice": 41234})


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://dichvucong.gov.vn", "national"),
        ("https://dichvucong.gov.vn/", "national"),
        ("HTTPS://DichVuCong.GOV.vn./tim-kiem?keyword=a b@c\\d", "national"),
        ("https://dichvucong.gov.vn:443/", "national"),
        ("https://dichvucong.gov.vn?x=//evil.com", "national"),
        ("https://dichvucong.gov.vn#@evil.com", "national"),
        ("https://xacthuc.dichvucong.gov.vn/a", "national"),
        ("https://lienthong.dichvucong.gov.vn/#/ke-khai/2.000986", "lien-thong"),
        ("https://sso.dancuquocgia.gov.vn/auth?client_id=x", "sso"),
        ("http://127.0.0.1:41234/thu-tuc-hanh-chinh/2.000635", "practice"),
    ],
)
def test_addresses_that_are_let_in(url: str, site: str) -> None:
    decision = POLICY.decide(url)
    assert decision.allowed and decision.site is not None
    assert (decision.site.id, decision.category) == (site, decision.site.category)
    assert decision.code is Verdict.ALLOWED


@pytest.mark.parametrize(
    ("url", "code", "category"),
    [
        ("", Verdict.MALFORMED, Category.NONE),
        ("dichvucong.gov.vn", Verdict.MALFORMED, Category.NONE),
        ("//dichvucong.gov.vn/", Verdict.MALFORMED, Category.NONE),
        ("https:dichvucong.gov.vn/", Verdict.MALFORMED, Category.NONE),
        ("https:///dichvucong.gov.vn/", Verdict.MALFORMED, Category.NONE),
        (" https://dichvucong.gov.vn/", Verdict.MALFORMED, Category.NONE),
        ("https://dichvucong.gov.vn\\@evil.com/", Verdict.MALFORMED, Category.NONE),
        ("https://evil.com\\.dichvucong.gov.vn/", Verdict.MALFORMED, Category.NONE),
        ("https://dichvu\tcong.gov.vn/", Verdict.MALFORMED, Category.NONE),
        ("https://dichvucong.gov.vn/\n", Verdict.MALFORMED, Category.NONE),
        ("https://evil.com\x00.dichvucong.gov.vn/", Verdict.MALFORMED, Category.NONE),
        ("https://evil.com%2f.dichvucong.gov.vn/", Verdict.MALFORMED, Category.NONE),
        ("https://dichvucong%2egov.vn/", Verdict.MALFORMED, Category.NONE),
        ("https://ｄichvucong.gov.vn/", Verdict.MALFORMED, Category.NONE),
        ("https://evil。com.dichvucong.gov.vn/", Verdict.MALFORMED, Category.NONE),
        ("https://đ-.dichvucong.gov.vn/", Verdict.MALFORMED, Category.NONE),
        ("https://diсhvucong.gov.vn/", Verdict.MALFORMED, Category.NONE),  # a Cyrillic letter
        ("https://dichvucong.gov.vn:0x1bb/", Verdict.MALFORMED, Category.NONE),
        ("https://dichvucong.gov.vn:/", Verdict.MALFORMED, Category.NONE),
        ("https://dichvucong.gov.vn..", Verdict.MALFORMED, Category.NONE),
        ("http://[::1/", Verdict.MALFORMED, Category.NONE),
        ("http://[fe80::1%25eth0]/", Verdict.MALFORMED, Category.NONE),
        ("http://2130706433:41234/", Verdict.MALFORMED, Category.NONE),
        ("http://0x7f.1:41234/", Verdict.MALFORMED, Category.NONE),
        ("http://127.1:41234/", Verdict.MALFORMED, Category.NONE),
        ("https://dichvucong.gov.vn@evil.com/", Verdict.USERINFO, Category.NONE),
        ("https://ai:do@dichvucong.gov.vn/", Verdict.USERINFO, Category.NONE),
        ("file:///etc/passwd", Verdict.SCHEME, Category.NONE),
        ("javascript:alert(1)", Verdict.SCHEME, Category.NONE),
        ("data:text/html,x", Verdict.SCHEME, Category.NONE),
        ("blob:https://dichvucong.gov.vn/0f", Verdict.SCHEME, Category.NONE),
        ("view-source:https://dichvucong.gov.vn/", Verdict.SCHEME, Category.NONE),
        ("tel:18001096", Verdict.SCHEME, Category.NONE),
        ("about:config", Verdict.SCHEME, Category.NONE),
        ("http://dichvucong.gov.vn/", Verdict.SCHEME, Category.NATIONAL),
        ("https://127.0.0.1:41234/", Verdict.SCHEME, Category.PRACTICE),
        ("https://dichvucong.gov.vn:8443/", Verdict.PORT, Category.NATIONAL),
        ("http://127.0.0.1:41235/", Verdict.PORT, Category.PRACTICE),
        ("http://127.0.0.1/", Verdict.PORT, Category.PRACTICE),
        ("https://evil.com/dichvucong.gov.vn", Verdict.HOST, Category.OTHER),
        ("https://dichvucong.gov.vn.evil.com/", Verdict.HOST, Category.OTHER),
        ("https://xdichvucong.gov.vn/", Verdict.HOST, Category.STATE),
        ("https://gov.vn/", Verdict.HOST, Category.STATE),
        ("https://dịchvucong.gov.vn/", Verdict.HOST, Category.STATE),
        ("http://[::1]:41234/", Verdict.HOST, Category.OTHER),
        ("http://localhost:41234/", Verdict.HOST, Category.OTHER),
    ],
)
def test_addresses_that_are_refused(url: str, code: Verdict, category: Category) -> None:
    decision = POLICY.decide(url)
    assert (decision.allowed, decision.site) == (False, None)
    assert (decision.code, decision.category) == (code, category)


def test_the_practice_portal_is_closed_until_its_port_is_known() -> None:
    assert Policy(SITES).decide("http://127.0.0.1:41234/").code is Verdict.PORT


@pytest.mark.parametrize("url", ["about:blank", "about:srcdoc"])
def test_empty_pages_carry_nothing(url: str) -> None:
    decision = POLICY.decide(url)
    assert decision.allowed and decision.site is None and decision.code is Verdict.EMPTY_PAGE


def test_an_idn_host_of_a_site_file_is_met_in_both_spellings(tmp_path: Path) -> None:
    (tmp_path / "idn.toml").write_text(
        'id = "idn"\ncategory = "province"\n'
        + 'checked_on = 2026-11-22\nhosts = ["cổng.gov.vn", "[::1]"]\n'
        + '[name]\nvi = "a"\nen = "a"\n[purpose]\nvi = "a"\nen = "a"\n',
        encoding="utf-8",
    )
    policy = Policy(load_sites([tmp_path]))
    ascii_name = plain_host("cổng.gov.vn")
    assert ascii_name == bytes(QUrl.toAce("cổng.gov.vn").data()).decode()
    assert policy.decide("https://CỔNG.gov.vn/").allowed
    assert policy.decide(f"https://{ascii_name}/").allowed
    assert policy.decide("https://[0:0:0:0:0:0:0:1]/").allowed
    assert not policy.decide("https://cong.gov.vn/").allowed


PIECES = st.sampled_from(
    [
        "https://", "http://", "https:", "//", "/", "\\", "@", ":", "?", "#", "%2e", "%40", "%00", ".", "。",
        "．", "dichvucong.gov.vn", "dichvucong", ".gov.vn", "gov", "vn", "evil.com", "evil", "127.0.0.1",
        "127.1", "0x7f000001", "[::1]", "[", "]", ":443", ":41234", ":80", "41234", " ", "\t", "\n", "\r",
        "\x00", "\u200b", "\u00ad", "ß", "ı", "K", "ｄ", "đ", "xn--", "blob:", "javascript:", "data:", "-",
        "_",
    ]
)  # fmt: skip
GOOD = st.sampled_from(
    ["https://dichvucong.gov.vn/a", "https://a.dichvucong.gov.vn", "http://127.0.0.1:41234/a?b#c"]
)
NEARLY_GOOD = st.builds(
    lambda good, piece, place, cut: good[:place] + piece + good[place + cut :],
    GOOD,
    st.one_of(PIECES, st.characters()),
    st.integers(0, 30),
    st.integers(0, 2),
)
CONFUSING = st.one_of(
    NEARLY_GOOD,
    NEARLY_GOOD,
    st.lists(PIECES, max_size=10).map("".join),
    st.tuples(st.text(max_size=6), st.lists(PIECES, max_size=6).map("".join), st.text(max_size=6)).map(
        "".join
    ),
    st.tuples(
        st.sampled_from(["https://", "http://"]),
        st.lists(PIECES, min_size=1, max_size=5).map("".join),
        st.sampled_from(["dichvucong.gov.vn/", ".dichvucong.gov.vn", "127.0.0.1:41234/"]),
    ).map("".join),
)


@settings(max_examples=1500)
@given(CONFUSING)
@example("https://dichvucong.gov.vn\\@evil.com")
@example("https://evil.com#@dichvucong.gov.vn")
@example("https://evil.com?.dichvucong.gov.vn")
def test_what_is_let_in_is_what_the_browser_opens(url: str) -> None:
    """QUrl is what the browser is given: its host, scheme and port must be in the list as well."""
    seen = QUrl(url)
    _agrees(POLICY.decide(url), seen)
    if seen.isValid():
        _agrees(POLICY.decide(seen.toString()), seen)
        _agrees(POLICY.decide(seen.toEncoded().toStdString()), seen)


def _agrees(decision: Decision, seen: QUrl) -> None:
    if not decision.allowed or decision.site is None:
        return
    host = seen.host(QUrl.ComponentFormattingOption.FullyEncoded).removesuffix(".").lower()
    assert seen.isValid() and not seen.userInfo()
    if decision.site.id == "practice":
        assert (seen.scheme(), host, seen.port()) == ("http", "127.0.0.1", 41234)
    else:
        assert seen.scheme() == "https" and seen.port(443) == 443
        rules = decision.site.hosts
        assert host in rules or any(rule.startswith(".") and host.endswith(rule) for rule in rules)


@settings(max_examples=300)
@given(st.from_regex(r"[a-z0-9-]{0,12}(\.[a-z0-9-]{1,8}){0,3}", fullmatch=True))
def test_a_plain_host_stays_as_it_is(host: str) -> None:
    plain = plain_host(host)
    assert plain is None or plain_host(plain) == plain


def test_no_address_makes_it_fail() -> None:
    for url in ("https://" + "a" * 70_000, "https://" + "[" * 5000, "https://" + "ổ." * 3000, "\ud800://x"):
        assert not POLICY.decide(url).allowed
