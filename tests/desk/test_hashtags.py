"""Hashtags that mean the same are made one, and parted again as they were."""

import pytest
from tests.desk.desk_rows import add_message
from tests.web.cast import person

from kuulo.desk import hashtags as desk
from kuulo.desk.hashtags import TagsRefused
from kuulo.desk.inbox import Filters
from kuulo.models import Event, Tag

pytestmark = pytest.mark.django_db


def tag(name: str, messages: int = 1) -> Tag:
    made = Tag.objects.create(name=name)
    for _ in range(messages):
        add_message(f"#{name}").tags.add(made)
    return made


def shown() -> dict[str, tuple[list[str], int]]:
    return {one.tag.name: ([alias.name for alias in one.aliases], one.uses) for one in desk.collections()}


def test_two_tags_become_one_and_either_finds_the_messages_of_both() -> None:
    official = person()
    tag("auraus", 2)
    tag("snöröjning")
    desk.merge_tags("#Auraus", "snöröjning ", person=official)
    assert shown() == {"auraus": (["snöröjning"], 3)}
    assert len(Filters(tag="snöröjning").queryset()) == len(Filters(tag="auraus").queryset()) == 3
    event = Event.objects.get()
    assert (event.kind, event.person) == ("tags-merged", official)


def test_parting_puts_back_what_was_merged_with_its_own_aliases() -> None:
    official = person()
    first, second, third = tag("a"), tag("b"), tag("c")
    desk.merge_tags("b", "c", person=official)
    desk.merge_tags("a", "c", person=official)
    assert shown() == {"a": (["b", "c"], 3)}
    desk.part_tag(Tag.objects.get(pk=second.pk), person=official)
    desk.part_tag(Tag.objects.get(pk=second.pk), person=official)
    assert shown() == {"a": ([], 1), "b": (["c"], 2)}
    assert Tag.objects.get(pk=third.pk).alias_of_id == second.pk
    assert first.alias_of_id is None
    assert [event.kind for event in Event.objects.order_by("pk")] == ["tags-merged", "tags-merged", "tags-parted"]


@pytest.mark.parametrize(
    ("first", "second", "code"), [("a", "x", "no-such-tag"), ("", "a", "no-such-tag"), ("a", "A", "the-same")]
)
def test_what_cannot_be_merged_is_refused(first: str, second: str, code: str) -> None:
    tag("a")
    with pytest.raises(TagsRefused, match=code):
        desk.merge_tags(first, second, person=person())
    assert not Event.objects.exists()


def test_a_beginning_narrows_the_list_and_keeps_the_aliases() -> None:
    official = person()
    tag("auraus")
    tag("snö")
    tag("puisto")
    desk.merge_tags("auraus", "snö", person=official)
    assert [one.tag.name for one in desk.collections(beginning="#Au")] == ["auraus"]
    assert [alias.name for alias in desk.collections(beginning="au")[0].aliases] == ["snö"]


def test_tags_that_are_written_nearly_alike_are_suggested() -> None:
    for name in ("auraus", "aurausta", "pyörätie", "pyörätiet", "puisto"):
        tag(name)
    pairs = {frozenset({first.name, second.name}) for first, second in desk.alike(desk.collections())}
    assert pairs == {frozenset({"auraus", "aurausta"}), frozenset({"pyörätie", "pyörätiet"})}


def test_the_list_asks_the_same_for_one_tag_and_for_three(django_assert_num_queries: object) -> None:
    for name in ("a", "b", "c"):
        tag(name)
        if name != "b":
            with django_assert_num_queries(3):  # type: ignore[operator]
                desk.collections()
