"""A result that was changed by anybody but Kuulo is told from one that was not."""

import json
import shutil

import pytest


@pytest.fixture
def result(town, tmp_path):
    shutil.copytree(town, tmp_path / "out")
    return tmp_path / "out"


def test_a_result_is_as_it_was_written(kuulo, result):
    done = kuulo("verify", "out")
    assert done.code == 0, done.err
    fingerprint = json.loads((result / "ledger.json").read_bytes())["fingerprint"]
    assert done.out.startswith("Unchanged")
    assert fingerprint in done.out


def test_a_grown_result_in_another_language_is_as_it_was_written(kuulo, tmp_path):
    assert kuulo("group", "town.csv", "--out", "out", "--names", "sv", "--title", "Våren").code == 0
    assert kuulo("group", "-", "--onto", "out", stdin=b"Lampan har slocknat\n").code == 0
    assert kuulo("verify", "out").out.startswith("Unchanged")


@pytest.mark.parametrize("name", ["report.html", "messages.csv", "themes.json", "themes/T1.html"])
def test_a_changed_file_is_named(kuulo, result, name):
    with (result / name).open("ab") as file:
        file.write(b" ")
    done = kuulo("verify", "out")
    assert done.code == 1
    assert done.err == f"kuulo: out is not as Kuulo wrote it; missing or changed since: {name}.\n"


def test_a_missing_file_is_named(kuulo, result):
    (result / "report.html").unlink()
    assert "missing or changed since: report.html." in kuulo("verify", "out").err


def test_a_ledger_that_was_mended_by_hand_is_named(kuulo, result):
    ledger = json.loads((result / "ledger.json").read_bytes())
    ledger["counts"]["uncertain"] += 1
    (result / "ledger.json").write_text(json.dumps(ledger), "utf-8")
    assert "changed since: ledger.json." in kuulo("verify", "out").err


@pytest.mark.parametrize("content", ["[]", '{"versions": 3}', "null", "{"])
def test_a_ledger_that_is_none_is_refused(kuulo, result, content):
    (result / "ledger.json").write_text(content, "utf-8")
    done = kuulo("verify", "out")
    assert done.code == 1
    assert done.err.count("\n") == 1


def test_a_result_of_another_version_cannot_be_checked(kuulo, result):
    ledger = json.loads((result / "ledger.json").read_bytes())
    ledger["versions"]["kuulo"] = "0.0.1"
    (result / "ledger.json").write_text(json.dumps(ledger), "utf-8")
    done = kuulo("verify", "out")
    assert done.code == 1
    assert "another version" in done.err
