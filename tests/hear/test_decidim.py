"""Proposals and the comments on them are heard and answered."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from tests.hear.door import Asked, Door, Told
from tests.hear.graphql_server import answered

from kuulo.hear.connector import Unknown
from kuulo.hear.connectors.decidim import Decidim
from kuulo.hear.contract import Counterpart, Memory, checks, hear, opened, trouble_of
from kuulo.hear.trouble import Trouble

WORDS = {"translation": ""}
SPACE = {"id": "", "slug": "", "title": "Words", "components": "Component"}
COMMENTABLE = {"id": "", "type": "", "comments": "Comment", "hasComments": "", "totalCommentsCount": ""}
# As the project's own types have them.
FIELDS = {
    "query": {"participatoryProcess": "Space", "assembly": "Space", "component": "Component", "decidim": "Version"},
    "mutation": {"commentable": "CommentableMutation", "component": "ComponentMutation"},
    "Version": {"version": ""},
    "Space": SPACE,
    "Component": {"id": "", "name": "Words"},
    "Proposals": {"id": "", "name": "Words", "proposals": "ProposalConnection", "proposal": "Proposal"},
    "ProposalConnection": {"pageInfo": "PageInfo", "edges": "ProposalEdge"},
    "ProposalEdge": {"cursor": "", "node": "Proposal"},
    "PageInfo": {"hasNextPage": "", "endCursor": "", "startCursor": "", "hasPreviousPage": ""},
    "Proposal": {
        **COMMENTABLE, "title": "Words", "body": "Words", "answer": "Words", "answeredAt": "", "publishedAt": "",
        "createdAt": "", "updatedAt": "", "state": "", "reference": "", "address": "", "coordinates": "Coordinates",
        "official": "", "voteCount": "", "withdrawn": "", "withdrawnAt": "", "author": "Author",
    },
    "Comment": {
        **COMMENTABLE, "body": "", "formattedBody": "", "createdAt": "", "alignment": "", "upVotes": "",
        "downVotes": "", "author": "Author",
    },
    "Author": {"id": "", "name": "", "nickname": ""},
    "Coordinates": {"latitude": "", "longitude": ""},
    "Words": WORDS,
    "CommentableMutation": {"id": "", "addComment": "Comment"},
    "ComponentMutation": {"id": ""},
    "ProposalsMutation": {"id": "", "proposal": "ProposalMutation"},
    "ProposalMutation": {"id": "", "answer": "Proposal"},
}  # fmt: skip


def words(**texts: str) -> dict[str, Any]:
    return {"translation": lambda **at: texts.get(at["locale"])}


class Process(Counterpart):
    """A participatory process with one component of proposals, on a server that keeps to its list of fields."""

    connector = Decidim
    skills = frozenset({"edit", "delete", "own", "parent", "reply"})

    def __init__(self) -> None:
        self.proposals: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, dict[str, Any]] = {}
        self.fields = {name: dict(fields) for name, fields in FIELDS.items()}
        self.skipped: set[str] = set()
        self.error: dict[str, Any] | None = None
        self.signed_in = False
        self.chosen: dict[str, str] = {}
        self.door = Door(self.answer)

    def settings(self) -> dict[str, str]:
        told = {"address": self.door.url, "spaces": "processes/osallistu", "own": "@kaupunki"}
        return told | {"key": "avain", "secret": "salaisuus"} | self.chosen

    def say(self, text: str, *, parent: str = "") -> str:
        if parent:
            return self.comment(text, parent)
        number = str(len(self.proposals) + 31)
        self.proposals[number] = {
            "id": number, "title": words(fi="Ehdotus asuinalueelle"), "body": words(fi=f"<p>{text}</p>"),
            "publishedAt": "2026-10-05T09:15:00+03:00", "voteCount": 4, "official": False, "withdrawn": False,
            "coordinates": {"latitude": 60.2, "longitude": 24.9}, "comments": [], "state": None, "answer": None,
            "author": {"id": "7", "name": "Aino Esimerkki", "nickname": "@aino"},
        }  # fmt: skip
        return f"proposal/{number}"

    def comment(self, text: str, parent: str, nickname: str = "@matti") -> str:
        kind, _, number = parent.partition("/")
        told = str(len(self.comments) + 501)
        self.comments[told] = {
            "id": told, "body": text, "createdAt": "2026-10-06T10:00:00Z", "upVotes": 0, "comments": [],
            "author": {"id": "8", "name": "Matti Malli", "nickname": nickname},
        }  # fmt: skip
        (self.proposals if kind == "proposal" else self.comments)[number]["comments"].append(self.comments[told])
        return f"comment/{told}"

    def say_own(self, text: str) -> None:
        first = next(iter(self.proposals))
        self.comment(text, f"proposal/{first}", "@kaupunki")

    def edit(self, origin: str, text: str) -> None:
        self.proposals[origin.partition("/")[2]]["body"] = words(fi=text)

    def delete(self, origin: str) -> None:
        del self.proposals[origin.partition("/")[2]]

    def replies(self) -> list[str]:
        return [one["body"] for one in self.comments.values() if one["author"]["nickname"] == "@kone"]

    def fail(self, *faults: str) -> None:
        self.door.faults.extend(faults)

    def answer(self, asked: Asked) -> Told:
        match asked.method, asked.path:
            case "POST", "/api/sign_in":
                right = parse_qs(asked.body.decode()) == {
                    "api_user[key]": ["avain"],
                    "api_user[secret]": ["salaisuus"],
                }
                self.signed_in = right
                return Told(headers={"Authorization": "Bearer merkki"}) if right else Told(status=401)
            case "DELETE", "/api/sign_out":
                self.signed_in = False
                return Told(status=204)
            case "POST", "/api":
                return self.graphql(asked)
        return Told(status=404)

    def graphql(self, asked: Asked) -> Told:
        body = json.loads(asked.body)
        allowed = self.signed_in and asked.headers.get("authorization") == "Bearer merkki"
        roots = {"query": self.query(), "mutation": self.mutation() if allowed else {}}
        told = {"errors": [self.error], "data": None} if self.error else None
        told = told or answered(body["query"], body["variables"], fields=self.fields, roots=roots)
        return Told(body=json.dumps(told).encode(), headers={"Content-Type": "application/json"})

    def query(self) -> dict[str, Any]:
        space = {"id": "1", "title": words(fi="Osallistu"), "components": lambda **_: [{"id": "9"}]}
        return {
            "participatoryProcess": lambda slug: space if slug == "osallistu" else None,
            "component": lambda **at: {"proposals": self.page, "proposal": self.one} if at["id"] == "9" else None,
        }

    def page(self, first: str, after: str | None) -> dict[str, Any]:
        start = int(b64decode(after + "==")) if after else 0
        end = start + int(first)
        assert int(first) <= 50
        listed = [one for number, one in self.proposals.items() if number not in self.skipped]
        info = {"hasNextPage": end < len(listed), "endCursor": b64encode(str(end).encode()).decode().rstrip("=")}
        return {"pageInfo": info, "edges": [{"node": one} for one in listed[start:end]]}

    def one(self, **at: str) -> dict[str, Any] | None:
        return self.proposals.get(at["id"])

    def mutation(self) -> dict[str, Any]:
        return {"commentable": self.commentable, "component": lambda **_: {"proposal": self.answering}}

    def commentable(self, **at: Any) -> dict[str, Any]:
        assert set(at) == {"id", "type", "locale", "toggleTranslations"}
        kind = {"Decidim::Proposals::Proposal": "proposal", "Decidim::Comments::Comment": "comment"}[at["type"]]

        def add(body: str) -> dict[str, Any]:
            told = self.comment(body, f"{kind}/{at['id']}", "@kone")
            return self.comments[told.partition("/")[2]]

        return {"addComment": add}

    def answering(self, **at: str) -> dict[str, Any]:
        proposal = self.proposals[at["id"]]

        def answer(**given: Any) -> dict[str, Any]:
            told = given["input"]["attributes"]
            proposal.update(state=told["state"], answer=words(**told["answerContent"]))
            return proposal

        return {"answer": answer}


@pytest.fixture
def process() -> Iterator[Process]:
    process = Process()
    yield process
    process.door.close()


@pytest.mark.parametrize("check", checks(Process), ids=lambda check: check.__name__)
def test_contract(check, process):
    check(process)


def test_a_proposal_and_the_comments_on_comments_are_heard(process):
    one = process.say("Lisää penkkejä")
    first = process.comment("Kannatan", one)
    second = process.comment("Samoin", first)
    third = process.comment("En minä", second)
    posts = hear(process, Memory()).posts
    assert [posts[told].parent for told in (first, second, third)] == [one, first, second]
    assert {posts[told].thread for told in posts} == {one}
    post = posts[one]
    assert (post.form, post.supporters, post.place, post.author) == ("proposal", 4, (60.2, 24.9), "7")
    assert post.text == "Ehdotus asuinalueelle\n\nLisää penkkejä"
    assert "Aino" not in repr(post)


def test_more_proposals_than_a_page_holds_are_heard(process):
    said = {process.say(f"Ehdotus numero {number}") for number in range(60)}
    assert set(hear(process, Memory()).texts) == said


def test_a_text_in_another_language_is_heard(process):
    one = process.say("x")
    process.proposals["31"] |= {"title": words(sv="Fler bänkar"), "body": words(sv="I parken")}
    assert hear(process, Memory()).texts[one] == "Fler bänkar\n\nI parken"


def test_a_comment_that_is_removed_and_a_proposal_that_is_withdrawn_are_gone(process):
    one, other = process.say("Pois vedettävä"), process.say("Jäävä")
    said = process.comment("Poistuva", other)
    memory = hear(process, Memory())
    process.proposals["31"]["withdrawn"] = True
    process.proposals["32"]["comments"].clear()
    hear(process, memory)
    assert (set(memory.texts), memory.gone) == ({other}, {one, said})


def test_a_proposal_that_only_slipped_from_a_page_is_not_gone(process):
    one = process.say("Lisää valoa")
    said = process.comment("Kannatan", one)
    memory = hear(process, Memory())
    process.skipped.add("31")
    assert hear(process, memory).gone == set()
    assert set(memory.texts) == {one, said}


def test_an_older_server_is_not_asked_for_what_it_does_not_know(process):
    for name in ("withdrawn", "official"):
        del process.fields["Proposal"][name]
    one = process.say("Lisää valoa")
    assert set(hear(process, Memory()).texts) == {one}


def test_a_server_without_proposals_as_we_know_them_is_told(process):
    del process.fields["Proposal"]["body"]
    assert trouble_of(process).facts["error"] == "undefinedField"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"message": "Not allowed", "extensions": {"code": "UNAUTHORIZED_OBJECT_ERROR"}}, "auth"),
        (
            {"message": [{"path": ["title"], "message": "short"}], "extensions": {"code": "VALIDATION_ERROR"}},
            "refused",
        ),
        ({"message": "Something"}, "broken"),
    ],
)
def test_errors_under_status_200_are_told(process, error, kind):
    process.error = error
    assert trouble_of(process).kind == kind


def test_an_official_answer_is_given_once_and_never_over_another(process):
    process.chosen = {"reply": "answer"}
    one = process.say("Lisää valoa")
    reply_to = hear(process, Memory()).posts[one].reply_to
    with opened(process) as connector:
        assert connector.reply(reply_to, "Valot tulevat.", key="k").id == "answer/31"
        assert process.proposals["31"]["state"] == "evaluating"
        assert connector.find(reply_to, "Valot tulevat.", key="k").id == "answer/31"
        with pytest.raises(Trouble) as caught:
            connector.reply(reply_to, "Toinen vastaus.", key="l")
    assert caught.value.code == "answered-already"
    assert process.proposals["31"]["answer"]["translation"](locale="fi") == "Valot tulevat."


def test_a_comment_of_ours_with_an_unknown_outcome_is_found(process):
    one = process.say("Lisää valoa")
    said = process.comment("Milloin?", one)
    reply_to = hear(process, Memory()).posts[said].reply_to
    with opened(process) as connector:
        assert connector.find(reply_to, "Keväällä.", key="k") is None
        sent = connector.reply(reply_to, "Keväällä.", key="k")
        assert connector.find(reply_to, "Keväällä.", key="k") == sent
    assert not process.signed_in


def test_an_error_after_the_sign_in_leaves_the_outcome_unknown(process):
    one = process.say("Lisää valoa")
    reply_to = hear(process, Memory()).posts[one].reply_to
    with opened(process) as connector, connector._signed_in() as headers:
        process.fail("error")
        with pytest.raises(Unknown):
            connector._commented(reply_to, "Keväällä.", headers)


def test_a_wrong_secret_is_told_by_the_test(process):
    process.chosen = {"secret": "väärä"}
    with opened(process) as connector, pytest.raises(Trouble) as caught:
        connector.test()
    assert caught.value.kind == "auth"


def test_a_space_that_is_not_there_is_told(process):
    process.chosen = {"spaces": "https://example.org/processes/muu?locale=fi"}
    assert trouble_of(process).code == "no-such-space"
