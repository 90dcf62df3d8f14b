"""Tells which templates come to an end by themselves, and need no process of their own."""

from jinja2 import TemplateError, nodes

from phidesk.core.odd_templates import odd_parts
from phidesk.worker.engines.template_rendering import environment

_DEEPEST = 4  # loops in loops, those of macros added: messages, their parts, calls, arguments
_TWICE = (nodes.Concat, nodes.Add, nodes.Mul)


def is_plain(text: str) -> bool:
    """Return whether nothing is odd about a template, and nothing in it repeats without end.

    What is not plain is not odd by that: some templates describe tools by a recursive macro.
    """
    if odd_parts(text):
        return False
    try:
        tree = environment().parse(text)
    except (TemplateError, RecursionError):
        return False
    if any(tree.find_all((nodes.Block, nodes.CallBlock))):
        return False
    macros = list(tree.find_all(nodes.Macro))
    depth = _depth(tree) + sum(map(_depth, macros))
    return depth <= _DEEPEST and not (_calls_itself(tree, macros) or _doubles(tree))


def _depth(node: nodes.Node) -> int:
    """Return how many loops are in one another."""
    own = 0
    if isinstance(node, nodes.For):
        own = _DEEPEST + 1 if node.recursive else 1
    return own + max(map(_depth, node.iter_child_nodes()), default=0)


def _calls_itself(tree: nodes.Template, macros: list[nodes.Macro]) -> bool:
    """Return whether a macro may come to itself: it names one, or one gets another name."""
    names = {macro.name for macro in macros}
    if any(name.name in names for macro in macros for name in macro.find_all(nodes.Name)):
        return True
    called = {id(call.node) for call in tree.find_all(nodes.Call)}
    return any(n.name in names and id(n) not in called for n in tree.find_all(nodes.Name))


def _doubles(tree: nodes.Template) -> bool:
    """Return whether a variable is put together from itself and itself."""
    for assign in tree.find_all(nodes.Assign):
        target = _name(assign.target)
        for made in nodes.Tuple([assign.node], "load").find_all(_TWICE):
            if [_name(node) for node in made.find_all(nodes.Expr)].count(target) > 1:
                return True
    return False


def _name(node: nodes.Node) -> tuple[str, str]:
    """Return a variable and its attribute, "" for none; two empty ones for all else."""
    if isinstance(node, nodes.Name):
        return node.name, ""
    if isinstance(node, nodes.NSRef):
        return node.name, node.attr
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return node.node.name, node.attr
    return "", ""
