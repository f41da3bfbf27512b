"""Who wrote is counted as far as the file tells, and what it does not tell is said."""

from kuulo.group.result import Grouping, Placement
from kuulo.message import Message
from kuulo.report.facets import Facet
from kuulo.report.senders import count_senders
from kuulo.report.words import Speech


def test_shares_add_up_with_the_untold():
    messages = [Message(text="x", author=author) for author in "aaaabcdefghij"]
    placements = (*[Placement(status="grouped", theme="T1")] * 12, Placement(status="empty"))
    facet = Facet("area", ("Malmi", "Harju"), (0,) * 6 + (1,) * 3 + (-1,) * 4, tells_sender=True)
    hidden = Facet("kind", ("a", "b"), (0,) * 13)
    found = count_senders(messages, Grouping(placements=placements, themes=()), (hidden, facet), Speech("en"))
    assert (found.people, found.with_author, found.most) == (9, 12, 0)
    (area,) = found.facets
    assert area.number == 1
    assert [(row.label, row.value, row.count, row.share) for row in area.rows] == [
        ("Malmi", 0, 6, 50),
        ("Harju", 1, 3, 25),
        ("not told", -1, 3, 25),
    ]


def test_the_busiest_tenth_is_told_of_twenty_people_or_more():
    messages = [Message(text="x", author=f"r{at}") for at in range(20)] + [Message(text="x", author="r0")] * 20
    placements = tuple(Placement(status="grouped", theme="T1") for _ in messages)
    found = count_senders(messages, Grouping(placements=placements, themes=()), (), Speech("en"))
    assert (found.people, found.with_author, found.most) == (20, 40, 55)
