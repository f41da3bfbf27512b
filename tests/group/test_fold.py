"""Copies fold, and nothing folds that differs in a number, a name or a "not"."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuulo.group.fold import fold_copies

BEFORE = (
    "Olen asunut rannan lähellä koko ikäni ja kulkenut samaa polkua joka aamu töihin ja illalla takaisin, "
    "ja polku on aina ollut hyvässä kunnossa niin kesällä kuin talvellakin, kunnes viime syksynä"
)
AFTER = (
    "tehtiin putkityöt ja sen jälkeen koko väli on ollut niin kuoppainen, että rattaiden kanssa ei pääse enää läpi "
    "muuten kuin kantamalla, joten toivoisin, että se korjataan ennen kuin lumi tulee."
)
BODIES = {
    "fi": f"{BEFORE} {AFTER}",
    "sv": "Vi motsätter oss planen på höghus vid stranden, eftersom de skuggar parken och stänger in hamnen. Vi kräver "
    "att planen bereds på nytt och att husen får ha högst lika många våningar som de gamla husen i närheten.",
    "nb": "Vi er imot planen om høyhus ved stranda, fordi de skygger for parken og stenger for havna. Vi krever at planen "
    "sendes tilbake og at husene ikke får flere etasjer enn de gamle husene i nærheten har i dag.",
    "en": "We are against the plan for towers at the shore, because they darken the park and close off the harbour. We ask "
    "that the plan is sent back and that the houses get no more storeys than the old ones nearby have now.",
}
FRAMES = {
    "fi": (("Hei!", "Hyvä kunnanhallitus!", "Arvoisat päättäjät,", ""), ("Terveisin Kaisu", "Kunnioittavasti Olavi Oja", "Marjatta", "")),
    "sv": (("Hej!", "Bästa beslutsfattare,", "Till fullmäktige.", ""), ("Mvh Benita", "Med vänlig hälsning, Kaj", "Hälsningar Lisa", "")),
    "nb": (("Hei!", "Kjære kommunestyre,", ""), ("Mvh Anne", "Vennlig hilsen Per Olsen", "Hilsen Kari", "")),
    "en": (("Hello!", "Dear council,", "Hi neighbours,", ""), ("Regards, Ann", "Yours sincerely, Bob Moss", "")),
}  # fmt: skip
BITS = [
    "lumi",
    "Lumi",
    "sataa",
    "ei",
    "5",
    "50",
    "bussi",
    "Rantatie",
    "!",
    ".",
    "inte",
    "plogen",
    "hei,",
    "mvh",
    "1,5",
    "né",
]


def folds(one, other):
    heads = {tuple(fold_copies(pair).tolist()) for pair in ([one, other], [other, one])}
    assert len(heads) == 1
    return heads == {(0, 0)}


def middle(what):
    return f"{BEFORE} {what} {AFTER}"


@given(st.lists(st.text(max_size=40), max_size=8))
def test_equal_texts_always_fold_and_heads_are_firsts(texts):
    head = fold_copies([*texts, *texts]).tolist()
    assert head[: len(texts)] == head[len(texts) :]
    assert all(head[one] == one <= place for place, one in enumerate(head))


@given(st.lists(st.lists(st.sampled_from(BITS), max_size=7).map(" ".join), max_size=10), st.randoms())
def test_families_do_not_depend_on_the_order(texts, random):
    def families(order):
        head = fold_copies([texts[i] for i in order]).tolist()
        return {frozenset(order[i] for i, one in enumerate(head) if one == h) for h in head}

    order = list(range(len(texts)))
    random.shuffle(order)
    assert families(order) == families(range(len(texts)))


@given(st.integers(0, 99_999), st.integers(0, 99_999))
def test_another_number_in_the_middle_never_folds(one, other):
    assert folds(middle(f"linjan {one} kohdalla"), middle(f"linjan {other} kohdalla")) == (one == other)


@pytest.mark.parametrize("number", ["5", "1,5", "2026", "7.30", "12:45", "3b"])
def test_a_number_that_only_one_has_never_folds(number):
    assert not folds(middle(number), middle(""))


@pytest.mark.parametrize(
    "pair",
    [("1,5", "15"), ("kaksi", "kolme"), ("två", "tre"), ("two", "three"), ("klo 7-9", "klo 7-10")],
)
def test_numbers_written_otherwise_are_other_numbers(pair):
    assert not folds(*map(middle, pair))


@pytest.mark.parametrize(
    "word",
    ["ei", "en", "eivät", "älkää", "ilman", "inte", "ej", "aldrig", "utan", "ikke", "ikkje", "ingen", "not", "no", "never",
     "don't", "can't", "isn't", "won't", "Ei", "EI"],
)  # fmt: skip
def test_a_not_in_one_only_never_folds(word):
    assert not folds(middle(f"{word} korjata"), middle("korjata"))


def test_a_not_with_a_curved_apostrophe_never_folds():
    assert not folds(middle("we don’t want it"), middle("we do want it"))


@settings(max_examples=30)
@given(st.data())
def test_another_name_in_the_middle_never_folds(data):
    names = ["Rantatie", "Koivukuja", "Solgränd", "Nedre Sund", "Matti", "Åsa", "Ødegården", "Mill Lane"]
    one, other = data.draw(st.sampled_from(names)), data.draw(st.sampled_from(names))
    assert folds(middle(f"kohdassa {one}"), middle(f"kohdassa {other}")) == (one == other)
    assert not folds(middle(f"kohdassa {one}"), middle("kohdassa"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Valot rikki Rantatiellä", "Valot rikki Koivukujalla"),
        ("Bussi 5 myöhässä", "Bussi 7 myöhässä"),
        ("Koulua ei saa sulkea", "Koulua saa sulkea"),
        ("Koko kylä toivoo koulun säilyttämistä", "Koko kylä toivoo koulun sulkemista"),
        ("Hei bussi 5: ei tule ajoissa", "Hei bussi 7: ei tule ajoissa"),
        ("Kaista on 1,5 metriä leveä", "Kaista on 15 metriä leveä"),
        ("Hyvä!", "Huono!"),
    ],
)
def test_short_texts_that_say_other_things_are_apart(one, other):
    assert not folds(one, other)


@pytest.mark.parametrize("ending", ["Bussi {} kulkee huonosti", "Soita {}.", "Terveisin rapun {} väki", "Linja {}"])
@pytest.mark.parametrize("greeting", ["", "Hei! ", "Till linje {}, "])
def test_a_number_counts_where_a_greeting_or_signature_would_stand(greeting, ending):
    one = f"{greeting} {BODIES['fi']} {ending}".format(*[5] * 2)
    other = f"{greeting} {BODIES['fi']} {ending}".format(*[7] * 2)
    assert not folds(one, other)


def test_a_not_counts_where_a_signature_would_stand():
    assert not folds(f"{BODIES['fi']} Älkää sulkeko sitä", f"{BODIES['fi']} Sulkekaa se heti")


@pytest.mark.parametrize(
    ("letter", "one", "other"),
    [
        (
            "Asun kylän laidalla ja lapseni käy pientä koulua järven rannalla yhdessä naapurin lasten kanssa joka aamu. "
            "Koko kylä toivoo",
            "koulun säilyttämistä ennallaan.",
            "pikaista yhdistämistä keskustan uuteen opinahjoon.",
        ),
        (
            "I live at the edge of the village and walk past the old meadow by the lake with my neighbour each morning. "
            "The meadow would be best",
            "as a playground for small children.",
            "sold off quickly for new holiday cottages.",
        ),
    ],
)
def test_a_last_sentence_is_no_signature(letter, one, other):
    assert not folds(f"{letter} {one}", f"{letter} {other}")


@pytest.mark.parametrize("language", BODIES)
def test_greeting_and_signature_of_a_letter_may_differ(language):
    greetings, signatures = FRAMES[language]
    letters = [
        f"{greeting} {BODIES[language]} {signature}".strip() for greeting in greetings for signature in signatures
    ]
    assert set(fold_copies(letters).tolist()) == {0}


@pytest.mark.parametrize(
    "signature",
    [
        "t. Sirpa ja Timo",
        "nimim. Ystävä",
        "Terv. Kaisu Koski",
        "T. Matti",
        "Mvh. Benita",
    ],
)
def test_a_signature_after_a_short_form_may_differ(signature):
    assert folds(f"{BODIES['fi']} {signature}", f"{BODIES['fi']} Terveisin Olavi")


def test_a_little_word_is_no_number_of_another_language():
    assert folds(f"To the planning board: {BODIES['en']}", f"Dear board: {BODIES['en']}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Valot rikki!", "valot  rikki"),
        ("Katu on auraamatta.", "KATU ON AURAAMATTA!!"),
        (BODIES["sv"], BODIES["sv"].replace("skuggar", "mörklägger")),
        (BODIES["en"], BODIES["en"].replace("close off", "close of")),
    ],
)
def test_small_things_may_differ(one, other):
    assert folds(one, other)


def test_another_body_never_folds():
    assert fold_copies(list(BODIES.values())).tolist() == [0, 1, 2, 3]


def test_a_campaign_of_many_is_one_family():
    letters = [f"Hei! {BODIES['fi']} Terveisin {name}" for name in ("Aino", "Olavi", "Kaisu", "Eero", "Ritva") * 40]
    assert set(fold_copies(letters).tolist()) == {0}


@pytest.mark.parametrize(
    "text",
    [
        f"{BODIES['fi']} {'a' * 20_000}!",
        f"{BODIES['fi']} {'A ' * 10_000}!",
        "Hei " * 10_000,
        f"{BODIES['fi']} {'terveisin ' * 5000}",
        "." * 30_000,
    ],
    ids=["one word", "capitals", "greetings", "signatures", "stops"],
)
def test_no_text_takes_long(text):
    began = time.process_time()
    fold_copies([text])
    assert time.process_time() - began < 1


def test_many_texts_that_differ_in_a_number_do_not_take_long():
    began = time.process_time()
    head = fold_copies([f"Bussi numero {number} on joka aamu myöhässä" for number in range(400)])
    assert time.process_time() - began < 2
    assert head.tolist() == list(range(400))


def test_many_letters_that_differ_in_a_name_do_not_take_long():
    streets = [f"{a}{b}{c}{d}tie" for a in "BHKLMPRT" for b in "aeiou" for c in "lnrstk" for d in "aei"]
    began = time.process_time()
    head = fold_copies([f"{BEFORE} kadulla nimeltä {street}" for street in streets])
    assert time.process_time() - began < 5
    assert len(set(head.tolist())) == len(streets)


def test_no_texts_are_no_families():
    assert fold_copies([]).dtype == np.int64
    assert fold_copies([]).tolist() == []
