"""A language model may propose names where that is ordered; it learns nobody's name, and whatever it says is checked."""

import json
import shutil

import pytest
from naming_service import Service, serving
from running import content, run

from kuulo.cli.arguments import read_arguments
from kuulo.cli.propose import Proposer, _address, read_proposer
from kuulo.cli.refusal import ProposerRefused
from kuulo.cli.sentences import sentence
from kuulo.group.propose import Matter, NoAnswer, NoNames

KEY = "sk-quite-secret-4711"
MATTER = Matter(("en",), {"en": ("snow",)}, ("The plough leaves snow.",))
WORDS = {
    "snow": ("aurau", {"fi": "Lumen auraus kaduilla", "sv": "Snöplogning av gator", "nb": "Snøbrøyting av gater"}),
    "food": ("ruoka", {"fi": "Kouluruoan laatu", "sv": "Skolmatens kvalitet", "nb": "Kvaliteten på skolematen"}),
}
SECRETS = (
    "Korhonen",
    "Virtanen",
    "virtanen",
    "Pekka",
    "040 123 4567",
    "pekka.v@posti.example",
    "131052-308T",
    "Rantakatu 5",
)
LETTERS = "Nro;Palaute\n" + "".join(
    f"{at};{text}\n"
    for at, text in enumerate(
        [
            "Pekka Virtanen ei auraa katuamme, lunta on polveen asti, soita 040 123 4567.",
            "Auraus myöhästyy aina, katu on täynnä lunta. Terveisin Leena Korhonen, Rantakatu 5",
            "Lumen auraus kadulla on hidasta, kirjoita pekka.v@posti.example kun katu on aurattu.",
            "Katujen auraus ja lumen poisto hoidetaan huonosti aamuisin. Naapurin Pekka suuttui.",
            "Auraamattomalla kadulla on lunta, hetu 131052-308T kaatui.",
            "Kouluruoka on kylmää ja mautonta, sanoo rouva Korhonen.",
            "Kouluruoka pitäisi tarjota lämpimänä kaikille lapsille.",
            "Koulun ruoka on huonoa eikä kouluruoka täytä lasta, pekka virtanen.",
            "Kouluruoka loppuu kesken joka päivä.",
            "Lasten kouluruoka tarvitsee enemmän kasviksia.",
        ],
        start=1,
    )
)


def good(material):
    """Names that fit what is told."""
    told = " ".join(material["messages"]).lower()
    names = next((names for sign, names in WORDS.values() if sign in told), {"fi": "Palautetta palveluista"})
    return {language: name for language, name in names.items() if language in material["languages"]}


def ordered(service, *more):
    return ("group", "letters.csv", "--propose-names", service.address, "--propose-model", "small-1", *more)


