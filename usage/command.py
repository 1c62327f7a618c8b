"""The `kiosk.py counts` command: the running totals and what they say, for people or as JSON."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from kioskcore.config import Config
from kioskcore.journal import Journal
from kioskcore.ports import Measure
from kioskcore.visit import Mode
from kioskcore.words import Words, core_words, load_words
from usage.facts import Total, as_row
from usage.report import Report, make_report

WORDS_FOLDER = Path(__file__).resolve().parent / "words"
_DAY = "YYYY-MM-DD"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="in ra JSON / print JSON")
    parser.add_argument("--from", dest="first", type=_day, metavar=_DAY, help="từ ngày / first day")
    parser.add_argument("--to", dest="last", type=_day, metavar=_DAY, help="đến ngày / last day")


def run(args: argparse.Namespace, config: Config) -> int:
    """0 printed; 1 the counts could not be read, or were damaged and began anew (said on stderr)."""
    from usage.store import CountStore

    store = CountStore(config.database_url, Journal(config.state_folder))
    totals = store.totals(args.first, args.last)
    store.close()
    words = load_words([WORDS_FOLDER])[config.screen.languages[0]]
    report = make_report(totals)
    if args.json:
        sys.stdout.write(json.dumps(as_json(totals, report), ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(as_text(report, words))
    if store.notice:
        core = core_words()[words.language]
        sys.stderr.write(" ".join(core.error(store.notice)) + "\n")
        return 1
    return 0


def as_json(totals: list[Total], report: Report) -> dict[str, object]:
    return {
        "rows": [as_row(total) for total in totals],
        "by_mode": report.by_mode,
        "by_procedure": report.by_procedure,
        "self_share": report.self_share,
        "own_hand_share": report.own_hand_share,
    }


def as_text(report: Report, words: Words) -> str:
    """One line a mode, practice told apart, then the shares, then one line a procedure."""
    lines = []
    for mode in Mode:
        sums = report.by_mode[mode]
        facts = {"visits": sums.get(Measure.VISIT, 0), "submitted": sums.get(Measure.SUBMITTED, 0)}
        key = "counts.practice" if mode is Mode.PRACTICE else "counts.mode"
        lines.append(words.say(key, mode=words.say(f"mode.{mode}"), **facts))
    if report.self_share is None or report.own_hand_share is None:
        lines.append(words.say("counts.nothing"))
    else:
        alone, own_hand = round(report.self_share * 100), round(report.own_hand_share * 100)
        lines.append(words.say("counts.shares", alone=alone, own_hand=own_hand))
    for code, sums in report.by_procedure.items():
        name = words.say("counts.other") if code == "other" else code
        submitted = sums.get(Measure.SUBMITTED, 0)
        lines.append(words.say("counts.procedure", code=name, submitted=submitted))
    return "".join(f"{line}\n" for line in lines)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_DAY) from None
