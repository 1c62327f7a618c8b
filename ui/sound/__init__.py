"""What is heard: the shell uses `ui.sound.desk.SoundDesk` and nothing else."""
