"""Why a message is about a place, as the reader says it."""

from kuulo.models import Whereabouts
from kuulo.report.encoding import visible
from kuulo.web.speech import spoken

By = Whereabouts.By
# a name for which little speaks beside its letters
_UNSURE = {"opening", "opening-case", "preposition", "organisation"}


def reason(row: Whereabouts) -> str:
    """Say how it is known that a message is about a place."""
    facts = {name: visible(str(told)) for name, told in row.why.items() if name in {"form", "cue", "column", "name"}}
    said = spoken().say(f"places.why.{_code(row)}", **facts)
    if among := row.why.get("among"):
        said = f"{said} {spoken().say('places.why.among', n=len(among) + 1)}"
    return said


def _code(row: Whereabouts) -> str:
    if row.by == By.COLUMN and "name" not in row.why:
        return "column.forgotten"
    if row.by != By.TEXT:
        return row.by
    if "form" not in row.why:
        return "text.forgotten"
    if "cue" in row.why:
        return "text.cue"
    if row.why.get("reason") == "home":
        return "text.home"
    return "text.unsure" if row.why.get("reason") in _UNSURE else "text"
