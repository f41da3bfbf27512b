"""Where every message went, as a table that any spreadsheet opens safely."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.group.result import Grouping, Placement, Theme
from kuulo.message import Message
from kuulo.report.messages_csv import messages_csv

HEADER = (
    "file,row,column,id,theme,theme_name,subtheme,subtheme_name,fit,copy_of,status,language,kind,certainty,evidence"
)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_table_has_one_row_a_message_in_input_order(town):
    assert messages_csv(*town).splitlines() == [
        HEADER,
        "town.csv,1,answer,A0,t1,snow,t1.1,ridges,0.900,,grouped,en,,,",
        "town.csv,2,answer,A1,t1,snow,t1.2,portit,0.800,,grouped,fi,,,",
        "town.csv,3,answer,A2,t1,snow,t1.1,ridges,0.900,A0,grouped,en,,,",
        "town.csv,4,answer,A3,t2,skolmat,,,1.000,,grouped,sv,,,",
        "town.csv,5,answer,A4,t3,t3,,,0.667,,grouped,nb,,,",
        "town.csv,6,answer,A5,t3,t3,,,0.200,,uncertain,en,,,",
        "town.csv,7,answer,A6,,,,,0.000,,empty,und,,,",
        "town.csv,8,answer,A7,,,,,0.000,,unreadable,und,,,",
    ]


def test_names_are_in_the_reader_s_language_where_there_is_one(town):
    names = [row["theme_name"] for row in rows_of(messages_csv(*town, language="fi"))]
    assert names[:5] == ["lumi", "lumi", "lumi", "skolmat", "t3"]


def test_a_copy_names_its_original_by_row_where_ids_are_missing(town):
    messages, grouping = town
    without = [replace(message, id="") for message in messages]
    assert rows_of(messages_csv(without, grouping))[2]["copy_of"] == "1"


def test_a_copy_names_its_original_by_place_where_rows_are_ambiguous(town):
    messages, grouping = town
    same_id = [replace(message, id="same") for message in messages]
    same_id[0] = replace(messages[0], file="=other.csv", id="same")
    assert rows_of(messages_csv(same_id, grouping))[2]["copy_of"] == "'=other.csv:1:answer"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_starts_a_formula(one_theme, sign):
    messages, grouping = one_theme("hei", name=sign + "cmd|' /C calc'!A0", file=sign + "town.csv")
    row = rows_of(messages_csv([replace(messages[0], column=sign + "1+1")], grouping))[0]
    assert row["theme_name"] == "'" + sign + "cmd|' /C calc'!A0"
    assert row["file"] == "'" + sign + "town.csv"
    assert row["column"] == "'" + sign + "1+1"


def test_ids_stand_as_they_came(one_theme):
    messages, grouping = one_theme("hei", "hei")
    messages = [replace(messages[0], id="-12"), replace(messages[1], id="+358")]
    first, second = grouping.placements
    copied = replace(grouping, placements=(first, replace(second, copy_of=0)))
    rows = rows_of(messages_csv(messages, copied))
    assert [(row["id"], row["copy_of"]) for row in rows] == [("-12", ""), ("+358", "-12")]


def test_a_message_tells_its_kind_with_three_decimals_and_its_evidence(one_theme):
    messages, grouping = one_theme("hei", "moi")
    first, second = grouping.placements
    told = replace(first, kind="wants", certainty=0.9, evidence=("figures", "link"))
    rows = rows_of(messages_csv(messages, replace(grouping, placements=(told, second))))
    cells = [(row["kind"], row["certainty"], row["evidence"]) for row in rows]
    assert cells == [("wants", "0.900", "figures link"), ("", "", "")]


def test_folders_do_not_show(one_theme):
    assert "secret" not in messages_csv(*one_theme("hei", file="/home/secret/town.csv"))
    assert "secret" not in messages_csv(*one_theme("hei", file="C:\\secret\\town.csv"))


def test_a_message_without_placement_is_an_error(town):
    messages, grouping = town
    with pytest.raises(ValueError, match="zip"):
        messages_csv(messages[:-1], grouping)


@given(st.text(min_size=1), st.text(), st.text().filter(lambda name: not set(name) & {"/", "\\"}))
def test_any_text_comes_back_from_the_table(name, column, file):
    message = Message(text="hei", file=file, column=column)
    theme = Theme(id="t1", names={"en": name}, messages=1)
    grouping = Grouping(placements=(Placement(status="grouped", theme="t1"),), themes=(theme,))
    row = rows_of(messages_csv([message], grouping))[0]
    for cell, came in ((row["theme_name"], name), (row["column"], column), (row["file"], file)):
        assert cell == (f"'{came}" if came.startswith(("=", "+", "-", "@", "\t", "\r")) else came)


def test_half_a_surrogate_pair_does_not_stop_the_writing(one_theme):
    assert rows_of(messages_csv(*one_theme("hei", name="\ud83d")))[0]["theme_name"] == "\ufffd"
