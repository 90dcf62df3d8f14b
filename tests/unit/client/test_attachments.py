"""Attached PDFs, read by the real parser in its own process."""

from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from phidesk.client.attachments import read_attachment
from phidesk.client.pdf_text import read_pdf
from phidesk.core.attachments import AttachmentError


def write_pdf(path: Path, text: str, password: str = "") -> Path:
    """A page with a line of text, or none."""
    writer = PdfWriter()
    page = writer.add_blank_page(300, 200)
    if text:
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 24 Tf 20 100 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = stream
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    with path.open("wb") as file:
        writer.write(file)
    return path


async def test_the_text_of_a_pdf_is_read_in_another_process(tmp_path: Path) -> None:
    attachment = await read_attachment(write_pdf(tmp_path / "a.pdf", "Local models"))
    assert (attachment.name, attachment.text) == ("a.pdf", "Local models")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7\nno more")
    with pytest.raises(AttachmentError, match=r"“b\.pdf” is damaged"):
        await read_attachment(tmp_path / "b.pdf")


def test_what_no_text_can_be_got_from_says_why(tmp_path: Path) -> None:
    assert "it was scanned" in read_pdf(str(write_pdf(tmp_path / "a.pdf", ""))).problem
    locked = write_pdf(tmp_path / "b.pdf", "Secret", "word")
    assert "is locked with a password" in read_pdf(str(locked)).problem
