"""A town with eight quiet weeks behind it, for the watch for storms."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kuulo.models import Author, Message, Placement, Source, Theme

HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = datetime(2026, 3, 18, 14, tzinfo=HELSINKI)  # a Wednesday
WEEKS = 8


class Town:
    """Themes with eight quiet weeks behind them: some messages a day, by other people each time."""

    def __init__(self):
        self.source = Source.objects.create(name="Palaute")
        self.themes = {}
        pick = random.Random(5)
        for code in ("T1", "T2", "T3"):
            self.themes[code] = Theme.objects.create(code=code)
            for day in range(1, 7 * WEEKS):
                for _ in range(pick.choice([1, 2, 3])):
                    at = NOW.replace(hour=pick.randint(8, 20), minute=pick.randint(0, 59)) - timedelta(days=day)
                    self.say(code, at)

    def say(self, code, at, *, author=None, heard=None, copy_of=None, status="grouped"):
        """Store a message as it stands once it is placed."""
        number = Message.objects.count()
        writer = Author.objects.get_or_create(key=author or f"a{number}")[0]
        row = Message.objects.create(
            source=self.source,
            identity=f"{number:032d}",
            arrived=at,
            heard=heard or at,
            author=writer,
            status=status,
            copy_of=copy_of,
            text=f"message {number}",
        )
        theme = self.themes[code]
        Placement.objects.create(message=row, theme=theme, counted=status == "grouped", arrived=at)
        return row

    def burst(self, code, n, *, over=timedelta(hours=2), until=NOW, **rest):
        """Say so many messages, evenly up to a moment."""
        return [self.say(code, until - over + over * (at + 1) / n, **rest) for at in range(n)]
