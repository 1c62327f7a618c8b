"""Scenario files: what they may say, what is told about a wrong one, and the made-up people."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.rehearsal.scenario import VERBS, Made, ScenarioError, fill, load_scenario

WHOLE = """
title = "Khai sinh"
[start]
practice = true
language = "vi"
guide = "khai-sinh"
[variables]
ten = { random = "name" }
so = { random = "digits:12" }
xa = "Xã Thử"
[[steps]]
tap = "Chạm để bắt đầu"
[[steps]]
type = "${ten}"
into = "Họ và tên"
[[steps]]
choose = "${xa}"
from = "Nơi ở"
within = 30
[[steps]]
tick = "Tôi cam đoan"
optional = true
[[steps]]
read = 'Mã hồ sơ: (\\S+)'
as = "ma"
[[steps]]
expect = "${ma}"
where = "kiosk"
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "thu.toml"
    file.write_text(text, encoding="utf-8")
    return file


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(ScenarioError) as wrong:
        load_scenario(write(folder, text))
    assert wrong.value.code == "SCENARIO-INVALID"
    assert wrong.value.facts["file"] == "thu.toml"
    return wrong.value.faults


def test_a_whole_scenario(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, WHOLE))
    assert scenario.start.guide == "khai-sinh"
    assert [step.verb for step in scenario.steps] == ["tap", "type", "choose", "tick", "read", "expect"]
    assert scenario.steps[1].target == "${ten}"
    assert scenario.steps[2].from_ == "Nơi ở"
    assert scenario.steps[2].within == 30
    assert scenario.steps[4].as_ == "ma"


def test_made_up_values_differ_from_play_to_play_and_say_that_they_are_made_up(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, WHOLE))
    one, two = scenario.draw(Random(1)), scenario.draw(Random(2))
    assert one != two
    assert one == scenario.draw(Random(1))
    assert "Thử" in one["ten"]
    assert len(one["so"]) == 12
    assert one["so"].isdigit()
    assert one["xa"] == "Xã Thử"
    assert fill("ông ${ten}, ${xa}", one) == f"ông {one['ten']}, Xã Thử"


def test_every_fault_is_told_with_its_step(tmp_path: Path) -> None:
    told = faults(
        tmp_path,
        """
        [[steps]]
        tap = "a"
        type = "b"
        [[steps]]
        into = "c"
        [[steps]]
        type = "d"
        [[steps]]
        tap = "e"
        toi = "f"
        [[steps]]
        wait = -1
        [[steps]]
        read = "("
        as = "x"
        [[steps]]
        tap = "g"
        from = "h"
        [variables]
        s = { random = "cmnd" }
        """,
    )
    text = "\n".join(told)
    for number in range(1, 8):
        assert f"bước/step {number}" in text, number
    assert "random" in text
    assert "unknown key" in text


def test_unknown_variables_are_told_with_their_step(tmp_path: Path) -> None:
    told = faults(tmp_path, '[[steps]]\ntap = "${ma}"\n[[steps]]\nread = "x"\nas = "ma"\n')
    assert told == ["bước/step 1: ${ma} ?"]


@pytest.mark.parametrize(
    "text",
    ["", "steps = []", "[[steps]]\ntap = ''", "nonsense =", '[start]\nspeed = 2\n[[steps]]\ntap = "a"'],
)
def test_other_wrong_files(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text)


def test_a_missing_file_and_a_wrong_encoding(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError):
        load_scenario(tmp_path / "không-có.toml")
    file = tmp_path / "x.toml"
    file.write_bytes(b'title = "\xff"')
    with pytest.raises(ScenarioError):
        load_scenario(file)


@given(st.sampled_from(["digits", "letters"]), st.integers(min_value=1, max_value=200), st.integers())
def test_drawn_values_have_the_length_asked_for(kind: str, length: int, seed: int) -> None:
    value = Made(random=f"{kind}:{length}").draw(Random(seed))
    assert len(value) == length
    assert value.isdigit() == (kind == "digits")


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), st.text(), min_size=1))
def test_filling_puts_each_value_in_its_place_once(values: dict[str, str]) -> None:
    text = "|".join(f"${{{name}}}" for name in values)
    assert fill(text, values) == "|".join(values.values())


def test_every_verb_is_in_the_document() -> None:
    document = (Path(__file__).parents[2] / "docs" / "scenario.md").read_text(encoding="utf-8")
    vietnamese, english = document.split("\n# In English", 1)
    for verb in VERBS:
        assert f"| `{verb}" in vietnamese, verb
        assert f"| `{verb}" in english, verb
    codes = "NOT-FOUND COVERED DISABLED OUTSIDE MOVING STILL-THERE NO-OPTION NOT-CHOSEN NOT-TICKED NOT-TYPED"
    for code in (*codes.split(), "NOT-UPLOADED", "NO-KEY", "NO-PAGE"):
        assert vietnamese.count(code) and english.count(code), code


def test_the_worked_example_of_the_document_is_valid(tmp_path: Path) -> None:
    document = (Path(__file__).parents[2] / "docs" / "scenario.md").read_text(encoding="utf-8")
    examples = [part.split("```")[0] for part in document.split("```toml")[1:]]
    whole = [text for text in examples if "\n[[steps]]\n" in text]
    assert len(whole) == 1
    scenario = load_scenario(write(tmp_path, whole[0]))
    assert {step.verb for step in scenario.steps} == set(VERBS)
