"""What a person gets from a whole file: messages in order, the guess, the notes."""

import io
import os
import threading
from pathlib import Path

import pytest

from kuulo.hear.files import Limits, Orders, Refused, read
from kuulo.message import Message

SURVEY = """Vastausaika;Kieli;Asuinalue;1. Arvosana (1-5);2. Mikä toimii?;3. Mitä muuttaisit?;Lupa [Kyllä]
16.11.2026 9:15;suomi;Pajula;2;Kirjaston aukiolo on hyvä;"Auraus; se tulee liian myöhään";1
16.11.2026 9:20;svenska;Videby;4;;"Skolgården är mörk
varje morgon";0
"""


def texts(reading):
    return [message.text for message in reading.messages]


def notes(reading):
    return {note.code: note.facts for note in reading.notes}


def test_each_open_answer_of_each_row_becomes_a_message(hear):
    reading = hear(SURVEY)
    assert texts(reading) == [
        "Kirjaston aukiolo on hyvä",
        "Auraus; se tulee liian myöhään",
        "",
        "Skolgården är mörk\nvarje morgon",
    ]
    assert [message.row for message in reading.messages] == [1, 1, 2, 2]
    assert [message.column for message in reading.messages[:2]] == ["2. Mikä toimii?", "3. Mitä muuttaisit?"]


def test_a_message_carries_what_stands_beside_it(hear, tmp_path):
    reading = hear("tunnus;aika;nimimerkki;kieli;palaute\nK7;1.2.2026;Ville;sv;Plogningen kom för sent i dag\n")
    assert reading.messages == (
        Message(
            text="Plogningen kom för sent i dag",
            file="palautteet.csv",
            row=1,
            column="palaute",
            id="K7",
            time="1.2.2026",
            author="Ville",
            language="sv",
        ),
    )


def test_the_guess_names_what_was_understood(hear):
    guess = hear(SURVEY).guess
    assert (guess.format, guess.encoding, guess.delimiter, guess.header, guess.header_row) == (
        "csv",
        "utf-8",
        ";",
        True,
        1,
    )
    assert (guess.time, guess.language, guess.id) == ("Vastausaika", "Kieli", "")
    assert guess.text == ("2. Mikä toimii?", "3. Mitä muuttaisit?")


def test_orders_go_before_guesses(hear):
    reading = hear(SURVEY, text=("ASUINALUE",), time="4", language="1. arvosana (1-5)")
    assert texts(reading) == ["Pajula", "Videby"]
    assert reading.guess.time == "1. Arvosana (1-5)"
    assert [message.language for message in reading.messages] == ["2", "4"]


def test_text_columns_come_in_the_files_order_whatever_the_order_says(hear):
    reading = hear(SURVEY, text=("3. Mitä muuttaisit?", "2. Mikä toimii?"))
    assert reading.guess.text == ("2. Mikä toimii?", "3. Mitä muuttaisit?")


def test_standard_input_is_read_like_a_file():
    reading = read("-", orders=Orders(), stdin=io.BytesIO(SURVEY.encode()))
    assert len(reading.messages) == 4
    assert {message.file for message in reading.messages} == {"stdin"}


def test_a_pipe_is_read_like_a_file(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"Bra lekpark vid torget\n",))
    writer.start()
    assert texts(read(str(pipe), orders=Orders())) == ["Bra lekpark vid torget"]
    writer.join()


def test_a_list_of_answers_loses_none_and_is_not_cut_at_commas(hear):
    answers = "Bussen kom aldri, igjen\nFint, men dyrt, synes jeg\nTakk\n\nGrus på fortauet, takk\n"
    reading = hear(answers, "svar.txt")
    assert texts(reading) == [
        "Bussen kom aldri, igjen",
        "Fint, men dyrt, synes jeg",
        "Takk",
        "Grus på fortauet, takk",
    ]
    assert [message.row for message in reading.messages] == [1, 2, 3, 4]
    assert reading.guess.format == "text"
    assert notes(reading) == {"no-header": {}}


def test_a_single_column_keeps_its_first_line_unless_ordered(hear):
    content = "Mitä mieltä olet torista?\nIhan hyvä paikka\nTori on tyhjä\n"
    assert len(hear(content).messages) == 3
    reading = hear(content, header=True)
    assert texts(reading) == ["Ihan hyvä paikka", "Tori on tyhjä"]
    assert reading.messages[0].column == "Mitä mieltä olet torista?"


