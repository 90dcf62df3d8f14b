"""The language of the window: which there are, and how one is put to use."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale

from phidesk.core.paths import resources

SYSTEM = "system"
_ENGLISH = "en"


def languages() -> dict[str, str]:
    """Return what the window can speak, by code, each by its own name: "zh_CN" is 简体中文."""
    codes = {path.stem.removeprefix("phidesk_") for path in _folder().glob("phidesk_*.qm")}
    names = {code: QLocale(code).nativeLanguageName() for code in sorted(codes - {_ENGLISH})}
    return {_ENGLISH: "English", **names}  # Qt's own name of it is American English


def use_language(app: QCoreApplication, code: str) -> None:
    """Have what is made from now on speak a language; "system": its first one that is known.

    Where that is English nothing is loaded, nor looked for.
    """
    if code != SYSTEM:
        QLocale.setDefault(QLocale(code))
    for wanted in [code] if code != SYSTEM else QLocale.system().uiLanguages():
        name = QLocale(wanted).name()  # of "zh-Hans", too: zh_CN
        if name.partition("_")[0] == _ENGLISH:
            return
        if (_folder() / f"phidesk_{name}.qm").is_file():
            _install(app, name)
            return


def counted(number: int) -> int:
    """Return how many there are, for tr(): `self.tr("{0} lines", None, counted(lines))`.

    The code says it for many, as English does for all but one: the start needs no translation.
    """
    if number == 1:
        from PySide6.QtCore import QTranslator

        app = QCoreApplication.instance()
        if app is not None and app.findChild(QTranslator) is None:
            _load(app, _ENGLISH, "phidesk", str(_folder()))
    return number


def _install(app: QCoreApplication, code: str) -> None:
    """Load a language; phidesk's own words last: they are asked for first."""
    # Here: in English these names of Qt would cost the start some milliseconds.
    from PySide6.QtCore import QLibraryInfo

    of_qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for whose, folder in (("qtbase", of_qt), ("phidesk", str(_folder()))):
        _load(app, code, whose, folder)


def _load(app: QCoreApplication, code: str, whose: str, folder: str) -> None:
    from PySide6.QtCore import QTranslator

    translator = QTranslator(app)
    if translator.load(f"{whose}_{code}", folder):
        app.installTranslator(translator)


def _folder() -> Path:
    return resources() / "translations"
