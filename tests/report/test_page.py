"""The report page: whole, self-contained, and deaf to what hostile residents write."""

import base64
import hashlib
import json
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kuulo.group.result import Grouping, Placement, Theme
from kuulo.message import Message
from kuulo.report.ledger import draw_up_ledger
from kuulo.report.page import pages
from kuulo.report.words import catalogue

VOID = {"meta", "link", "input", "br", "rect"}
SVG = "http://www.w3.org/2000/svg"
ATTACKS = (
    "</script><script>alert(1)</script>",
    "<!-- <script> -->",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><style>*{display:none}</style>",
    "{{ 7 * 7 }} {% raw %}",
    "a\u2028b\u2029c",
    "&lt;b&gt; &amp;",
    "]]></details></main>",
    "\x1b[31m\x00\r\n\x0b",
)


def page(*result, **options):
    return pages(*result, **options)["report.html"]


class Reader(HTMLParser):
    """Reads a page strictly: every element is closed where it must be, and what stands where is kept."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.inside, self.text = [], [], {}, []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert len(attrs) == len(dict(attrs)), f"an attribute twice in {tag}"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in VOID | {"circle"}
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in {"script", "style"}:
            kind = self.elements[-1][1].get("type", self.open[-1])
            self.inside[kind] = self.inside.get(kind, "") + data
        else:
            self.text.append(data)

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    def all(self, name):
        return [attributes for tag, attributes in self.elements if tag == name]

    def data(self):
        return json.loads(self.inside["application/json"])

    def words(self):
        return " ".join(" ".join(self.text).split())


@pytest.fixture
def read(account):
    def read_page(messages, grouping, **options):
        return Reader(page(messages, grouping, ledger=account(messages, grouping), **options))

    return read_page


def test_the_page_is_well_formed_and_its_parts_point_at_each_other(read, town):
    reader = read(*town)
    ids = [attributes["id"] for _, attributes in reader.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in reader.elements:
        for name in ("for", "aria-labelledby", "aria-describedby"):
            assert attributes.get(name, ids[0]) in ids
        if attributes.get("href", "").startswith("#"):
            assert attributes["href"][1:] in ids


def test_headings_descend_one_step_at_a_time(read, town):
    levels = [int(tag[1]) for tag, _ in read(*town).elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_the_policy_lets_through_exactly_the_page_s_own_style_and_script(read, town):
    reader = read(*town)
    assert [attributes.get("type") for attributes in reader.all("script")] == ["application/json", None]
    assert len(reader.all("style")) == 1

    def fingerprint(part):
        return base64.b64encode(hashlib.sha256(reader.inside[part].encode()).digest()).decode()

    policies = [meta["content"] for meta in reader.all("meta") if "http-equiv" in meta]
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{fingerprint('style')}'; "
        f"script-src 'sha256-{fingerprint('script')}'; img-src data:; base-uri 'none'; form-action 'none'"
    ]


def test_the_page_asks_nothing_of_any_network_and_styles_nothing_in_place(account, town):
    # the name of SVG's elements looks like an address, but nobody goes there
    html = page(*town, ledger=account(*town)).replace(SVG, "")
    assert not re.search(r"https?:|//[a-z]", re.sub(r"^\s*//.*$", "", html, flags=re.MULTILINE))
    for tag, attributes in Reader(html).elements:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_words_change_nothing_but_the_words(read, one_theme, attack):
    # a language that is not known has no word cloud, whose words differ with the text
    calm = read(*one_theme("hei", name="hei", file="hei", language="und"), title="hei")
    hostile = read(*one_theme(attack, name=attack, file=attack, language="und"), title=attack)
    assert Counter(tag for tag, _ in hostile.elements) == Counter(tag for tag, _ in calm.elements)
    assert hostile.inside["script"] == calm.inside["script"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters() | st.sampled_from("<>&'\"/-!{}%\r\n\u2028"), min_size=1))
def test_any_words_stand_in_the_page_as_words(one_theme, account, text):
    messages, grouping = one_theme(text, name=text)
    html = page(messages, grouping, ledger=account(messages, grouping), title=text)
    html.encode()
    reader = Reader(html)
    assert len(reader.all("script")) == 2
    assert len(reader.data()["texts"]) == 1


def test_a_resident_s_text_is_quoted_verbatim_in_its_language(read, one_theme):
    text = "Katu  on\n<b>liukas</b> & märkä"
    reader = read(*one_theme(text, language="fi"))
    assert text in "".join(reader.text)
    assert reader.all("blockquote") == [{"lang": "fi", "dir": "auto"}]
    assert reader.data()["texts"][0][:2] == [text, "fi"]


def test_a_language_that_is_not_known_is_not_passed_off_as_english(read, one_theme):
    assert read(*one_theme("hm", language="und")).all("blockquote")[0]["lang"] == ""


def test_themes_show_names_in_the_reader_s_language_with_their_numbers(read, town):
    reader = read(*town, language="fi", title="Kysely")
    themes = [attributes for tag, attributes in reader.elements if attributes.get("class") == "theme"]
    assert [theme["id"] for theme in themes] == ["theme-t1", "theme-t2", "theme-t3"]
    words = reader.words()
    assert words.count("Kysely") == 2
    assert f"lumi {catalogue('fi')['service']} lumen auraus" in words
    assert "3 viestiä · 3 henkilöä" in words
    assert reader.all("html") == [{"lang": "fi"}]
    assert {"lang": "sv", "dir": "auto"} in reader.all("h3")


def test_people_are_left_out_where_no_author_is_known(read, one_theme):
    words = read(*one_theme("hei")).words()
    assert "1 message too few to tell" in words
    assert "1 person" not in words


def test_the_head_and_the_ledger_give_the_same_sum(read, town):
    words = read(*town).words()
    assert "8 messages: 5 in 3 themes, 1 uncertain, 1 empty, 1 unreadable." in words
    assert "In themes 5 Uncertain 1 Empty 1 Unreadable 1 Read 8" in words
    assert "1 copy of another message" in words


def test_the_lists_hold_each_message_where_it_stands_most_central_first(read, town):
    data = read(*town).data()
    assert data["lists"] == {"0": [0, 1, 2], "1": [0, 2, 1], "2": [1], "3": [3], "4": [4], "uncertain": [5]}
    assert data["columns"]["first"] == [-1, -1, 0, -1, -1, -1]
    assert data["apart"] == {
        "rows": [
            ["", "", "row 7 · A6 · Empty · no text"],
            ["", "", "row 8 · A7 · Unreadable · broken characters"],
        ],
        "all": 2,
    }


def test_authors_stay_out_of_the_page(account, town):
    # the name of SVG's elements looks like an address, but nobody goes there
    html = page(*town, ledger=account(*town)).replace(SVG, "")
    assert not re.search(r"\br[0-3]\b", html.partition('id="data">')[2].partition("</script>")[0])


def test_long_words_of_a_resident_are_cut_in_two_and_nothing_is_lost(read, one_theme):
    text = " ".join(f"sana{at}" for at in range(300))
    reader = read(*one_theme(text))
    assert "rest" in [attributes.get("class") for attributes in reader.all("details")]
    assert text in reader.words().replace(" Read the rest", "")


def test_large_subthemes_are_shown_in_full_and_the_others_by_name(read):
    sizes = [3] * 13 + [1]
    homes = [f"t.{part}" for part, size in enumerate(sizes) for _ in range(size)]
    themes = [Theme(id="t", names={"en": "whole"}, messages=len(homes), central=(0,))]
    themes += [
        Theme(
            id=f"t.{part}",
            parent="t",
            names={"en": f"part{part}"},
            messages=size,
            central=(homes.index(f"t.{part}"),),
        )
        for part, size in enumerate(sizes)
    ]
    messages = tuple(Message(text=f"text{at}", file="town.csv", row=at + 1) for at in range(len(homes)))
    placements = tuple(Placement(status="grouped", theme="t", subtheme=home) for home in homes)
    reader = read(messages, Grouping(placements=placements, themes=tuple(themes)))
    assert len([s for s in reader.all("section") if s.get("class") == "subtheme"]) == 12
    assert "2 smaller subthemes part12 3 t.12 part13 1 t.13 All messages of this theme 40" in reader.words()


def test_a_result_without_themes_is_still_a_page(read):
    messages = (Message(text="", file="town.csv"),)
    grouping = Grouping(placements=(Placement(status="empty", reason="no-text"),), themes=())
    assert "No themes were found." in read(messages, grouping).words()


def test_the_same_result_gives_the_same_page(account, town):
    assert page(*town, ledger=account(*town)) == page(*town, ledger=account(*town))


def test_a_very_large_result_holds_the_most_central_texts_and_says_so():
    size = 20_001
    messages = tuple(Message(text=f"text {at}", row=at + 1) for at in range(size))
    placements = tuple(
        Placement(status="grouped", theme="t1", fit=at / size, copy_of=0 if at == size - 1 else -1)
        for at in range(size)
    )
    theme = Theme(id="t1", names={"en": "all"}, messages=size, central=(7, 8))
    grouping = Grouping(placements=placements, themes=(theme,))
    ledger = draw_up_ledger(messages, grouping, settings={}, versions={})
    reader = Reader(page(messages, grouping, ledger=ledger))
    texts = [text[0] for text in reader.data()["texts"] if text]
    assert texts == ["text 7", "text 8", *(f"text {at}" for at in range(size - 199, size - 1))]
    assert reader.data()["lists"]["0"][:2] == [7, 8]
    assert len(reader.data()["columns"]["theme"]) == size
    assert "With 20,001 messages this page holds the 200 most central texts of each theme." in reader.words()
    assert "messages.csv" in reader.words()