def test_a_single_column_headed_by_a_known_word_has_a_header(hear):
    reading = hear("Palaute\nHyvä ranta\nLisää penkkejä\n")
    assert texts(reading) == ["Hyvä ranta", "Lisää penkkejä"]
    assert reading.guess.header_row == 1


def test_quotes_of_a_single_column_are_respected(hear):
    reading = hear('"Ensin tämä, sitten\ntuo"\n"sanoi ""kyllä"" heti"\nilman lainausta\n', "vastaukset.txt")
    assert texts(reading) == ["Ensin tämä, sitten\ntuo", 'sanoi "kyllä" heti', "ilman lainausta"]


def test_columns_without_header_are_called_by_number(hear):
    reading = hear("1;Videby;Lekparken behöver ett staket\n2;Strandby;Bron är hal varje morgon\n")
    assert reading.guess.text == ("3",)
    assert (reading.guess.id, reading.guess.header, reading.guess.header_row) == ("1", False, 0)
    assert texts(reading) == ["Lekparken behöver ett staket", "Bron är hal varje morgon"]


def test_empty_texts_are_rows_but_empty_lines_are_not(hear):
    reading = hear("id;palaute\n1;Hyvä bussi\n\n2;\n;;\n   \n3;Liian täysi bussi\n")
    assert texts(reading) == ["Hyvä bussi", "", "", "Liian täysi bussi"]
    assert [message.row for message in reading.messages] == [1, 2, 3, 4]


def test_ragged_rows_stay_and_are_noted(hear):
    reading = hear("id;palaute;alue\n1;Valot pimeänä;Pajula\n2\n3;Kuoppa tiessä;Videby;puh. 123;x\n4;Hyvä\n")
    assert texts(reading) == ["Valot pimeänä", "", "Kuoppa tiessä", "Hyvä"]
    assert notes(reading) == {
        "ragged-rows": {"rows": 3, "row": 2, "cells": 1, "columns": 3},
        "extra-cells": {"rows": 1, "row": 3, "text": "puh. 123 | x"},
    }


def test_an_answer_at_the_end_of_a_row_may_hold_the_delimiter(hear):
    reading = hear("id;palaute\n1;Valot rikki; korjatkaa; pian!\n2;Bussi myöhässä\n3;Lumi pois;;\n")
    assert texts(reading) == ["Valot rikki; korjatkaa; pian!", "Bussi myöhässä", "Lumi pois"]
    assert notes(reading)["joined-cells"] == {"rows": 1, "row": 1, "column": "palaute"}
    assert "extra-cells" not in notes(reading)


def test_ids_that_come_again_are_noted(hear):
    reading = hear("id,message\nA1,The pier is broken\nA2,Dark road here\nA1,The pier is broken\n")
    assert len(reading.messages) == 3
    assert notes(reading) == {"duplicate-ids": {"rows": 1, "row": 3, "id": "A1"}}


def test_a_nul_is_replaced_and_only_garbage_is_unreadable(hear):
    reading = hear("id;palaute\n1;Hyvä\0 ranta meillä\n2;\0\0\0\0ab\n3;Tavallinen palaute tästä\n")
    assert texts(reading) == ["Hyvä\ufffd ranta meillä", "\ufffd" * 4 + "ab", "Tavallinen palaute tästä"]
    assert [message.unreadable for message in reading.messages] == ["", "control", ""]
    assert notes(reading)["control-replaced"] == {"rows": 1, "row": 1}


def test_a_very_long_text_is_cut_and_said_to_be(hear):
    reading = hear('id;palaute\n1;"' + "liian pitkä juttu\n" * 10_000 + '"\n2;Lyhyt mutta hyvä\n')
    assert [message.unreadable for message in reading.messages] == ["too-long", ""]
    assert len(reading.messages[0].text) == 1_000
    assert reading.messages[1].text == "Lyhyt mutta hyvä"


def test_a_text_of_just_the_length_is_kept(hear):
    assert hear("palaute\n" + "a" * 100_000).messages[0].unreadable == ""


