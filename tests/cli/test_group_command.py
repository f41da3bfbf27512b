"""`kuulo group` on honest files: what it writes, what it prints, how a result grows."""

import csv
import json
import os
import pty
import shutil
import subprocess
import termios

import pytest
from running import FILES, TOWN, content, groups, rows, run, start

COLUMNS = (
    "file,row,column,id,theme,theme_name,subtheme,subtheme_name,fit,copy_of,status,language,kind,certainty,evidence"
)
LATER = """\
Nro;Pvm;Nimimerkki;Palaute
L-01;2026-03-01;Tuula;Lumivalli on taas pihan edessä, aura ajoi ohi.
L-02;2026-03-01;Sten;Skolmaten är fortfarande kall.
L-03;2026-03-02;Ann;The plough leaves a wall of snow right across our driveway.
L-04;2026-03-02;Eero;Uimahallin sauna on ollut rikki jo kolme viikkoa.
L-05;2026-03-02;Vera;Simhallens bastu har varit trasig i tre veckor.
L-06;2026-03-03;Odd;Badstua i svømmehallen har vært ødelagt i tre uker.
L-07;2026-03-03;Tuula;-
"""


def theme_pages(folder):
    """Each theme has a page of its own."""
    themes = json.loads((folder / "themes.json").read_bytes())["themes"]
    return {f"themes/{theme['id']}.html" for theme in themes if not theme["parent"]}


SWEDISH = (
    "Kommentar",
    "Plogbilen lämnade en hög snövall framför vår port i morse.",
    "Gatlyktorna på skolvägen har varit släckta i två veckor.",
    "Varför stängde ni biblioteket på lördagar?",
    "The street lights are broken near the school.",
)


def test_the_result_holds_the_files_of_the_contract(town):
    assert set(content(town)) == FILES | theme_pages(town)
    assert (town / "messages.csv").read_text("utf-8").split("\n", 1)[0] == COLUMNS


def test_every_answer_has_its_row_in_input_order(town):
    found = rows(town)
    written = list(csv.DictReader(TOWN.splitlines(), delimiter=";"))
    assert [row["id"] for row in found] == [row["Nro"] for row in written]
    assert [int(row["row"]) for row in found] == list(range(1, len(written) + 1))
    assert {(row["file"], row["column"]) for row in found} == {("town.csv", "Palaute")}
    assert {row["id"] for row in found if row["status"] == "empty"} == {"K-16", "K-17"}
    assert all(0 <= float(row["fit"]) <= 1 for row in found)


def test_the_counts_add_up_wherever_they_stand(town):
    found, ledger = rows(town), json.loads((town / "ledger.json").read_bytes())
    counts = ledger["counts"]
    statuses = ("grouped", "uncertain", "empty", "unreadable")
    assert counts["read"] == len(found) == sum(counts[status] for status in statuses)
    assert all(counts[status] == sum(row["status"] == status for row in found) for status in statuses)
    assert counts["copies"] == sum(row["copy_of"] != "" for row in found)
    assert counts["uncertain"] <= 0.08 * len(found)
    for theme in json.loads((town / "themes.json").read_bytes())["themes"]:
        level = "subtheme" if theme["parent"] else "theme"
        members = [row for row in found if row["status"] == "grouped" and row[level] == theme["id"]]
        assert theme["counts"]["messages"] == len(members)


def test_letters_of_a_campaign_are_copies_of_the_first(town):
    assert {row["id"]: row["copy_of"] for row in rows(town) if row["copy_of"]} == {"K-19": "K-18", "K-20": "K-18"}


def test_the_summary_and_the_guess_are_printed(kuulo, tmp_path):
    done = kuulo("group", "town.csv")
    assert done.code == 0
    assert done.err == (
        "town.csv: 24 answers; csv; utf-8; cells parted by semicolons; text: Palaute; id: Nro; time: Pvm;"
        " author: Nimimerkki\n"
    )
    assert "Luettu 24 = " in done.out
    assert "Mukana 2 kopiota." in done.out
    assert [path.name for path in tmp_path.iterdir()] == ["town.csv"]


