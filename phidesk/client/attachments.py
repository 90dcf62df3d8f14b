"""Reads the text of files that are attached: PDFs in a process of their own, which may fail."""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import msgspec

from phidesk.client.pdf_text import PdfText
from phidesk.core.attachments import (
    AttachmentError,
    attachment_of,
    is_pdf,
    plain_text,
    read_file,
)
from phidesk.core.conversation import Attachment

_PDF_S = 90.0


async def read_attachment(path: Path) -> Attachment:
    """Read a file's text, off the thread that draws. Raises AttachmentError."""
    data = await asyncio.to_thread(read_file, path)
    if is_pdf(path, data):
        return attachment_of(path.name, await _pdf_text(path))
    return await asyncio.to_thread(lambda: attachment_of(path.name, plain_text(path.name, data)))


async def _pdf_text(path: Path) -> str:
    """Return a PDF's text: its parser computes for long, and a hostile file may never let it go."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "phidesk.client.pdf_text",
        str(path),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=os.environ | {"PYTHONSAFEPATH": "1"},
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(), _PDF_S)
        found = msgspec.json.decode(out, type=PdfText)
    except TimeoutError:
        raise AttachmentError(
            f"“{path.name}” takes longer than {_PDF_S:.0f} s to read: attach the pages that matter."
        ) from None
    except msgspec.DecodeError:
        raise AttachmentError(
            f"“{path.name}” could not be read: it is damaged, or too large for the memory."
        ) from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if found.problem:
        raise AttachmentError(f"“{path.name}” {found.problem}")
    return found.text
