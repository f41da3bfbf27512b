"""What others made and Kuulo ships is as it was fetched, told of, and asks nobody for anything."""

import hashlib
import json
import re
from pathlib import Path

from django.contrib.staticfiles import finders

ROOT = Path(__file__).parent.parent.parent
WEB = ROOT / "src/kuulo/web"
VENDOR = WEB / "static/kuulo/vendor"
# an address that names a kind of thing, and is never asked for
NAMES_ONLY = "http://www.w3.org/2000/svg"


def entries():
    return json.loads((VENDOR / "vendor.lock.json").read_text("utf-8"))


def test_every_vendored_file_is_as_it_was_fetched():
    locked = {name: checksum for entry in entries() for name, checksum in entry["files"].items()}
    there = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.parent != VENDOR
    }
    assert there == locked


def test_the_notice_and_a_licence_stand_beside_every_work():
    told = (VENDOR / "NOTICE").read_text("utf-8")
    for entry in entries():
        assert f"{entry['name']} {entry['version']}, licence {entry['licence']}" in told
        assert any(name.endswith("/LICENSE") for name in entry["files"])


def test_versions_are_those_that_are_ordered():
    ordered = json.loads((ROOT / "assets/package.json").read_text("utf-8"))["dependencies"]
    assert {entry["name"]: entry["version"] for entry in entries()} == ordered


def test_the_lock_of_the_packages_names_no_place_to_fetch_them_from():
    lock = json.loads((ROOT / "assets/package-lock.json").read_text("utf-8"))
    assert len(lock["packages"]) > 2
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def test_no_page_asks_anybody_else_for_anything():
    asked = re.compile(r"""(?:https?:)?//[\w.-]+\.\w[^\s"')%]*""")
    files = [path for kind in ("html", "css", "js", "mjs", "svg") for path in WEB.rglob(f"*.{kind}")]
    assert len(files) > 5
    found = {path.name: set(asked.findall(path.read_text("utf-8"))) - {NAMES_ONLY} for path in files}
    assert {name: addresses for name, addresses in found.items() if addresses} == {}


def test_no_vendored_file_names_a_source_map():
    assert [
        path.name for path in VENDOR.rglob("*") if path.is_file() and b"sourceMappingURL" in path.read_bytes()
    ] == []


def test_every_link_of_a_template_to_a_static_file_leads_somewhere():
    named = {
        name
        for path in (WEB / "templates").rglob("*.html")
        for name in re.findall(r"{% static '([^']+)' %}", path.read_text("utf-8"))
    }
    assert len(named) > 3
    assert [name for name in named if finders.find(name) is None] == []
