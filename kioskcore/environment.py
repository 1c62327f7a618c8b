"""What a visit inherits from whoever started the kiosk: nothing that loads foreign code or opens a door."""

from collections.abc import Mapping

_KEPT = frozenset({"QTWEBENGINE_DISABLE_SANDBOX"})  # root (tests, containers) cannot use Chromium's sandbox
_FOREIGN = ("LD_", "DYLD_", "QTWEBENGINE", "QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QML")
_NAMED = frozenset({"SSLKEYLOGFILE", "CHROME_LOG_FILE", "NODE_OPTIONS", "PYTHONSTARTUP", "PYTHONINSPECT"})


def without_foreign(environment: Mapping[str, str]) -> dict[str, str]:
    """A copy without preloads and library paths, Qt's plug-in paths, Chromium's flags and remote debugging.

    For the start of a process: where one runs already, its libraries are loaded.
    """
    return {
        name: value
        for name, value in environment.items()
        if name in _KEPT or not (name in _NAMED or name.startswith(_FOREIGN))
    }