def test_a_terminal_sees_progress_and_a_clean_line_after_it(cache, tmp_path):
    (tmp_path / "town.csv").write_text(TOWN, encoding="utf-8")
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(ours, (24, 80))
    child = start(
        "group", "town.csv", "--no-cache", cwd=tmp_path, cache=cache, stdout=subprocess.DEVNULL, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65_536):
            shown += chunk
    except OSError:  # the other end was closed
        pass
    finally:
        os.close(ours)
    assert child.wait(timeout=60) == 0
    text = shown.decode()
    assert "Understanding" in text
    assert " left" in text
    assert text.rsplit("\r", 1)[-1].strip() == ""


def test_standard_input_is_grouped_like_a_file(kuulo, town, tmp_path):
    done = kuulo("group", "-", "--out", "out", stdin=TOWN.encode())
    assert done.code == 0
    assert [row | {"file": "town.csv"} for row in rows(tmp_path / "out")] == rows(town)
    assert {row["file"] for row in rows(tmp_path / "out")} == {"stdin"}
    sums = [
        json.loads((folder / "ledger.json").read_bytes())["inputs"][0]["sha256"]
        for folder in (town, tmp_path / "out")
    ]
    assert sums[0] == sums[1]


def test_a_pipe_with_a_name_is_read_once(kuulo, town, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = subprocess.Popen(["sh", "-c", "cat town.csv > pipe"], cwd=tmp_path)
    assert kuulo("group", "pipe", "--out", "out", timeout=60).code == 0
    assert writer.wait(timeout=10) == 0
    assert [row | {"file": "town.csv"} for row in rows(tmp_path / "out")] == rows(town)


def test_several_files_and_several_columns_of_answers_are_one_grouping(kuulo, tmp_path):
    (tmp_path / "a.csv").write_text(
        "id,Mikä on hyvää?,Mikä on huonoa?\n1,Kirjasto on hieno,Lumivalli portin edessä\n2,,Bussi on aina myöhässä\n",
        encoding="utf-8",
    )
    (tmp_path / "b.csv").write_text(
        "id,Mikä on hyvää?,Mikä on huonoa?\n3,Puisto on siisti,Kouluruoka on kylmää\n", encoding="utf-8"
    )
    done = kuulo("group", "a.csv", "b.csv", "--text", "3", "--text", "mikä on hyvää?", "--out", "out")
    assert done.code == 0, done.err
    found = [(row["file"], row["row"], row["column"], row["id"], row["status"]) for row in rows(tmp_path / "out")]
    assert found == [
        ("a.csv", "1", "Mikä on hyvää?", "1", "grouped"),
        ("a.csv", "1", "Mikä on huonoa?", "1", "grouped"),
        ("a.csv", "2", "Mikä on hyvää?", "2", "empty"),
        ("a.csv", "2", "Mikä on huonoa?", "2", "grouped"),
        ("b.csv", "1", "Mikä on hyvää?", "3", "grouped"),
        ("b.csv", "1", "Mikä on huonoa?", "3", "grouped"),
    ]
    told = kuulo("where", "out", "a.csv:1").out.splitlines()
    assert [line.split(":")[0] for line in told] == [
        "a.csv, row 1, column Mikä on hyvää?",
        "a.csv, row 1, column Mikä on huonoa?",
    ]


def test_json_lines_give_the_same_groups_as_the_table(kuulo, town, tmp_path):
    records = [
        {"Nro": row["Nro"], "Nimimerkki": row["Nimimerkki"], "Palaute": row["Palaute"]}
        for row in csv.DictReader(TOWN.splitlines(), delimiter=";")
    ]
    (tmp_path / "town.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    done = kuulo("group", "town.jsonl", "--out", "out")
    assert done.code == 0, done.err
    assert [row | {"file": "town.csv"} for row in rows(tmp_path / "out")] == rows(town)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("Kirjaston aukioloaikoja pitäisi pidentää.\n", "only one text"),
        ("Bussi on myöhässä.\nBussi on myöhässä.\n", "only one text"),
        ("-\n...\n", "No answer says anything"),
    ],
)
def test_too_little_to_group_is_said(kuulo, tmp_path, answers, said):
    done = kuulo("group", "-", "--out", "out", stdin=answers.encode())
    assert done.code == 0, done.err
    assert said in done.out
    assert set(content(tmp_path / "out")) == FILES | theme_pages(tmp_path / "out")


