"""What the visit process inherits from whoever started it."""

from portal.webview.environment import FLAGS, clean_environment


def test_remote_debugging_foreign_flags_and_preloads_are_gone() -> None:
    clean = clean_environment(
        {
            "PATH": "/usr/bin",
            "QTWEBENGINE_REMOTE_DEBUGGING": "9222",
            "QTWEBENGINE_CHROMIUM_FLAGS": "--disable-web-security",
            "QTWEBENGINEPROCESS_PATH": "/tmp/evil",
            "LD_PRELOAD": "/tmp/evil.so",
            "SSLKEYLOGFILE": "/tmp/keys",
        },
        gpu=True,
    )
    assert clean == {
        "PATH": "/usr/bin",
        "QTWEBENGINE_CHROMIUM_FLAGS": FLAGS,
        "LC_ALL": "C.UTF-8",
    }


def test_the_sandbox_switch_for_root_stays_and_the_given_mapping_is_untouched() -> None:
    given = {"QTWEBENGINE_DISABLE_SANDBOX": "1"}
    assert clean_environment(given)["QTWEBENGINE_DISABLE_SANDBOX"] == "1"
    assert given == {"QTWEBENGINE_DISABLE_SANDBOX": "1"}


def test_a_machine_without_graphics_device_does_not_start_a_gpu_process() -> None:
    assert "--disable-gpu" in clean_environment({}, gpu=False)["QTWEBENGINE_CHROMIUM_FLAGS"]
    assert "--disable-gpu" not in clean_environment({}, gpu=True)["QTWEBENGINE_CHROMIUM_FLAGS"]
