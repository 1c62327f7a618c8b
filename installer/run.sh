#!/usr/bin/env bash
# Sets everything up and runs the main job: with a display the kiosk in practice mode; without one the scripted
# rehearsal on a virtual screen, which leaves a folder of screenshots, the PDF and a report.
# Usage: run.sh [--out FOLDER]   (FOLDER of the rehearsal, default ./rehearsal)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
out="$PWD/rehearsal"
[ "${1:-}" != "--out" ] || out=$(realpath -m "${2:?--out needs a folder}")
cd "$root"

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    bash "$here/setup.sh"
    exec .venv/bin/python kiosk.py run --practice
fi

bash "$here/setup.sh" --test
# A rehearsal with made-up data may run as root on a build machine; the kiosk itself never does.
[ "$(id -u)" -ne 0 ] || export QTWEBENGINE_DISABLE_SANDBOX=1
exec bash "$here/virtual-screen.sh" .venv/bin/python kiosk.py rehearse --out "$out"
