"""Get the data: what a page shows, as CSV or JSON at the same address with ``format=csv`` or ``format=json``."""

from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpRequest, StreamingHttpResponse

from kuulo.report.encoding import csv_line, json_text, unarmed

Cell = str | int | float | None


def wanted_format(request: HttpRequest) -> str:
    """Give "csv" or "json" where the data of the page is asked for, else ""."""
    given = request.GET.get("format", "")
    return given if given in {"csv", "json"} else ""


def as_data(
    request: HttpRequest, *, name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> StreamingHttpResponse:
    """Give the rows as a file to keep. No cell of CSV is a formula; JSON is a list of records."""
    form = wanted_format(request)
    parts = _csv(columns, rows) if form == "csv" else _json(columns, rows)
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/json"
    return StreamingHttpResponse(
        parts, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    )


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    yield "\ufeff" + csv_line(columns)
    for row in rows:
        yield csv_line(unarmed(cell) if isinstance(cell, str) else _plain(cell) for cell in row)


def _plain(cell: float | None) -> str:
    return "" if cell is None else str(cell)


def _json(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    before = "["
    for row in rows:
        yield before + json_text(dict(zip(columns, row, strict=True)), indent=None)
        before = ",\n"
    yield "[]" if before == "[" else "]\n"
