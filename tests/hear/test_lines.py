"""JSON arrays and JSON lines are tables too."""

import pytest


def texts(reading):
    return [message.text for message in reading.messages]


def test_an_array_of_objects_is_a_table(hear):
    reading = hear(
        '[{"id": 1, "teksti": "Tie on auki"}, {"id": 2.0, "teksti": null, "aika": "2026-01-02"}]', "a.json"
    )
    assert texts(reading) == ["Tie on auki", ""]
    assert [message.id for message in reading.messages] == ["1", "2"]
    assert (reading.guess.format, reading.guess.header, reading.guess.header_row) == ("json", True, 0)


def test_json_lines_are_a_table_whatever_the_name(hear):
    reading = hear('{"id": "a", "comment": "Fin benk ved vannet"}\n\n{"id": "b", "comment": "Mørkt her"}\n', "svar")
    assert texts(reading) == ["Fin benk ved vannet", "Mørkt her"]
    assert reading.guess.format == "jsonl"


def test_content_goes_before_the_name(hear):
    assert hear(' [ {"teksti": "Hyvin toimii tämä"} ]', "a.csv").guess.format == "json"


def test_nested_values_are_flat(hear):
    reading = hear(
        '[{"q": {"vapaa": "Lisää penkkejä rantaan", "valinnat": ["puisto", "tori"]}, "x": [{"a": 1}]}]',
        "a.json",
    )
    assert reading.guess.text == ("q / vapaa",)
    assert texts(hear('[{"q": {"v": ["puisto", "tori"]}}]', "b.json", text=("q / v",))) == ["puisto, tori"]


def test_an_escaped_half_character_is_marked(hear):
    reading = hear('[{"teksti": "Hyvä \\ud83d ranta"}]', "a.json")
    assert (reading.messages[0].text, reading.messages[0].unreadable) == ("Hyvä \ufffd ranta", "encoding")


@pytest.mark.parametrize(
    ("content", "name", "row"),
    [
        ('[{"a": 1}, {"a": 2]', "a.json", 2),
        ('[{"a": 1} {"a": 2}]', "a.json", 1),
        ('[{"a": 1}] hei', "a.json", 1),
        ('[{"a": 1},', "a.json", 2),
        ('{"a": {\n"b": 1}}', "a.json", 1),
        ("hei", "a.json", 1),
        ('{"a": "x"}\n{"a": \n3\n', "a.jsonl", 2),
        ('[{"a":' * 100_000, "a.json", 1),
        ('[{"a": ' + "9" * 5_000 + "}]", "a.json", 1),
    ],
)
def test_broken_json_is_refused_with_its_row(refused, content, name, row):
    refusal = refused(content, name)
    assert (refusal.code, refusal.facts["row"]) == ("bad-json", row)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ('{"palaute": "Hyvä ranta"}\n{"palaute": \n{"palaute": "Tie on auki"}\n', "a.jsonl"),
        ('{"palaute": "Hyvä ranta"}\n[1]\n{"palaute": "Tie on auki"}\n', "a.jsonl"),
        ('[{"palaute": "Hyvä ranta"}, 3, {"palaute": "Tie on auki"}]', "a.json"),
    ],
)
def test_a_broken_row_is_told_and_the_others_are_read(hear, content, name):
    reading = hear(content, name)
    assert [(m.row, m.text, m.unreadable) for m in reading.messages] == [
        (1, "Hyvä ranta", ""),
        (2, "", "broken-row"),
        (3, "Tie on auki", ""),
    ]
    assert [(note.code, note.facts) for note in reading.notes] == [("broken-rows", {"rows": 1, "row": 2})]


def test_an_array_longer_than_a_piece_is_read_whole(hear):
    records = ",\n".join(f'{{"id": {at}, "palaute": "{"Lunta kadulla. " * 9}"}}' for at in range(9_000))
    reading = hear(f"[{records}]", "a.json")
    assert [message.id for message in reading.messages] == [str(at) for at in range(9_000)]


def test_too_many_names_are_refused(refused):
    rows = ",".join(f'{{"k{number}": 1}}' for number in range(17_000))
    assert refused(f"[{rows}]", "a.json").code == "too-large"
