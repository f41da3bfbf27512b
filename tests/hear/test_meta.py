"""Facebook pages and Instagram accounts are heard by their calls and by reading, and replied to."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hear.graph_fake import SECRET, VERIFY, Gram, GraphFake, Page

from kuulo.hear.connector import Batch, Gone, Post, Receiving, Unknown, Unread
from kuulo.hear.connectors.facebook import Facebook
from kuulo.hear.connectors.instagram import Instagram
from kuulo.hear.contract import Memory, batches, checks, hear, opened, trouble_of
from kuulo.hear.http import Http
from kuulo.hear.meta_hook import changes, check_signature
from kuulo.hear.trouble import Trouble

PAGE, POST = Page.account, Page.post
ONE = "300000000000001_400000000000001"


@pytest.fixture
def source(request: pytest.FixtureRequest) -> Iterator[GraphFake]:
    source = getattr(request, "param", Page)()
    yield source
    source.door.close()


@pytest.mark.parametrize("check", checks(Page), ids=lambda check: check.__name__)
@pytest.mark.parametrize("source", [Page, Gram], indirect=True, ids=lambda one: one.__name__)
def test_contract(check, source):
    check(source)


# calls


def facebook(**more: str) -> Facebook:
    return Facebook(Page.settings(doorless()) | more, http=Http())


def instagram() -> Instagram:
    return Instagram(Gram.settings(doorless(Gram)) | {"username": "kunta"}, http=Http())


def doorless(made: type[GraphFake] = Page) -> GraphFake:
    fake = made.__new__(made)
    fake.door = type("Closed", (), {"url": "https://graph.example"})()
    return fake


def signed(body: bytes, *, secret: str = SECRET) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def call(source: Receiving, told: object) -> Batch:
    body = json.dumps(told, ensure_ascii=False).encode()
    return source.receive(signed(body), body)


def envelope(*values: dict[str, Any], time: int = 1795000000, account: str = PAGE) -> dict[str, Any]:
    told = [{"field": "feed", "value": value} for value in values]
    return {"object": "page", "entry": [{"id": account, "time": time, "changes": told}]}


def comment(**more: Any) -> dict[str, Any]:
    return {
        "from": {"id": "200000000000001", "name": "Aino Esimerkki"},
        "post": {"permalink_url": "https://www.facebook.example/kunta/posts/1", "id": POST},
        "message": "Milloin Rantatie aurataan?",
        "post_id": POST,
        "comment_id": ONE,
        "created_time": 1794999990,
        "item": "comment",
        "parent_id": POST,
        "verb": "add",
    } | more


def without(value: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: told for name, told in value.items() if name not in names}


def test_a_comment_is_heard_without_its_writers_name():
    batch = call(facebook(), envelope(comment()))
    (post,) = batch.items
    assert isinstance(post, Post)
    assert (post.id, post.text, post.form, post.parent, post.thread) == (
        ONE,
        "Milloin Rantatie aurataan?",
        "comment",
        "",
        POST,
    )
    assert post.time.timestamp() == 1794999990
    assert (post.author, post.url) == ("200000000000001", "https://www.facebook.example/kunta/posts/1")
    assert "Aino" not in repr(batch)


def test_a_reply_knows_what_it_replies_to_though_that_comes_later():
    reply = comment(comment_id="300000000000001_2", parent_id=ONE, message="Samaa kysyn.")
    first, second = call(facebook(), envelope(reply, comment())).items
    assert (first.parent, second.parent, first.reply_to["top"]) == (ONE, "", ONE)


def test_several_entries_and_changes_of_one_call_are_all_heard():
    told = {
        "entry": [
            *envelope(comment(), comment(comment_id="1_2"))["entry"],
            *envelope(comment(comment_id="1_3"))["entry"],
        ]
    }
    assert [item.id for item in call(facebook(), told).items] == [ONE, "1_2", "1_3"]


def test_out_of_order_and_repeated_the_latest_words_stand():
    old = envelope(comment(), time=1795000000)
    new = envelope(comment(verb="edited", message="Milloin Rantatie 3–9 aurataan?"), time=1795000000)
    for order in ([old, new], [new, old], [old, new, old, old], [new, new, old]):
        memory = Memory()
        for told in order:
            memory.take(call(facebook(), told))
        assert memory.texts == {ONE: "Milloin Rantatie 3–9 aurataan?"}


def test_what_is_taken_away_is_gone_and_what_is_hidden_is_not():
    gone = without(comment(verb="remove", **{"from": {"id": "200000000000001"}}), "message")
    assert call(facebook(), envelope(gone)).items == (Gone(id=ONE),)
    for verb in ("hide", "unhide"):
        assert call(facebook(), envelope(comment(verb=verb))).passed == {"other-kind": 1}


def test_a_picture_alone_is_a_comment_without_words():
    told = without(comment(photo="https://kuvat.example/p.jpg"), "message")
    (post,) = call(facebook(), envelope(told)).items
    assert (post.text, post.attachments[0].url) == ("", "https://kuvat.example/p.jpg")


def test_a_comment_whose_writer_is_not_told_is_heard():
    (post,) = call(facebook(), envelope(without(comment(), "from"))).items
    assert (post.id, post.author) == (ONE, "")


def test_the_pages_own_words_come_back_and_are_passed():
    own = comment(**{"from": {"id": PAGE, "name": "Kunta"}})
    status = {"from": {"id": PAGE}, "item": "status", "post_id": POST, "verb": "add", "message": "Auraus alkoi."}
    assert call(facebook(), envelope(own, status)).passed == {"own": 2}


def test_what_a_visitor_posts_is_a_message():
    told = {"from": {"id": "2"}, "item": "status", "post_id": f"{PAGE}_9", "verb": "add", "message": "Kiitos!"}
    (post,) = call(facebook(), envelope(told)).items
    assert (post.id, post.text, post.form, post.thread) == (f"{PAGE}_9", "Kiitos!", "message", f"{PAGE}_9")
    assert call(facebook(), envelope(without(told, "from"))).passed == {"other-kind": 1}


@pytest.mark.parametrize(
    "told",
    [
        envelope({"item": "reaction", "reaction_type": "like", "verb": "add", "from": {"id": "2"}, "post_id": POST}),
        envelope(comment(), account="100000000000999"),
        {"entry": [{"id": PAGE, "changes": [{"field": "ratings", "value": comment()}]}]},
        {"app_id": "1", "target_id": PAGE, "values": {"field": "replies", "value": {"id": "8", "text": "Kiitos"}}},
    ],
)
def test_what_is_no_comment_of_the_page_is_counted_and_passed(told):
    batch = call(facebook(), told)
    assert (batch.items, batch.passed) == ((), {"other-kind": 1})


@pytest.mark.parametrize("wrapped", [True, False])
def test_instagram_is_heard_in_both_of_its_envelopes(wrapped):
    value = {
        "id": "17858893269000001",
        "from": {"id": "6742000000000001", "username": "aino_esimerkki"},
        "text": "Milloin uimahalli aukeaa?",
        "media": {"id": Gram.post, "media_product_type": "FEED"},
        "parent_id": "17858893269000000",
    }
    change = {"field": "comments", "value": value}
    entry = {"id": Gram.account, "time": 1795000000} | ({"changes": [change]} if wrapped else change)
    (post,) = call(instagram(), {"object": "instagram", "entry": [entry]}).items
    assert (post.id, post.text, post.parent) == (
        "17858893269000001",
        "Milloin uimahalli aukeaa?",
        "17858893269000000",
    )
    assert (post.thread, post.author, post.time.timestamp()) == (Gram.post, "6742000000000001", 1795000000)
    assert "aino" not in repr(post)
    own = {"field": "comments", "value": value | {"from": {"id": "6742", "username": "kunta"}}}
    assert call(instagram(), {"entry": [{"id": Gram.account, "changes": [own]}]}).passed == {"own": 1}


def test_the_signature_is_over_the_bytes_as_they_came():
    # computed apart: printf '%s' '{"a": "ö"}' | openssl dgst -sha256 -hmac salaisuus-1
    body = '{"a": "ö"}'.encode()
    right = {"x-hub-signature-256": "sha256=630e10cb70e0a4a0eb6680d7b7286be743b56b23969b9ccfe645ee7a30ad6c3d"}
    check_signature(right, body, secret="salaisuus-1")
    for other in (body + b"\n", b'{"a": "\\u00f6"}', b'{"a":"\xc3\xb6"}', b""):
        with pytest.raises(Trouble) as caught:
            check_signature(right, other, secret="salaisuus-1")
        assert (caught.value.kind, caught.value.code) == ("refused", "forged")


@pytest.mark.parametrize("header", ["", "sha256=", "sha256=åäö", "sha1=0", "sha256=" + "0" * 64, "0" * 64])
def test_a_forged_call_is_refused(header):
    body = json.dumps(envelope(comment())).encode()
    for headers in ({"x-hub-signature-256": header}, {}, {"x-hub-signature": header}):
        with pytest.raises(Trouble) as caught:
            facebook().receive(headers, body)
        assert caught.value.code == "forged"


def test_an_empty_secret_proves_nothing():
    body = json.dumps(envelope(comment())).encode()
    with pytest.raises(Trouble):
        facebook(app_secret="").receive(signed(body, secret=""), body)
    with pytest.raises(Trouble):
        facebook(verify_token="").greet({"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"})


def test_a_greeting_gives_the_challenge_back():
    told = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    assert facebook().greet(told) == "1158201444"
    wrong = [
        {"hub.verify_token": "muu"},
        {"hub.verify_token": "ö"},
        {"hub.mode": "muu"},
        {"hub.challenge": "<b>1</b>"},
    ]
    for other in wrong:
        with pytest.raises(Trouble) as caught:
            facebook().greet(told | other)
        assert caught.value.kind == "refused"


@pytest.mark.parametrize("body", [b"", b"[]", b"12", b"{", b"[" * 100_000, "ö".encode("latin-1")])
def test_a_signed_call_that_cannot_be_read_is_kept(body):
    assert facebook().receive(signed(body), body).items == (Unread(code="not-json", raw=body),)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*comment(), "id"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(ANYTHING, ANYTHING, ANYTHING)
def test_no_signed_call_crashes(value, entry, time):
    strange = comment() | (value if isinstance(value, dict) else {"comment_id": value})
    for source, account in ((facebook(), PAGE), (instagram(), Gram.account)):
        for told in (
            {"entry": [{"id": account, "time": time, "changes": [{"field": "feed", "value": strange}, value]}]},
            {"entry": [{"id": account, "time": time, "field": "comments", "value": strange}]},
            {"entry": entry},
            {"values": value},
        ):
            assert isinstance(call(source, told), Batch)


def test_a_call_of_long_ago_brings_nothing_new():
    told = envelope(comment(), time=1500000000)
    memory = Memory()
    memory.take(call(facebook(), envelope(comment(verb="edited", message="Uudet sanat"), time=1795000000)))
    memory.take(call(facebook(), told))
    assert memory.texts == {ONE: "Uudet sanat"}


def test_times_in_milliseconds_are_times():
    (change,) = changes(json.dumps(envelope(comment(), time=1795000000123)).encode())
    assert change.time == 1795000000


# reading


@pytest.mark.parametrize("source", [Page, Gram], indirect=True)
def test_a_comment_that_was_heard_by_a_call_and_taken_away_later_is_gone(source):
    one = source.say("Milloin tie aurataan?")
    memory = hear(source, Memory())
    source.delete(one)
    source.say("Uusi kommentti")
    assert hear(source, memory).gone == {one}
    assert memory.cursor["known"][source.post] == list(memory.texts)


def test_a_comment_that_is_hidden_is_not_gone(source):
    one = source.say("Ruma sana")
    memory = hear(source, Memory())
    source.comments[one]["post"] = "hidden"
    for _ in range(2):
        assert hear(source, memory).gone == set()
    source.delete(one)
    assert hear(source, memory).gone == {one}


def test_with_a_post_goes_what_stood_under_it_but_not_with_its_age(source):
    old = f"{PAGE}_300000000000009"
    source.posts.append(source.posted(old, days=29))
    under_old, under_new = source.say("Vanha", post=old), source.say("Uusi")
    memory = hear(source, Memory())
    assert set(memory.texts) == {under_old, under_new}
    source.posts[1]["created_time"] = "2026-01-01T00:00:00+0000"
    hear(source, memory)
    assert (memory.gone, set(memory.cursor["known"])) == (set(), {source.post})
    source.posts.pop(0)
    del source.comments[under_new]
    assert hear(source, memory).gone == {under_new}


def test_visitors_posts_are_read_and_the_pages_own_are_not(source):
    source.posts.insert(0, source.posted(f"{PAGE}_5", days=0, author="2", message="Kiitos aurauksesta!"))
    answer = source.say("Samaa mieltä", post=f"{PAGE}_5")
    memory = hear(source, Memory())
    assert memory.texts == {f"{PAGE}_5": "Kiitos aurauksesta!", answer: "Samaa mieltä"}


def test_own_comments_are_counted_once(source):
    source.say_own("Tervetuloa")
    memory = hear(source, Memory())
    assert hear(source, memory).passed == 1


@pytest.mark.parametrize("source", [Gram], indirect=True)
def test_replies_that_do_not_come_along_are_asked_for(source):
    top = source.say("Milloin uimahalli aukeaa?")
    replies = {source.say(f"Samaa kysyn {number}", parent=top) for number in range(7)}
    memory = hear(source, Memory())
    assert set(memory.texts) == {top, *replies}
    assert {memory.posts[one].parent for one in replies} == {top}


def test_near_the_limit_the_rest_waits_for_the_next_time(source):
    posts = [f"{PAGE}_{number}" for number in range(5)]
    source.posts = [source.posted(post, days=1) for post in posts]
    said = {source.say("Tie on liukas", post=post) for post in posts}
    source.headers = {"X-App-Usage": '{"call_count": 81, "total_time": 2, "total_cputime": 2}'}
    memory = Memory()
    for times in range(1, 6):
        assert len(hear(source, memory).texts) == times
    assert set(memory.texts) == said
    source.headers = {"X-App-Usage": "rikki"}
    source.door.asked.clear()
    hear(source, memory)
    assert len([asked for asked in source.door.asked if asked.path.endswith("/comments")]) == 5


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        ({"code": 190}, "auth", "token-refused"),
        ({"code": 10}, "auth", "not-let-in"),
        ({"code": 200}, "auth", "not-let-in"),
        *[({"code": busy}, "retry", "busy") for busy in (4, 17, 32, 613, 80001)],
        ({"code": 2}, "retry", "server-error"),
        ({"code": 100, "error_subcode": 33}, "settings", "no-such-account"),
        ({"code": 100}, "refused", "refused"),
        ({"message": "?"}, "refused", "refused"),
    ],
)
def test_errors_of_graph_tell_what_to_do(source, error, kind, code):
    source.error = error
    trouble = trouble_of(source)
    assert (trouble.kind, trouble.code) == (kind, code)


def test_the_time_to_wait_is_read_from_the_headers(source):
    source.error = {"code": 32}
    usage = {PAGE: [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 19}]}
    source.headers = {"X-Business-Use-Case-Usage": json.dumps(usage)}
    assert trouble_of(source).wait == 19 * 60


def test_the_test_tells_what_the_account_is_called(source):
    with opened(source) as connector:
        assert connector.test().name == "Kunta"


# replying


@pytest.mark.parametrize("source", [Page, Gram], indirect=True)
def test_a_reply_whose_fate_is_unknown_is_looked_for_among_the_own(source):
    top = source.say("Milloin tie aurataan?")
    low = source.say("Samaa kysyn", parent=top)
    reply_to = hear(source, Memory()).posts[low].reply_to
    with opened(source) as connector:
        source.say("Tie aurataan huomenna.", parent=top)  # a resident may say the same
        assert connector.find(reply_to, "Tie aurataan huomenna.", key="kuulo-1") is None
        sent = connector.reply(reply_to, "Tie  aurataan huomenna.", key="kuulo-1")
        assert connector.find(reply_to, "Tie aurataan huomenna.\n", key="kuulo-1") == sent
        assert connector.find(reply_to, "Jotain muuta", key="kuulo-1") is None
        source.delete(top)
        source.delete(low)
        assert connector.find(reply_to, "Tie aurataan huomenna.", key="kuulo-1") is None


@pytest.mark.parametrize(
    ("fault", "unknown"), [("error", True), ("breaks-off", True), ("other-thing", True), ("too-many", False)]
)
def test_a_reply_that_may_have_been_sent_is_unknown(source, fault, unknown):
    one = source.say("Milloin tie aurataan?")
    source.fail(fault)
    with pytest.raises(Unknown if unknown else Trouble), opened(source) as connector:
        connector.reply({"comment": one}, "Huomenna.", key="kuulo-1")


@pytest.mark.parametrize(("code", "unknown"), [(4, False), (190, False), (100, False), (2, True)])
def test_a_reply_that_graph_refuses_was_not_sent(source, code, unknown):
    one = source.say("Milloin tie aurataan?")
    source.error = {"code": code}
    with pytest.raises(Unknown if unknown else Trouble), opened(source) as connector:
        connector.reply({"comment": one}, "Huomenna.", key="kuulo-1")


def test_every_batch_may_be_the_last(source):
    for number in range(4):
        source.posts.append(source.posted(f"{PAGE}_{number}", days=2))
        source.say(f"Kommentti {number}", post=f"{PAGE}_{number}")
    for batch in batches(source, {}):
        assert json.loads(json.dumps(batch.cursor)) == batch.cursor
