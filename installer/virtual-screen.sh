#!/usr/bin/env bash
# Runs a command on a virtual screen with a window manager, which gives windows the keys as on a real desk.
# Usage: virtual-screen.sh COMMAND...   (KIOSK_SCREEN=1080x1920 for another size)
set -euo pipefail
exec xvfb-run -a -s "-screen 0 ${KIOSK_SCREEN:-1366x768}x24 -nolisten tcp" sh -c '
    openbox >/dev/null 2>&1 &
    manager=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q "window id" && break
        sleep 0.2
    done
    "$@"
    code=$?
    kill "$manager" 2>/dev/null
    exit "$code"' virtual-screen "$@"
