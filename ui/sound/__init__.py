"""What is heard: the shell uses `ui.sound.desk.SoundDesk` and nothing else."""

from PySide6.QtCore import QLoggingCategory

# Qt warns of every driver and sound server that it looks for and can do without, as its libraries are loaded.
QLoggingCategory.setFilterRules("qt.multimedia.*=false")
