"""Bombs and broken workbooks end in one refusal and harm nobody."""

import io
import zipfile

import openpyxl
import pytest

from kuulo.hear.files import Limits, Orders, Refused, read

SHEET = "xl/worksheets/sheet1.xml"
OPENING = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CLOSING = b"</sheetData></worksheet>"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (["id", "palaute"], [1, "Hyvä puisto tämä"], [2, "Valot puuttuvat tieltä"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(parts: dict[str, bytes]) -> bytes:
    """The workbook with some parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def refusal(content: bytes, **limits) -> Refused:
    with pytest.raises(Refused) as caught:
        read("-", orders=Orders(), stdin=io.BytesIO(content), limits=Limits(**limits))
    return caught.value


def declared(content: bytes, name: str, *, size: int) -> bytes:
    """The archive with another unpacked size in its directory."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        true = archive.getinfo(name).file_size
    place = content.rindex(name.encode()) - 46
    assert content[place : place + 4] == b"PK\x01\x02"
    assert content[place + 24 : place + 28] == true.to_bytes(4, "little")
    return content[: place + 24] + size.to_bytes(4, "little") + content[place + 28 :]


def test_the_workbook_itself_is_fine():
    assert len(read("-", orders=Orders(), stdin=io.BytesIO(changed({}))).messages) == 2


def test_a_part_that_swells_beyond_reason_is_refused():
    assert refusal(changed({SHEET: OPENING + b" " * (70 << 20) + CLOSING})).code == "too-large"


def test_more_than_the_cap_is_refused():
    content = changed({SHEET: OPENING + b" " * 2_000_000 + CLOSING})
    assert refusal(content, unpacked=1_000_000).code == "too-large"


def test_a_declared_size_is_not_believed():
    content = declared(changed({SHEET: OPENING + b" " * 2_000_000 + CLOSING}), SHEET, size=100)
    assert refusal(content).code == "bad-workbook"
    assert refusal(content, unpacked=1_000_000).code == "too-large"


def test_entries_that_share_their_bytes_are_counted_each():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>" + b" " * 1_000_000)
        first = archive.filelist[0]
        for number in range(100):
            copy = zipfile.ZipInfo(f"xl/media/{number}")
            for field in ("header_offset", "compress_size", "file_size", "compress_type", "CRC"):
                setattr(copy, field, getattr(first, field))
            archive.filelist.append(copy)
    assert refusal(out.getvalue()).code == "too-large"


def test_a_zip_within_is_left_alone():
    inner = changed({"xl/media/zeros": b"\0" * 3_000_000})
    content = changed({"xl/media/inner.zip": inner})
    assert len(read("-", orders=Orders(), stdin=io.BytesIO(content)).messages) == 2


@pytest.mark.parametrize("name", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "docProps/app.xml", "xl/odd.bin"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_document_types_and_entities_are_refused(name, codec):
    content = (b'<?xml version="1.0"?>' + b" " * 300_000 + LAUGHS + OPENING + CLOSING).decode().encode(codec)
    found = refusal(changed({name: content}))
    assert (found.code, found.facts["reason"]) == ("bad-workbook", "entities")


def test_a_resident_may_write_about_document_types():
    content = changed(
        {
            SHEET: OPENING
            + b'<row r="1"><c r="A1" t="inlineStr"><is><t>&lt;!DOCTYPE html&gt; is old</t></is></c></row>'
            + CLOSING
        }
    )
    reading = read("-", orders=Orders(), stdin=io.BytesIO(content))
    assert reading.messages[0].text == "<!DOCTYPE html> is old"


def test_two_far_corners_do_not_take_all_memory():
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert refusal(changed({SHEET: OPENING + cells + CLOSING})).code == "out-of-memory"


def test_one_long_string_shown_everywhere_does_not_take_all_memory():
    # Not repeated letters: those would already be refused for their ratio.
    word = "".join(chr(97 + number * number % 26) for number in range(300_000)).encode()
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (row, row) for row in range(1, 1_500))
    strings = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + word + b"</t></si></sst>"
    )
    content = changed({SHEET: OPENING + rows + CLOSING, "xl/sharedStrings.xml": strings})
    assert refusal(content, memory=256 << 20, unpacked=64 << 20).code in {"out-of-memory", "too-large"}


def test_a_sheet_repeated_without_end_is_refused():
    with zipfile.ZipFile(out := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            '<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">'
            '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p>'
            "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    assert refusal(out.getvalue(), memory=256 << 20).code in {"bad-workbook", "out-of-memory"}


def test_a_workbook_that_takes_too_long_is_refused():
    assert refusal(workbook(), seconds=0.001).code == "parse-timeout"


@pytest.mark.parametrize(
    "content",
    [
        workbook()[:3_000],
        b"PK\x03\x04" + b"rubbish" * 50,
        changed({SHEET: b"<worksheet><sheetData><row><c r='"}),
        changed({SHEET: b"\xff\xfe\x00"}),
        changed({"xl/workbook.xml": b"not xml at all"}),
        declared(changed({}), SHEET, size=3),
    ],
    ids=["cut", "rubbish", "unclosed", "odd-bytes", "no-xml", "sizes"],
)
def test_a_broken_workbook_is_refused(content):
    assert refusal(content).code in {"bad-workbook", "empty-file"}


def test_an_encrypted_part_asks_for_a_password():
    content = bytearray(changed({}))
    place = content.rindex(SHEET.encode()) - 46
    content[place + 8] |= 1
    assert refusal(bytes(content)).code == "password-protected"


def test_an_encrypted_ods_asks_for_a_password():
    with zipfile.ZipFile(out := io.BytesIO(), "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", b"\x17\x9a\x02\x44")
        archive.writestr("META-INF/manifest.xml", "<m:file-entry><m:encryption-data/></m:file-entry>")
    assert refusal(out.getvalue()).code == "password-protected"


def test_names_that_stand_twice_are_refused():
    out = io.BytesIO(changed({}))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, OPENING + CLOSING)
    assert refusal(out.getvalue()).code == "bad-workbook"
