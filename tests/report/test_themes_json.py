"""Every theme with its names, counts and most typical messages."""

import json
from dataclasses import replace

from kuulo.report.themes_json import themes_json


def test_a_theme_tells_all_that_is_known_of_it(town):
    theme = json.loads(themes_json(*town))["themes"][0]
    assert theme == {
        "id": "t1",
        "parent": "",
        "names": {"en": "snow", "fi": "lumi"},
        "named_by": "own",
        "keyphrases": {"en": ["plough", "gate"]},
        "counts": {"messages": 3, "distinct": 2, "people": 3},
        "kinds": {},
        "firmness": 0.912,
        "central": [
            {
                "file": "town.csv",
                "row": 1,
                "column": "answer",
                "id": "A0",
                "text": "The plough leaves a wall of snow at my gate.",
            },
            {
                "file": "town.csv",
                "row": 2,
                "column": "answer",
                "id": "A1",
                "text": "Aura jättää vallin portin eteen.",
            },
        ],
        "secondary": [],
        "service": "snow-ploughing",
        "since": 1,
    }


def test_a_message_of_several_matters_is_named_under_each_other_subtheme(town):
    ridges = json.loads(themes_json(*town))["themes"][1]
    assert ridges["secondary"] == [{"file": "town.csv", "row": 2, "column": "answer", "id": "A1"}]


def test_a_theme_and_its_subthemes_count_what_their_grouped_messages_do(town):
    messages, grouping = town
    told = [replace(p, kind="thanks" if at == 1 else "reports") for at, p in enumerate(grouping.placements)]
    themes = json.loads(themes_json(messages, replace(grouping, placements=tuple(told))))["themes"]
    assert {theme["id"]: theme["kinds"] for theme in themes} == {
        "t1": {"reports": 2, "thanks": 1},
        "t1.1": {"reports": 2},
        "t1.2": {"thanks": 1},
        "t2": {"reports": 1},
        "t3": {"reports": 1},
    }


def test_people_are_not_counted_where_no_author_is_known(town):
    messages, grouping = town
    unknown = replace(grouping, themes=tuple(replace(theme, people=None) for theme in grouping.themes))
    assert json.loads(themes_json(messages, unknown))["themes"][0]["counts"] == {"messages": 3, "distinct": 2}


def test_texts_stand_verbatim_and_letters_readable(one_theme):
    text = "Ääkköset \u2028 </script> \x1b[31m \U0001f9e1"
    written = themes_json(*one_theme(text))
    assert json.loads(written)["themes"][0]["central"][0]["text"] == text
    assert "Ääkköset" in written


def test_half_a_surrogate_pair_does_not_stop_the_writing(one_theme):
    assert "\ufffd" in themes_json(*one_theme("\ud83d")).encode().decode()
