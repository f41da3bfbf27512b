"""Standard output may be closed, full, or of few letters."""

import os


def test_a_closed_pipe_ends_the_run_without_a_word(kuulo, town):
    ours, theirs = os.pipe()
    os.close(ours)
    done = kuulo("themes", town, stdout=theirs)
    os.close(theirs)
    assert (done.code, done.err) == (1, "")


def test_a_full_disk_behind_it_is_told(kuulo, town):
    full = os.open("/dev/full", os.O_WRONLY)
    done = kuulo("themes", town, stdout=full)
    os.close(full)
    assert (done.code, done.err) == (1, "kuulo: No space left on device; check the disk and the permissions.\n")


def test_a_terminal_of_few_letters_gets_question_marks(kuulo, town):
    done = kuulo("themes", town, "--names", "fi", env={"PYTHONIOENCODING": "ascii"})
    assert done.code == 0
    assert "?" in done.out
