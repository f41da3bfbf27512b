"""A result is written as a workbook, whole or not at all."""

import csv
import json

import openpyxl


def test_a_workbook_holds_every_message(kuulo, town, tmp_path):
    done = kuulo("export", town, "out.xlsx", "--names", "fi")
    assert done.code == 0, done.err
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["Teemat", "Viestien tarkoitus", "Viestit"]
    assert book["Viestit"].max_row == 25
    assert "personal data" in done.out
    assert sorted(path.name for path in tmp_path.iterdir() if "out" in path.name) == ["out.xlsx"]


def test_a_table_holds_every_message_and_runs_nothing(kuulo, tmp_path):
    lines = [
        "id;alue;palaute",
        "1;Harju;=1+1 kaavassa on virhe",
        "2;Keskusta;Puisto on siisti",
        "3;Harju;Kiitos siitä",
    ]
    (tmp_path / "few.csv").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    assert kuulo("group", "few.csv", "--out", "few").code == 0
    assert kuulo("export", "few", "out.csv").code == 0
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Teksti"] for row in rows] == ["'=1+1 kaavassa on virhe", "Puisto on siisti", "Kiitos siitä"]
    assert [row["alue"] for row in rows] == ["Harju", "Keskusta", "Harju"]


def test_json_holds_all_three_tables(kuulo, town, tmp_path):
    assert kuulo("export", town, "out.json").code == 0
    found = json.loads((tmp_path / "out.json").read_bytes())
    assert sorted(found) == ["kinds", "messages", "themes"]
    assert len(found["messages"]) == 24
    assert {"id", "theme", "text", "kind"} <= set(found["messages"][0])


def test_another_kind_of_file_is_refused(kuulo, town, tmp_path):
    done = kuulo("export", town, "out.pdf")
    assert (done.code, done.err) == (
        2,
        "kuulo: out.pdf cannot be written: name a file that ends in .xlsx, .csv or .json.\n",
    )
    assert not (tmp_path / "out.pdf").exists()


def test_a_folder_that_is_not_there_is_told(kuulo, town):
    done = kuulo("export", town, "nowhere/out.xlsx")
    assert done.code == 1
    assert done.err.count("\n") == 1


def test_what_is_no_result_cannot_be_exported(kuulo, tmp_path):
    assert kuulo("export", "nothing", "out.xlsx").code == 2
    assert not (tmp_path / "out.xlsx").exists()
