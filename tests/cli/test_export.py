"""A result is written as a workbook, whole or not at all."""

import openpyxl


def test_a_workbook_holds_every_message(kuulo, town, tmp_path):
    done = kuulo("export", town, "out.xlsx", "--names", "fi")
    assert done.code == 0, done.err
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["Teemat", "Viestit"]
    assert book["Viestit"].max_row == 25
    assert "personal data" in done.out
    assert sorted(path.name for path in tmp_path.iterdir() if "out" in path.name) == ["out.xlsx"]


def test_another_kind_of_file_is_refused(kuulo, town, tmp_path):
    done = kuulo("export", town, "out.pdf")
    assert (done.code, done.err) == (
        2,
        "kuulo: out.pdf cannot be written: only XLSX can; name a file that ends in .xlsx.\n",
    )
    assert not (tmp_path / "out.pdf").exists()


def test_a_folder_that_is_not_there_is_told(kuulo, town):
    done = kuulo("export", town, "nowhere/out.xlsx")
    assert done.code == 1
    assert done.err.count("\n") == 1


def test_what_is_no_result_cannot_be_exported(kuulo, tmp_path):
    assert kuulo("export", "nothing", "out.xlsx").code == 2
    assert not (tmp_path / "out.xlsx").exists()
