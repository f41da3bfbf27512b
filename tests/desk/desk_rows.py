"""Rows for the tests of lists: an invented town whose messages differ in all that a list is narrowed by."""

import random
from datetime import UTC, datetime, timedelta

from kuulo.models import Author, Intake, Message, Placement, Source, Tag, Theme

START = datetime(2026, 9, 1, 6, tzinfo=UTC)
CHANNELS = ("form", "email", "")
HIDDEN = {Message.Status.ASIDE, Message.Status.GONE}
LANGUAGES = ("fi", "sv", "nb", "en", "und")
KINDS = ("wants", "opposes", "asks", "")
TEXTS = (
    "Auraus jää tekemättä",
    "Snöröjningen på Åvägen",
    "Leikkipuiston keinu on rikki",
    "sää on hyvä",
    "",
    "e-bike C++",
)
TAGS = ("auraus", "snöröjning", "puisto")


def add_source(name: str = "form", **rest: str) -> Source:
    return Source.objects.get_or_create(name=name, defaults=rest)[0]


def add_message(text: str = "Auraus jää tekemättä", **rest: object) -> Message:
    given = {
        "source": rest.pop("source", None) or add_source(),
        "identity": str(Message.objects.count()),
        "arrived": START,
        "search_text": text,
        "status": Message.Status.GROUPED,
    }
    return Message.objects.create(text=text, **(given | rest))


def add_theme(code: str, **rest: object) -> Theme:
    return Theme.objects.create(code=code, names={"fi": f"teema {code}"}, **rest)


def place(message: Message, theme: Theme, **rest: object) -> Placement:
    return Placement.objects.create(message=message, theme=theme, arrived=message.arrived, **rest)


def fill_town(n: int = 90, seed: int = 7) -> None:
    """Fill in messages in two sources, two intakes, two themes and a subtheme, with copies, tags and equal times."""
    pick = random.Random(seed)
    sources = [add_source("form"), add_source("Ä page")]
    intakes = [Intake.objects.create(file_name="a.csv", file_hash=str(i), file_size=1) for i in range(2)]
    snow, parks = add_theme("T1"), add_theme("T2")
    gates = add_theme("T1.1", parent=snow)
    head = Tag.objects.create(name=TAGS[0])
    tags = [head, Tag.objects.create(name=TAGS[1], alias_of=head), Tag.objects.create(name=TAGS[2])]
    author = Author.objects.create(key="a")
    firsts: list[Message] = []
    for i in range(n):
        status = pick.choice(Message.Status.values)
        message = add_message(
            pick.choice(TEXTS),
            source=pick.choice(sources),
            intake=pick.choice([*intakes, None]),
            identity=str(i),
            channel=pick.choice(CHANNELS),
            language=pick.choice(LANGUAGES),
            kind=pick.choice(KINDS),
            status=status,
            arrived=START + timedelta(hours=7 * pick.randrange(n // 3)),
            # what is out of sight is no copy and has none
            copy_of=pick.choice(firsts) if firsts and status not in HIDDEN and pick.random() < 0.4 else None,
            author=author,
        )
        if message.copy_of is None and status not in HIDDEN:
            firsts.append(message)
        message.tags.set(pick.sample(tags, pick.randrange(3)))
        if message.status in {Message.Status.GROUPED, Message.Status.UNCERTAIN}:
            counted = message.status == Message.Status.GROUPED
            first, second = pick.sample([snow, parks], 2)
            place(message, first, counted=counted, subtheme=gates if first == snow and pick.random() < 0.5 else None)
            if pick.random() < 0.3:
                place(message, second, main=False, counted=counted)
