"""The proof of offline: every connection beyond this machine, or that there was none."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from phidesk.ui.icons import tinted_icon
from phidesk.ui.language import counted
from phidesk.ui.shield import MARKS
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Look
from phidesk.ui.widgets import in_card, label, resize_dialog
from phidesk.viewmodels.privacy import Connection, Exposure, PrivacyViewModel, Role, seen_at
from phidesk.viewmodels.trust import TrustViewModel
from phidesk.viewmodels.words import in_words

_SIZE = (680, 460)
_SHIELD = 64


class PrivacyDialog(QDialog):
    """Lists the connections as they come, exports them, and switches Offline."""

    def __init__(
        self, privacy: PrivacyViewModel, trust: TrustViewModel, look: Look, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._privacy = privacy
        self._trust = trust
        self._look = look
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Connections"))
        resize_dialog(self, *_SIZE)
        self.headline = label(role="title", wrap=True)
        self._note = label(role="muted", wrap=True)
        self._alarm = label(role="danger", wrap=True)
        self._nothing = label(role="muted", wrap=True)
        self._shield = QLabel()
        self._shield.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.list = self._make_list()
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_empty())
        self._pages.addWidget(self.list)
        self.offline = QCheckBox(self.tr("Offline: nothing goes out, not even what I start"))
        self.offline.setChecked(privacy.offline)
        self.offline.toggled.connect(privacy.set_offline)
        self.consents = QPushButton(self.tr("Kept consents…"))
        self.consents.clicked.connect(self._on_consents)
        self.export = QPushButton(self.tr("Export…"))
        self.export.clicked.connect(self._on_export)
        close = QPushButton(self.tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(self.consents)
        row.addStretch(1)
        row.addWidget(self.export)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(self.headline)
        column.addWidget(self._note)
        column.addWidget(self._alarm)
        column.addWidget(in_card(self._pages), 1)
        column.addWidget(self.offline)
        column.addLayout(row)
        close.setFocus()
        privacy.changed.connect(self._show)
        look.changed.connect(self._show)
        self._show()

    def _make_list(self) -> QTreeWidget:
        made = QTreeWidget()
        made.setObjectName("connections")
        made.setAccessibleName(self.tr("Connections beyond this machine"))
        made.setRootIsDecorated(False)
        made.setUniformRowHeights(True)
        heads = (
            self.tr("First seen"),
            self.tr("Part of phidesk"),
            self.tr("Address"),
            self.tr("Port"),
            self.tr("Name"),
        )
        made.setHeaderLabels(heads)
        made.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        made.header().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        return made

    def _make_empty(self) -> QWidget:
        made = QWidget()
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(made)
        column.setSpacing(SPACE_M)
        column.addStretch(1)
        column.addWidget(self._shield)
        column.addWidget(self._nothing)
        column.addStretch(1)
        return made

    def _show(self) -> None:
        privacy = self._privacy
        found, since = privacy.connections, f"{privacy.started:%H:%M}"
        is_unknown = privacy.exposure is Exposure.UNKNOWN
        icon, colour = MARKS[Exposure.UNKNOWN if is_unknown else Exposure.NONE]
        tinted = tinted_icon(icon, getattr(self._look.theme, colour))
        self._shield.setPixmap(tinted.pixmap(_SHIELD, _SHIELD))
        self._nothing.setText(
            self.tr("Not everything can be seen, so this is no proof that nothing has gone out.")
            if is_unknown
            else self.tr("Nothing that you write, and nothing that a model answers, has gone out.")
        )
        if not found and is_unknown:
            words = self.tr("No connection was seen since the start at {0}")
            self.headline.setText(words.format(since))
        elif not found:
            self.headline.setText(self.tr("No connection since the start at {0}").format(since))
        else:
            words = self.tr("{0} connections since the start at {1}", None, counted(len(found)))
            self.headline.setText(words.format(f"{len(found):,}", since))
        self._note.setText(
            self.tr(
                "Four times a second phidesk asks the system which connections the window, the "
                "engines and all that they start have. Those within this machine do not count; "
                "one that is opened and closed between two looks is not seen."
            )
        )
        self._alarm.setText(self._alarm_text())
        self._alarm.setVisible(bool(self._alarm.text()))
        for connection in found[self.list.topLevelItemCount() :]:
            self.list.addTopLevelItem(self._item(connection))
        self._pages.setCurrentIndex(1 if found else 0)

    def _alarm_text(self) -> str:
        words = []
        if self._privacy.exposure is Exposure.UNEXPECTED:
            words.append(self.tr("Not all of these are downloads: please report what you see."))
        if self._privacy.unreadable:
            text = self.tr("The system lets nobody look at {0} of the processes.")
            words.append(text.format(self._privacy.unreadable))
        if self._privacy.is_blind:
            words.append(self.tr("The system's table of connections cannot be read at present."))
        return " ".join(words)

    def _item(self, connection: Connection) -> QTreeWidgetItem:
        roles = {
            Role.WINDOW: self.tr("Window"),
            Role.WORKER: self.tr("Engine"),
            Role.DOWNLOAD: self.tr("Download"),
        }
        part = self.tr("{0} (process {1})").format(roles[connection.role], connection.pid)
        seen = f"{seen_at(connection):%H:%M:%S}"
        return QTreeWidgetItem(
            [seen, part, connection.address, str(connection.port), connection.host or "—"]
        )

    def _on_consents(self) -> None:
        from phidesk.ui.consents_dialog import ConsentsDialog

        ConsentsDialog(self._trust, self).open()

    def _on_export(self) -> None:
        kinds = self.tr("JSON (*.json);;CSV (*.csv)")
        name = f"phidesk-connections-{self._privacy.started:%Y-%m-%d}.json"
        path, kind = QFileDialog.getSaveFileName(self, self.tr("Export"), name, kinds)
        if path:
            ending = ".csv" if "csv" in kind else ".json"
            self.save(Path(path if Path(path).suffix else path + ending))

    def save(self, path: Path) -> None:
        """Write the list to a file, and say so."""
        try:
            self._privacy.export(path)
        except OSError as error:
            words = self.tr("“{0}” cannot be written: {1}.")
            self._alarm.setText(words.format(path.name, in_words(error.strerror or str(error))))
            self._alarm.show()
        else:
            self._note.setText(self.tr("Written to {0}").format(path))
