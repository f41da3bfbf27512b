"""report.html: the whole result as one page that opens from disk and asks nothing of any network."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from kuulo.group.result import Grouping
from kuulo.message import Message
from kuulo.report.encoding import encodable, script_json, visible
from kuulo.report.ledger import InputFile, Ledger
from kuulo.report.origin import file_name
from kuulo.report.page_data import EMBED_ALL, page_data
from kuulo.report.page_lists import PER_THEME
from kuulo.report.page_view import theme_views
from kuulo.report.words import Speech


def page(
    messages: Sequence[Message],
    grouping: Grouping,
    *,
    ledger: Ledger,
    language: str = "en",
    title: str = "",
) -> str:
    """Render the page; ``language`` is the reader's: for the names, and for Kuulo's own words if it has them.

    Above 20,000 messages the page holds the 200 most central texts of each theme and says so.
    """
    speech = Speech(language)
    data = page_data(messages, grouping, speech=speech, language=language)
    content = _template().render(
        title=visible(title) or speech.say("title"),
        style=_inline("page.css"),
        script=_inline("page.js"),
        style_hash=_hash(_inline("page.css")),
        script_hash=_hash(_inline("page.js")),
        speech=speech,
        say=speech.say,
        count=speech.count,
        themes=theme_views(messages, grouping, language=language, speech=speech),
        ledger=ledger,
        inputs=[_input_row(file, speech) for file in ledger.inputs],
        facts=_facts(ledger.settings, speech) + _facts(ledger.versions, speech),
        is_part=len(messages) > EMBED_ALL,
        per_theme=PER_THEME,
        data=Markup(script_json(data)),  # noqa: S704  script_json leaves no sign of HTML in it
    )
    return encodable(content)


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_asset("page.html"))


@cache
def _asset(name: str) -> str:
    return (files("kuulo.report") / name).read_text("utf-8")


def _inline(name: str) -> Markup:
    return Markup(_asset(name))  # noqa: S704  our own file, never a resident's text


def _hash(content: str) -> str:
    """Give the hash by which the content security policy lets exactly this style or script through."""
    return base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _input_row(file: InputFile, speech: Speech) -> dict[str, object]:
    return {
        "file": visible(file_name(file.file)),
        "rows": file.rows,
        "sha256": file.sha256,
        "guess": ", ".join(f"{name}: {value}" for name, value in _facts(file.guess, speech)),
    }


def _facts(values: Mapping[str, object], speech: Speech) -> list[tuple[str, str]]:
    """Give settings as pairs of words, sorted; what is empty says nothing and is left out."""
    pairs = [(name.replace("_", " "), _fact(value, speech)) for name, value in sorted(values.items())]
    return [pair for pair in pairs if pair[1]]


def _fact(value: object, speech: Speech) -> str:
    if isinstance(value, bool):
        return speech.say("yes" if value else "no")
    if isinstance(value, list | tuple):
        return ", ".join(_fact(part, speech) for part in value)
    return "" if value is None else visible(str(value))
