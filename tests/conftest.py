"""A small invented town for the tests of the report: three themes, a copy, and three rows that stand apart."""

import ipaddress
import sys
from collections.abc import Callable

import pytest
from hypothesis import settings

from kuulo.group.result import Grouping, Placement, Theme
from kuulo.message import Message
from kuulo.report.ledger import InputFile, Ledger, draw_up_ledger

# a timing belongs in a benchmark: on a busy machine any example may be slow
settings.register_profile("kuulo", deadline=None)
settings.load_profile("kuulo")


def stay_on_this_machine(event: str, args: tuple[object, ...]) -> None:
    """Refuse every connection to another machine: what a test meets is here."""
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = str(args[1][0]).partition("%")[0]
        if host != "localhost" and not ipaddress.ip_address(host or "127.0.0.1").is_loopback:
            raise RuntimeError(f"a test asked {host}")


sys.addaudithook(stay_on_this_machine)

Result = tuple[tuple[Message, ...], Grouping]

TEXTS = (
    ("en", "The plough leaves a wall of snow at my gate."),
    ("fi", "Aura jättää vallin portin eteen."),
    ("en", "the plough leaves a wall of snow at my gate"),
    ("sv", "Skolmaten är kall och kön är lång."),
    ("nb", "Sklia på lekeplassen er ødelagt."),
    ("en", "Someone should look at the old well."),
    ("und", ""),
    ("und", ""),
)


@pytest.fixture
def town() -> Result:
    messages = tuple(
        Message(text=text, file="town.csv", row=at + 1, column="answer", id=f"A{at}", author=f"r{at % 4}")
        for at, (_, text) in enumerate(TEXTS)
    )
    placements = (
        Placement(status="grouped", theme="t1", subtheme="t1.1", fit=0.9, language="en"),
        Placement(status="grouped", theme="t1", subtheme="t1.2", fit=0.8, language="fi", also=("t1.1",)),
        Placement(status="grouped", theme="t1", subtheme="t1.1", fit=0.9, language="en", copy_of=0),
        Placement(status="grouped", theme="t2", fit=1.0, language="sv"),
        Placement(status="grouped", theme="t3", fit=2 / 3, language="nb"),
        Placement(status="uncertain", theme="t3", fit=0.2, language="en", reason="far-from-others"),
        Placement(status="empty", reason="no-text"),
        Placement(status="unreadable", reason="encoding"),
    )
    themes = (
        Theme(
            id="t1",
            names={"en": "snow", "fi": "lumi"},
            keyphrases={"en": ("plough", "gate")},
            messages=3,
            distinct=2,
            people=3,
            firmness=0.91234,
            central=(0, 1),
            service="snow-ploughing",
        ),
        Theme(id="t1.1", parent="t1", names={"en": "ridges"}, messages=2, distinct=1, people=2, central=(0,)),
        Theme(id="t1.2", parent="t1", names={"fi": "portit"}, messages=1, distinct=1, people=1, central=(1,)),
        Theme(id="t2", names={"sv": "skolmat"}, messages=1, distinct=1, people=1, firmness=0.7, central=(3,)),
        Theme(id="t3", messages=1, distinct=1, people=1, firmness=0.2, central=(4,)),
    )
    return messages, Grouping(placements=placements, themes=themes)


@pytest.fixture
def ledger(town: Result) -> Ledger:
    return ledger_of(*town)


def ledger_of(messages: tuple[Message, ...], grouping: Grouping) -> Ledger:
    file = messages[0].file
    inputs = [InputFile(file=file, sha256="ab" * 32, rows=len(messages), guess={"encoding": "utf-8"})]
    return draw_up_ledger(messages, grouping, inputs=inputs, settings={"seed": 1}, versions={"kuulo": "0"})


@pytest.fixture
def account() -> Callable[[tuple[Message, ...], Grouping], Ledger]:
    return ledger_of


@pytest.fixture
def one_theme() -> Callable[..., Result]:
    """All texts in one theme of that name, one author each, as a hostile resident might have written them."""

    def build(*texts: str, name: str = "theme", language: str = "fi", file: str = "town.csv") -> Result:
        messages = tuple(Message(text=text, file=file, row=at + 1, column="answer") for at, text in enumerate(texts))
        placements = tuple(Placement(status="grouped", theme="t1", language=language) for _ in texts)
        theme = Theme(
            id="t1",
            names={"en": name},
            keyphrases={"en": (name,)},
            messages=len(texts),
            distinct=len(texts),
            central=tuple(range(len(texts)))[:3],
        )
        return messages, Grouping(placements=placements, themes=(theme,))

    return build