@pytest.fixture(scope="module")
def house(cache, tmp_path_factory):
    """A folder with the letters, grouped with proposals (out) and without the order (own); and the service."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "letters.csv").write_text(LETTERS, "utf-8")
    with serving(Service(good)) as service:
        env = {"KUULO_LLM_KEY": KEY}
        own = run("group", "letters.csv", "--out", "own", cwd=folder, cache=cache, env=env)
        assert service.bodies == []
        done = run(*ordered(service, "--out", "out"), cwd=folder, cache=cache, env=env)
    assert (own.code, done.code) == (0, 0), done.err
    return folder, service, done


def themes(folder):
    return {theme["id"]: theme for theme in json.loads((folder / "themes.json").read_bytes())["themes"]}


def test_good_names_are_taken_and_the_ledger_says_so(house, cache):
    folder, _, done = house
    found = themes(folder / "out")
    proposed = [theme for theme in found.values() if theme["named_by"] == "model"]
    assert {name for theme in proposed for name in theme["names"].values()} & {
        n for _, by in WORDS.values() for n in by.values()
    }
    assert all(theme["names"]["en"] for theme in found.values())
    settings = json.loads((folder / "out/ledger.json").read_bytes())["settings"]
    assert settings["names_proposed_by"] == "small-1"
    assert settings["themes_with_proposed_names"] == len(proposed) > 0
    assert "names were proposed for" in done.err
    assert run("verify", "out", cwd=folder, cache=cache).out.startswith("Unchanged")


def test_nothing_but_names_differs_from_the_result_without_proposals(house):
    folder = house[0]
    for one, other in zip(themes(folder / "out").values(), themes(folder / "own").values(), strict=True):
        assert other.pop("named_by") == "own"
        assert one.pop("named_by") in {"own", "model"}
        assert {**one, "names": 0} == {**other, "names": 0}
    assert "names_proposed_by" not in json.loads((folder / "own/ledger.json").read_bytes())["settings"]


def test_the_service_learns_nobodys_name(house):
    service = house[1]
    told = [json.loads(body)["messages"][1]["content"] for body in service.bodies]
    assert told
    assert not any(secret in text for text in told for secret in SECRETS)
    assert any("[name]" in text for text in told)
    assert all(len(text) <= 400 for material in service.told() for text in material["messages"])
    assert set(service.paths) == {"/v1/chat/completions"}


def test_the_key_goes_to_the_service_and_nowhere_else(house):
    folder, service, done = house
    assert {headers["Authorization"] for headers in service.headers} == {f"Bearer {KEY}"}
    written = b"".join(content(folder / "out").values()) + (done.out + done.err).encode()
    assert KEY.encode() not in written
    assert service.address.removeprefix("http://").encode() not in written


def test_a_service_that_fails_costs_nothing(house, cache):
    folder = house[0]
    with serving(Service(good, status=500)) as service:
        done = run(*ordered(service, "--out", "failed", "--names", "sv"), cwd=folder, cache=cache)
    assert done.code == 0
    assert "the service for names answered with an error; what it did not name keeps" in done.err
    assert {tuple(told["languages"]) for told in service.told()} == {("sv",)}
    assert themes(folder / "failed") == themes(folder / "own")


def test_a_result_that_grows_keeps_the_names_it_has(house, cache, tmp_path):
    shutil.copytree(house[0] / "out", tmp_path / "out")
    (tmp_path / "letters.csv").write_text("Nro;Palaute\n90;Kouluruoka on taas kylmää.\n", "utf-8")
    before = themes(tmp_path / "out")
    with serving(Service(good)) as service:
        done = run(*ordered(service, "--onto", "out"), cwd=tmp_path, cache=cache)
    assert (done.code, service.bodies) == (0, [])
    for one, theme in themes(tmp_path / "out").items():
        assert (theme["names"], theme["named_by"]) == (before[one]["names"], before[one]["named_by"])
    assert run("verify", "out", cwd=tmp_path, cache=cache).out.startswith("Unchanged")


def asking(service, **options):
    return Proposer(_address(service.address), "m", ("en",), **options).ask(MATTER)


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        ({"status": 500}, "status"),
        ({"status": 401}, "key"),
        ({"status": 302, "more_headers": {"Location": "/v1/elsewhere"}}, "redirect"),
        ({"status": 308, "more_headers": {"Location": "/v1/elsewhere"}}, "redirect"),
        ({"raw": b"<html>hello</html>"}, "not-json"),
        ({"raw": b"\xff\xfe"}, "not-json"),
        ({"raw": b'{"choices": []}'}, "not-json"),
        ({"raw": b'{"choices": [{"message": {"content": null}}]}'}, "not-json"),
        ({"raw": b"[" * 60_000}, "not-json"),
        ({"raw": b" " * 70_000}, "too-large"),
        ({"silent": True}, "timeout"),
    ],
)
def test_each_failure_of_a_service_is_told_apart(trouble, code):
    with serving(Service(good, **trouble)) as service, pytest.raises(NoAnswer) as failure:
        asking(service, seconds=0.3 if code == "timeout" else 30)
    assert failure.value.code == code
    assert len(service.bodies) == 1


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/v1", f"https://{'a' * 70}.example/v1"])
def test_a_service_that_is_not_there_cannot_be_reached(address):
    with pytest.raises(NoAnswer) as failure:
        Proposer(_address(address), "m", ("en",)).ask(MATTER)
    assert failure.value.code == "unreachable"


def test_a_service_that_trickles_ends_in_time():
    with serving(Service(good, trickle=True)) as service, pytest.raises(NoAnswer) as failure:
        asking(service, seconds=0.5)
    assert failure.value.code == "timeout"


def test_names_may_stand_among_words():
    with serving(Service(lambda _: 'Here you are:\n```json\n{"en": "Snow"}\n```')) as service:
        assert asking(service) == {"en": "Snow"}


@pytest.mark.parametrize("said", ["", "{", "}{", "[1]", "null", "I would rather not."])
def test_words_without_names_are_no_names(said):
    with serving(Service(lambda _: said)) as service, pytest.raises(NoNames):
        asking(service)


LLM = ("--propose-names", "https://llm.example/v1", "--propose-model", "m")


@pytest.mark.parametrize(
    ("options", "env", "word"),
    [
        (LLM[:2], {}, "--propose-model"),
        (LLM[2:], {}, "--propose-names"),
        (("--propose-names", "http://llm.example/v1", *LLM[2:]), {}, "https:"),
        (("--propose-names", "llm.example/v1", *LLM[2:]), {}, "https://llm.example/v1"),
        (("--propose-names", "https://a:b@llm.example/v1", *LLM[2:]), {}, "no user"),
        (("--propose-names", "https://llm.example:x/v1", *LLM[2:]), {}, "https://llm.example/v1"),
        (("--propose-names", "https://llm.example/v1?key=1", *LLM[2:]), {}, "query"),
        ((*LLM[:3], "m\n"), {}, "a model's name"),
        (LLM, {"KUULO_LLM_KEY": "a\nb"}, "KUULO_LLM_KEY"),
        (LLM, {"KUULO_LLM_KEY_FILE": "gone"}, "gone"),
    ],
)
def test_an_order_that_cannot_be_followed_is_refused(monkeypatch, options, env, word):
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ProposerRefused) as refusal:
        read_proposer(read_arguments(["group", "f.csv", *options]))
    said = sentence(refusal.value)
    assert said.exit_code == 2
    assert word in said.text
    assert said.text.endswith(".")


def test_an_order_is_refused_before_anything_is_done(refused):
    assert "--propose-model" in refused("group", "town.csv", *LLM[:2], code=2)


def test_the_key_may_stand_in_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n", "utf-8")
    monkeypatch.setenv("KUULO_LLM_KEY_FILE", str(tmp_path / "key"))
    assert read_proposer(read_arguments(["group", "f.csv", *LLM])).key == KEY


def test_a_proposer_shows_its_key_to_nobody():
    assert KEY not in repr(Proposer(_address("https://llm.example/v1"), "m", ("en",), KEY))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "[::1]", "localhost", "localhost:8080"])
def test_this_machine_may_be_asked_without_encryption(host):
    assert _address(f"http://{host}/v1").scheme == "http"


@pytest.mark.parametrize("host", ["localhost.example", "0.0.0.0", "128.0.0.1", "[::2]", "127.0.0.1.example"])
def test_no_other_machine_may(host):
    with pytest.raises(ProposerRefused):
        _address(f"http://{host}/v1")
