"""The cache gives back what was put in; whatever is wrong with it costs time and nothing else."""

import shutil
import sqlite3
import tempfile
from pathlib import Path

import numpy as np
import pytest

from kuulo.group.vector_cache import VectorCache

FILL = """
import sys, pathlib
import numpy as np
from kuulo.group.vector_cache import VectorCache
folder, who = pathlib.Path(sys.argv[1]), sys.argv[2]
cache = VectorCache.open("1", folder)
for part in range(10):
    cache.put({f"{who} {part} {i}": np.full(768, part * 30 + i, np.float16) for i in range(30)})
"""
AS_A_STRANGER = """
import os, sys, pathlib
import numpy as np
from kuulo.group.vector_cache import VectorCache
if os.geteuid() == 0:
    os.setuid(65534)
cache = VectorCache.open("1", pathlib.Path(sys.argv[1]))
if cache is not None:
    cache.put({"new": np.ones(768, np.float16)})
    cache.get(["new", "old"])
print("went on")
"""


@pytest.fixture
def opened():
    """Opens caches and closes their files at the end."""
    caches = []

    def open_(folder, recipe="1"):
        cache = VectorCache.open(recipe, folder)
        if cache is not None:
            caches.append(cache)
        return cache

    yield open_
    for cache in caches:
        cache._connection.close()


@pytest.fixture
def open_to_strangers():
    """A folder that others may read and nobody may write."""
    folder = Path(tempfile.mkdtemp())
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def vector(value):
    return np.full(768, value, np.float16)


def test_a_vector_comes_back_bit_for_bit_at_the_places_of_its_text(opened, tmp_path):
    odd = np.frombuffer(np.random.default_rng(0).bytes(1536), np.float16)
    opened(tmp_path).put({"a": odd, "b": vector(2)})
    found = opened(tmp_path).get(["b", "unknown", "a", "b"])
    assert {place: value.tobytes() for place, value in found.items()} == {
        0: vector(2).tobytes(),
        2: odd.tobytes(),
        3: vector(2).tobytes(),
    }


def test_many_texts_are_found_at_once(opened, tmp_path):
    cache = opened(tmp_path)
    cache.put({f"text {i}": vector(i) for i in range(1700)})
    found = cache.get([f"text {i}" for i in range(2000)])
    assert sorted(found) == list(range(1700))
    assert all(found[i][0] == np.float16(i) for i in found)


def test_a_vector_made_in_another_way_is_unknown(opened, tmp_path):
    opened(tmp_path, "1").put({"a": vector(1)})
    assert opened(tmp_path, "2").get(["a"]) == {}


def test_texts_that_differ_in_anything_are_apart(opened, tmp_path):
    texts = ["a", "A", "a ", "", "\ud800", "\x00", "é", "e\u0301"]
    cache = opened(tmp_path)
    cache.put({text: vector(at) for at, text in enumerate(texts)})
    assert [cache.get([text])[0][0] for text in texts] == list(range(len(texts)))


def test_the_file_holds_no_word_of_a_resident(opened, tmp_path):
    opened(tmp_path).put({"Nobody may read this sentence": vector(1)})
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert len(stored) > 1536
    assert b"sentence" not in stored


@pytest.mark.parametrize("harm", ["garbage", "empty", "cut", "other tables", "written over"])
def test_a_broken_file_is_made_anew_or_mended(opened, tmp_path, harm):
    path = tmp_path / "vectors.sqlite3"
    first = VectorCache.open("1", tmp_path)
    first.put({f"text {i}": vector(i) for i in range(300)})
    first._connection.close()
    whole = path.read_bytes()
    if harm == "other tables":
        path.unlink()
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE vector (something TEXT)")
        other.close()
    else:
        path.write_bytes(
            {
                "garbage": b"no database" * 1000,
                "empty": b"",
                "cut": whole[: len(whole) // 2],
                "written over": whole[:8192] + b"\x5a" * (len(whole) - 8192),
            }[harm]
        )
    cache = opened(tmp_path)
    known = cache.get([f"text {i}" for i in range(300)])
    assert all(value.tobytes() == vector(place).tobytes() for place, value in known.items())
    cache.put({"new": vector(5)})
    again = opened(tmp_path).get(["new"])
    assert harm in {"other tables", "written over", "cut"} or again[0].tobytes() == vector(5).tobytes()


def test_a_vector_that_was_changed_on_disk_is_not_given(opened, tmp_path):
    opened(tmp_path).put({"a": vector(1), "b": vector(2)})
    with sqlite3.connect(tmp_path / "vectors.sqlite3") as file:
        file.execute("UPDATE vector SET vector = ? WHERE vector = ?", (vector(9).tobytes(), vector(1).tobytes()))
    file.close()
    assert list(opened(tmp_path).get(["a", "b"])) == [1]


def test_two_processes_that_fill_at_once_lose_nothing(child, opened, tmp_path):
    folder = tmp_path / "new"
    finishes = [child(FILL, folder, who) for who in ("one", "two")]
    for finish in finishes:
        finish()
    texts = [f"{who} {part} {i}" for who in ("one", "two") for part in range(10) for i in range(30)]
    found = opened(folder).get(texts)
    assert [found[at][0] for at in range(len(texts))] == [int(t.split()[1]) * 30 + int(t.split()[2]) for t in texts]


def test_the_oldest_go_when_there_are_too_many(opened, tmp_path):
    cache = opened(tmp_path)
    cache.put({"old": vector(1)})
    cache._connection.execute("INSERT INTO vector (rowid, key, vector, crc) VALUES (300000, x'00', x'', 0)")
    cache.put({"new": vector(2)})
    assert list(cache.get(["old", "new"])) == [1]


def test_a_place_where_no_folder_can_be_is_no_cache(opened, tmp_path):
    (tmp_path / "file").touch()
    assert opened(tmp_path / "file" / "folder") is None


def test_a_folder_in_the_files_place_is_no_cache(opened, tmp_path):
    (tmp_path / "vectors.sqlite3").mkdir()
    assert opened(tmp_path) is None


@pytest.mark.parametrize("content", ["nothing", "a cache", "a broken one"])
def test_a_folder_that_may_only_be_read_stops_nobody(child, open_to_strangers, content):
    path = open_to_strangers / "vectors.sqlite3"
    if content == "a cache":
        cache = VectorCache.open("1", open_to_strangers)
        cache.put({"old": vector(1)})
        cache._connection.close()
    elif content == "a broken one":
        path.write_bytes(b"no database" * 1000)
    for file in open_to_strangers.iterdir():
        file.chmod(0o444)
    open_to_strangers.chmod(0o555)
    assert child(AS_A_STRANGER, open_to_strangers)() == "went on"
