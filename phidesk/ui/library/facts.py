"""All that is known of the chosen model, behind a fold."""

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt
from PySide6.QtWidgets import QFormLayout, QToolButton, QVBoxLayout, QWidget

from phidesk.ui.format import size
from phidesk.ui.icons import tinted_icon
from phidesk.ui.library.wording import NONE, engines_text, parameters_text, source_text
from phidesk.ui.theme import SPACE_S, Look
from phidesk.ui.widgets import label
from phidesk.viewmodels.library import LibraryViewModel, Row
from phidesk.viewmodels.words import in_words

_MOST_FILES = 12
_MOST_SETTINGS = 8


class ModelFacts(QWidget):
    """A form of names and values, hidden until it is asked for."""

    def __init__(self, library: LibraryViewModel, look: Look) -> None:
        super().__init__()
        self._library = library
        self._look = look
        self.fold = QToolButton()
        self.fold.setProperty("role", "fold")
        self.fold.setText(self.tr("All details"))
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setIconSize(QSize(12, 12))
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._on_folded)
        self._inside = QWidget()
        self._form = QFormLayout(self._inside)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(SPACE_S)
        self._inside.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._inside)
        self._shown: list[tuple[str, str]] = []
        look.changed.connect(self._tint)
        self._tint()

    def show_row(self, row: Row | None) -> None:
        """Show another model, or what is new about it."""
        facts = [(name, value) for name, value in self._facts(row) if value] if row else []
        self.setVisible(bool(facts))
        if facts == self._shown:
            return
        self._shown = facts
        while self._form.rowCount():
            self._form.removeRow(0)
        for name, value in facts:
            text = label(value, wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            text.setMinimumWidth(10)
            title = label(name, "muted")
            title.setAlignment(Qt.AlignmentFlag.AlignTop)
            self._form.addRow(title, text)

    @property
    def shown(self) -> dict[str, str]:
        """What is said, by name."""
        return dict(self._shown)

    def _facts(self, row: Row) -> list[tuple[str, str]]:
        entry, sizes = row.entry, row.entry.figures
        heads = str(sizes.heads) if sizes.heads else ""
        if sizes.heads and sizes.kv_heads and sizes.kv_heads != sizes.heads:
            heads = self.tr("{0}, {1} for keys and values").format(sizes.heads, sizes.kv_heads)
        template = {True: self.tr("yes"), False: self.tr("none"), None: ""}[entry.has_template]
        return [
            (self.tr("Family"), entry.family),
            (self.tr("Network"), entry.network),
            (self.tr("Parameters"), self._parameters(row)),
            (self.tr("Layers"), _count(sizes.layers)),
            (self.tr("Heads"), heads),
            (self.tr("Hidden size"), _count(sizes.hidden)),
            (self.tr("Experts"), _count(sizes.experts)),
            (self.tr("Vocabulary"), _count(sizes.vocabulary)),
            (self.tr("Chat template"), template),
            (self.tr("Quantization"), _settings(entry.quantization)),
            (self.tr("Report card"), entry.verdict),
            (self.tr("Licence"), in_words(entry.licence)),
            (self.tr("Engines"), engines_text(row.engines)),
            (self.tr("From"), source_text(self, entry.source)),
            (self.tr("Repository"), entry.repo),
            (self.tr("Revision"), entry.revision[:12]),
            (self.tr("Also named"), ", ".join(entry.aliases)),
            (self.tr("Same weights"), self._same(row)),
            (self.tr("Changed"), _date(entry.modified)),
            (self.tr("Files"), self._files(row)),
        ]

    def _parameters(self, row: Row) -> str:
        entry = row.entry
        words = parameters_text(entry.parameters)
        if words == NONE:
            return ""
        return f"{entry.parameters:,}" if entry.is_exact else self.tr("about {0}").format(words)

    def _same(self, row: Row) -> str:
        linked = self.tr("{0} (the same file)")
        found = self._library.same_weights(row.ref.path)
        return "\n".join(linked.format(name) if is_one else name for name, is_one in found)

    def _files(self, row: Row) -> str:
        files, count = row.entry.files, row.entry.file_count
        lines = [f"{file.name} · {size(file.size)}" for file in files[:_MOST_FILES]]
        if count > len(lines):
            lines.append(self.tr("and {0} more").format(f"{count - len(lines):,}"))
        return "\n".join(lines)

    def _on_folded(self, shown: bool) -> None:
        self._inside.setVisible(shown)
        self._tint()

    def _tint(self) -> None:
        icon = "chevron-up" if self.fold.isChecked() else "chevron-down"
        self.fold.setIcon(tinted_icon(icon, self._look.theme.muted))


def _count(number: int | None) -> str:
    return f"{number:,}" if number else ""


def _settings(known: dict[str, str]) -> str:
    return "\n".join(f"{key}: {value}" for key, value in list(known.items())[:_MOST_SETTINGS])


def _date(seconds: float) -> str:
    if seconds <= 0:
        return ""
    when = QDateTime.fromSecsSinceEpoch(int(min(seconds, 2**33)))
    return QLocale().toString(when.date(), QLocale.FormatType.ShortFormat)
