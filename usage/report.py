"""What the counts say: sums by mode and procedure, and the share of dossiers that people filed themselves."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kioskcore.ports import Measure
from kioskcore.visit import Mode
from usage.facts import Total

FILED = (Mode.SELF, Mode.GUIDED, Mode.ON_BEHALF)


@dataclass(frozen=True)
class Report:
    """`by_mode[mode][measure]` and `by_procedure[code][measure]` are sums; practice is only in `by_mode`."""

    by_mode: dict[str, dict[str, int]]
    by_procedure: dict[str, dict[str, int]]

    def submitted(self, *modes: Mode) -> int:
        return sum(self.by_mode[mode].get(Measure.SUBMITTED, 0) for mode in modes)

    @property
    def self_share(self) -> float | None:
        """Filed without any help, of all that were filed: 0..1; None where nothing was filed."""
        return self._share(Mode.SELF)

    @property
    def own_hand_share(self) -> float | None:
        """Filed by the citizen's own hand, alone or guided, of all that were filed."""
        return self._share(Mode.SELF, Mode.GUIDED)

    def _share(self, *modes: Mode) -> float | None:
        every = self.submitted(*FILED)
        return self.submitted(*modes) / every if every else None


def make_report(totals: Iterable[Total]) -> Report:
    by_mode: dict[str, Counter[str]] = {mode.value: Counter() for mode in Mode}
    by_procedure: dict[str, Counter[str]] = {}
    for total in totals:
        key = total.key
        by_mode[key.mode][key.measure] += total.value
        if key.mode != Mode.PRACTICE:
            by_procedure.setdefault(key.procedure, Counter())[key.measure] += total.value
    return Report(_sorted(by_mode), _sorted(dict(sorted(by_procedure.items()))))


def _sorted(table: dict[str, Counter[str]]) -> dict[str, dict[str, int]]:
    return {name: dict(sorted(sums.items())) for name, sums in table.items()}