def test_a_thousand_columns_are_read(hear):
    names = ";".join(f"Muuttuja {number}" for number in range(999)) + ";Palaute"
    rows = "\n".join(";".join(["1"] * 999 + [f"Vastaus numero {row} on tässä"]) for row in range(20))
    reading = hear(f"{names}\n{rows}\n")
    assert reading.guess.text == ("Palaute",)
    assert len(reading.messages) == 20


def test_many_rows_keep_their_order(hear):
    rows = "".join(f"K{row};vastaus numero {row} tästä asiasta\n" for row in range(20_000))
    reading = hear("id;palaute\n" + rows)
    assert texts(reading) == [f"vastaus numero {row} tästä asiasta" for row in range(20_000)]


def test_excels_own_delimiter_line_is_obeyed(hear):
    reading = hear("sep=|\nid|palaute\n1|Hyvä; todella, hyvä\n")
    assert texts(reading) == ["Hyvä; todella, hyvä"]
    assert (reading.guess.delimiter, reading.guess.header_row) == ("|", 2)


def test_a_name_of_odd_bytes_can_be_shown(tmp_path: Path):
    path = os.fsencode(tmp_path) + b"/palaute\xff.txt"
    Path(os.fsdecode(path)).write_bytes(b"Hei\n")
    reading = read(os.fsdecode(path), orders=Orders())
    assert reading.messages[0].file.endswith("palaute\ufffd.txt")


@pytest.mark.parametrize(
    ("content", "orders", "code"),
    [
        (b"", {}, "empty-file"),
        (b"\n\r\n\n", {}, "empty-file"),
        (b"\xef\xbb\xbf", {}, "empty-file"),
        (b"[]", {}, "empty-file"),
        (b"id;palaute\n", {}, "only-header"),
        (b"anything\n", {"header": True}, "only-header"),
        (b"aika;arvosana\n1.2.2026;4\n2.2.2026;5\n", {}, "no-text-column"),
        (b"1\n2\n3\n", {}, "no-text-column"),
        (b"id;palaute\n1;abc\n", {"text": ("kommentti",)}, "no-such-column"),
        (b"id;palaute\n1;abc\n", {"time": "3"}, "no-such-column"),
        (b"id;palaute\n1;abc\n", {"author": "0"}, "no-such-column"),
        (b"id;palaute\n1;abc\n", {"encoding": "klingon"}, "bad-encoding"),
        (b"id;palaute\n1;abc\n", {"encoding": "hex"}, "bad-encoding"),
        (b"id;palaute\n1;\xe4\xf6\xe4\xf6\xe4\xf6\n", {"encoding": "utf-8"}, "bad-encoding"),
        (b"id;palaute\n1;abc\n", {"delimiter": ";;"}, "bad-delimiter"),
    ],
)
def test_a_file_that_cannot_be_heard_is_refused_by_code(refused, content, orders, code):
    refusal = refused(content, **orders)
    assert refusal.code == code
    assert str(refusal.facts["file"]).endswith("palautteet.csv")


def test_a_missing_column_is_refused_with_those_there_are(refused):
    refusal = refused("id;palaute\n1;abc\n", text=("kommentti",))
    assert (refusal.facts["column"], refusal.facts["columns"]) == ("kommentti", "id, palaute")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("nowhere.csv", "no-such-file"),
        ("a\0b", "no-such-file"),
        ("x" * 5000, "no-such-file"),
        (".", "is-directory"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(path, code):
    with pytest.raises(Refused) as caught:
        read(path, orders=Orders())
    assert caught.value.code == code


@pytest.fixture
def locked(tmp_path: Path):
    """A file that nobody may read; root may read everything, so the test is somebody else for a moment."""
    path = tmp_path / "locked.csv"
    path.touch(mode=0)
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    yield path
    os.seteuid(before)


def test_a_file_that_may_not_be_read_is_refused(locked: Path):
    with pytest.raises(Refused) as caught:
        read(str(locked), orders=Orders())
    assert caught.value.code == "not-permitted"


@pytest.mark.parametrize("stdin", [False, True])
def test_a_file_over_the_limit_is_refused(tmp_path: Path, stdin: bool):
    path = tmp_path / "big.txt"
    path.write_bytes(b"pitka vastaus\n" * 100)
    with pytest.raises(Refused) as caught:
        read(
            "-" if stdin else str(path),
            orders=Orders(),
            stdin=io.BytesIO(path.read_bytes()),
            limits=Limits(file=1_000),
        )
    assert caught.value.code == "too-large"
