"""Places as kuulo.place knows them, made of rows."""

from shapely.geometry import shape

from kuulo.models import Place as Row
from kuulo.place.gazetteer import Place


def pure(row: Row, *, parent: str = "") -> Place:
    """Give a place with its code for an id; ``parent`` is a code too."""
    return Place(
        id=row.code,
        names={language: tuple(names) for language, names in row.names.items()},
        kind=row.kind,
        parent=parent,
        point=(row.latitude, row.longitude) if row.latitude is not None and row.longitude is not None else None,
        area=shape(row.area) if row.area else None,
        locative={True: "inner", False: "outer", None: ""}[row.inner],
        ambiguous=row.ambiguous,
    )
