"""A file is read message by message, and only its beginning is looked at before."""

from pathlib import Path

import pytest

from kuulo.hear.files import Orders, Refused, beginning, opened_reading, read

SURVEY = "id;pvm;kanava;keskusteluketju;palaute\n" + "".join(
    f"A{n};4.3.2026;{'lomake' if n % 2 else 'puhelin'};k{n % 3};Lunta tiellä taas {n}\n" for n in range(20)
)


@pytest.fixture
def survey(tmp_path: Path) -> str:
    (tmp_path / "7").write_text(SURVEY, encoding="utf-8")
    return str(tmp_path / "7")


def test_messages_come_one_by_one_under_the_name_that_is_given(survey):
    with opened_reading(survey, orders=Orders(), name="palautteet.csv") as hearing:
        first = next(hearing.messages)
        assert (first.text, first.file, first.channel, first.thread) == (
            "Lunta tiellä taas 0",
            "palautteet.csv",
            "puhelin",
            "k0",
        )
        assert len(list(hearing.messages)) == 19
        assert hearing.notes() == ()


def test_a_channel_is_background_too_and_a_thread_is_not(survey):
    guess = read(survey, orders=Orders()).guess
    assert (guess.channel, guess.thread, guess.background, guess.unread) == (
        "kanava",
        "keskusteluketju",
        ("kanava",),
        (),
    )


def test_a_refusal_later_in_the_file_names_it_too(tmp_path):
    (tmp_path / "8").write_text('[{"palaute": "Lunta"}, {"palaute": ', encoding="utf-8")
    with pytest.raises(Refused) as refused, opened_reading(str(tmp_path / "8"), orders=Orders(), name="a.json"):
        pass
    assert refused.value.facts == {"row": 2, "file": "a.json"}


def test_what_the_reader_of_the_messages_raises_is_its_own(survey):
    with pytest.raises(OSError, match="theirs"), opened_reading(survey, orders=Orders()):
        raise OSError("theirs")


def test_without_guessing_the_columns_are_as_ordered_and_no_others(survey):
    orders = Orders(guess=False, text=("palaute",), channel="kanava", background=("pvm",))
    guess = read(survey, orders=orders).guess
    assert (guess.text, guess.id, guess.time, guess.channel) == (("palaute",), "", "", "kanava")
    assert (guess.background, guess.unread) == (("pvm", "kanava"), ("id", "keskusteluketju"))


def test_the_beginning_shows_rows_also_where_no_column_is_text(tmp_path):
    (tmp_path / "9").write_text("n;m\n1;2\n3;4\n5;6\n", encoding="utf-8")
    begun = beginning(str(tmp_path / "9"), orders=Orders(), name="a.csv", rows=2)
    assert begun.refused
    assert (begun.refused.code, begun.names, begun.rows) == ("no-text-column", ("n", "m"), (("1", "2"), ("3", "4")))


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.jsonl"])
def test_of_a_large_file_only_the_beginning_is_read(tmp_path, name):
    record = '{"palaute": "Lunta tiellä taas päivä %d"}'
    rows = {
        "a.csv": ("id;palaute\n", "%d;Lunta tiellä taas päivä\n", ""),
        "a.json": ("[", record + ",\n", "{}]"),
        "a.jsonl": ("", record + "\n", ""),
    }[name]
    content = rows[0] + "".join(rows[1] % n for n in range(160_000)) + rows[2]
    # what comes after the beginning would be refused, were it read
    (tmp_path / "big").write_bytes(content.encode() + b"\xff\x00{[" * 50)
    begun = beginning(str(tmp_path / "big"), orders=Orders(), name=name)
    assert (begun.guess.text, begun.refused, len(begun.rows)) == (("palaute",), None, 10)
