#!/usr/bin/env bash
# Sets everything up and passes the tests: lint, types, import directions, then the suite under a virtual screen.
# Usage: test.sh [pytest arguments]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$(dirname "$here")"
bash "$here/setup.sh" --test

# Chromium's sandbox cannot run as root; the tests may, the shipped launcher never does.
[ "$(id -u)" -ne 0 ] || export QTWEBENGINE_DISABLE_SANDBOX=1
export LC_ALL=C.UTF-8
# Some hundred processes start in the tests: where compiled modules are not kept, each compiles them all again.
unset PYTHONDONTWRITEBYTECODE

echo "== ruff";         .venv/bin/ruff check .
echo "== mypy";         .venv/bin/mypy
echo "== import rules"; .venv/bin/lint-imports
echo "== pytest"
# Side by side one more than there are cores, since most tests wait for windows and processes; with more the long
# plays of whole visits starve each other, and more than four win nothing. A file of tests whole on one of them,
# in the order of the folders, so that those plays come first.
workers=$(($(nproc) + 1)); [ "$workers" -le 4 ] || workers=4
# A test that hangs where no exception reaches it (an event loop of Qt's) says where, and ends the run at last.
exec timeout --kill-after=30 75m .venv/bin/python -m pytest -n "$workers" --dist loadfile --no-loadscope-reorder \
    -o faulthandler_timeout=300 "$@"
