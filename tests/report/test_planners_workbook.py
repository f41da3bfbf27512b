"""The planner's workbook: all themes, all messages, and residents' words as nothing but text."""

import io
from dataclasses import replace

import openpyxl
import pytest

from kuulo.report.workbook import workbook


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def cells(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_every_theme_and_every_message_has_a_row(town):
    messages, grouping = town
    book = opened(workbook(messages, grouping, language="en"))
    assert book.sheetnames == ["Themes", "Kinds of message", "Messages"]
    themes, rows = cells(book["Themes"]), cells(book["Messages"])
    assert [row[0] for row in themes[1:]] == [theme.id for theme in grouping.themes]
    assert [row[3] for row in themes[1:]] == [theme.messages for theme in grouping.themes]
    assert [row[-1] or "" for row in rows[1:]] == [message.text for message in messages]
    assert [row[3] for row in rows[1:]] == [message.id for message in messages]


@pytest.mark.parametrize("language", ["fi", "sv", "nb", "nn"])
def test_the_headers_are_in_the_reader_s_language(town, language):
    book = opened(workbook(*town, language=language))
    assert len(set(book.sheetnames) & {"Themes", "Messages"}) == 0
    assert all(cells(book.worksheets[2])[0])


@pytest.mark.parametrize(
    "text", ["=1+1", "+358", "@SUM(A1)", "http://example.org", "{=x}", "007", "\x1b[31mred", "a\nb"]
)
def test_residents_words_are_text(town, text):
    messages, grouping = town
    hostile = [replace(messages[0], text=text), *messages[1:]]
    cell = opened(workbook(hostile, grouping, language="en"))["Messages"].cell(2, 12)
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert cell.value == text.replace("\x1b", "\u241b")


def test_a_text_longer_than_a_cell_is_cut_with_a_sign(town):
    messages, grouping = town
    long = [replace(messages[0], text="x" * 40_000), *messages[1:]]
    value = opened(workbook(long, grouping, language="en"))["Messages"].cell(2, 12).value
    assert len(value) == 32_767
    assert value.endswith("…")


def test_the_same_result_gives_the_same_bytes(town):
    assert workbook(*town, language="fi") == workbook(*town, language="fi")
