"""Saves the settings, or says in words why that cannot be done."""

from PySide6.QtCore import QCoreApplication

from phidesk.core.settings import Settings, SettingsFile
from phidesk.viewmodels.words import in_words


def saving_problem(file: SettingsFile, settings: Settings) -> str:
    """Save the settings; returns "" where that went well."""
    try:
        file.save(settings)
    except OSError as error:
        words = QCoreApplication.translate("saving", "Your settings cannot be saved: {0}")
        return words.format(in_words(str(error)))
    return ""
