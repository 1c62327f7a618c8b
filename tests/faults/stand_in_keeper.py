"""A keeper program for fault tests. Arguments: base folder, then the plan of every visit."""

import sys
from pathlib import Path

from kioskcore.errors import KioskError
from kioskcore.exit_code import ExitCode
from kioskcore.keeper import Patience
from tests.kioskcore.keeper_scene import Scene

base, *plan = sys.argv[1:]
scene = Scene(Path(base))
keeper = scene.make(lambda number: " ".join(plan), patience=Patience(quit=0.5))
try:
    sys.exit(keeper.run())
except KioskError as error:
    sys.stderr.write(f"{error.code}\n")
    sys.exit(ExitCode.ALREADY_RUNNING)
