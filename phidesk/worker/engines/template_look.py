"""Tells which templates are plain enough to be rendered without a process of their own.

Plain is what few parts of the language can say: loops over what is given, values that do not grow
from turn to turn, and filters that make no more of a text. All else is rendered apart.
"""

from collections.abc import Iterable
from typing import TypeVar

from jinja2 import TemplateError, nodes

from phidesk.core.odd_templates import odd_parts
from phidesk.worker.engines.template_rendering import environment

_LONGEST = 16 * 1024  # characters; those of most models have less than 5,000
_MOST_CALLS = 100  # of filters and functions
_MOST_WRAPS = 4  # of texts written into texts, in one another
_MOST_JOINED = 12  # variables in values that are put together from others
_DEEPEST = 4  # loops in loops: messages, their parts, calls, arguments
_LARGEST = 16  # number that a filter is given, such as an indent
_NODES = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.NSRef,
    nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.For, nodes.If, nodes.Assign, nodes.Filter,
    nodes.Call, nodes.Keyword, nodes.Test, nodes.Compare, nodes.Operand, nodes.Not, nodes.And,
    nodes.Or, nodes.Neg, nodes.Add, nodes.Sub, nodes.Concat, nodes.CondExpr, nodes.List,
    nodes.Tuple, nodes.Mod, nodes.Break, nodes.Continue,
)  # fmt: skip
_Node = TypeVar("_Node", bound=nodes.Node)
_FILTERS = {"trim", "tojson", "length", "count", "first", "last", "upper", "lower", "int", "items"}
_FILTERS |= {"default", "capitalize"}
_METHODS = {"strip", "lstrip", "rstrip", "split", "startswith", "endswith", "items", "get", "upper"}
_METHODS |= {"lower", "keys", "values", "title"}
_FUNCTIONS = {"raise_exception", "namespace"}


def is_plain(text: str) -> bool:
    """Return whether a template may be rendered here; what is not plain is not odd by that."""
    if len(text) > _LONGEST or odd_parts(text):
        return False
    try:
        tree = environment().parse(text)
        return _Look(tree).is_plain()
    except (TemplateError, RecursionError):
        return False


class _Look:
    def __init__(self, tree: nodes.Template) -> None:
        self._tree = tree
        self._all = [tree, *tree.find_all(nodes.Node)]
        self._stored = {n.name for n in self._of(nodes.Name) if n.ctx != "load"}
        self._kept = self._find_kept()

    def is_plain(self) -> bool:
        calls = [node for node in self._all if isinstance(node, nodes.Filter | nodes.Call)]
        return (
            all(isinstance(node, _NODES) for node in self._all)
            and len(calls) <= _MOST_CALLS
            and all(map(self._is_plain_call, calls))
            and all(map(_is_constant, self._of(nodes.List)))
            and all(map(_is_constant, self._of(nodes.Tuple)))
            and all(map(_is_of_the_loop, self._of(nodes.Mod)))
            and not any(loop.recursive for loop in self._of(nodes.For))
            and _depth(self._tree, nodes.For) <= _DEEPEST
            and _wraps(self._tree) <= _MOST_WRAPS
            and "loop" not in self._stored
            and not self._grows()
        )

    def _of(self, kind: type[_Node]) -> list[_Node]:
        return [node for node in self._all if isinstance(node, kind)]

    def _find_kept(self) -> set[str]:
        """Return the names through which a value comes to the next turn: what namespaces hold."""
        pairs = [(_names([a.target]), _names([a.node])) for a in self._of(nodes.Assign)]
        pairs += [(_names([loop.target]), _names([loop.iter])) for loop in self._of(nodes.For)]
        kept = {node.name for node in self._of(nodes.NSRef)}
        found = -1
        while found != len(kept):
            found = len(kept)
            kept.update(*(target for target, value in pairs if kept.intersection(value)))
        return kept

    def _grows(self) -> bool:
        """Return whether variables are put together from each other again and again."""
        joined = 0
        for assign in self._of(nodes.Assign):
            if any(map(_joins, [assign.node, *assign.node.find_all(nodes.Expr)])):
                names = _names([assign.node])
                if self._kept.intersection(names) or isinstance(assign.target, nodes.NSRef):
                    return True
                joined += sum(name in self._stored for name in names)
        return joined > _MOST_JOINED

    def _is_plain_call(self, node: nodes.Filter | nodes.Call) -> bool:
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            return False
        given = [*node.args, *(pair.value for pair in node.kwargs)]
        if isinstance(node, nodes.Call):
            called = node.node
            if isinstance(called, nodes.Name):
                if called.name == "strftime_now":
                    return called.name not in self._stored and all(map(_is_small, given))
                return called.name in _FUNCTIONS - self._stored
            is_known = isinstance(called, nodes.Getattr) and called.attr in _METHODS
        else:
            is_known = node.node is not None and node.name in _FILTERS
        return is_known and all(map(_is_small, given))


def _names(values: Iterable[nodes.Node]) -> list[str]:
    """Return all variables in expressions, each as often as it is there."""
    within = nodes.Tuple(list(values), "load")  # find_all leaves out where it begins
    kept = [node.name for node in within.find_all(nodes.NSRef)]
    return kept + [node.name for node in within.find_all(nodes.Name)]


def _joins(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Add):  # a number more is no longer text
        return not any(
            isinstance(side, nodes.Const) and isinstance(side.value, int)
            for side in (node.left, node.right)
        )
    return isinstance(node, nodes.Concat) or (
        isinstance(node, nodes.Filter) and node.name == "tojson"
    )


def _is_small(node: nodes.Expr) -> bool:
    if isinstance(node, nodes.Neg):
        node = node.node
    return isinstance(node, nodes.Const) and not (
        isinstance(node.value, int | float) and node.value > _LARGEST
    )


def _is_constant(node: nodes.List | nodes.Tuple) -> bool:
    """Return whether a list has only constants; the targets of a loop are one, too."""
    kinds = nodes.Name if getattr(node, "ctx", "load") == "store" else nodes.Const
    return all(isinstance(item, kinds) for item in node.items)


def _is_of_the_loop(node: nodes.Mod) -> bool:
    """Return whether it is each second turn that is asked for; of a text, it would be a layout."""
    left = node.left
    return isinstance(left, nodes.Getattr) and left.attr == "index0" and _names([left]) == ["loop"]


def _depth(node: nodes.Node, kind: type[nodes.Node]) -> int:
    """Return how many of a kind are in one another."""
    inner = max((_depth(child, kind) for child in node.iter_child_nodes()), default=0)
    return inner + isinstance(node, kind)


def _wraps(node: nodes.Node) -> int:
    """Return how often a text is written into another, which may double its backslashes."""
    inner = max(map(_wraps, node.iter_child_nodes()), default=0)
    is_split = isinstance(node, nodes.Getattr) and node.attr == "split"
    return inner + (is_split or (_joins(node) and not isinstance(node, nodes.Add)))