def test_ten_answers_make_sense(kuulo, tmp_path):
    chosen = [
        line
        for line in TOWN.splitlines()
        if line[:4] in {"Nro;", *(f"K-{n:02}" for n in (*range(1, 5), *range(7, 10), 12, 13, 14))}
    ]
    (tmp_path / "ten.csv").write_text("\n".join(chosen), encoding="utf-8")
    assert kuulo("group", "ten.csv", "--out", "out").code == 0
    found = {row["id"]: row["theme"] for row in rows(tmp_path / "out")}
    for matter in (("K-01", "K-02", "K-03", "K-04"), ("K-07", "K-08", "K-09"), ("K-12", "K-13", "K-14")):
        assert len({found[one] for one in matter}) == 1, found


def test_without_an_order_the_result_is_in_the_language_of_most_answers(kuulo, tmp_path):
    (tmp_path / "by.csv").write_text("".join(f"{line}\n" for line in SWEDISH), encoding="utf-8")
    assert "Tema " in kuulo("group", "by.csv", "--out", "out").out
    assert '<html lang="sv">' in (tmp_path / "out/report.html").read_text("utf-8")
    assert "Theme " in kuulo("group", "by.csv", "--names", "en").out


def test_names_and_title_are_in_the_language_and_words_asked_for(kuulo, town, tmp_path):
    done = kuulo("group", "town.csv", "--out", "out", "--names", "fi", "--title", "Kevään <b>palaute</b>")
    assert done.code == 0
    names = {
        theme["id"]: theme["names"] for theme in json.loads((tmp_path / "out/themes.json").read_bytes())["themes"]
    }
    for row in rows(tmp_path / "out"):
        assert row["theme_name"] == (names[row["theme"]]["fi"] if row["theme"] else "")
    assert all(set(by_language) == {"fi", "sv", "nb", "nn", "en"} for by_language in names.values())
    assert '<h1 dir="auto">Kevään &lt;b&gt;palaute&lt;/b&gt;</h1>' in (tmp_path / "out/report.html").read_text(
        "utf-8"
    )
    assert groups(tmp_path / "out", "subtheme") == groups(town, "subtheme")


