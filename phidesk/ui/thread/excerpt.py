"""What is selected, as Markdown."""

from PySide6.QtGui import QTextDocument

from phidesk.core.chat import Role
from phidesk.core.fences import fenced
from phidesk.core.json_answers import is_json
from phidesk.ui.thread.blocks import Block, Cell, Kind, Span, Style, utf16_slice
from phidesk.ui.thread.documents import Documents
from phidesk.ui.thread.message import Source
from phidesk.ui.thread.mouse import listing
from phidesk.ui.thread.selection import Selection
from phidesk.ui.thread.typesetter import FORMULA, STYLE
from phidesk.ui.thread.walker import TASKS, number_of

_SIGNS = ((Style.STRIKE, "~~"), (Style.ITALIC, "*"), (Style.BOLD, "**"))


def markdown(selection: Selection, documents: Documents) -> str:
    """Return the selected text as Markdown; messages selected whole are given as they came."""
    bounds = selection.bounds()
    if bounds is None:
        return ""
    start, end = bounds
    messages = []
    for row in range(start.row, min(end.row, documents.count() - 1) + 1):
        if start[:3] <= (row, 0, 0) and (row + 1, 0, 0) <= end[:3]:
            messages.append(_whole(documents.source(row)))
            continue
        message = documents.message(row)
        message.render_all()
        pieces = []
        for index, item in enumerate(message.layout.items):
            part = selection.part(row, index)
            if part is None or not item.block.is_copied:
                continue
            if item.block.kind is Kind.CODE and part == (0, None):
                if item.block.first:
                    code = listing(message.layout.items, index)
                    pieces.append(_indented(item.block, fenced(code, item.block.language)))
                continue
            document = message.layout.document(item)
            pieces.append(_indented(item.block, _piece(item.block, document, *part)))
            documents.keep(item)
        messages.append("\n\n".join(piece for piece in pieces if piece))
    return "\n\n".join(text for text in messages if text)


def _whole(source: Source) -> str:
    text = source.text.strip("\n")
    is_code = source.is_under_schema or is_json(text, is_open=source.is_open)
    is_code = is_code and source.speaker is Role.ASSISTANT
    return fenced(text, "json") if is_code else text


def _piece(block: Block, document: QTextDocument | None, start: int, end: int | None) -> str:
    match block.kind:
        case Kind.RULE:
            return "---"
        case Kind.CODE:
            code = utf16_slice(block.code, start, 2 * len(block.code) if end is None else end)
            return fenced(code.removesuffix("\n"), block.language)
        case Kind.TABLE:
            return _table(block)
    spans = _spans(block, document, start, end) if document else block.spans
    text = "".join(map(_inline, spans)).replace("\u2028", "\n")
    return f"{'#' * block.level} {text}" if block.kind is Kind.HEADING else text


def _spans(block: Block, document: QTextDocument, start: int, end: int | None) -> Cell:
    """Read the spans between two positions back from a block's document."""
    stop = document.characterCount() if end is None else end
    source = None if block.has_formulas else block.text  # signs may stand for what is not seen
    found = []
    fragments = document.firstBlock().begin()
    while not fragments.atEnd():
        fragment, form = fragments.fragment(), fragments.fragment().charFormat()
        first = max(0, start - fragment.position())
        last = min(fragment.length(), stop - fragment.position())
        if first < last:
            formula = form.property(FORMULA)
            if isinstance(formula, str):
                found.append(Span(formula * (last - first), Style.MATH))
            else:
                text = utf16_slice(fragment.text(), first, last)
                if source is not None:
                    place = fragment.position()
                    text = utf16_slice(source, place + first, place + last)
                found.append(Span(text, Style(form.intProperty(STYLE)), form.anchorHref()))
        fragments += 1
    return tuple(found)


def _inline(span: Span) -> str:
    text = span.text
    if span.style & Style.MATH:
        return text
    if span.style & Style.CODE:
        tick = "``" if "`" in text else "`"
        text = f"{tick}{text}{tick}"
    elif not span.link:
        text = text.replace("*", "\\*").replace("`", "\\`")
    body = text.strip()
    if body:
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        for style, sign in _SIGNS:
            if span.style & style:
                body = f"{sign}{body}{sign}"
        text = f"{before}{body}{after}"
    if span.link and span.link != span.text:
        return f"[{text}]({span.link})"
    return text


def _table(block: Block) -> str:
    """A table is taken as a whole: half a row would be none."""
    signs = {"center": ":-:", "right": "--:"}
    lines = ["| " + " | ".join("".join(map(_inline, cell)) for cell in row) + " |"
             for row in block.rows]  # fmt: skip
    if block.first:
        lines.insert(1, "|" + "|".join(signs.get(name, "---") for name in block.align) + "|")
    return "\n".join(lines)


def _indented(block: Block, text: str) -> str:
    """Put a block into its lists and quotations."""
    for kind in reversed(block.path):
        if kind == "q":
            text = "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
    lists = block.path.count("l")
    if not lists:
        return text
    number = number_of(block.marker)
    marker = number if number[:1].isdigit() else "-"
    if block.marker[-1:] in tuple(TASKS):
        marker += " [x]" if block.marker[-1] == TASKS[1] else " [ ]"
    head = f"{marker} " if block.marker else "  "
    lines = [head + text.split("\n")[0], *("  " + line for line in text.split("\n")[1:])]
    return "\n".join("  " * (lists - 1) + line for line in lines)
