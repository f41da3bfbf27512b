"""What it costs to watch: 10,000 themes and what belongs to them, a message being one of six streams."""

import platform
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import repeat
from zoneinfo import ZoneInfo

import numpy as np

from kuulo.group.burst import score, scores
from kuulo.group.counting import Moment, Tally
from kuulo.group.rate import Baseline, Calendar

# a message belongs to a theme, a subtheme, a theme at a place, a place, a channel, and to all
KINDS = {"theme": 10_000, "subtheme": 30_000, "theme at a place": 100_000, "place": 100, "channel": 20, "all": 1}
FLOW = 1_000  # messages a second
Told = list[list[int]]


class Town:
    """Streams of uneven size as the watch holds them, and a clock."""

    def __init__(self, normal: float) -> None:
        draw = np.random.default_rng(0)
        self.shares = [(size := draw.pareto(1.5, count) + 0.1) / size.sum() for count in KINDS.values()]
        self.first = np.cumsum([0, *KINDS.values()])
        levels = np.concatenate(self.shares) * normal * 900
        profiles = draw.lognormal(0, 0.3, (len(levels), 72))
        profiles /= profiles.mean(axis=1, keepdims=True)
        self.baselines = [Baseline(*one) for one in zip(profiles, levels.tolist(), strict=True)]
        self.tallies: defaultdict[int, Tally] = defaultdict(lambda: Tally(live=True))
        self.calendar = Calendar(ZoneInfo("Europe/Helsinki"))
        self.now, self.said = 1_789_000_000 // 900 * 900, 0
        self._draw = draw

    def messages(self, count: int) -> Told:
        """Draw messages: the six streams of each."""
        kinds = zip(self.first, self.shares, strict=False)
        drawn = [first + self._draw.choice(len(share), count, p=share) for first, share in kinds]
        return np.stack(drawn, axis=1).tolist()

    def hear(self, messages: Told, a_second: int, *, look_every: int = 1) -> float:
        """Count messages, and every few seconds weigh the streams that they came to; give the processor's seconds."""
        began, come_to = time.process_time(), defaultdict[int, list[Moment]](list)
        for at in range(0, len(messages), a_second):
            self.now += 1
            for streams in messages[at : at + a_second]:
                self.said += 1
                moment = Moment(self.now, self.said, self.said, self.said, self.now)
                for stream in streams:
                    come_to[stream].append(moment)
            if self.now % look_every == 0:
                for stream, said in come_to.items():
                    self.tallies[stream].add(said)
                self.weigh(come_to.keys())
                come_to.clear()
        return time.process_time() - began

    def weigh(self, streams: Iterable[int]) -> None:
        """Weigh the streams, as a look does."""
        due = [one for one in streams if len(self.tallies[one].said) >= 3]
        times, baselines = [self.tallies[one].times for one in due], [self.baselines[one] for one in due]
        scores(times, self.now, baselines=baselines, calendar=self.calendar)


def speed() -> Iterator[str]:
    """Microseconds a message and stream, by one core."""
    quiet, busy = Town(1), Town(FLOW)
    streams = f"{quiet.first[-1]:,} streams, {len(KINDS)} of them a message"
    yield f"\nPython {platform.python_version()}, one core, {streams}; a look at what is new every second.\n"
    yield "| what | µs a message and stream | messages a second on six streams |\n|---|---|---|"
    quiet.hear(quiet.messages(86_400), 1, look_every=900)
    yield _row("one message a second, as is normal; a day before it", quiet, quiet.messages(3_000), 1)
    busy.hear(busy.messages(300 * FLOW), FLOW, look_every=60)
    yield _row("1,000 a second, as is normal; five minutes before it", busy, busy.messages(60 * FLOW), FLOW)
    storm = [one for pair in zip(busy.messages(30 * FLOW), repeat(busy.messages(1)[0])) for one in pair]
    yield _row("the same, every second one in one theme", busy, storm, FLOW)
    yield _row("1,000 a second where one is normal: all streams in alarm", quiet, quiet.messages(60 * FLOW), FLOW)
    yield f"\nA look at one stream alone (`score`): {_look():.0f} µs."


def _row(what: str, town: Town, messages: Told, a_second: int) -> str:
    seconds = town.hear(messages, a_second)
    each = seconds / len(messages)
    return f"| {what} | {each / len(KINDS) * 1e6:.1f} | {1 / each:,.0f} |"


def _look() -> float:
    """Give the µs of a look at a stream with 200 messages in the day."""
    now, calendar = 1_789_000_000.0, Calendar(ZoneInfo("Europe/Helsinki"))
    times = [now - 430 * at for at in range(200, 0, -1)]
    baseline = Baseline(np.ones(72), 1.0)
    began = time.process_time()
    for at in range(2_000):
        score(times, now + at % 60, baseline=baseline, calendar=calendar)
    return (time.process_time() - began) / 2_000 * 1e6
