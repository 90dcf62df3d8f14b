"""Items of a list that are to be done have a box in their bullet's place."""

from PySide6.QtGui import QGuiApplication

from phidesk.core.chat import Role
from phidesk.ui.theme import LIGHT
from phidesk.ui.thread.selection import Place
from phidesk.ui.thread.typesetter import BOX_ROOM
from phidesk.ui.thread.view import ThreadView
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel

TEXT = (
    "- [ ] write\n- [x] test\n  - [X] inner\n- [link](https://x.org)\n- [y] no task\n\n"
    "9. [ ] one\n10. [x] two"
)


def test_boxes_are_shown_and_copied_as_markdown(view: ThreadView, model: ThreadModel) -> None:
    model.add(ChatEntry(Role.ASSISTANT, TEXT))
    message = view._documents.message(0)
    message.render_all()
    shown = [(item.block.marker, item.block.text) for item in message.layout.items]
    assert shown == [
        ("☐", "write"),
        ("☑", "test"),
        ("☑", "inner"),
        ("•", "link"),
        ("•", "[y] no task"),
        ("9. ☐", "one"),
        ("10. ☑", "two"),
    ]
    picture = view.grab().toImage()
    done = view._geometry.origin(0).y() + message.layout.items[1].y - view.verticalOffset()
    column = view._geometry.x
    colours = {
        picture.pixelColor(column + x, done + y).name() for x in range(4, 24) for y in range(30)
    }
    assert LIGHT.accent in colours
    view._scene.selection.set(Place(0, 0, 0), Place(0, 2, 5))
    view.copy_markdown()
    lines = QGuiApplication.clipboard().text().split("\n\n")
    assert lines == ["- [ ] write", "- [x] test", "  - [x] inner"]
    view._scene.selection.set(Place(0, 5, 0), Place(0, 6, 3))
    view.copy_markdown()
    assert QGuiApplication.clipboard().text().split("\n\n") == ["9. [ ] one", "10. [x] two"]


def test_long_numbers_stand_whole_in_the_margin_before_their_boxes(
    view: ThreadView, model: ThreadModel
) -> None:
    view.resize(300, 400)
    model.add(ChatEntry(Role.ASSISTANT, "100. [ ] one\n\n123456789) [x] two\n\n1. three"))
    picture = view.grab().toImage()
    layout = view._documents.message(0).layout
    starts = []
    for item in layout.items:
        assert item.document is not None
        starts.append(item.document.firstBlock().layout().lineAt(0).naturalTextRect().x())
        top = view._geometry.origin(0).y() + item.y - view.verticalOffset()
        edge = {picture.pixelColor(0, y).name() for y in range(top, top + item.height)}
        assert edge == {LIGHT.surface}
    assert starts[1] > starts[0] == BOX_ROOM > starts[2] == 0
