"""Fetch what the desk's pages are dressed in, and copy it into the package: python assets/vendor.py

For maintainers, after a change of assets/package.json or assets/designsystemet.config.json. It needs npm and the
network; who installs Kuulo needs neither, since the copies are committed with their checksums.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
VENDOR = HERE.parent / "src/kuulo/web/static/kuulo/vendor"
ORDERS = ("package.json", "package-lock.json", ".npmrc", "designsystemet.config.json")
THEME = "@digdir/designsystemet"
# What is copied of each package: the file as it was fetched or built, and its name with us.
WANTED = {
    "@digdir/designsystemet-css": {"dist/src/index.css": "designsystemet.css", "LICENSE": "LICENSE"},
    THEME: {"../../../design-tokens-build/kuulo.css": "kuulo.css", "LICENSE": "LICENSE"},
}
SOURCE_MAP = re.compile(r"/[*/][#@] sourceMappingURL=[^\s*]*(?: ?\*/)?\n?")


def fetch(folder: Path) -> None:
    """Fetch the packages into a folder, and build the theme there."""
    for name in ORDERS:
        shutil.copy(HERE / name, folder / name)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True)  # noqa: S607
    for step in ("create", "build"):
        command = ["node_modules/.bin/designsystemet", "tokens", step, "--clean", "true"]
        subprocess.run([*command, "--config", "designsystemet.config.json"], cwd=folder, check=True)


def copy(folder: Path, package: str, files: dict[str, str]) -> dict[str, object]:
    """Copy the wanted files of a package; give its entry of the lock."""
    home = folder / "node_modules" / package
    told = json.loads((home / "package.json").read_text("utf-8"))
    place = VENDOR / f"{package.rsplit('/', 1)[-1]}-{told['version']}"
    place.mkdir(parents=True)
    for source, name in files.items():
        text = SOURCE_MAP.sub("", (home / source).read_text("utf-8"))
        (place / name).write_text(text.rstrip() + "\n", "utf-8")
    sums = {f"{place.name}/{name}": checksum(place / name) for name in sorted(files.values())}
    return {"name": package, "version": told["version"], "licence": told["license"], "files": sums}


def checksum(file: Path) -> str:
    """Give the SHA-256 of a file's bytes."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def notice(entries: list[dict[str, object]]) -> str:
    """Say whose work stands here, and under which licence."""
    lines = [f"{entry['name']} {entry['version']}, licence {entry['licence']}" for entry in entries]
    return "\n".join(("Kuulo ships files of these works. Each folder holds the licence.", "", *lines)) + "\n"


def main() -> None:
    """Put the copies, their lock and their notice in place of the earlier ones."""
    with tempfile.TemporaryDirectory() as name:
        fetch(Path(name))
        shutil.rmtree(VENDOR, ignore_errors=True)
        entries = [copy(Path(name), package, files) for package, files in WANTED.items()]
    (VENDOR / "vendor.lock.json").write_text(json.dumps(entries, indent=1) + "\n", "utf-8")
    (VENDOR / "NOTICE").write_text(notice(entries), "utf-8")


if __name__ == "__main__":
    main()
