"""The form of the log: a line of JSON for each record. It is set up before Django is, and knows nothing of it."""

import json
import logging
import time
from contextvars import ContextVar

# the number of the request that is being answered
NUMBER: ContextVar[str] = ContextVar("number", default="")


class JsonLines(logging.Formatter):
    """Writes a record as a line of JSON. Of an error its kind and place are told: its text may be anybody's."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        told: dict[str, object] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": NUMBER.get(),
        }
        if record.name.startswith("kuulo"):
            told |= {"event": record.getMessage()} | getattr(record, "facts", {})
        else:
            # what others fill into their sentences may be an address or somebody's words
            sentence = str(record.msg) if record.args else ""
            told |= {"event": sentence, "at_line": f"{record.module}:{record.lineno}"}
        if record.exc_info and record.exc_info[0]:
            told |= {"error": record.exc_info[0].__name__, "where": _where(record)}
        return json.dumps(told, ensure_ascii=False)


def _where(record: logging.LogRecord) -> list[str]:
    """Give the lines of code that led to the error, the innermost last."""
    trace = record.exc_info[2] if record.exc_info else None
    places = []
    while trace is not None:
        places.append(f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places
