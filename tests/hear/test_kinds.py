"""What is no table and no text is refused by its bytes, with what it looks like."""

import io
import random
import zipfile

import pytest


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "looks"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "png image"),
        (b"\xff\xd8\xff\xe0", "jpeg image"),
        (b"RIFF\x10\x00\x00\x00WEBP", "webp image"),
        (b"\x7fELF\x02\x01", "executable"),
        (b"MZ" + b"\0" * 60, "executable"),
        (b"\x1f\x8b\x08\x00", "gzip archive"),
        (b"<!DOCTYPE html><table>", "html"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "xml"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le"), "xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Office document"),
        (random.Random(1).randbytes(5_000), "binary"),
        (b"\0" * 1_000, "binary"),
        (zipped("word/document.xml"), "docx document"),
        (zipped("xl/workbook.bin"), "xlsb workbook"),
        (zipped("mimetype", "content.xml"), "OpenDocument document"),
        (zipped("survey.xlsx"), "zip archive"),
        (zipped(), "zip archive"),
    ],
)
def test_it_is_not_text(refused, content, looks):
    refusal = refused(content)
    assert (refusal.code, refusal.facts["looks"]) == ("not-text", looks)


def test_a_password_on_a_workbook_is_told(refused):
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert refused(content, "kysely.xlsx").code == "password-protected"


@pytest.mark.parametrize(
    "text", ["MZ on auton merkki", "BMW ajoi liian lujaa", "PK-yritykset ensin", "GIF on hauska"]
)
def test_words_that_begin_like_a_signature_are_words(hear, text):
    assert hear(f"{text}\n", "a.txt").messages[0].text == text
