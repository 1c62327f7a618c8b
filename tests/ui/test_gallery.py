"""`kiosk.py screens` writes a picture of every screen."""

import argparse

from kioskcore.config import Config
from ui import gallery


def test_every_shot_becomes_a_picture(qapp, tmp_path, monkeypatch) -> None:
    wanted = ("01-waiting", "16-portal", "28-idle")
    monkeypatch.setattr(gallery, "SHOTS", {name: gallery.SHOTS[name] for name in wanted})
    parser = argparse.ArgumentParser()
    gallery.add_arguments(parser)
    how = ["--size", "1366x768", "--text-size", "huge", "--contrast", "--practice"]
    args = parser.parse_args(["--out", str(tmp_path), *how])
    assert gallery.run(args, Config()) == 0
    for language in ("vi", "en"):
        names = {file.stem for file in (tmp_path / f"1366x768-huge-{language}").glob("*.png")}
        assert names == set(wanted)