def test_hostile_words_stay_words(kuulo, tmp_path):
    formula = '=HYPERLINK("http://x")'
    with (tmp_path / "=cmd.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["id", "+palaute"])
        writer.writerows(
            [
                [formula, "Lumivalli \x1b[31mportin edessä"],
                ["2", "</script><img src=x onerror=alert(1)>"],
                ["@3", "-Bussi on aina myöhässä"],
            ]
        )
    done = kuulo("group", "=cmd.csv", "--text", "2", "--id", "1", "--out", "out")
    assert done.code == 0, done.err
    found = rows(tmp_path / "out")
    assert [row["id"] for row in found] == [formula, "2", "@3"]
    assert {(row["file"], row["column"]) for row in found} == {("'=cmd.csv", "'+palaute")}
    assert b"<img" not in (tmp_path / "out/report.html").read_bytes()


@pytest.fixture(scope="module")
def grown(town, cache, tmp_path_factory):
    folder = tmp_path_factory.mktemp("grown")
    (folder / "later.csv").write_text(LATER, encoding="utf-8")
    shutil.copytree(town, folder / "out")
    done = run("group", "later.csv", "--onto", "out", cwd=folder, cache=cache)
    assert done.code == 0, done.err
    return folder / "out", done


def test_old_rows_come_first_and_stay_as_they_were(grown, town):
    was, now = rows(town), rows(grown[0])
    for name in COLUMNS.split(","):
        if name != "copy_of":  # what a copy is called depends on the files
            assert [row[name] for row in now[: len(was)]] == [row[name] for row in was], name
    assert [row["id"] for row in now[len(was) :]] == [f"L-0{n}" for n in range(1, 8)]


def test_themes_keep_their_ids_and_new_ones_are_told(grown, town):
    folder, done = grown
    was = json.loads((town / "themes.json").read_bytes())["themes"]
    now = json.loads((folder / "themes.json").read_bytes())
    assert now["run"] == 2
    names = {theme["id"]: theme["names"] for theme in now["themes"]}
    assert all(names[theme["id"]] == theme["names"] for theme in was)
    fresh = names.keys() - {theme["id"] for theme in was}
    assert all(theme["since"] == (2 if theme["id"] in fresh else 1) for theme in now["themes"])
    found = {row["id"]: row for row in rows(folder)}
    assert {found[one]["subtheme"] for one in ("L-04", "L-05", "L-06")} <= fresh
    assert (found["L-03"]["copy_of"], found["L-03"]["subtheme"]) == ("K-04", found["K-04"]["subtheme"])
    assert found["L-07"]["status"] == "empty"
    assert "what stood before stands as it was" in done.out
    assert [line.split(":")[0] for line in done.out.splitlines() if ": " in line[:10]] == ["New", "Growing", "Fading"]


def test_the_ledger_names_both_files_and_adds_up(grown):
    ledger = json.loads((grown[0] / "ledger.json").read_bytes())
    assert [file["file"] for file in ledger["inputs"]] == ["town.csv", "later.csv"]
    assert ledger["counts"]["read"] == 31


def test_a_result_without_any_text_can_grow(kuulo, tmp_path):
    assert kuulo("group", "-", "--out", "out", stdin=b"-\n...\n").code == 0
    done = kuulo("group", "town.csv", "--onto", "out")
    assert done.code == 0, done.err
    assert len(rows(tmp_path / "out")) == 26


def test_a_result_grows_in_its_own_language(kuulo, tmp_path):
    (tmp_path / "later.csv").write_text(LATER, encoding="utf-8")
    first = kuulo("group", "town.csv", "--out", "out", "--names", "fi", "--title", "Kevään palaute")
    was = rows(tmp_path / "out")
    assert kuulo("group", "later.csv", "--onto", "out").code == 0
    now = rows(tmp_path / "out")
    assert [row["theme_name"] for row in now[: len(was)]] == [row["theme_name"] for row in was]
    assert "Kevään palaute" in (tmp_path / "out/report.html").read_text("utf-8")
    assert kuulo("themes", "out").out == kuulo("themes", "out", "--names", "fi").out
    assert "in place of" not in first.out
    assert "in place of the earlier result" in kuulo("group", "town.csv", "--out", "out").out


def test_answers_added_again_are_told(kuulo, town, grown, tmp_path):
    shutil.copytree(town, tmp_path / "out")
    again = kuulo("group", "town.csv", "--onto", "out")
    assert again.code == 0, again.err
    assert "24 of the 24 answers have an id and a text that the result holds already" in again.err
    assert "holds already" not in grown[1].err


def test_adding_nothing_but_empty_answers_changes_no_theme(kuulo, town, tmp_path):
    shutil.copytree(town, tmp_path / "out")
    assert kuulo("group", "-", "--onto", "out", stdin=b"-\n...\n").code == 0
    assert groups(tmp_path / "out", "subtheme") == groups(town, "subtheme")
    assert [row["status"] for row in rows(tmp_path / "out")[-2:]] == ["empty", "empty"]
