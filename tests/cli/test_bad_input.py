"""Files and orders that cannot be followed: one plain sentence, the right exit code, nothing written."""

import csv
import io
import json
import resource
import shutil
import sys
import zipfile

import openpyxl
import pytest
from running import content, rows

TABLE = "id;palaute\n1;Lumivalli on portin edessä\n2;Bussi on aina myöhässä\n3;Kouluruoka on kylmää\n".encode()
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(64))


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\xef\xbb\xbf", "is empty"),
        ("a.csv", b"\n\n\n", "is empty"),
        ("a.csv", b"id;palaute\n", "holds only a header (row 1)"),
        ("a.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "is a PDF"),
        ("a.csv", PNG, "is a png image"),
        ("a.xlsx", b"<!DOCTYPE html><html><body>Kirjaudu</body>", "is a web page"),
        ("a.csv", bytes(range(256)) * 20, "is binary data"),
        ("a.csv", b"n;m\n1;2\n3;4\n5;6\n", "no column looks like answers; name it with --text. Columns: n, m."),
        ("a.jsonl", b'{"palaute": "Hyv\xc3\xa4"}\n{"palaute":\n{\n', "row 2 is not proper JSON"),
        ("a.xlsx", b"PK\x03\x04 and no more", "is a broken workbook (it cannot be unpacked or read)"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is an old Office document"),
    ],
)
def test_a_file_without_answers_is_refused(refused, tmp_path, name, written, said):
    (tmp_path / name).write_bytes(written)
    sentence = refused("group", name, "--out", "out", code=2)
    assert sentence.startswith(f"kuulo: {name}")
    assert said in sentence
    assert not (tmp_path / "out").exists()


def test_what_is_not_there_or_is_a_folder_is_refused(refused, tmp_path):
    (tmp_path / "folder.csv").mkdir()
    assert "missing.csv: there is no such file" in refused("group", "missing.csv", code=2)
    assert "town.csv/deeper: there is no such file" in refused("group", "town.csv/deeper", code=2)
    assert "folder.csv is a folder" in refused("group", "folder.csv", code=2)
    assert "standard input is empty" in refused("group", "-", code=2)


def test_one_bad_file_among_good_ones_stops_all(refused, tmp_path):
    (tmp_path / "empty.csv").touch()
    assert "empty.csv is empty" in refused("group", "town.csv", "empty.csv", "--out", "out", code=2)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (["--text", "Vastaus"], "has no column Vastaus; its columns are: Nro, Pvm, Nimimerkki, Palaute."),
        (["--text", "9"], "has no column 9"),
        (["--id", "\x1b[2J"], "has no column ␛[2J"),
        (["--encoding", "utf-16"], "cannot be read as utf-16"),
        (["--encoding", "ascii"], "cannot be read as ascii"),
        (["--encoding", "klingon"], "cannot be read as klingon"),
        (["--delimiter", "::"], ":: cannot part cells"),
        (["--model", "missing.bin"], "missing.bin: there is no such model file"),
    ],
)
def test_an_order_that_does_not_fit_the_file_is_refused(refused, order, said):
    assert said in refused("group", "town.csv", *order, code=2)


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["group"],
        ["group", "town.csv", "--bogus"],
        ["group", "town.csv", "--threads", "0"],
        ["group", "town.csv", "--threads", "many"],
        ["group", "town.csv", "--names", "de"],
        ["group", "town.csv", "--out", "a", "--onto", "b"],
        ["where", "out"],
        ["frobnicate"],
    ],
)
def test_a_command_that_is_none_is_told_in_one_sentence(kuulo, wrong):
    done = kuulo(*wrong)
    assert done.code == 2
    assert done.err.startswith("kuulo")
    assert done.err.endswith("--help tells what can be asked.\n")
    assert done.err.count("\n") == 1


def test_a_file_in_the_place_of_a_verb_is_answered_with_the_verb(kuulo):
    assert "perhaps you meant kuulo group town.csv;" in kuulo("town.csv").err


class TestWhereTheResultGoes:
    """Only a new or empty folder or an earlier result is replaced."""

    def test_a_folder_with_other_things_is_left_alone(self, refused, tmp_path):
        (tmp_path / "holiday").mkdir()
        (tmp_path / "holiday/sun.jpg").write_bytes(b"sun")
        assert "holds something else" in refused("group", "town.csv", "--out", "holiday", code=2)
        assert "holds something else" in refused("group", "town.csv", "--out", ".", code=2)
        assert content(tmp_path / "holiday") == {"sun.jpg": b"sun"}

    def test_a_file_in_its_place_is_left_alone(self, refused, tmp_path):
        before = content(tmp_path)
        assert "is a file" in refused("group", "town.csv", "--out", "town.csv", code=2)
        assert "town.csv" in refused("group", "town.csv", "--out", "town.csv/out", code=1)
        assert content(tmp_path) == before

    def test_a_place_where_nothing_can_be_made_is_refused(self, refused):
        assert "cannot be written" in refused("group", "town.csv", "--out", "/proc/kuulo", code=1)

    @pytest.mark.parametrize("place", ["--out", "--onto"])
    def test_a_result_never_swallows_the_file_that_is_read(self, refused, town, tmp_path, place):
        shutil.copytree(town, tmp_path / "out")
        (tmp_path / "out/new.csv").write_bytes(TABLE)
        (tmp_path / "link").symlink_to("out")
        before = content(tmp_path / "out")
        assert "new.csv lies in link" in refused("group", "out/new.csv", place, "link", code=2)
        assert content(tmp_path / "out") == before


