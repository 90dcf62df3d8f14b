"""Has the window say in its language what the layers below it say.

They do not know Qt and speak English, to the command line and the log as well.
"""

from PySide6.QtCore import QCoreApplication


def in_words(text: str) -> str:
    """Return what a lower layer said in the language of the window."""
    language = QCoreApplication.translate("LanguageCode", "en")
    if language == "en" or not text:
        return text
    # Here: in English none of it is needed.
    from phidesk.viewmodels.sentences import translated

    return translated(text, language)
