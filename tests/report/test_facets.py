"""Messages can be sorted by whatever they differ in, and only by that."""

from collections import Counter

from kuulo.group.result import Grouping, Placement
from kuulo.message import Message
from kuulo.report.facets import facets
from kuulo.report.words import Speech


def found(messages, **placement):
    grouping = Grouping(placements=tuple(Placement(status="grouped", **placement) for _ in messages), themes=())
    return {facet.name: facet for facet in facets(messages, grouping, Speech("en"))}


def told(name, *values):
    return [Message(text="x", background=((name, value),) if value else ()) for value in values]


def test_what_all_share_parts_nobody():
    assert found(told("area", "Harju", "Harju", "")) == {}


def test_values_stand_by_number_of_messages_and_the_untold_apart():
    facet = found(told("area", "Harju", "Keskusta", "Keskusta", ""))["area"]
    assert facet.values == ("Keskusta", "Harju")
    assert facet.of == (1, 0, 0, -1)


def test_many_numbers_become_ranges_of_about_equally_many():
    ages = [str(18 + at) for at in range(60)]
    facet = found(told("age", *ages))["age"]
    assert facet.values == ("18–32", "33–47", "48–62", "63–77")
    assert [facet.of[at] for at in (0, 14, 15, 59)] == [0, 0, 1, 3]


def test_long_and_broken_numbers_are_written_as_people_do():
    incomes = [str(12_345 + 1_000 * at) for at in range(40)]
    assert found(told("income", *incomes))["income"].values[0] == "12,345–21,345"
    shares = [f"{at},5" for at in range(20)]
    assert found(told("share", *shares))["share"].values[0] == "0.5–4.5"


def test_a_postcode_is_no_number():
    codes = [f"00{100 + at}" for at in range(20) for _ in range(2)]
    assert found(told("code", *codes))["code"].values[0] == "00100"


def test_few_numbers_stay_and_stand_in_their_order():
    assert found(told("grade", "10", "9", "9", "2"))["grade"].values == ("2", "9", "10")


def test_the_rarest_of_very_many_values_become_one():
    facet = found(told("street", *[f"s{at:02}" for at in range(50) for _ in range(50 - at)]))["street"]
    assert len(facet.values) == 40
    assert facet.values[-1] == "other values"
    assert Counter(facet.of)[39] == sum(range(1, 12))


def test_kinds_evidence_and_actors_are_said_in_the_reader_s_words():
    messages = [Message(text="x", actor=actor) for actor in ("resident", "company", "")]
    kinds = ("wants", "opposes", "wants")
    placements = tuple(
        Placement(status="grouped", kind=kind, evidence=("link",) if kind == "opposes" else ()) for kind in kinds
    )
    named = {
        facet.name: facet for facet in facets(messages, Grouping(placements=placements, themes=()), Speech("en"))
    }
    assert named["Kind of message"].values == ("Wants something", "Opposes something")
    assert named["Figures and sources"].of == (1, 0, 1)
    assert named["Kind of sender"].of == (0, 1, -1)
    assert [name for name, facet in named.items() if facet.tells_sender] == ["Kind of sender"]


def test_the_latest_quarter_is_parted_at_the_turn_of_a_day():
    messages = [Message(text="x", time=f"2026-11-{day:02}") for day in (1, 2, 3, 4, 5, 6, 7, 7)]
    facet = found(messages)["When it came"]
    assert facet.values == ("earlier", "latest quarter of the messages, from 2026-11-07")
    assert facet.of == (0, 0, 0, 0, 0, 0, 1, 1)
    assert facet.is_latest
