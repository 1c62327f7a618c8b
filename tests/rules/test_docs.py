"""What the pages for technicians show can be used as it stands there."""

import re
import tomllib
from pathlib import Path

import pytest

from kioskcore.config import load_config
from kioskcore.paths import ROOT
from portal.policy import Policy
from portal.sites import Site, load_sites
from scanner.clean.judge.judge import Verdict
from ui.rehearsal.scenario import Scenario, load_scenario

SITE_FILES, SCENARIO = (
    (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("site-files.md", "scenario.md")
)
PLAYED = ROOT / "tests" / "journeys" / "other_portal" / "scenario.toml"


def examples(page: str, mark: str) -> list[str]:
    """The TOML blocks of a page that have a line beginning with `mark`."""
    blocks = re.findall(r"(?ms)^ *```toml\n(.*?)^ *```", page)
    return [block for block in blocks if re.search(rf"(?m)^ *{re.escape(mark)}", block)]


def test_the_site_file_of_the_page_is_one_and_opens_the_home_of_the_page(tmp_path: Path) -> None:
    (text,) = examples(SITE_FILES, "checked_on = ")
    (tmp_path / "binh-thu.toml").write_text(text, encoding="utf-8")
    sites = load_sites([tmp_path])
    for page in (SITE_FILES, SCENARIO):
        (settings,) = examples(page, "[portal]")
        home = tomllib.loads(settings)["portal"]["home"]
        assert Policy(sites).decide(home).allowed


@pytest.mark.parametrize("page", [SITE_FILES, SCENARIO], ids=["site-files", "scenario"])
def test_the_settings_of_the_pages_are_right(tmp_path: Path, page: str) -> None:
    for name in ("sites", "sane"):
        (tmp_path / name).mkdir()
    (settings,) = examples(page, "[portal]")
    (tmp_path / "settings.toml").write_text(settings, encoding="utf-8")
    assert load_config(tmp_path / "settings.toml").portal.sites_folder == str(tmp_path / "sites")


def test_the_scenario_of_the_page_has_every_step_of_the_one_that_is_played(tmp_path: Path) -> None:
    (text,) = examples(SCENARIO, "[[steps]]")
    (tmp_path / "example.toml").write_text(text, encoding="utf-8")
    shown, played = load_scenario(tmp_path / "example.toml"), load_scenario(PLAYED)
    rest = iter(acts(shown))
    assert all(act in rest for act in acts(played))
    assert shown.start == played.start and shown.variables.keys() == played.variables.keys()


def acts(scenario: Scenario) -> list[tuple[str, str, str | None]]:
    return [(step.verb, step.target, step.into or step.from_ or step.as_) for step in scenario.steps]


def test_every_key_of_a_site_file_is_explained_in_both_languages() -> None:
    vietnamese, english = SITE_FILES.split("\n# In English", 1)
    tables = {"name": ("vi", "en"), "purpose": ("vi", "en"), "upload": ("max_mb", "types")}
    keys = [f"{key}.{part}" if part else key for key in Site.model_fields for part in tables.get(key, ("",))]
    for text in (vietnamese, english):
        rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| `")]
        explained = {name for row in rows if len(row) == 4 for name in re.findall(r"`([\w.]+)`", row[0])}
        assert explained == set(keys)


def test_the_pages_know_each_other_and_the_readme_both() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("site-files.md", "scenario.md"):
        assert readme.count(f"(docs/{name})") == 2
    assert SCENARIO.count("(site-files.md)") >= 2 and SITE_FILES.count("(scenario.md)") == 2


def test_the_readme_names_every_verdict_in_both_languages() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [code for code in Verdict if readme.count(f"`{code}`") < 2] == []
