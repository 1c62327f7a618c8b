#!/usr/bin/env bash
# Sets the kiosk up in this checkout: Debian packages, then .venv from the lock file. Quick when all is there.
# Usage: setup.sh [--test]   (--test adds what the tests and the rehearsal without a display need)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
want_test=${1:-}

packages() {
    sed -e 's/#.*//' "$here/apt-packages.txt" | while read -r first second; do
        if [ "$first" = "test:" ]; then
            [ "$want_test" = "--test" ] && echo "$second"
        elif [ -n "$first" ]; then
            echo "$first"
        fi
    done || true
}

missing_packages() {
    # Only "installed" counts: a package removed but not purged is still known to dpkg.
    packages | while read -r name; do
        dpkg-query -W -f='${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed || echo "$name"
    done
}

if command -v apt-get >/dev/null; then
    missing=$(missing_packages)
    if [ -n "$missing" ]; then
        as_root=""
        if [ "$(id -u)" -ne 0 ]; then
            command -v sudo >/dev/null || { echo "Cần quyền root hoặc sudo để cài: / root or sudo is needed to install:" $missing >&2; exit 1; }
            as_root="sudo"
        fi
        echo "Đang cài gói hệ thống / installing system packages:" $missing
        $as_root apt-get update -q
        # shellcheck disable=SC2086
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
    fi
fi

lock="$root/requirements.lock"
stamp="$root/.venv/.locked"
fingerprint=$(sha256sum "$lock" | cut -d' ' -f1)
if [ ! -x "$root/.venv/bin/python" ] || ! "$root/.venv/bin/python" -c '' 2>/dev/null; then
    rm -rf "$root/.venv"
    python=$(command -v python3.11 || command -v python3)
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cần Python 3.11 trở lên / Python 3.11 or newer is needed" >&2; exit 1; }
    "$python" -m venv "$root/.venv"
fi
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$fingerprint" ]; then
    echo "Đang cài thư viện Python / installing Python libraries"
    "$root/.venv/bin/python" -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r "$lock"
    echo "$fingerprint" > "$stamp"
fi
