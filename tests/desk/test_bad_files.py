"""Broken, hostile and odd files: the good rows go in, the bad ones are told with their place, nothing is executed."""

import datetime as dt
import io
import json
import zipfile

import pytest
import xlsxwriter

from kuulo.models import Message, RejectedRow

pytestmark = pytest.mark.django_db


def texts():
    return list(Message.objects.order_by("row").values_list("text", flat=True))


def test_bytes_that_do_not_fit_are_marked_and_the_others_go_in(take):
    rows = [b"id;palaute", *(f"{n};Lunta tiellä päivällä".encode() for n in range(30)), b"x;rik\xff\xfeki"]
    intake = take(b"\n".join(rows) + b"\n")
    assert (intake.added, intake.rejected) == (31, 0)
    broken = Message.objects.get(origin_id="x")
    assert (broken.status, broken.reason, broken.text) == ("unreadable", "encoding", "rik\ufffd\ufffdki")
    assert {"code": "encoding-repaired", "facts": {"rows": 1, "row": 31}} in intake.notes


def test_nul_bytes_are_no_obstacle_anywhere(take):
    intake = take(
        b"i\0d;palaute\0;kana\0va\nA\0;Lunta\0 tiell\xc3\xa4;lo\0make\nB;Bussi ei tule;lomake\n",
        id="1",
        text=("2",),
        header=True,
    )
    assert intake.state == "done"
    assert texts() == ["Lunta\ufffd tiellä", "Bussi ei tule"]
    assert Message.objects.first().origin_id == "A\ufffd"


def test_a_cell_of_ten_megabytes_is_kept_by_its_beginning(take):
    intake = take("id;palaute\n1;" + "lunta " * 1_700_000 + "\n2;Bussi ei tule\n")
    assert intake.added == 2
    assert [(m.status, m.reason, len(m.text)) for m in Message.objects.order_by("row")] == [
        ("unreadable", "too-long", 1000), ("new", "", 13),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["a.csv", "a.json"])
def test_a_hundred_thousand_columns_are_refused(take, name):
    if name == "a.csv":
        content = ";".join(f"c{n}" for n in range(100_000)) + "\n" + ";".join(["x"] * 100_000) + "\n"
    else:
        content = json.dumps([{f"c{n}": "x" for n in range(100_000)}])
    intake = take(content, name=name)
    assert (intake.state, intake.refusal["code"], intake.refusal["facts"]["file"]) == ("refused", "too-large", name)
    assert intake.refusal["facts"]["columns"] >= 16_384


def workbook(*rows):
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(at, place, cell)
    return kept.getvalue()


def test_a_zip_bomb_is_refused_in_time(take):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", "<c>" + " " * (300 << 20))
    intake = take(kept.getvalue(), name="pommi.xlsx")
    assert (intake.state, intake.refusal["code"]) == ("refused", "too-large")


def test_an_xml_bomb_is_refused(take):
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["palaute"], ["Lunta"]))) as whole,
        zipfile.ZipFile(kept, "w") as archive,
    ):
        for name in whole.namelist():
            content = whole.read(name)
            if name == "xl/sharedStrings.xml":
                content = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + content.split(b"?>", 1)[1]
            archive.writestr(name, content)
    intake = take(kept.getvalue(), name="pommi.xlsx")
    assert (intake.state, intake.refusal["code"]) == ("refused", "bad-workbook")


def test_formulas_and_markup_are_text(take):
    rows = ['=HYPERLINK("https://example.org";"katso")', "<script>alert(1)</script> tiellä", "@SUM(A1) lunta tiellä"]
    intake = take("palaute\n" + "\n".join(rows) + "\n", delimiter="none")
    assert texts() == rows
    assert intake.added == 3


def test_a_workbook_is_taken_in_with_its_dates(take):
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "d.m.yyyy"})
        for at, row in enumerate(
            [("id", "pvm", "palaute"), ("1", None, "Lunta tiellä taas"), ("2", None, "Bussi ei tule")]
        ):
            sheet.write_row(at, 0, row)
        sheet.write_datetime(1, 1, dt.datetime(2026, 3, 4), day)
        sheet.write_datetime(2, 1, dt.datetime(2026, 3, 5, 14, 5), day)
    assert take(kept.getvalue(), name="a.xlsx").added == 2
    assert [m.arrived.isoformat() for m in Message.objects.order_by("row")] == [
        "2026-03-03T22:00:00+00:00", "2026-03-05T12:05:00+00:00",
    ]  # fmt: skip


def test_words_written_against_the_direction_or_with_hidden_signs_stay_as_they_came(take):
    told = ["\u202eiellet atnuL", "Lun\u200bta tiel\u00adlä taas", "שלום לכולם כאן", "\ufeffBussi ei tule"]
    take("id;palaute\n" + "".join(f"{n};{text}\n" for n, text in enumerate(told)))
    assert texts() == told


def test_a_broken_line_is_left_out_and_told_and_the_others_go_in(take):
    intake = take(
        '{"id": "1", "palaute": "Lunta tiellä"}\n{"id": \n{"id": "3", "palaute": "Bussi ei tule"}\n', name="a.jsonl"
    )
    assert (intake.rows_total, intake.added, intake.rejected) == (3, 2, 1)
    row = RejectedRow.objects.get()
    assert (row.row, row.code, row.message) == (2, "broken-row", None)


def test_ids_that_come_again_are_known_or_told(take):
    intake = take("id;palaute\n1;Lunta tiellä\n1;Lunta tiellä\n1;Bussi ei tule\n", id="id")
    assert (intake.added, intake.known, intake.rejected) == (1, 1, 1)
    assert list(RejectedRow.objects.values_list("row", "column", "code")) == [(3, "id", "id-with-other-text")]


def test_a_long_header_and_long_cells_fit(take):
    header = "Mitä mieltä olet? " * 40
    intake = take(
        f"id;kanava;ketju;{header}\n{'9' * 400};{'lomake' * 30};{'k' * 500};#{'t' * 200} lunta tiellä\n",
        id="id",
        channel="kanava",
        thread="ketju",
        text=("4",),
    )
    assert (intake.state, intake.added) == ("done", 1)
    message = Message.objects.get()
    assert (len(message.origin_id), len(message.channel), len(message.thread), len(message.column)) == (
        200,
        60,
        200,
        200,
    )


def test_twelve_ways_to_write_a_day_are_one_day(take):
    days = [
        "2026-03-04", "2026-03-04T12:00:00+02:00", "2026/03/04", "20260304T120000", "4.3.2026", "04.03.2026 klo 12.00",
        "4. maaliskuuta 2026", "4 mars 2026", "March 4, 2026", "Wed, 04 Mar 2026 12:00:00 +0200", "2026-W10-3", "46085",
        "1772618400", "1772618400000",
    ]  # fmt: skip
    take("id\tpvm\tpalaute\n" + "".join(f"{n}\t{day}\tLunta tiellä\n" for n, day in enumerate(days)), time="pvm")
    assert {m.arrived.date().isoformat() for m in Message.objects.filter(dated=True)} <= {"2026-03-03", "2026-03-04"}
    assert Message.objects.filter(dated=True).count() == len(days)
