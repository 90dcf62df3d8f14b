"""The tree of a chat's messages."""

import pytest

from phidesk.core.chat import Role
from phidesk.core.conversation import ChatMessage
from phidesk.core.conversation_tree import ConversationTree


def message(name: str, parent: str | None, created: float = 0.0) -> ChatMessage:
    role = Role.USER if name.startswith("q") else Role.ASSISTANT
    return ChatMessage(id=name, parent=parent, role=role, text=name, created=created)


@pytest.fixture
def tree() -> ConversationTree:
    """Two versions of the first answer; the conversation went on after the older one."""
    return ConversationTree(
        [
            message("q1", None, 1),
            message("a1", "q1", 2),
            message("b1", "q1", 5),
            message("q2", "a1", 3),
            message("a2", "q2", 4),
        ],
        leaf="a2",
    )


def shown(tree: ConversationTree) -> str:
    return " ".join(message.text for message in tree.path())


def test_the_path_goes_from_the_first_message_to_the_leaf(tree: ConversationTree) -> None:
    assert shown(tree) == "q1 a1 q2 a2"
    assert [m.id for m in tree.path("b1")] == ["q1", "b1"]
    assert ConversationTree().path() == []


def test_without_a_leaf_the_newest_is_shown(tree: ConversationTree) -> None:
    again = ConversationTree([tree.get(at) for at in ("q1", "a1", "b1", "q2", "a2")])
    assert shown(again) == "q1 b1"
    gone = ConversationTree([message("q1", None), message("a1", "q1")], leaf="elsewhere")
    assert shown(gone) == "q1 a1"


def test_choosing_a_version_goes_down_to_what_was_said_last(tree: ConversationTree) -> None:
    assert tree.versions("b1") == ("a1", "b1")
    tree.choose("b1")
    assert shown(tree) == "q1 b1"
    tree.add(message("b2", "q2", 4))  # as old as a2: the one that came later is newer
    tree.choose("a1")
    assert shown(tree) == "q1 a1 q2 b2"


def test_a_new_version_stands_beside_the_old(tree: ConversationTree) -> None:
    tree.add(message("c1", "q1", 9))
    assert shown(tree) == "q1 c1"
    assert tree.versions("a1") == ("a1", "b1", "c1")
    tree.add(message("q0", None, 10))  # the first question, asked in another way
    assert tree.versions("q1") == ("q1", "q0")


def test_a_message_keeps_its_place_when_it_changes(tree: ConversationTree) -> None:
    tree.replace(ChatMessage(id="a1", parent="q1", role=Role.ASSISTANT, text="other"))
    assert shown(tree) == "q1 other q2 a2"
    with pytest.raises(ValueError, match="stays"):
        tree.replace(message("a1", None))
    for bad in (message("a1", "q1"), message("x", "nowhere")):
        with pytest.raises(ValueError, match="there is"):
            tree.add(bad)


@pytest.mark.parametrize(
    ("deleted", "left", "count"),
    [("a1", "q1 b1", 3), ("b1", "q1 a1 q2 a2", 1), ("a2", "q1 a1 q2", 1), ("q1", "", 5)],
)
def test_a_delete_takes_all_below_and_can_be_undone(
    tree: ConversationTree, deleted: str, left: str, count: int
) -> None:
    before = tree.versions(deleted)
    cut = tree.delete(deleted)
    assert cut.messages[0].id == deleted
    assert len(cut.messages) == count
    assert shown(tree) == left
    assert deleted not in tree
    tree.restore(cut)
    assert shown(tree) == "q1 a1 q2 a2"
    assert tree.versions(deleted) == before
    assert len(tree) == 5


def test_a_branch_is_a_copy_of_the_path(tree: ConversationTree) -> None:
    copies = tree.branch("q2")
    assert [m.text for m in copies] == ["q1", "a1", "q2"]
    assert not {m.id for m in copies} & {"q1", "a1", "q2"}
    assert shown(ConversationTree(copies)) == "q1 a1 q2"


def test_a_copy_has_all_versions_and_shows_the_same(tree: ConversationTree) -> None:
    tree.choose("b1")
    twin = ConversationTree(*tree.copy())
    assert shown(twin) == "q1 b1"
    first = twin.path()[1].id
    assert [twin.get(at).text for at in twin.versions(first)] == ["a1", "b1"]
    twin.choose(twin.versions(first)[0])
    assert shown(twin) == "q1 a1 q2 a2"


def test_damage_hides_no_message() -> None:
    """A parent that is gone, and messages that are each other's parent."""
    tree = ConversationTree(
        [message("q1", None, 1), message("a9", "gone", 2), message("x", "y", 3), message("y", "x")]
    )
    assert tree.versions("q1") == ("q1", "a9", "x")
    assert [m.id for m in tree.path("y")] == ["x", "y"]
    assert [m.id for m in tree.path("a9")] == ["a9"]


def test_a_thousand_messages_are_no_matter_of_depth() -> None:
    names = [f"q{number}" for number in range(5000)]
    tree = ConversationTree(
        message(name, names[number - 1] if number else None) for number, name in enumerate(names)
    )
    assert len(tree.path()) == 5000
    assert len(tree.delete("q1").messages) == 4999
