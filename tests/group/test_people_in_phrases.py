"""People's names are no phrases, also where the writer's sentence begins with them."""

import pytest

from kuulo.group.phrases import find_phrases


@pytest.mark.parametrize(
    ("texts", "language", "names", "kept"),
    [
        (["Matti Virtanen sulki portin", "Virtanen sulki portin taas"], "fi", {"matti", "virtanen"}, "portti"),
        (["Rektor Nyström svarar inte", "Nyström svarar inte på mejl"], "sv", {"nyström"}, "mejl"),
        (["Kari Hansen brøyter fortauet", "Hansen brøyter fortauet"], "nb", {"kari", "hansen"}, "fortau"),
        (["Solveig Myklebust køyrer bussen", "Myklebust køyrer bussen"], "nn", {"solveig", "myklebust"}, "buss"),
        (["Mary Johnson shut the gate", "Johnson shut the gate"], "en", {"mary", "johnson"}, "gate"),
    ],
)
def test_a_persons_name_is_no_phrase(tables, texts, language, names, kept):
    phrases = find_phrases(texts, [language] * len(texts), tables)
    said = {word for key in phrases.spread for word in " ".join(key[1:]).split()}
    assert kept in said
    assert said.isdisjoint(names)


def test_a_word_that_one_person_is_called_too_stays_a_phrase(tables):
    texts = ["Aura Virtanen soitti", "aura ei kulje", "aura tulee myöhään"]
    assert ("fi", "aura") in find_phrases(texts, ["fi"] * 3, tables).spread
