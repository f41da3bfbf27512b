"""Examples: what stands in each theme, kept in memory, and read anew when people changed it."""

from itertools import islice

from django.db.models import Count, Max, Model

from kuulo.desk.rules import Rules
from kuulo.desk.vectors import as_rows
from kuulo.group.arrive import Example, Standing
from kuulo.models import Correction, Placement, Proposal, Regroup, Theme

_ROWS_AT_A_TIME = 2000
_Sign = tuple[object, ...]
_kept: dict[_Sign, Standing] = {}


def standing(rules: Rules) -> Standing:
    """Give the themes that stand; what is placed since has to be added to them, or be forgotten."""
    sign = _sign()
    known = _kept.get(sign)  # looked up once: another thread may forget all at any moment
    if known is None:
        known = _read(rules)
        _kept.clear()
        _kept[sign] = known
    return known


def forget() -> None:
    """Read everything anew the next time."""
    _kept.clear()


def _read(rules: Rules) -> Standing:
    found = Standing()
    rows = (
        Placement.objects.filter(main=True, message__copy_of=None, message__vector__isnull=False)
        .order_by("message")
        .values_list("message", "theme", "subtheme", "counted", "message__vector")
        .iterator(_ROWS_AT_A_TIME)
    )
    while part := list(islice(rows, _ROWS_AT_A_TIME)):
        examples = [Example(pk, rules.merged(theme), sub or 0, counted) for pk, theme, sub, counted, _ in part]
        found.add(examples, as_rows(row[-1] for row in part))
    return found


def _sign() -> _Sign:
    """Give what changes whenever somebody but this worker's placing changes where messages stand."""
    return (
        *_latest(Correction, "made_at", "undone_at"),
        *_latest(Proposal, "decided_at"),
        *_latest(Regroup, "finished_at"),
        *_latest(Theme, "made_at", "pk"),
    )


def _latest(model: type[Model], *fields: str) -> tuple[object, ...]:
    wanted = {f"latest_{field}": Max(field) for field in fields}
    found = model._default_manager.aggregate(rows=Count("pk"), **wanted)
    return tuple(found[name] for name in sorted(found))