def test_rows_of_every_shape_are_accounted_for(kuulo, tmp_path):
    odd = (
        b"id;palaute\n1;Hyv\xc3\xa4\0 kirjasto, kiitos\n2;Bussi on my\xc3\xb6h\xc3\xa4ss\xc3\xa4;ylim;xx\n"
        b'2;"Lumivalli on ""portin"" edess\xc3\xa4"\n4\n5;Kouluruoka on \xff kylm\xc3\xa4\xc3\xa4\n6;'
        + b"Puisto on kaunis. " * 6_000
        + b"\n"
    )
    (tmp_path / "odd.csv").write_bytes(odd)
    done = kuulo("group", "odd.csv", "--header", "--text", "palaute", "--id", "id", "--out", "out")
    assert done.code == 0, done.err
    assert [(row["id"], row["status"]) for row in rows(tmp_path / "out")] == [
        ("1", "grouped"),
        ("2", "grouped"),
        ("2", "grouped"),
        ("4", "empty"),
        ("5", "unreadable"),
        ("6", "unreadable"),
    ]
    notes = [line for line in done.err.splitlines() if line.startswith("  note: ")]
    assert len(notes) == len(done.err.splitlines()) - 1 == 6, notes
    assert "  note: 1 row with an id that an earlier row has; the first is row 3 (id 2)" in notes
    apart = json.loads((tmp_path / "out/ledger.json").read_bytes())["apart"]
    assert [entry["reason"] for entry in apart] == ["no-text", "encoding", "too-long"]


def test_a_thousand_columns_are_read(kuulo, tmp_path):
    header = ["palaute", *(f"mittaus {n}" for n in range(999))]
    with (tmp_path / "wide.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [header, *([text, *range(999)] for text in ("Lumivalli tiellä", "Bussi myöhässä"))]
        )
    done = kuulo("group", "wide.csv", "--out", "out")
    assert done.code == 0, done.err
    assert [row["column"] for row in rows(tmp_path / "out")] == ["palaute", "palaute"]


def workbook(sheet: bytes | None = None) -> bytes:
    """An honest workbook; with ``sheet``, its sheet is this instead."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (["id", "palaute"], [1, "Lumivalli on portin edessä"], [2, "Bussi on aina myöhässä"]):
        book.active.append(row)
    book.save(file)
    if sheet is None:
        return file.getvalue()
    changed = io.BytesIO()
    with zipfile.ZipFile(file) as honest, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as bomb:
        for entry in honest.infolist():
            bomb.writestr(entry.filename, sheet if "sheet1" in entry.filename else honest.read(entry))
    return changed.getvalue()


def test_a_workbook_is_read_and_bombs_are_refused(kuulo, refused, tmp_path):
    (tmp_path / "good.xlsx").write_bytes(workbook())
    (tmp_path / "bomb.xlsx").write_bytes(workbook(b"<worksheet>" + bytes(70 << 20)))
    entities = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    (tmp_path / "entities.xlsx").write_bytes(workbook(entities))
    assert "unpacks to a huge one" in refused("group", "bomb.xlsx", code=2)
    assert "(it holds document types" in refused("group", "entities.xlsx", code=2)
    assert "has no sheet Vastaukset; its sheets are: Sheet." in refused(
        "group", "good.xlsx", "--sheet", "Vastaukset", code=2
    )
    done = kuulo("group", "good.xlsx", "--out", "out")
    assert done.code == 0, done.err
    assert [row["id"] for row in rows(tmp_path / "out")] == ["1", "2"]


class TestTheModel:
    """Only the known model is used, to the last byte, also when the graph is ready."""

    @pytest.mark.parametrize("damage", ["short", "empty", "one byte"])
    def test_a_damaged_file_is_refused(self, refused, tmp_path, damage):
        from kuulo.group.encoder_file import find_model

        path = tmp_path / "model.bin"
        if damage == "one byte":
            shutil.copy(find_model(), path)
            with path.open("r+b") as file:
                file.seek(40_000_000)
                byte = file.read(1)
                file.seek(40_000_000)
                file.write(bytes([byte[0] ^ 1]))
        else:
            path.write_bytes(b"" if damage == "empty" else find_model().read_bytes()[:100_000])
        said = refused("group", "town.csv", "--model", "model.bin", "--out", "out", code=1)
        assert "model.bin is not the model that Kuulo knows" in said
        assert not (tmp_path / "out").exists()

    def test_a_variable_that_names_nothing_is_refused(self, refused):
        said = refused("group", "town.csv", code=2, env={"KUULO_MODEL": "nowhere"})
        assert "nowhere: there is no such model file" in said


FULL = """
import resource, sys
from kuulo.cli import group, main
write = group.write_result
def on_a_full_disk(*given):
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000))
    write(*given)
group.write_result = on_a_full_disk
sys.exit(main(sys.argv[1:]))
"""


def test_a_disk_that_fills_up_leaves_the_old_result_whole(refused, town, tmp_path):
    shutil.copytree(town, tmp_path / "out")
    (tmp_path / "new.csv").write_bytes(TABLE)
    said = refused("group", "new.csv", "--out", "out", code=1, program=(sys.executable, "-c", FULL))
    assert "The disk is full; nothing was written" in said
    assert content(tmp_path / "out") == content(town)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.csv", "out", "town.csv"]


def test_where_nothing_at_all_can_be_written_the_run_says_so(refused, town, tmp_path):
    shutil.copytree(town, tmp_path / "out")

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000))

    said = refused("group", "town.csv", "--out", "out", "--names", "fi", code=1, preexec_fn=full)
    assert said.endswith("check the disk and the permissions.") or "The disk is full" in said
    assert content(tmp_path / "out") == content(town)
