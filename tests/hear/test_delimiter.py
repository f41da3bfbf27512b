"""A delimiter counts only where it makes a table."""

import pytest

from kuulo.hear import delimiter


def chosen(text: str) -> str:
    return delimiter.choose(text.splitlines(keepends=True))


@pytest.mark.parametrize("sign", ["\t", ";", "|", ","])
def test_the_sign_that_makes_a_table_is_chosen(sign):
    rows = [["id", "alue", "palaute"], ["1", "Pajula", "Kiva puisto"], ["2", "Videby", "Mera ljus"]]
    assert chosen("".join(sign.join(row) + "\n" for row in rows)) == sign


@pytest.mark.parametrize(
    "text",
    [
        "Hyvä, kiitos\nHuono, valitan\nOk, menee\n",
        "Vei lenge, vei dårlig, vei hol\nTakk\nGreit nok; men dyrt\n",
        "Aurausta,kiitos\n",
        "Yksi rivi vain\n",
        "Ensin näin; sitten noin\nMiksi näin; en tiedä\nJoo; joo\n",
        "",
    ],
)
def test_prose_is_not_cut(text):
    assert chosen(text) == ""


def test_decimal_commas_do_not_hide_semicolons():
    assert chosen("x;y;palaute\n1,5;2,5;hyvä\n3,5;4,5;huono\n") == ";"


def test_semicolons_that_end_every_choice_do_not_hide_commas():
    assert chosen('id,choice,comment\n1,"Library;","Quiet place"\n2,"Pool;","Too cold"\n3,"Park;",Fine\n') == ","


def test_delimiters_in_quotes_do_not_count():
    rows = "".join(f'{row};"a, b, c, {row}"\n' for row in range(10))
    assert chosen("id;palaute\n" + rows) == ";"


def test_a_title_line_and_some_ragged_rows_do_not_spoil_the_table():
    assert chosen("Kysely 2026\nid;palaute\n1;a\n2;b\n3;c;d\n4;e\n") == ";"


def test_a_table_headed_by_unknown_words_is_a_table():
    assert chosen("xx,yy\n" + "".join(f"{row},sana {row}\n" for row in range(5))) == ","


@pytest.mark.parametrize(("order", "sign"), [("tab", "\t"), ("\\t", "\t"), ("none", ""), (";", ";"), ("^", "^")])
def test_an_order_is_a_sign_or_its_name(order, sign):
    assert delimiter.ordered(order) == sign
