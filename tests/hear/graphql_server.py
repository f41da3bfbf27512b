"""A small GraphQL server: it answers only what its list of fields has, as a strict one does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Of each type its fields, each with the type it gives ("" for a plain value).
Fields = Mapping[str, Mapping[str, str]]
_TOKEN = re.compile(r'\.\.\.|[A-Za-z_]\w*|\$\w+|"[^"]*"|-?\d+|[{}():!\[\]]')


@dataclass
class Part:
    """A field that is asked for, or what is asked of a type only (``on``)."""

    alias: str = ""
    name: str = ""
    on: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)


class Unknown(Exception):
    """A field that the type does not have."""

    def __init__(self, type_name: str, field_name: str) -> None:
        self.error = {
            "message": f"Field '{field_name}' doesn't exist on type '{type_name}'",
            "extensions": {"code": "undefinedField", "typeName": type_name, "fieldName": field_name},
        }


class _Reader:
    def __init__(self, query: str, variables: Mapping[str, Any]) -> None:
        self.tokens = _TOKEN.findall(query)
        self.variables = variables

    def document(self) -> tuple[str, list[Part]]:
        kind = self.tokens.pop(0) if self.tokens[0] != "{" else "query"
        while self.tokens[0] != "{":
            self.tokens.pop(0)
        return kind, self.parts()

    def parts(self) -> list[Part]:
        assert self.tokens.pop(0) == "{"
        found = []
        while self.tokens[0] != "}":
            found.append(self.part())
        self.tokens.pop(0)
        assert found, "an empty selection"
        return found

    def part(self) -> Part:
        if self.tokens[0] == "...":
            assert self.tokens[1] == "on"
            on = self.tokens[2]
            del self.tokens[:3]
            return Part(on=on, parts=self.parts())
        part = Part(alias=self.tokens[0], name=self.tokens.pop(0))
        if self.tokens[0] == ":":
            self.tokens.pop(0)
            part.name = self.tokens.pop(0)
        if self.tokens[0] == "(":
            self.tokens.pop(0)
            while self.tokens[0] != ")":
                name = self.tokens.pop(0)
                assert self.tokens.pop(0) == ":"
                part.arguments[name] = self.value()
            self.tokens.pop(0)
        if self.tokens[0] == "{":
            part.parts = self.parts()
        return part

    def value(self) -> Any:
        token = self.tokens.pop(0)
        if token == "{":
            found = {}
            while self.tokens[0] != "}":
                name = self.tokens.pop(0)
                assert self.tokens.pop(0) == ":"
                found[name] = self.value()
            self.tokens.pop(0)
            return found
        if token.startswith("$"):
            return self.variables[token[1:]]
        return {"true": True, "false": False, "null": None}.get(token, token.strip('"'))


def answered(query: str, variables: Mapping[str, Any], *, fields: Fields, roots: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a query: ``roots`` are what "query" and "mutation" begin with; a callable takes the arguments."""
    kind, parts = _Reader(query, variables).document()
    try:
        _check(parts, kind, fields)
    except Unknown as unknown:
        return {"errors": [unknown.error]}
    return {"data": _told(parts, roots[kind])}


def _check(parts: list[Part], type_name: str, fields: Fields) -> None:
    for part in parts:
        if part.on:
            assert part.on in fields, part.on
            _check(part.parts, part.on, fields)
            continue
        if part.name not in fields[type_name]:
            raise Unknown(type_name, part.name)
        inner = fields[type_name][part.name]
        assert bool(inner) == bool(part.parts), f"{type_name}.{part.name}"
        if inner:
            _check(part.parts, inner, fields)


def _told(parts: list[Part], value: Any) -> Any:
    if isinstance(value, list):
        return [_told(parts, one) for one in value]
    if value is None:
        return None
    told: dict[str, Any] = {}
    for part in parts:
        if part.on:
            told |= _told(part.parts, value)
            continue
        inner = value.get(part.name)
        inner = inner(**part.arguments) if callable(inner) else inner
        told[part.alias] = _told(part.parts, inner) if part.parts else inner
    return told
