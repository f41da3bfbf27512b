"""The search finds inflected words, parts of words and Nordic letters on both databases, and never fails."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.desk.desk_rows import add_message, add_theme, place

from kuulo.desk import ranking, search
from kuulo.desk.inbox import Filters
from kuulo.desk.search import matching, terms
from kuulo.models import Message

pytestmark = pytest.mark.django_db

TEXT = "Kadulla on lunta. ÄITI käveli Åvägenillä, leikkipuiston keinu on 100 % rikki: C++ e-bike"


def found(query: str) -> bool:
    return Message.objects.filter(matching(query)).exists()


@pytest.fixture
def message() -> Message:
    return add_message(TEXT, search_text=f"{TEXT}\nkatu olla lumi äiti kävellä leikkipuisto")


@pytest.mark.usefixtures("message")
@pytest.mark.parametrize(
    "query",
    ["katu", "KADULLA", "puisto", "äiti", "ÄITI", "åväg", "lunta katu", '"käveli Åvägenillä"', "on", "100", "C++", "e-bike", "”keinu on”", "lumi, katu!", "c"],
)  # fmt: skip
def test_words_are_found_in_any_form(query: str) -> None:
    assert found(query)


@pytest.mark.usefixtures("message")
@pytest.mark.parametrize(
    "query",
    ["saa", "aiti", "hiekka", "katu hiekka", '"Åvägenillä käveli"', "unt katu x", "%", "_", "katu%", "", '"', "ad"],
)
def test_what_is_not_there_is_not_found(query: str) -> None:
    assert found(query) is (query == "katu%")


@pytest.mark.usefixtures("message")
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.text()
    | st.lists(
        st.sampled_from(
            [
                '"',
                "AND",
                "OR",
                "NOT",
                "NEAR(",
                "(",
                ")",
                "*",
                ":",
                "-",
                "katu",
                "'",
                "\\",
                "%",
                "&",
                "|",
                "!",
                "<->",
                "\x00",
                "ä",
                "^",
                "+",
                "{",
                ",",
            ]
        )
    ).map(" ".join)
)
def test_nothing_that_is_typed_is_an_error(query: str) -> None:
    found(query)
    ranking.best(Filters(words=query))
    ranking.identified(query)
    ranking.told(query)


@given(query=st.text())
def test_a_query_is_no_longer_than_its_terms(query: str) -> None:
    assert len(terms(query * 50)) <= 12


def test_whole_words_come_before_parts_and_filters_hold() -> None:
    part = add_message("leikkipuistossa", channel="form")
    whole = add_message("puisto", channel="form")
    other = add_message("puisto", channel="email")
    assert [one.pk for one in ranking.best(Filters(words="puisto"))] in (
        [whole.pk, other.pk, part.pk],
        [other.pk, whole.pk, part.pk],
    )
    assert [one.pk for one in ranking.best(Filters(words="puisto", channel="form"))] == [whole.pk, part.pk]
    assert [one.pk for one in ranking.best(Filters(words="puisto"), most=2)] != [part.pk]


@pytest.mark.usefixtures("tables")
def test_each_word_has_to_be_there_in_one_of_its_forms() -> None:
    both = add_message("lumi katu")
    add_message("lunta")
    add_message("katu")
    assert [one.pk for one in ranking.best(Filters(words="lunta kadulla"))] == [both.pk]


def test_a_message_is_found_by_its_number_and_its_id() -> None:
    first = add_message(origin_id="A1")
    same = add_message(origin_id=str(first.pk))
    assert ranking.identified(" A1 ") == [first]
    assert ranking.identified(f"#{first.pk}") == [first]
    assert ranking.identified(str(first.pk)) == [first, same]
    for asked in ("", "#", "A", "9" * 30, "#0"):
        assert ranking.identified(asked) == []


def test_a_pasted_text_finds_its_message_before_others() -> None:
    asked = add_message("Aura jätti vallin porttimme eteen, ja mummo ei päässyt ulos")
    add_message("vallin porttimme aura jätti eteen")
    assert ranking.told("Aura jätti vallin porttimme eteen, ja mummo ei päässyt ulos\n") == [asked]
    assert len(ranking.told("jätti vallin aura")) == 2
    assert ranking.told("  ?! ") == []


def test_results_say_where_they_stand_without_more_questions() -> None:
    theme, costs = add_theme("T1"), set()
    for n in range(1, 4):
        place(add_message("puisto"), theme)
        with CaptureQueriesContext(connection) as asked:
            found = ranking.best(Filters(words="puisto"))
            assert [one.placements.all()[0].theme.code for one in found] == ["T1"] * n
        costs.add(len(asked))
    assert len(costs) == 1


def test_a_word_that_many_hold_is_found_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [add_message("puisto") for _ in range(3)]
    add_message("aura")
    rare = [*Filters(words="puisto").queryset()]
    monkeypatch.setattr(search, "_COMMON", 2)
    assert [*Filters(words="puisto").queryset()] == rare == made[::-1]
