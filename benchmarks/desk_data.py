"""Fill an empty desk with invented messages: KUULO_DATA=desk python -m benchmarks.desk_data 100000 300

The same numbers give the same rows. Sizes of themes, writers and channels are as skewed as in life, one theme is a
storm of the last days, a seventh are copies. Nothing is embedded: vectors stand around a direction for each theme.
"""

import argparse
import os
import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kuulo.settings")

import django
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

START, WEEKS = datetime(2026, 8, 17, 4, tzinfo=UTC), 12
AT_ONCE = 4_000
CHANNELS = {"form": 40, "email": 20, "facebook": 15, "instagram": 8, "phone": 7, "mastodon": 5, "paper": 5}
LANGUAGES = {"fi": 60, "sv": 15, "nb": 10, "en": 10, "nn": 2, "und": 3}
KINDS = {"wants": 30, "opposes": 12, "asks": 20, "reports": 20, "thanks": 5, "tells": 8, "unclear": 5}
STATUSES = {"grouped": 93, "uncertain": 5, "empty": 1, "unreadable": 1}
SYLLABLES = [
    "ka",
    "la",
    "mu",
    "ri",
    "se",
    "vo",
    "tä",
    "pö",
    "nå",
    "hei",
    "lum",
    "kat",
    "sii",
    "puis",
    "tei",
    "rau",
    "nen",
    "ker",
    "ola",
    "sto",
    "bro",
    "väg",
    "tun",
    "lek",
    "sti",
]
COMMON = [
    "on",
    "ja",
    "se",
    "ei",
    "kun",
    "jo",
    "nyt",
    "meillä",
    "missä",
    "aina",
    "vielä",
    "pitäisi",
    "voisi",
    "kiitos",
    "katu",
    "puisto",
    "koulu",
    "bussi",
    "aura",
    "lumi",
]
COPIES, STORM, SUBTHEMES = 0.14, 0.05, 4


class Town:
    """The invented town: what is drawn once, and what is counted while its messages are made."""

    def __init__(self, n: int, themes: int, seed: int = 1) -> None:
        from kuulo.models import Author, Intake, Source, Tag

        self.n, self.pick, self.draw = n, random.Random(seed), np.random.default_rng(seed)
        self.words = sorted({"".join(self.pick.choices(SYLLABLES, k=k)) for k in (2, 3, 4) for _ in range(900)})
        self.own = [self.pick.sample(self.words, 12) for _ in range(themes)]
        self.weights = np.cumsum([1 / (at + 3) ** 0.9 for at in range(themes)]).tolist()
        self.noise = (self.draw.normal(size=(512, 768)) / 768**0.5).astype(np.float32)
        self.centroids = self.draw.normal(size=(themes, 768)).astype(np.float32) / 768**0.5
        self.sources = [Source.objects.create(name=f"{name} of the town", channel=name) for name in CHANNELS]
        self.intake = Intake.objects.create(
            file_name="invented.csv", file_hash="0" * 64, file_size=1, state="done", rows_total=n, added=n
        )  # fmt: skip
        self.authors = max(n // 3, 1)
        Author.objects.bulk_create((Author(pk=i + 1, key=f"{i:032x}") for i in range(self.authors)), AT_ONCE)
        self.tags = Tag.objects.bulk_create([Tag(name=f"{self.own[at][0]}{at}") for at in range(themes)])
        self.themes = [self.theme(at) for at in range(themes)]
        self.subthemes = {at: [self.theme(at, k) for k in range(SUBTHEMES)] for at in range(0, themes, 2)}
        self.figures: dict[int, Counts] = defaultdict(Counts)
        self.earlier: dict[int, list[tuple[int, str]]] = defaultdict(list)

    def theme(self, at: int, part: int | None = None):
        """Store a theme, or a subtheme of one."""
        from kuulo.models import Theme

        names = self.own[at][:2] if part is None else self.own[at][part + 2 : part + 4]
        return Theme.objects.create(
            code=f"T{at + 1}" if part is None else f"T{at + 1}.{part + 1}",
            parent=None if part is None else self.themes[at],
            names=dict.fromkeys(("fi", "sv", "nb", "en"), ", ".join(names)),
            keyphrases={"fi": self.own[at][:6]},
            firmness=round(self.pick.random(), 2),
            at_x=self.pick.uniform(-10, 10),
            at_y=self.pick.uniform(-10, 10),
            centroid=_vector(self.centroids[at]),
            stale=False,
        )

    def store(self, first: int, past: int) -> None:
        """Store the messages of these numbers, with where they stand and their tags, in one transaction."""
        from kuulo.models import Message, Placement

        tagged = Message.tags.through
        made = [self.message(pk) for pk in range(first, past)]
        with transaction.atomic():
            Message.objects.bulk_create([message for message, _, _ in made])
            Placement.objects.bulk_create([place for _, places, _ in made for place in places])
            tagged.objects.bulk_create([tagged(message_id=m.pk, tag=tag) for m, _, tags in made for tag in tags])

    def message(self, pk: int):
        """Draw a message, with its placements and tags."""
        from kuulo.models import Message

        pick = self.pick
        storm = pick.random() < STORM
        at = 0 if storm else pick.choices(range(len(self.themes)), cum_weights=self.weights)[0]
        weeks = WEEKS - 1 + pick.random() if storm else WEEKS * pick.random()
        arrived = START + timedelta(weeks=weeks) - timedelta(hours=5 * pick.random() ** 2)
        status = _any(pick, STATUSES)
        copied = pick.choice(self.earlier[at]) if self.earlier[at] and pick.random() < COPIES else None
        text = "" if status == "empty" else copied[1] if copied else self.text(at)
        channel = pick.choices(range(len(CHANNELS)), [*CHANNELS.values()])[0]
        grouped = status in {"grouped", "uncertain"}
        message = Message(
            pk=pk,
            source=self.sources[channel],
            identity=f"{pk:032x}",
            intake=self.intake,
            origin_id=f"A{pk}",
            row=pk,
            channel=self.sources[channel].channel,
            thread=f"t{pick.randrange(self.n // 4 + 1)}" if pick.random() < 0.2 else "",
            language=_any(pick, LANGUAGES),
            arrived=arrived,
            heard=arrived,
            author_id=1 + int(self.authors * pick.random() ** 1.6),
            background=[["area", pick.choice(self.words[:40])]],
            status=status,
            reason="" if status == "grouped" else "far-from-others",
            kind=_any(pick, KINDS) if grouped else "",
            certainty=round(pick.random(), 2),
            copy_of_id=copied[0] if copied and grouped else None,
            text=text,
            search_text=text,
            vector=_vector(self.centroids[at] + self.noise[pk % 512]) if grouped else None,
        )
        if grouped and not copied:
            self.earlier[at].append((pk, text))
            del self.earlier[at][:-400]
        places = self.places(message, at) if grouped else []
        tags = [self.tags[at]] if pick.random() < 0.15 else []
        return message, places, tags

    def text(self, at: int) -> str:
        """Write a message of a theme: its own words among common ones."""
        length = 5 + int(self.pick.expovariate(1 / 18))
        chosen = self.pick.choices([*self.own[at], *self.pick.choices(self.words, k=8), *COMMON], k=length)
        return f"{' '.join(chosen).capitalize()}."

    def places(self, message, at: int):
        """Say where a message stands, and count it there."""
        from kuulo.models import Placement

        grouped = message.status == "grouped"
        near = [pk for pk, _ in self.earlier[at][-4:] if pk != message.pk]
        whole = {"message": message, "arrived": message.arrived, "counted": grouped, "fit": self.pick.random()}
        parts = self.subthemes.get(at)
        part = self.pick.choice(parts) if parts and grouped else None
        why = {"near": near[:3], "words": self.own[at][:3]}
        found = [Placement(theme=self.themes[at], subtheme=part, why=why, **whole)]
        for row in (self.themes[at], part):
            if row:
                self.figures[row.pk].add(message)
        if grouped and self.pick.random() < 0.1 and at + 1 < len(self.themes):
            found.append(Placement(theme=self.themes[at + 1], main=False, **whole))
        return found

    def finish(self) -> None:
        """Store the figures, and have the database know that ids were given."""
        from kuulo.models import Author, Message, Theme

        themes = [*self.themes, *(part for parts in self.subthemes.values() for part in parts)]
        for theme in themes:
            theme.figures = self.figures[theme.pk].figures()
            theme.central = self.figures[theme.pk].central
        Theme.objects.bulk_update(themes, ["figures", "central"], batch_size=100)
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), [Author, Message]):
                cursor.execute(sql)


