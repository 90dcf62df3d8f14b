"""`python -m phidesk.client.pdf_text FILE` writes a PDF's text, or what is wrong, as JSON."""

import contextlib
import sys
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pypdf import PdfReader

_MOST_BYTES = 4 * 2**30
_MOST_CHARACTERS = 20_000_000


class PdfText(msgspec.Struct, frozen=True, kw_only=True):
    """The text of all pages, or why there is none: words that follow the file's name."""

    text: str = ""
    problem: str = ""


def read_pdf(path: str) -> PdfText:
    """Return what a PDF says; for a process that may be ended."""
    # Imported here: the window needs but the answer's type.
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            return PdfText(
                problem="is locked with a password: save a copy without one, and attach that."
            )
        return _pages(reader)
    except DependencyError:
        return PdfText(problem="is encrypted: save a copy without a password, and attach that.")
    except (
        PyPdfError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        ArithmeticError,
    ) as error:  # fmt: skip - the parser meets anything
        return PdfText(problem=f"is damaged and cannot be read as a PDF ({error}).")


def _pages(reader: "PdfReader") -> PdfText:
    pages: list[str] = []
    length = 0
    for page in reader.pages:
        pages.append(page.extract_text().strip())
        length += len(pages[-1])
        if length > _MOST_CHARACTERS:
            return PdfText(problem="holds too much text: attach the pages that matter.")
    text = "\n\n".join(page for page in pages if page)
    if text:
        return PdfText(text=text)
    if not pages:
        return PdfText(problem="has no pages.")
    return PdfText(
        problem="holds pictures of pages and no text: it was scanned. Run text recognition (OCR) "
        "on it first."
    )


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))


if __name__ == "__main__":
    _limit_memory()
    sys.stdout.buffer.write(msgspec.json.encode(read_pdf(sys.argv[1])))
