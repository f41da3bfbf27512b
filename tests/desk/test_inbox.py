"""The inbox lists exactly what its filters say, each message once, whatever arrives meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.desk.desk_rows import (
    CHANNELS,
    KINDS,
    LANGUAGES,
    START,
    TAGS,
    TEXTS,
    add_message,
    add_theme,
    fill_town,
    place,
)

from kuulo.desk import inbox
from kuulo.desk.inbox import Filters, Place
from kuulo.models import Message, Tag

pytestmark = pytest.mark.django_db

DAYS = [date(2026, 9, 1) + timedelta(days=n) for n in range(-1, 12)]
some_filters = st.builds(
    Filters,
    source=st.sampled_from(["", "", "form", "Ä page", "none"]),
    channel=st.sampled_from(["", "", *CHANNELS]),
    kind=st.sampled_from(["", "", *KINDS]),
    language=st.sampled_from(["", "", *LANGUAGES]),
    theme=st.sampled_from(["", "", "T1", "T2", "T1.1", "T9"]),
    status=st.sampled_from(["", "", *Message.Status.values]),
    intake=st.sampled_from([None, None, 1, 2]),
    tag=st.sampled_from(["", "", *TAGS, "none"]),
    since=st.sampled_from([None, *DAYS]),
    until=st.sampled_from([None, *DAYS]),
    words=st.sampled_from(["", "", "auraus", "puisto", "ÅVÄGEN", "on", "sää", '"on rikki"']),
    copies=st.sampled_from(["folded", "all"]),
)


@pytest.fixture
def town() -> None:
    fill_town()
    # nothing on the path of safety is a copy of another
    Message.objects.filter(status="safety").update(copy_of=None)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=some_filters)
@pytest.mark.usefixtures("town")
def test_a_filter_lists_what_a_plain_reading_of_it_lists(filters: Filters) -> None:
    known = {message.pk: message for message in Message.objects.select_related("source", "copy_of__source")}
    fits = plain(filters)
    listed = [message for message in known.values() if fits(message)]
    if filters.copies == "folded":
        listed = [m for m in listed if m.copy_of_id is None or not fits(known[m.copy_of_id])]
    listed.sort(key=lambda message: (message.arrived, message.pk), reverse=True)
    assert [message.pk for message in filters.queryset()] == [message.pk for message in listed]


def plain(filters: Filters) -> Callable[[Message], bool]:
    """Read the filters without a database."""
    texts = {"auraus": TEXTS[0], "puisto": TEXTS[2], "ÅVÄGEN": TEXTS[1], "sää": TEXTS[3], '"on rikki"': TEXTS[2]}

    def fits(message: Message) -> bool:
        tags = {tag.alias_of.name if tag.alias_of else tag.name for tag in message.tags.select_related("alias_of")}
        day = (message.arrived + timedelta(hours=3)).date()  # summer time in Finland
        counted = filters.status != "uncertain"
        codes = {
            code
            for placed in message.placements.select_related("theme", "subtheme")
            if placed.counted == counted
            for code in (placed.theme.code, placed.subtheme.code if placed.subtheme else "")
        }
        asked_for = filters.status or filters.intake or filters.known
        return (
            (bool(asked_for) or message.status not in {"aside", "gone"})
            and message.status != "safety"
            and filters.source in {"", message.source.name}
            and filters.channel in {"", message.channel}
            and filters.kind in {"", message.kind}
            and filters.language in {"", message.language}
            and filters.status in {"", message.status}
            and (filters.intake is None or filters.intake == message.intake_id)
            and (not filters.tag or {"snöröjning": "auraus"}.get(filters.tag, filters.tag) in tags)
            and (not filters.theme or filters.theme in codes)
            and (filters.since is None or filters.since <= day)
            and (filters.until is None or day <= filters.until)
            and (
                not filters.words
                or texts.get(filters.words, message.text if " on " in message.text else "-") == message.text
            )
        )

    return fits


@given(filters=some_filters)
def test_an_address_keeps_all_filters(filters: Filters) -> None:
    assert Filters.of(QueryDict(filters.query())) == filters


@given(query=st.dictionaries(st.sampled_from(inbox._NAMES), st.text()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.usefixtures("town")
def test_no_address_breaks_the_list(query: dict[str, str]) -> None:
    filters = Filters.of(query)
    assert len(inbox.page(filters).messages) <= inbox.PAGE


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    "query", ["", "theme=T1", "channel=form&copies=all", "words=puisto", "theme=T1&status=uncertain"]
)
def test_pages_show_each_message_once_while_new_ones_arrive(query: str) -> None:
    filters = Filters.of(QueryDict(query))
    expected = [message.pk for message in filters.queryset()]
    seen: list[int] = []
    place_below: Place | None = None
    while True:
        page = inbox.page(filters, before=place_below, size=4)
        seen += [message.pk for message in page.messages]
        new = add_message(channel="form", arrived=START + timedelta(days=90), identity=f"new {len(seen)}")
        assert new.pk not in expected
        if page.earlier is None:
            break
        place_below = Place.of(str(page.earlier))
    assert expected
    assert seen == expected


def test_copies_are_counted_under_their_original_where_it_is_in_the_list() -> None:
    first = add_message(channel="form")
    add_message(copy_of=first, channel="form")
    apart = add_message(copy_of=first, channel="email")
    assert inbox.page(Filters()).copies == {first.pk: 2}
    assert [message.pk for message in inbox.page(Filters(channel="form")).messages] == [first.pk]
    assert [message.pk for message in inbox.page(Filters(channel="email")).messages] == [apart.pk]
    assert inbox.page(Filters(copies="all")).copies == {}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=some_filters)
@pytest.mark.usefixtures("town")
def test_folded_lines_and_their_copies_are_as_many_as_the_lines_unfolded(filters: Filters) -> None:
    folded = inbox.page(replace(filters, copies="folded"), size=999)
    assert len(folded.messages) + sum(folded.copies.values()) == replace(filters, copies="all").queryset().count()


def test_a_merged_theme_lists_what_it_was_merged_into() -> None:
    new = add_theme("T2")
    add_theme("T1", state="merged", merged_into=new)
    message = add_message()
    place(message, new)
    assert [*Filters(theme="T1").queryset()] == [message]


def test_a_tag_lists_what_its_aliases_hold_once() -> None:
    plough = Tag.objects.create(name="auraus")
    other = Tag.objects.create(name="snöröjning", alias_of=plough)
    message = add_message()
    message.tags.set([plough, other])
    assert [*Filters.of({"tag": "#Snöröjning"}).queryset()] == [message]


def test_the_count_stops_where_it_would_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        add_message()
    assert inbox.page(Filters()).total == 4
    monkeypatch.setattr(inbox, "COUNTED_TO", 2)
    assert inbox.page(Filters(), size=1).total == 3
    below = inbox.page(Filters(), size=1).earlier
    assert inbox.page(Filters(), before=below).total is None


def test_all_is_what_the_pages_hold() -> None:
    fill_town(40)
    filters = Filters(theme="T1")
    rows = [(message.pk, copies) for message, copies in inbox.every(filters, at_once=3)]
    assert [pk for pk, _ in rows] == [message.pk for message in filters.queryset()]
    assert dict(rows).items() >= inbox.page(filters, size=999).copies.items()


@pytest.mark.parametrize("text", ["", "x", "1-", "-1", "1-1-1", "٣-٣", "9" * 30 + "-1", "1-" + "9" * 30])
def test_what_is_no_place_begins_at_the_top(text: str) -> None:
    assert Place.of(text) is None


def test_a_page_asks_the_same_number_of_questions_whatever_it_shows(django_assert_num_queries: object) -> None:
    theme = add_theme("T1")
    for n in range(3):
        if n in {1, 3}:
            with django_assert_num_queries(4):  # type: ignore[operator]
                inbox.page(Filters())
        message = add_message()
        place(message, theme)
        add_message(copy_of=message)
    with django_assert_num_queries(4):  # type: ignore[operator]
        inbox.page(Filters())
