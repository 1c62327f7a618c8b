"""The kiosk's own Vietnamese keyboard: the shell uses `ui.keyboard.keyboard.Keyboard` and nothing else."""
