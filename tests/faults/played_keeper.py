"""A keeper program for plays. Arguments: settings, scenario of the first visit or "-", folder for pictures.

Says on stdout, one JSON line each, what its visits and it itself told: {"visit": number, "event": ...}.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from kioskcore.config import load_config
from kioskcore.journal import Journal
from kioskcore.keeper import Keeper
from kioskcore.paths import kiosk_command

settings, scenario, out = sys.argv[1:]
config = load_config(Path(settings))


def tell(number: int, event: Mapping[str, object]) -> None:
    if event["event"] != "beat":
        sys.stdout.write(json.dumps({"visit": number, **event}) + "\n")
        sys.stdout.flush()


keeper = Keeper(
    config,
    kiosk_command("visit", config=settings),
    Journal(config.state_folder),
    visit_extra=lambda number: ["--play", scenario, "--out", out] if number == 1 and scenario != "-" else [],
    on_event=tell,
)
sys.exit(keeper.run())
