"""Every refusal that some room can raise has one plain sentence; every note has its words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import kuulo
from kuulo.cli.guesses import guessed
from kuulo.cli.sentences import sentence
from kuulo.group.encoder_file import ModelRefused
from kuulo.group.state import StateRefused
from kuulo.hear.reading import Guess, Note, Reading
from kuulo.hear.refused import Refused
from kuulo.message import Message
from kuulo.report.folder import FolderRefused

SOURCE = Path(kuulo.__file__).parent
KINDS = {
    "Refused": Refused,
    "FolderRefused": FolderRefused,
    "ModelRefused": ModelRefused,
    "StateRefused": StateRefused,
}


def constants(node: ast.expr, tree: ast.Module) -> set[str]:
    """The texts that an expression can be: a constant, one of two, a variable's or a function's."""
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return constants(node.body, tree) | constants(node.orelse, tree)
    found = set()
    if isinstance(node, ast.Name):
        for part in ast.walk(tree):
            if isinstance(part, ast.Assign) and any(ast.unparse(target) == node.id for target in part.targets):
                found |= constants(part.value, tree)
    if isinstance(node, ast.Call):
        for part in ast.walk(tree):
            if isinstance(part, ast.FunctionDef) and part.name == ast.unparse(node.func):
                found |= set().union(*(constants(r.value, tree) for r in ast.walk(part) if isinstance(r, ast.Return)))
    return found


def calls(*names: str) -> Iterator[tuple[ast.Call, ast.Module, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in names:
                yield node, tree, f"{path.name}:{node.lineno}"


def raised() -> Iterator[tuple[str, str, frozenset[str], str]]:
    """Each place that refuses: the kind of exception, a code, the names of the facts, where it stands."""
    for call, tree, place in calls(*KINDS):
        facts = call.args[1] if len(call.args) > 1 else None
        keys = frozenset(ast.literal_eval(key) for key in facts.keys) if isinstance(facts, ast.Dict) else frozenset()
        for code in sorted(constants(call.args[0], tree)):
            yield ast.unparse(call.func), code, keys, place


def refusal(kind: str, code: str, keys: frozenset[str]) -> Exception:
    if kind in {"ModelRefused", "StateRefused"}:
        return KINDS[kind](code, "some.file")
    facts = {key: 5_000_000_000 if key in {"limit", "size"} else 7 for key in keys}
    return KINDS[kind](code, facts | ({"file": "some.csv"} if kind == "Refused" else {}))


@pytest.mark.parametrize(("kind", "code", "keys", "place"), [pytest.param(*one, id=one[3]) for one in raised()])
def test_every_refusal_has_a_sentence_and_all_the_facts_in_it(kind, code, keys, place):
    said = sentence(refusal(kind, code, keys))
    assert said is not None, f"{place}: no sentence for {code}"
    assert said.exit_code in {1, 2}
    assert said.text.endswith(".")
    assert not {"unknown", "{", "["} & set(said.text.replace(".", " ").split()), f"{place}: {said.text}"
    assert not set("{}[]") & set(said.text), f"{place}: {said.text}"


def test_the_search_for_refusals_finds_them():
    assert {"no-such-file", "parse-timeout", "no-space", "damaged-model", "other-version"} <= {r[1] for r in raised()}


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"limit": 1 << 30, "size": 1 << 31}, "some.csv is too large (more than 1 GB); split it into parts."),
        ({"limit": 16_384, "columns": 20_000}, "some.csv has too many columns (20000 or more)"),
        ({"columns": 10_000_000}, "some.csv has too many columns (10000000 or more)"),
        ({"limit": 1 << 30, "unpacked": 1 << 27}, "some.csv is a small file that unpacks to a huge one"),
        ({"limit": 1 << 30, "unpacked": (1 << 30) + 1}, "some.csv is too large (more than 1 GB)"),
    ],
)
def test_too_large_says_what_is_too_large(facts, said):
    refused = sentence(Refused("too-large", facts | {"file": "some.csv"}))
    assert refused is not None
    assert refused.text.startswith(said)


def test_what_is_not_known_is_left_out_and_control_characters_are_shown():
    said = sentence(Refused("not-permitted", {"file": "a\x1b[2J.csv"}))
    assert said is not None
    assert said.text == "a␛[2J.csv cannot be opened; check its permissions."
    said = sentence(Refused("not-permitted", {"file": "a.csv", "reason": "Permission denied"}))
    assert said is not None
    assert said.text == "a.csv cannot be opened (Permission denied); check its permissions."


def test_a_fault_of_the_program_is_no_refusal():
    assert sentence(ValueError("a fault")) is None
    assert sentence(KeyError("code")) is None


def test_short_memory_and_a_broken_disk_are_refusals():
    for problem in (MemoryError(), OSError(5, "Input/output error", "a.csv")):
        said = sentence(problem)
        assert said is not None
        assert said.exit_code == 1


def noted() -> set[str]:
    """The codes of all notes: those given as such, those counted while rows go by, and repairs of records."""
    codes = {
        ast.literal_eval(k.value)
        for c, _, _ in calls("Note")
        for k in c.keywords
        if isinstance(k.value, ast.Constant)
    }
    codes |= {ast.literal_eval(c.args[0]) for c, _, _ in calls("tally.add") if isinstance(c.args[0], ast.Constant)}
    return codes | {"stray-quotes", "encoding-repaired", "control-replaced", "control", "too-long"}


@pytest.mark.parametrize("code", sorted(noted()))
def test_every_note_has_its_words(code):
    facts = {"rows": 1, "row": 7, "cells": 3, "columns": 2, "id": "K\x1b", "text": "x", "column": "\x1b"}
    facts |= {"encoding": "windows-1252", "sheet": "A", "sheets": "B, C"}
    reading = Reading(messages=(Message(text="x"),), guess=Guess(format="csv"), notes=(Note(code=code, facts=facts),))
    first, note = guessed("a.csv", reading).splitlines()
    assert first == "a.csv: 1 answer; csv"
    assert not note.startswith(f"  note: {code.replace('-', ' ')} ("), "no words of its own"
    assert "\x1b" not in note
    assert "1 rows" not in note


def test_a_note_without_words_is_still_told_with_its_facts():
    note = Note(code="new-thing", facts={"rows": 2, "row": 305})
    reading = Reading(messages=(), guess=Guess(format="csv", delimiter=";"), notes=(note,))
    assert guessed("a.csv", reading).splitlines() == [
        "a.csv: 0 answers; csv; cells parted by semicolons",
        "  note: new thing (rows 2, row 305)",
    ]
