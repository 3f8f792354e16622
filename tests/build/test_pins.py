"""The table of pins says what package.json says, refuses other bytes, and repacking gives the same bytes twice."""

import json
import subprocess

import pytest

from tests.build.conftest import BUILD

ROOT = BUILD.parent


def test_npm_pins_are_those_of_package_json(build):
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert {pin.package: pin.version for pin in build("pins").NPM_FILES} == wanted


def test_every_pinned_file_has_its_hash(build):
    for pin in build("pins").NPM_FILES:
        build("fetch").npm_file(pin)


def test_wheels_of_the_distribution_have_the_hashes_of_its_own_lock(build):
    stock = build("fetch").stock_lock()["packages"]
    known = [pin for pin in build("pins").WHEELS if pin.package in stock and pin.index_name is None]
    assert {pin.package for pin in known} == {"numpy", "scipy", "micropip", "packaging"}
    for pin in known:
        entry = stock[pin.package]
        assert (entry["sha256"], entry["file_name"], entry["version"]) == (pin.sha256, pin.file, pin.version)


def test_other_bytes_are_refused(build, tmp_path):
    (tmp_path / "file.whl").write_bytes(b"other")
    with pytest.raises(build("fetch").BuildError, match="pins"):
        build("fetch").verify(tmp_path / "file.whl", "00")


def test_the_distribution_is_named_by_the_package_or_by_the_variable(build, monkeypatch):
    fetch = build("fetch")
    monkeypatch.delenv(fetch.DISTRIBUTION_VARIABLE, raising=False)
    assert fetch.distribution_url().endswith("/v314.0.3/full/")
    monkeypatch.setenv(fetch.DISTRIBUTION_VARIABLE, "http://127.0.0.1:1/mirror")
    assert fetch.distribution_url() == "http://127.0.0.1:1/mirror/"


def test_repacking_twice_gives_the_same_bytes(tmp_path):
    job = json.loads((ROOT / ".cache" / "repack-linnet.json").read_text())
    archive = job["archives"][0]
    again = ROOT / ".cache" / "repacked-again.whl"
    job_file = tmp_path / "job.json"
    target = str(again.relative_to(ROOT))
    job_file.write_text(json.dumps({"archives": [{"target": target, "members": archive["members"]}]}))
    subprocess.run(["node", "build/inside.mjs", "build/repack.py", str(job_file)], cwd=ROOT, check=True)
    try:
        assert again.read_bytes() == (ROOT / archive["target"]).read_bytes()
    finally:
        again.unlink()


def test_the_budget_fails_the_build(build):
    budget, compress = build("budget"), build("compress")
    heavy = [compress.Sizes("engine-0/all", 1, 1, budget.LIMIT_BYTES + 1)]
    with pytest.raises(build("fetch").BuildError, match="the budget is"):
        budget.check(heavy, [])
    budget.check(heavy, ["all"])
