"""The wheel, installed outside the checkout, does the main job with all that it needs inside."""

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from running import content, run

ROOT = Path(__file__).parent.parent.parent
INSIDE = {
    "kuulo/demo/messages.csv",
    "kuulo/demo/places.geojson",
    "kuulo/demo/weeks.csv",
    *(f"kuulo/desk/storm/words/{language}.toml" for language in ("en", "fi", "nb", "sv")),
    "kuulo/group/calibration.npz",
    "kuulo/group/grave.npz",
    "kuulo/group/kinds.npz",
    "kuulo/lang/actors.toml",
    "kuulo/lang/common_words.toml",
    "kuulo/lang/everyday.toml",
    "kuulo/lang/evidence.toml",
    "kuulo/lang/grave.toml",
    "kuulo/lang/heat.toml",
    "kuulo/lang/kind_cues.toml",
    "kuulo/lang/person_names.toml",
    "kuulo/lang/relevance.toml",
    "kuulo/lang/word_kinds.toml",
    "kuulo/place/cues.toml",
    "kuulo/py.typed",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """An environment with the wheel; its dependencies are those of the environment that runs the tests."""
    place = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], timeout=60, check=True)
    python = place / "bin/python"
    install = [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-index", "--no-deps", wheel]
    done = subprocess.run(install, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    ask = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(ask, capture_output=True, text=True, timeout=60, check=True).stdout.strip()
    # a folder that is named so has its own .pth files, such as that of the checkout, left unread
    Path(packages, "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return place / "bin"


def test_the_wheel_holds_all_data_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    services = {f"kuulo/lang/services/{path.name}" for path in (ROOT / "src/kuulo/lang/services").glob("*.toml")}
    assert len(services) > 5
    connectors = {
        f"kuulo/hear/connectors/{path.name}" for path in (ROOT / "src/kuulo/hear/connectors").glob("*.toml")
    }
    assert len(connectors) > 10
    catalogues = {f"kuulo/report/catalogue/{language}.toml" for language in ("en", "fi", "nb", "sv")}
    data = {name for name in names if not name.endswith(".py") and ".dist-info/" not in name}
    assets = {f"kuulo/report/assets/{path.name}" for path in (ROOT / "src/kuulo/report/assets").iterdir()}
    desk = {
        path.relative_to(ROOT / "src").as_posix()
        for folder in ("templates", "static", "words")
        for path in (ROOT / "src/kuulo/web" / folder).rglob("*")
        if path.is_file()
    }
    assert data == INSIDE | services | connectors | catalogues | assets | desk
    assert {name.split("/")[0] for name in names} == {
        "kuulo",
        next(n for n in names if "dist-info" in n).split("/")[0],
    }


def test_the_installed_command_groups_like_the_checkout(installed, town, cache, tmp_path):
    code = "import kuulo; print(kuulo.__file__)"
    where = run(cwd=tmp_path, cache=cache, program=(installed / "python", "-c", code)).out.strip()
    assert Path(where).is_relative_to(installed.parent)
    done = run(
        "group", town.parent / "town.csv", "--out", "out", cwd=tmp_path, cache=cache, program=(installed / "kuulo",)
    )
    assert done.code == 0, done.err
    assert content(tmp_path / "out") == content(town)
