"""`kuulo themes`, `kuulo where`, `kuulo prepare`: asking a result, readying the machine."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from running import rows


def test_themes_are_listed_with_their_subthemes_indented(kuulo, town):
    done = kuulo("themes", town)
    found = [line.split("\t") for line in done.out.splitlines()]
    counted = {}
    for row in rows(town):
        for level in ("theme", "subtheme"):
            if row["status"] == "grouped":
                counted[row[level]] = counted.get(row[level], 0) + 1
    assert {ident.strip(): int(number) for ident, number, _ in found} == counted
    assert all(ident.startswith("  ") == ("." in ident) for ident, _, _ in found)
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("asked", ["K-07", "town.csv:7"])
def test_a_message_is_found_by_its_id_and_by_its_row(kuulo, town, asked):
    row = rows(town)[6]
    done = kuulo("where", town, asked)
    theme, subtheme = (f"{row[level]} {row[f'{level}_name']}" for level in ("theme", "subtheme"))
    assert done.out == f"town.csv, row 7, column Palaute: {theme} > {subtheme}\n"


def test_a_copy_and_an_empty_row_are_told_as_such(kuulo, town):
    assert kuulo("where", town, "K-19").out.rstrip().endswith("; the same text as town.csv, row 18")
    assert kuulo("where", town, "K-16").out == "town.csv, row 16, column Palaute: empty (no-text)\n"


def test_names_come_in_the_language_asked_for(kuulo, town):
    assert kuulo("themes", town, "--names", "sv").out != kuulo("themes", town, "--names", "fi").out


@pytest.mark.parametrize("asked", ["K-99", "town.csv:99", "\x1b[31m"])
def test_an_unknown_message_is_refused(refused, town, asked):
    assert refused("where", town, asked, code=2).startswith("kuulo: no message has the id ")


@pytest.mark.parametrize("verb", [["themes"], ["where"], ["group", "town.csv", "--onto"]])
def test_a_folder_without_a_result_is_refused(refused, tmp_path, verb):
    (tmp_path / "empty").mkdir()
    more = ["K-01"] if verb == ["where"] else []
    for folder in ("empty", "missing", "town.csv"):
        assert folder in refused(*verb, folder, *more, code=2)


@pytest.mark.parametrize("file", ["messages.jsonl", "grouping.json", "vectors.npy", "check.json"])
def test_a_damaged_result_is_refused(refused, town, tmp_path, file):
    shutil.copytree(town, tmp_path / "out")
    path = tmp_path / "out/state" / file
    path.write_bytes(path.read_bytes()[:-20])
    assert f"damaged ({file})" in refused("themes", "out", code=1)


def test_prepare_says_where_everything_is_kept(kuulo, cache):
    done = kuulo("prepare")
    assert (done.code, done.out, done.err) == (0, f"Ready. Everything is kept in {cache}.\n", "")
    assert {path.stem for path in (cache / "words").iterdir()} == {"fi", "sv", "nb", "nn", "en"}


def test_a_missing_word_table_is_made_by_no_program_that_lies_in_the_folder(kuulo, cache, tmp_path):
    own = tmp_path / "cache"
    (own / "words").mkdir(parents=True)
    for path in (*cache.glob("words/*.dic"), *cache.glob("encoder-*")):
        if path.stem != "nn":
            os.link(path, own / path.relative_to(cache))
    for name in ("kuulo", "simplemma", "platformdirs", "tqdm"):
        (tmp_path / f"{name}.py").write_text("open('ran', 'w')\n", encoding="utf-8")
    done = kuulo("prepare", cache=own, program=(Path(sys.executable).with_name("kuulo"),))
    assert not (tmp_path / "ran").exists()
    assert done.code == 0, done.err
    assert (own / "words/nn.dic").stat().st_size > 100_000
