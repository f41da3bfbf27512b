"""What is stored comes back whole, or is refused."""

import hashlib
import json
from dataclasses import replace

import pytest

from kuulo.group.state import StateRefused, pack, unpack_state
from kuulo.message import Message


@pytest.fixture(scope="module")
def files(golden):
    return pack(golden)


def test_a_state_comes_back_as_it_was(golden, files):
    back = unpack_state(files)
    assert list(back.messages) == list(golden.messages)
    assert back.grouping == golden.grouping
    assert back.raw.tobytes() == golden.raw.tobytes()
    assert back.distance == pytest.approx(golden.distance, abs=1e-4)
    assert back.recipe == golden.recipe


def test_whatever_a_resident_wrote_comes_back(golden):
    hostile = '"}\n{"x": \u2028\u2029\x00\ud800\r</script>'
    odd = replace(golden, messages=[replace(golden.messages[0], text=hostile), *golden.messages[1:]])
    assert unpack_state(pack(odd)).messages[0].text == hostile


def test_what_the_file_told_beside_an_answer_comes_back(golden):
    told = replace(golden.messages[0], background=(("alue", "Harju"), ("ikä", "45")), actor="resident")
    odd = replace(golden, messages=[told, *golden.messages[1:]])
    assert unpack_state(pack(odd)).messages[0] == told


@pytest.mark.parametrize("name", ["messages.jsonl", "grouping.json", "vectors.npy"])
@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_a_damaged_file_is_refused_by_name(files, name, harm):
    broken = dict(files)
    if harm == "gone":
        del broken[name]
    else:
        broken[name] = broken[name][:-1] + b"?"
    with pytest.raises(StateRefused) as refused:
        unpack_state(broken)
    assert (refused.value.code, refused.value.file) == ("damaged-state", name)


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (None, "missing-state"),
        (b"{", "damaged-state"),
        (b"[]", "damaged-state"),
        (b'{"format": 99, "sha256": {}}', "other-version"),
    ],
)
def test_a_state_without_its_checksums_is_refused(files, check, code):
    broken = {name: content for name, content in files.items() if name != "check.json"}
    if check is not None:
        broken["check.json"] = check
    with pytest.raises(StateRefused) as refused:
        unpack_state(broken)
    assert refused.value.code == code


def test_nothing_in_the_files_is_run_when_they_are_read(files):
    assert files["vectors.npy"].startswith(b"\x93NUMPY")
    assert json.loads(files["check.json"])["format"] == 1
    assert json.loads(files["messages.jsonl"].decode().split("\n")[0])["message"]["file"] == "messages.csv"


def test_an_empty_state_comes_back(golden):
    empty = replace(
        golden, messages=[], grouping=replace(golden.grouping, placements=(), themes=()), raw=golden.raw[:0]
    )
    assert unpack_state(pack(empty)).messages == []
    assert isinstance(golden.messages[0], Message)


def test_a_state_of_before_kinds_opens_with_none(golden):
    files = pack(golden)
    lines = [json.loads(line) for line in files["messages.jsonl"].decode().split("\n") if line]
    for line in lines:
        for key in ("kind", "certainty", "evidence"):
            del line["placement"][key]
    files["messages.jsonl"] = "".join(json.dumps(line) + "\n" for line in lines).encode()
    check = json.loads(files["check.json"])
    check["sha256"]["messages.jsonl"] = hashlib.sha256(files["messages.jsonl"]).hexdigest()
    opened = unpack_state(files | {"check.json": json.dumps(check).encode()})
    bare = [replace(place, kind="", certainty=0.0, evidence=()) for place in golden.grouping.placements]
    assert list(opened.grouping.placements) == bare
