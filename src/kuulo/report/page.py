"""report.html: the whole result as one page that opens from disk and asks nothing of any network.

Beside it each theme has a small page of its own, without any script, to be mailed or printed.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from kuulo.group.result import Grouping
from kuulo.message import Message
from kuulo.report.encoding import encodable, script_json, visible
from kuulo.report.facets import facets
from kuulo.report.islands import draw_map
from kuulo.report.kind_counts import kinds_by_theme
from kuulo.report.ledger import InputFile, Ledger
from kuulo.report.lifts import lifts
from kuulo.report.names import name_of
from kuulo.report.origin import file_name
from kuulo.report.page_data import EMBED_ALL, Similar, page_data
from kuulo.report.page_lists import PER_THEME, lists_of
from kuulo.report.page_view import ORDERS, Source, ThemeView, masked, theme_views
from kuulo.report.senders import count_senders
from kuulo.report.word_cloud import word_cloud
from kuulo.report.words import Speech

SCRIPTS = (
    "base.js",
    "messages.js",
    "lists.js",
    "filters.js",
    "themes.js",
    "across.js",
    "save.js",
    "map.js",
    "search.js",
)
_HOW = ("meaning", "groups", "firmness", "names", "kinds", "copies", "people", "more_often", "map", "one")
_SHORT_NAME = 28


@dataclass(frozen=True, slots=True)
class _OnMap:
    """A theme's name as the map writes it."""

    id: str
    name: str
    short: str
    messages: int


def pages(
    messages: Sequence[Message],
    grouping: Grouping,
    *,
    ledger: Ledger,
    language: str = "en",
    title: str = "",
    similar: Similar = MappingProxyType({}),
) -> dict[str, str]:
    """Render report.html and themes/ID.html of each theme, by file name.

    ``language`` is the reader's: for the names, and for Kuulo's own words if it has them. ``similar`` are the
    messages nearest in meaning to each, by number. Above 20,000 messages the report holds the 200 most central
    texts of each theme and says so.
    """
    speech = Speech(language)
    found = facets(messages, grouping, speech)
    source = Source(
        messages=messages,
        grouping=grouping,
        language=language,
        speech=speech,
        lists=lists_of(grouping),
        facets=found,
        lifts=lifts(messages, grouping, found),
        kinds=kinds_by_theme(grouping),
    )
    themes = theme_views(source)
    shared = {
        "title": visible(title) or speech.say("title"),
        "style": _inline("page.css"),
        "style_hash": _hash(_inline("page.css")),
        "speech": speech,
        "say": speech.say,
        "count": speech.count,
        "ledger": ledger,
    }
    data = page_data(messages, grouping, facets=found, similar=similar, speech=speech, language=language)
    report = _render(
        "page.html",
        **shared,
        script=_script(),
        script_hash=_hash(_script()),
        themes=themes,
        orders=[order for order in ORDERS if _tells(order, themes)],
        map=draw_map(grouping),
        grouped=[_on_map(theme.id, name_of(theme, language).value, theme.messages) for theme in grouping.themes],
        senders=count_senders(messages, grouping, found, speech),
        cloud=word_cloud(messages, grouping),
        inputs=[_input_row(file, speech) for file in ledger.inputs],
        facts=_facts(ledger.settings, speech) + _facts(ledger.versions, speech),
        how=_HOW,
        is_part=len(messages) > EMBED_ALL,
        per_theme=PER_THEME,
        data=Markup(script_json(data)),  # noqa: S704  script_json leaves no sign of HTML in it
    )
    return {"report.html": report} | {
        f"themes/{theme.id}.html": _render("theme.html", **shared, theme=masked(theme)) for theme in themes
    }


def _tells(order: str, themes: Sequence[ThemeView]) -> bool:
    """Tell whether themes differ in what they would be ordered by: there may be no dates, or no two sides."""
    return order == "size" or any(
        getattr(theme, "firmness_value" if order == "firmness" else order) for theme in themes
    )


def _render(name: str, **facts: object) -> str:
    return encodable(_environment().get_template(name).render(facts))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_asset),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _asset(name: str) -> str:
    return (files("kuulo.report") / "assets" / name).read_text("utf-8")


def _inline(name: str) -> Markup:
    return Markup(_asset(name))  # noqa: S704  our own file, never a resident's text


@cache
def _script() -> Markup:
    joined = "\n".join(map(_asset, SCRIPTS))
    return Markup(f'"use strict";\n(() => {{\n{joined}}})();\n')  # noqa: S704  our own files


def _hash(content: str) -> str:
    """Give the hash by which the content security policy lets exactly this style or script through."""
    return base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _on_map(theme: str, name: str, messages: int) -> _OnMap:
    shown = visible(name)
    short = shown if len(shown) <= _SHORT_NAME else f"{shown[: _SHORT_NAME - 1].rstrip()}…"
    return _OnMap(theme, shown, short, messages)


def _input_row(file: InputFile, speech: Speech) -> dict[str, object]:
    return {
        "file": visible(file_name(file.file)),
        "rows": file.rows,
        "sha256": file.sha256,
        "guess": ", ".join(f"{name}: {value}" for name, value in _facts(file.guess, speech)),
    }


def _facts(values: Mapping[str, object], speech: Speech) -> list[tuple[str, str]]:
    """Give settings as pairs of words, sorted; what is empty says nothing and is left out."""
    pairs = [(speech.words.get(f"fact.{name}", name), _fact(value, speech)) for name, value in sorted(values.items())]
    return [pair for pair in pairs if pair[1]]


def _fact(value: object, speech: Speech) -> str:
    if isinstance(value, bool):
        return speech.say("yes" if value else "no")
    if isinstance(value, list | tuple):
        return ", ".join(_fact(part, speech) for part in value)
    return "" if value is None else visible(str(value))
