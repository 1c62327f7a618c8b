"""Plays a whole visit on the real windows by mouse and key events."""
