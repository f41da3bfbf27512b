"""How many messages make an alarm: the table of the settings is the scan's own, and the documentation's too."""

import re
from pathlib import Path

import pytest

from kuulo.group.burst import weigh
from kuulo.group.needed import HOURS, fewest, needed
from kuulo.group.rate import WINDOWS

PUBLISHED = {
    (0.005, False): "4 (5) 4 (5) 4 (5) 6 (9) 9 (14) 12 (19)",
    (0.02, False): "4 (5) 4 (6) 5 (6) 6 (8) 8 (11) 12 (17)",
    (0.05, False): "5 (6) 5 (6) 5 (7) 7 (9) 10 (12) 16 (21)",
    (0.2, False): "6 (7) 7 (8) 8 (10) 11 (13) 16 (20) 32 (40)",
    (0.5, False): "8 (9) 9 (11) 12 (15) 18 (21) 28 (33) 60 (73)",
    (1, False): "10 (12) 13 (15) 18 (21) 27 (33) 45 (54) 106 (128)",
    (2, False): "14 (16) 19 (23) 29 (34) 46 (55) 79 (95) 195 (235)",
    (5, False): "24 (28) 36 (43) 59 (69) 101 (119) 180 (214) 463 (555)",
    (0.01, True): "5 (6) 5 (6) 5 (7) 7 (9) 9 (13) 16 (22)",
    (0.03, True): "5 (7) 6 (8) 7 (9) 9 (12) 14 (18) 26 (36)",
}


def rows():
    for low, high in zip(needed(12.4), needed(16), strict=True):
        cells = [f"{few} ({more})" for few, more in zip(low.counts, high.counts, strict=True)]
        yield (low.rate, low.new), cells


def test_the_table_is_as_published():
    assert {row: " ".join(cells) for row, cells in rows()} == PUBLISHED


def test_the_table_of_the_documentation_is_the_codes():
    page = (Path(__file__).parents[2] / "docs/explanation/how-storms-are-seen.md").read_text("utf-8")
    told = re.findall(r"^\| (new theme, )?([\d.]+) \| (.*) \|$", page, re.MULTILINE)
    assert [(float(rate), bool(new), cells.split(" | ")) for new, rate, cells in told] == [
        (rate, new, cells) for (rate, new), cells in rows()
    ]


@pytest.mark.parametrize("hours", HOURS)
def test_one_message_fewer_is_not_enough(hours):
    count = fewest(12.4, rate=1, hours=hours)

    def score(messages):
        within = [int(messages * w / 4 / hours) if w / 4 < hours else messages for w in WINDOWS]
        return weigh(within, [w / 4 for w in WINDOWS]).score

    assert score(count) >= 12.4 > score(count - 1)


def test_a_threshold_that_nothing_reaches_is_said():
    with pytest.raises(ValueError, match="no count"):
        fewest(1e9, rate=1, hours=1)