class Counts:
    """What is counted of a theme: Theme.figures."""

    def __init__(self) -> None:
        self.n: Counter[str] = Counter()
        self.by: dict[str, Counter[str]] = defaultdict(Counter)
        self.people: set[int] = set()
        self.moments: list[datetime] = []
        self.central: list[int] = []

    def add(self, message) -> None:
        """Count a message."""
        if message.status == "uncertain":
            self.n["uncertain"] += 1
            return
        self.n.update(["messages"] if message.copy_of_id else ["messages", "distinct"])
        self.people.add(message.author_id)
        self.moments.append(message.arrived)
        if len(self.central) < 12:
            self.central.append(message.pk)
        local = timezone.localtime(message.arrived).date()
        monday = (local - timedelta(days=local.weekday())).isoformat()
        told = {
            "channels": message.channel, "languages": message.language, "kinds": message.kind,
            "sources": message.source.name, "weeks": monday,
        }  # fmt: skip
        for name, value in told.items():
            self.by[name][value] += 1

    def figures(self) -> dict[str, object]:
        """Give them as pages read them."""
        end = START + timedelta(weeks=WEEKS)
        ages = [(end - moment).days // 7 for moment in self.moments]
        edges = {"first": min(self.moments), "latest": max(self.moments)} if self.moments else {}
        return {
            **self.n,
            "people": len(self.people),
            **{name: dict(counts) for name, counts in self.by.items()},
            **{name: moment.isoformat() for name, moment in edges.items()},
            "growth": {"now": ages.count(0), "before": sum(1 <= age <= 4 for age in ages) / 4},
            "voices": {"wants": self.by["kinds"]["wants"], "opposes": self.by["kinds"]["opposes"]},
        }


def _any(pick: random.Random, weights: dict[str, int]) -> str:
    return pick.choices([*weights], [*weights.values()])[0]


def _vector(values: np.ndarray) -> bytes:
    return (values / np.linalg.norm(values)).astype(np.float16).tobytes()


def fill(messages: int, themes: int, *, seed: int = 1) -> None:
    """Fill in messages in so many themes. The tables must be empty."""
    from kuulo.models import Message

    assert not Message.objects.exists(), "the desk is not empty"
    town = Town(messages, themes, seed)
    for first in range(1, messages + 1, AT_ONCE):
        town.store(first, min(first + AT_ONCE, messages + 1))
    town.finish()


def main() -> None:
    """Fill the desk that the environment names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("messages", type=int)
    parser.add_argument("themes", type=int)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    django.setup()
    call_command("migrate", verbosity=0)
    fill(given.messages, given.themes, seed=given.seed)


if __name__ == "__main__":
    main()
