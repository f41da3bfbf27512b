"""A small invented town in the database: themes, subthemes and messages, made by name."""

from datetime import UTC, datetime, timedelta

from kuulo.models import Message, Placement, Source, Theme

START = datetime(2026, 1, 5, 12, tzinfo=UTC)


def theme(code: str, **names: str) -> Theme:
    """A theme; a subtheme where the code has a point."""
    parent = Theme.objects.get(code=code.partition(".")[0]) if "." in code else None
    return Theme.objects.create(code=code, parent=parent, names=names or {"en": f"theme {code}"}, stale=False)


def message(
    text: str, *homes: Theme, uncertain: bool = False, copy_of: Message | None = None, fit: float = 0.5, **rest
) -> Message:
    """A message that stands in themes or subthemes, in the first of them mainly."""
    source, _ = Source.objects.get_or_create(name="form")
    count = Message.objects.count()
    status = Message.Status.UNCERTAIN if uncertain else Message.Status.GROUPED if homes else Message.Status.NEW
    made = Message.objects.create(
        source=source,
        identity=str(count),
        text=text,
        language=rest.pop("language", "en"),
        arrived=START + timedelta(hours=count),
        status=status,
        copy_of=copy_of,
        search_text=text,
        **rest,
    )
    for place, home in enumerate(homes):
        Placement.objects.create(
            message=made,
            theme=home.parent or home,
            subtheme=home if home.parent else None,
            main=place == 0,
            counted=not uncertain,
            fit=fit,
            why={"near": [count], "shared": ["snow"]},
            arrived=made.arrived,
        )
    return made


def standing() -> dict[str, list[tuple]]:
    """All that corrections change: where messages stand, their status, and the themes that live."""
    columns = ("message", "theme", "subtheme", "main", "counted", "fit", "by", "why")
    return {
        "placements": sorted(Placement.objects.values_list(*columns), key=str),
        "messages": sorted(Message.objects.values_list("pk", "status", "reason")),
        "themes": sorted(
            Theme.objects.filter(state="live").values_list("code", "parent", "names", "named_by_person", "central"),
            key=str,
        ),
    }
