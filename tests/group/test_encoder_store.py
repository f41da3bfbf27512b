"""What is built from the model file is built once, kept whole, and built again where it is not."""

import pytest

from kuulo.group.embed import Encoder
from kuulo.group.encoder_file import ModelRefused, find_model
from kuulo.group.encoder_store import GraphStore, PieceStore, cache_folder

OPEN = """
import hashlib
from kuulo.group.embed import Encoder
vectors = Encoder.open(cache=False).raw_vectors(["Pysäkin katos on rikki", "The bus shelter is broken"])
print(hashlib.sha256(vectors.tobytes()).hexdigest())
"""


@pytest.fixture(params=[GraphStore, PieceStore])
def stored(request, encoder, tmp_path):
    """A store of its own, with what was built in it."""
    store = request.param(tmp_path)
    store.path.write_bytes(request.param().path.read_bytes())
    return store


def test_the_cache_folder_is_the_one_asked_for(monkeypatch, tmp_path):
    monkeypatch.setenv("KUULO_CACHE", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine"
    assert GraphStore().path.parent == tmp_path / "mine"


def test_what_stands_is_not_built_again(stored):
    before = stored.path.stat()
    assert stored.path.read_bytes()[:-32] == stored.ready(find_model())
    assert (stored.path.stat().st_ino, stored.path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_what_is_damaged_is_built_again(stored):
    whole = stored.path.read_bytes()
    stored.path.write_bytes(whole[:1_000_000] + bytes([whole[1_000_000] ^ 1]) + whole[1_000_001:])
    assert not stored.is_ready()
    assert stored.ready(find_model()) == whole[:-32]
    assert stored.path.read_bytes() == whole
    assert [path.name for path in stored.folder.iterdir()] == [stored.path.name]


@pytest.mark.parametrize("left", [0, 31, 32, 2_000_000])
def test_what_is_cut_short_is_not_ready(stored, left):
    whole = stored.path.read_bytes()
    stored.path.write_bytes(whole[:left])
    assert not stored.is_ready()


@pytest.mark.parametrize("store", [GraphStore, PieceStore])
def test_nothing_is_built_from_a_damaged_model(tmp_path, store):
    path = tmp_path / "model.bin"
    path.write_bytes(b"E5S1 and some more")
    with pytest.raises(ModelRefused):
        store(tmp_path / "empty").ready(path)
    assert not (tmp_path / "empty").exists()


def test_two_processes_that_build_at_once_both_end_well(child, tmp_path, encoder):
    folder = tmp_path / "shared"
    finishes = [child(OPEN, KUULO_CACHE=folder) for _ in range(2)]
    digests = {finish() for finish in finishes}
    assert len(digests) == 1
    ours = {path.name: path.read_bytes() for path in (GraphStore().path, PieceStore().path)}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == ours


def test_a_folder_that_cannot_be_written_is_no_obstacle(monkeypatch, tmp_path, encoder):
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    monkeypatch.setenv("KUULO_CACHE", str(in_the_way / "folder"))
    text = ["Pysäkin katos on rikki"]
    assert (Encoder.open().raw_vectors(text) == encoder.raw_vectors(text)).all()
