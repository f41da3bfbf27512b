"""The same answers give the same bytes, whatever the cache holds, however many threads, wherever and whenever."""

import os
import random
import re
import time
from pathlib import Path

import pytest
from running import TOWN, content, groups, rows, run

OTHER = "id;text\n1;Bussi numero 7 on aina myöhässä aamuisin.\n2;Uimahallin sauna on rikki\n3;The library is lovely\n"


@pytest.fixture
def cold_cache(cache, tmp_path):
    """A cache with graph and word tables, but without any vector."""
    fresh = tmp_path / "cache"
    (fresh / "words").mkdir(parents=True)
    for path in (*cache.glob("encoder-*"), *cache.glob("words/*.dic")):
        os.link(path, fresh / path.relative_to(cache))
    return fresh


def test_a_warm_cache_gives_what_a_cold_one_gave(kuulo, town, tmp_path):
    assert kuulo("group", "town.csv", "--out", "out").code == 0
    assert content(tmp_path / "out") == content(town)


def test_one_thread_without_a_cache_gives_what_two_gave(kuulo, town, tmp_path):
    assert kuulo("group", "town.csv", "--out", "out", "--threads", "1", "--no-cache").code == 0
    assert content(tmp_path / "out") == content(town)


def test_a_cache_filled_by_other_files_changes_nothing(kuulo, town, tmp_path, cold_cache):
    (tmp_path / "other.csv").write_text(OTHER, encoding="utf-8")
    assert kuulo("group", "other.csv", cache=cold_cache).code == 0
    assert kuulo("group", "town.csv", "--out", "out", cache=cold_cache).code == 0
    assert content(tmp_path / "out") == content(town)


def test_another_place_hour_and_surroundings_change_nothing(cache, town, tmp_path):
    elsewhere = tmp_path / "else where"
    (elsewhere / "deep").mkdir(parents=True)
    (elsewhere / "deep/town.csv").write_text(TOWN, encoding="utf-8")
    surroundings = {
        "PYTHONHASHSEED": "77",
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "COLUMNS": "60",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    file = elsewhere / "deep/town.csv"
    os.utime(file, (1, 1))
    done = run("group", file, "--out", tmp_path / "there", cwd=elsewhere, cache=cache, env=surroundings)
    assert done.code == 0, done.err
    assert content(tmp_path / "there") == content(town)


def test_a_result_that_is_replaced_leaves_no_trace(kuulo, town, tmp_path):
    (tmp_path / "other.csv").write_text(OTHER, encoding="utf-8")
    assert kuulo("group", "other.csv", "--out", "out", "--names", "nn").code == 0
    assert kuulo("group", "town.csv", "--out", "out").code == 0
    assert content(tmp_path / "out") == content(town)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.csv", "out", "town.csv"]


def test_shuffled_rows_give_the_same_groups(kuulo, town, tmp_path):
    head, *lines = TOWN.splitlines()
    random.Random(7).shuffle(lines)
    (tmp_path / "town.csv").write_text("\n".join([head, *lines]), encoding="utf-8")
    assert kuulo("group", "town.csv", "--out", "out").code == 0
    for level in ("theme", "subtheme"):
        assert groups(tmp_path / "out", level) == groups(town, level)
    same = (
        "id",
        "theme",
        "theme_name",
        "subtheme",
        "subtheme_name",
        "status",
        "language",
        "fit",
        "kind",
        "certainty",
    )
    shuffled, straight = ({tuple(row[name] for name in same) for row in rows(of)} for of in (tmp_path / "out", town))
    assert shuffled == straight


def test_no_output_tells_the_hour_or_a_folder(town):
    secrets = (time.strftime("%Y-%m-%d"), str(town.parent), "pytest-of", str(Path.home()) + "/")
    for name, written in content(town).items():
        assert not [secret for secret in secrets if secret.encode() in written], name
        assert not re.search(rb"\b20\d\d-\d\d-\d\dT\d\d:\d\d", written), name
