"""A row is taken for headers only on evidence, and titles and groups above it are understood."""

import pytest

from kuulo.hear import header

DATA = [["1", "34", "Malmi", "Valot ovat pimeänä"], ["2", "61", "Videby", "Skolan är kall"]]


@pytest.mark.parametrize(
    "names",
    [
        ["ID", "Ikä", "Alue", "Palaute"],
        ["Nr", "Ålder", "Område", "Synpunkt"],
        ["Nr.", "Alder", "Bydel", "Tilbakemelding"],
        ["Nr.", "Alder", "Bydel", "Tilbakemelding frå innbyggjarar"],
        ["Case Number", "Age", "Area", "Comment"],
        ["a", "b", "c", "d"],
    ],
)
def test_words_over_numbers_are_headers(names):
    found = header.find([names, *DATA], order=None)
    assert (found.found, found.above, found.names) == (True, 0, tuple(names))


@pytest.mark.parametrize(
    "rows",
    [
        DATA,
        [["palaute", "1.2.2026", "Valot pimeänä"], ["kysymys", "2.2.2026", "Milloin aurataan"]],
        [["Valot pimeänä", "Pajula"], ["Skolan är kall", "Videby"]],
        [["Kiitos"], ["Hyvä"]],
        [["Miksi näin?"], ["Hyvä"]],
        [["palaute"], ["Hyvä"], ["palaute"]],
    ],
)
def test_without_evidence_the_first_row_is_data(rows):
    found = header.find(rows, order=None)
    assert found.found is False
    assert found.names == tuple(str(number + 1) for number in range(len(rows[0])))


def test_an_order_decides():
    assert header.find(DATA, order=True).names == ("1", "34", "Malmi", "Valot ovat pimeänä")
    assert header.find([["ID", "Ikä", "Alue", "Palaute"], *DATA], order=False).found is False


def test_title_and_group_rows_stand_above_the_headers():
    rows = [
        ["Kysely 2026", "", "", ""],
        ["", "Taustatiedot", "", "Avoimet"],
        ["ID", "Ikä", "Alue", "Mikä toimii?"],
        *DATA,
    ]
    found = header.find(rows, order=None)
    assert found.above == 2
    assert found.names == ("ID", "Taustatiedot / Ikä", "Taustatiedot / Alue", "Avoimet / Mikä toimii?")
    assert found.labels == ("ID", "Ikä", "Alue", "Mikä toimii?")


def test_a_lone_title_is_no_group():
    rows = [["Kysely 2026", "", "", ""], ["ID", "Ikä", "Alue", "Mikä toimii?"], *DATA]
    assert header.find(rows, order=None).names == ("ID", "Ikä", "Alue", "Mikä toimii?")


def test_an_ordered_header_with_a_nameless_column_is_the_first_row():
    rows = [["", "teksti"], ["0", "Valot ovat pimeänä"], ["1", "Skolan är kall"]]
    assert header.find(rows, order=True).names == ("1", "teksti")


def test_equal_and_empty_names_are_told_apart():
    assert header.unique(["Muu", "", "Muu", "2", "Muu (2)", "Muu"]) == (
        "Muu",
        "2",
        "Muu (2)",
        "2 (2)",
        "Muu (2) (2)",
        "Muu (3)",
    )


def test_many_equal_names_are_told_apart_in_time():
    assert len(set(header.unique(["x"] * 10_000))) == 10_000


def test_empty_columns_at_the_end_do_not_hide_the_headers():
    rows = [[*row, "", "", "", "", ""] for row in [["ID", "Ikä", "Alue", "Palaute"], *DATA]]
    assert header.find(rows, order=None).found is True
