"""Hearing: what connectors call themselves and how sources fare, in the reader's language.

A connector may bring words of its own for what only it can meet: ``troubles``, ``unread`` and ``found`` in its file
of words, each by code and language. What has words nowhere is told in a general sentence.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.timezone import localtime

from kuulo.desk.register import Health
from kuulo.hear.connector import Connector, Found
from kuulo.hear.connectors import connectors
from kuulo.report.encoding import visible
from kuulo.report.names import in_language
from kuulo.web.names import channel_name
from kuulo.web.speech import spoken
from kuulo.web.tags import day
from kuulo.web.told import Known

# What a person has to put right, and what passes by itself.
_PERSON = {"auth", "settings"}
_PERHAPS, _FACT = re.compile(r"\[([^\]]*)\]"), re.compile(r"\{(\w+)\}")
COLOURS = {"well": "success", "listening": "success", "first": "info", "needs-you": "danger", "trouble": "warning"}


@cache
def _words(made: type[Connector]) -> dict[str, Any]:
    return made.words()


def of_connector(made: type[Connector] | None, *keys: str) -> str:
    """Give a connector's words for what the keys lead to, such as "fields", "address"; "" where it has none."""
    found: Any = _words(made) if made else {}
    for key in keys:
        found = found.get(key, {})
    return in_language(found, spoken().language, default="").value if isinstance(found, dict) else ""


def connector_name(code: str) -> str:
    """Name a connector; one that is no longer there is shown by its code."""
    return of_connector(connectors().get(code), "name") or visible(code)


def trouble(code: str, facts: Mapping[str, Any], *, connector: str = "") -> str:
    """Say what went wrong with a source, and what to do about it."""
    return _told("sources.trouble.", "troubles", code, facts, connector) or spoken().say(
        "sources.trouble.other", code=code
    )


def unread(code: str, *, connector: str = "") -> str:
    """Say why something could not be read."""
    return _told("sources.unread.", "unread", code, {}, connector) or code.replace("-", " ")


def passed(reason: str) -> str:
    """Say what was passed over."""
    return spoken().words.get(f"sources.passed.{reason}", reason.replace("-", " "))


def found(told: Found, *, connector: str) -> list[str]:
    """Say what a test of a connection met, a sentence each."""
    words = spoken()
    first = words.say("sources.found.name", name=visible(told.name)) if told.name else words.say("sources.found.well")
    return [first, *(_fact(name, fact, connector) for name, fact in told.facts.items())]


def _fact(name: str, fact: str | int, connector: str) -> str:
    shown = spoken().number(fact) if isinstance(fact, int) else visible(fact)
    return _told("sources.found.", "found", name, {"n": shown}, connector) or f"{name.replace('-', ' ')}: {shown}"


def _told(ours: str, theirs: str, code: str, facts: Mapping[str, Any], connector: str) -> str:
    """Fill a shape; what stands in brackets is left out where its fact is not known."""
    shape = of_connector(connectors().get(connector), theirs, code) or spoken().words.get(ours + code, "")
    shown = {name: visible(str(fact)) for name, fact in facts.items()}
    whole = _PERHAPS.sub(lambda part: part[1] if all(name in shown for name in _FACT.findall(part[1])) else "", shape)
    return whole.format_map(Known(shown))


def stands(health: Health) -> str:
    """Give in a code how a source stands: that of its health, or "needs-you" where a person has to act."""
    return "needs-you" if health.code == "trouble" and health.trouble.get("kind") in _PERSON else health.code


def sentences(health: Health, *, connector: str = "") -> list[str]:
    """Say how a source fares: what is wrong first, then when it was heard and when it is tried again."""
    words, told = spoken(), []
    if health.trouble:
        told.append(trouble(str(health.trouble.get("code")), health.trouble.get("facts", {}), connector=connector))
    elif f"sources.health.{health.code}" in words.words:
        told.append(words.say(f"sources.health.{health.code}"))
    if health.heard:
        told.append(words.say("sources.heard", when=moment(health.heard)))
    elif health.trouble:
        told.append(words.say("sources.never"))
    if health.trouble and health.again and not health.is_moving:
        told.append(words.say("sources.again", when=moment(health.again)))
    return told


def moment(when: datetime) -> str:
    """Write the time of day, with the day where that is another than today."""
    clock = f"{localtime(when):%H:%M}"
    return clock if localtime(when).date() == timezone.localdate() else f"{day(when)} {clock}"


def way_in(channel: str, connector: str) -> str:
    """Say how messages come from a source: its connector, else its channel."""
    return connector_name(connector) if connector else channel_name(channel)
