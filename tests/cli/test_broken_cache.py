"""A broken cache costs time and nothing else."""

import os
import shutil

import pytest
from running import content


@pytest.fixture
def own_cache(cache, tmp_path):
    """A cache of this test's own, to be broken."""
    own = tmp_path / "cache"
    (own / "words").mkdir(parents=True)
    for path in (*cache.glob("words/*.dic"), *cache.glob("encoder-*"), cache / "vectors.sqlite3"):
        shutil.copy(path, own / path.relative_to(cache))
    return own


@pytest.mark.parametrize("damage", ["garbage", "empty", "another table", "cut short"])
def test_vectors_that_are_broken_are_made_anew(kuulo, town, tmp_path, own_cache, damage):
    path = own_cache / "vectors.sqlite3"
    if damage == "another table":
        import sqlite3

        path.unlink()
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE vector (something TEXT)")
        connection.close()
    else:
        whole = path.read_bytes()
        path.write_bytes({"garbage": os.urandom(9_000), "empty": b"", "cut short": whole[: len(whole) // 2]}[damage])
    done = kuulo("group", "town.csv", "--out", "out", cache=own_cache)
    assert done.code == 0, done.err
    assert content(tmp_path / "out") == content(town)


def test_a_graph_and_a_word_table_that_are_broken_are_made_anew(kuulo, town, tmp_path, own_cache):
    for path in own_cache.glob("encoder-*"):
        path.write_bytes(path.read_bytes()[:-100] + bytes(100))
    nynorsk = own_cache / "words/nn.dic"
    nynorsk.write_bytes(nynorsk.read_bytes()[:1_000])
    (own_cache / "vectors.sqlite3").unlink()
    done = kuulo("group", "town.csv", "--out", "out", cache=own_cache)
    assert done.code == 0, done.err
    assert content(tmp_path / "out") == content(town)
    assert nynorsk.stat().st_size > 100_000


def test_a_cache_that_cannot_be_made_is_told(refused):
    said = refused("group", "town.csv", code=1, env={"KUULO_CACHE": "town.csv/cache"})
    assert "town.csv/cache/words cannot be written; name another cache folder with KUULO_CACHE" in said
