"""The sites and the guides that the settings name, read; and whether they can be read at all. Knows no Qt.

A fault in a file that a technician wrote is told when the program starts, not to the first citizen.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from kioskcore.config import Config
from kioskcore.errors import KioskError

if TYPE_CHECKING:
    from guides.library import Library
    from portal.sites import Sites


def read_library(config: Config) -> "Library":
    """Our guides and those of the settings' folder; a faulty one there is left out (`Library.faults`)."""
    from guides.library import open_library

    return open_library(config)


def read_sites(config: Config) -> "Sites":
    """Our sites and those of the settings' folder. Raises SiteError (SITE-INVALID)."""
    from portal.sites import DATA, load_sites

    return load_sites([DATA, *_named(config.portal.sites_folder)])


def folder_errors(config: Config) -> list[KioskError]:
    """What is wrong in the folders that the settings name, and in the lists that were imported.

    Folders that are not set are not read.
    """
    from guides.kept import kept_lists

    errors: list[KioskError] = []
    try:
        if config.portal.sites_folder:
            read_sites(config)
    except KioskError as error:
        errors.append(error)
    if config.guides.folder and (faults := read_library(config).faults):
        from guides.faults import GuideError

        errors.append(GuideError(faults))
    if damaged := kept_lists(config).damaged:
        errors.append(KioskError("CATALOGUE-DAMAGED", file=", ".join(damaged)))
    return errors


def hold_the_kiosk(errors: list[KioskError]) -> bool:
    """A faulty site may let too much in, so the kiosk stays shut; for a guide or a list ours serves."""
    return any(error.code not in ("GUIDE-INVALID", "CATALOGUE-DAMAGED") for error in errors)


def _named(folder: str) -> list[Path]:
    return [Path(folder)] if folder else []
