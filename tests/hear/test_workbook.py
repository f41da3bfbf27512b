"""Real XLSX and ODS files, as a spreadsheet program writes them."""

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from odf.office import Annotation
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P


def xlsx(*sheets, active="Vastaukset") -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(active if number == 0 else f"Muu {number}")
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows, name="Svar") -> bytes:
    document = OpenDocumentSpreadsheet()
    table = Table(name=name)
    for row in rows:
        line = TableRow()
        for cell in row:
            line.addElement(string(cell) if isinstance(cell, str) else cell)
        table.addElement(line)
    # LibreOffice fills the sheet to its last row like this.
    filler = TableRow(numberrowsrepeated=1_048_000)
    filler.addElement(TableCell(numbercolumnsrepeated=16_384))
    table.addElement(filler)
    document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def string(text: str) -> TableCell:
    cell = TableCell(valuetype="string")
    for line in text.split("\n"):
        cell.addElement(P(text=line))
    return cell


def texts(reading):
    return [message.text for message in reading.messages]


ROWS = [
    ["Nro", "Saapunut", "Alue", "Palaute"],
    [1, dt.datetime(2026, 11, 16, 9, 15), "Pajula", "Pyörätie on\nauraamatta"],
    [2, dt.date(2026, 11, 17), None, "Vägen är för hal"],
    [3, None, "Videby", None],
]


def test_cells_become_readable_text(hear):
    reading = hear(xlsx(ROWS), "kysely.xlsx")
    assert texts(reading) == ["Pyörätie on\nauraamatta", "Vägen är för hal", ""]
    assert [message.id for message in reading.messages] == ["1", "2", "3"]
    assert [message.time for message in reading.messages] == ["2026-11-16T09:15:00", "2026-11-17", ""]
    guess = reading.guess
    assert (guess.format, guess.sheet, guess.header_row, guess.text) == ("xlsx", "Vastaukset", 1, ("Palaute",))
    assert reading.notes == ()


def test_content_goes_before_the_name(hear):
    assert hear(xlsx(ROWS), "kysely.csv").guess.format == "xlsx"


def test_titles_groups_empty_rows_and_columns_are_understood(hear):
    rows = [
        [],
        ["Asukaskysely 2026"],
        [None, None, "Taustatiedot", None, None, "Avoimet"],
        [None, "Nro", "Kieli", "Ikä", None, "Mikä toimii?"],
        [None, 1, "suomi", "34", None, "Uimaranta"],
        [],
        [None, 2, "svenska", 61, None, "Bussen går ofta"],
    ]
    reading = hear(xlsx(rows), "kysely.xlsx")
    assert texts(reading) == ["Uimaranta", "Bussen går ofta"]
    assert [message.row for message in reading.messages] == [1, 2]
    assert (reading.guess.header_row, reading.guess.text) == (4, ("Avoimet / Mikä toimii?",))
    assert texts(hear(xlsx(rows), "kysely.xlsx", text=("4",))) == ["34", "61"]


def test_the_sheet_with_the_words_is_read_and_the_others_are_noted(hear):
    cover = [["Raportti"], ["Vastaajia", 2]]
    codes = [["koodi", "selite"], [1, "eri mieltä"], [2, "samaa mieltä"]]
    content = xlsx(cover, ROWS, codes, active="Kansi")
    reading = hear(content, "kysely.xlsx")
    assert reading.guess.sheet == "Muu 1"
    assert [(note.code, note.facts) for note in reading.notes] == [
        ("other-sheets", {"sheet": "Muu 1", "sheets": "Kansi, Muu 2"})
    ]
    for order in ("muu 2", "3"):
        assert texts(hear(content, "kysely.xlsx", sheet=order)) == ["eri mieltä", "samaa mieltä"]


def test_a_missing_sheet_is_refused_with_those_there_are(refused):
    refusal = refused(xlsx(ROWS), "kysely.xlsx", sheet="Vastaus")
    assert refusal.code == "no-such-sheet"
    assert (refusal.facts["sheet"], refusal.facts["sheets"]) == ("Vastaus", "Vastaukset")


def test_formulas_are_never_evaluated(hear):
    rows = [["id", "palaute"], [1, "Hyvä puisto"], [2, '=CONCATENATE("a","b")'], [3, "Ei valoa"]]
    assert texts(hear(xlsx(rows), "kysely.xlsx")) == ["Hyvä puisto", "", "Ei valoa"]


def test_a_workbook_of_nothing_is_empty(refused):
    assert refused(xlsx([]), "kysely.xlsx").code == "empty-file"
    assert refused(xlsx([["id", "palaute"]]), "kysely.xlsx").code == "only-header"


def test_a_sheet_of_one_column_keeps_its_first_line(hear):
    assert texts(hear(xlsx([["Tak for lys"], ["Mer grus"]]), "svar.xlsx")) == ["Tak for lys", "Mer grus"]


def test_an_ods_is_read(hear):
    instant = TableCell(valuetype="date", datevalue="2026-11-16T09:15:00")
    instant.addElement(P(text="16.11.2026 9.15"))
    number = TableCell(valuetype="float", value="3")
    number.addElement(P(text="3,0"))
    noted = TableCell(valuetype="string")
    note = Annotation()
    note.addElement(P(text="muistiinpano"))
    noted.addElement(note)
    noted.addElement(P(text="Skogen behövs"))
    rows = [["Nr", "Tid", "Synpunkt"], [number, instant, "Mera ljus\npå stigen"], ["4", "", noted]]
    reading = hear(ods(rows), "svar.ods")
    assert texts(reading) == ["Mera ljus\npå stigen", "Skogen behövs"]
    assert [(message.id, message.time) for message in reading.messages] == [("3", "2026-11-16T09:15:00"), ("4", "")]
    assert (reading.guess.format, reading.guess.sheet) == ("ods", "Svar")


def test_a_folder_of_traps_is_never_imported(hear, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    assert len(hear(xlsx(ROWS), "kysely.xlsx").messages) == 3
