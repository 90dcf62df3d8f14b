"""What is selected is copied as Markdown; code is saved as it is."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from phidesk.core.chat import Role
from phidesk.ui.thread.saving import save_code
from phidesk.ui.thread.selection import Place
from phidesk.ui.thread.view import ThreadView
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel

TEXT = """## Title

Some **bold *both*** and `code`, a [link](https://example.org/a).

1. one
2. two

   - inner

> quoted

```python
x = 1
```

| a | b |
|---|--:|
| 1 | 2 |"""


def test_whole_messages_are_copied_as_they_came(view: ThreadView, model: ThreadModel) -> None:
    model.add(ChatEntry(Role.USER, "Q *as is*"))
    model.add(ChatEntry(Role.ASSISTANT, TEXT))
    view.selectAll()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(view, Qt.Key.Key_C, both)
    assert QGuiApplication.clipboard().text() == f"Q *as is*\n\n{TEXT}"


def test_parts_become_markdown_again(view: ThreadView, model: ThreadModel) -> None:
    model.add(ChatEntry(Role.ASSISTANT, TEXT))
    view._documents.message(0).render_all()
    view._scene.selection.set(Place(0, 0, 2), Place(0, 8, 0))
    view.copy_markdown()
    expected = """## tle

Some **bold** ***both*** and `code`, a [link](https://example.org/a).

1. one

2. two

  - inner

> quoted

```python
x = 1
```

| a | b |
|---|--:|
| 1 | 2 |"""
    assert QGuiApplication.clipboard().text() == expected


def test_code_is_saved_exactly(
    view: ThreadView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def choose(_parent: object, _title: str, name: str) -> tuple[str, str]:
        asked.append(name)
        return str(tmp_path / "folder" / name), ""

    said: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    monkeypatch.setattr(QMessageBox, "warning", lambda _p, _t, words: said.append(words))
    save_code("print('漢')", "Python", view)
    assert "cannot be written" in said[0]
    (tmp_path / "folder").mkdir()
    save_code("print('漢')", "Python", view)
    assert asked == ["code.py", "code.py"]
    assert (tmp_path / "folder" / "code.py").read_bytes() == "print('漢')\n".encode()
    assert len(said) == 1
