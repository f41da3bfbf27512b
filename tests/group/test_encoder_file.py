"""Only the known model file is taken, and its pieces are the ones its makers numbered."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.group.encoder_file import BLOCK, FILE_NAME, ModelRefused, check_model, find_model, read_model, unpack


@pytest.fixture(scope="module")
def model():
    return read_model(find_model())


def test_the_package_brings_the_known_file():
    path = find_model()
    assert path.name == FILE_NAME
    check_model(path)


@pytest.mark.parametrize("harm", ["one bit", "cut short", "longer"])
def test_a_damaged_file_is_refused(tmp_path, harm):
    path = shutil.copy(find_model(), tmp_path / FILE_NAME)
    with path.open("r+b") as file:
        if harm == "one bit":
            file.seek(40_000_000)
            byte = file.read(1)[0]
            file.seek(40_000_000)
            file.write(bytes([byte ^ 1]))
        elif harm == "cut short":
            file.truncate(60_000_000)
        else:
            file.seek(0, 2)
            file.write(b"\0")
    with pytest.raises(ModelRefused) as refused:
        check_model(path)
    assert (refused.value.code, refused.value.path) == ("damaged-model", str(path))


@pytest.mark.parametrize("content", [b"", b"E5S1", b"<html>not found</html>"])
def test_another_file_is_refused(tmp_path, content):
    path = tmp_path / FILE_NAME
    path.write_bytes(content)
    with pytest.raises(ModelRefused) as refused:
        check_model(path)
    assert refused.value.code == "damaged-model"


def test_a_file_that_is_gone_is_refused(tmp_path):
    with pytest.raises(ModelRefused) as refused:
        check_model(tmp_path / "gone.bin")
    assert (refused.value.code, refused.value.path) == ("no-model-file", str(tmp_path / "gone.bin"))


@pytest.mark.parametrize("way", ["given", "environment"])
@pytest.mark.parametrize("named", ["file", "folder"])
def test_a_model_is_found_where_it_is_said_to_be(tmp_path, monkeypatch, way, named):
    path = tmp_path / FILE_NAME
    path.touch()
    asked = str(path if named == "file" else tmp_path)
    if way == "environment":
        monkeypatch.setenv("KUULO_MODEL", asked)
    assert find_model(asked if way == "given" else None) == path


def test_the_one_given_goes_before_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("KUULO_MODEL", str(tmp_path / "other.bin"))
    path = tmp_path / FILE_NAME
    path.touch()
    assert find_model(str(path)) == path


def test_a_place_without_the_file_is_no_reason_to_take_another(tmp_path, monkeypatch):
    monkeypatch.setenv("KUULO_MODEL", str(tmp_path))
    with pytest.raises(ModelRefused) as refused:
        find_model()
    assert (refused.value.code, Path(refused.value.path)) == ("no-model-file", tmp_path / FILE_NAME)


def test_the_sizes_are_the_small_models(model):
    sizes = (model.hidden, model.layers, model.heads, model.inner, model.window)
    assert sizes == (384, 12, 12, 1536, 512)
    assert (model.begin, model.end, model.unknown) == (0, 2, 3)
    assert len(model.piece_texts()) == len(model.scores) == 250_002


def test_words_are_cut_into_the_published_pieces(encoder):
    """The numbers that XLM-RoBERTa's own vocabulary gives."""
    assert encoder.tokens(["Hello world!"]) == [[41, 1294, 12, 35378, 8999, 38]]


def test_every_kind_of_white_space_and_width_is_one(encoder):
    plain, *others = encoder.tokens(["lumi ja jää", "  lumi\tja\n\njää ", "lumi\u00a0ja\u3000jää", "ｌｕｍｉ ja jää"])
    assert others == [plain] * 3


@given(st.lists(st.integers(0, 15), min_size=BLOCK, max_size=BLOCK), st.sampled_from([0.5, 1.0, 2.0]))
def test_a_block_unpacks_to_what_was_packed(values, scale):
    levels = np.array(values, np.uint8)
    packed = np.concatenate([np.array([scale], np.float16).view(np.uint8), levels[:16] | levels[16:] << 4])
    assert unpack(packed.reshape(1, 1, -1)).tolist() == [[(value - 8) * scale for value in values]]
