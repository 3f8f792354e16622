"""What lies in dist/ is what was pinned, whole, small enough, and asks nobody else for anything."""

import hashlib
import json
import re
import subprocess
import zipfile
from pathlib import Path

import brotli

MAGIC_314 = b"\x2b\x0e\r\n"  # the first bytes of CPython 3.14's bytecode
OTHER_HOST = re.compile(r"https?://(?!www\.w3\.org/2000/svg)[\w.-]+")


def plain_files(folder):
    return [p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix not in (".br", ".gz")]


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def precached(dist):
    listed = re.search(r"precacheAndRoute\((\[.*?\]),", (dist / "sw.js").read_text(), re.S)
    return {entry["url"]: entry["revision"] for entry in json.loads(listed[1])}


def test_a_first_visit_is_within_the_budget(dist, build):
    budget, compress = build("budget"), build("compress")
    sizes = [compress.Sizes(**row) for row in json.loads((dist / "sizes.json").read_text())]
    late = re.compile(r"/(scipy|python_rest)-|^instruments-")
    on_demand = [size.path.split("/")[-1] for size in sizes if late.search(size.path)]
    assert len(on_demand) == 2 + 128 + 3
    assert 1_000_000 < budget.first_visit_bytes(sizes, on_demand) <= budget.LIMIT_BYTES


def test_folders_are_named_by_what_is_in_them(dist, named):
    for prefix in ("app", "engine", "instruments"):
        folder = named(prefix)
        digest = hashlib.sha256()
        for path in plain_files(folder):
            digest.update(f"{path.relative_to(folder).as_posix()}\0{sha256(path)}\n".encode())
        assert folder.name == f"{prefix}-{digest.hexdigest()[:12]}"


def test_siblings_hold_the_same_bytes(dist):
    siblings = [path for path in dist.rglob("*.br") if path.stat().st_size < 300_000]
    assert len(siblings) > 20
    for path in siblings:
        assert brotli.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()


def test_the_lock_names_files_that_are_there_with_their_hashes(named):
    app = named("app")
    lock = json.loads((app / "pyodide-lock.json").read_text())
    assert set(lock["packages"]) == {"linnet", "mido", "micropip", "numpy", "packaging", "python-rest", "scipy"}
    for entry in lock["packages"].values():
        assert sha256((app / entry["file_name"]).resolve()) == entry["sha256"]
    assert lock["packages"]["linnet"]["depends"] == ["numpy"]


def test_everything_but_late_packages_and_instruments_is_kept_offline(dist, named):
    kept = precached(dist)
    assert all((dist / url).is_file() for url in kept)
    late = {p.relative_to(dist).as_posix() for p in dist.rglob("*.whl") if p.name.startswith(("scipy", "python_rest"))}
    assert late
    late |= {path.relative_to(dist).as_posix() for path in plain_files(named("instruments"))}
    assert not late & set(kept)
    left_out = {p.relative_to(dist).as_posix() for p in plain_files(dist)} - set(kept) - late
    left_out = {path for path in left_out if "/workbox/" not in path and not path.startswith("screenshots/")}
    assert left_out == {"sw.js", "sizes.json"}
    for url, revision in kept.items():
        assert (revision is None) == url.startswith(("app-", "engine-")), url


def test_our_pages_name_no_other_host(dist, named):
    ours = [dist / "index.html", dist / "sw.js", dist / "manifest.webmanifest"]
    ours += [path for path in plain_files(named("app")) if path.suffix in (".js", ".css", ".json")]
    for path in ours:
        assert not OTHER_HOST.findall(path.read_text()), path


def test_addresses_are_relative(dist):
    for address in re.findall(r'(?:src|href)="([^"]+)"', (dist / "index.html").read_text()):
        assert address.startswith("./"), address
        assert (dist / address).exists(), address


def test_python_ships_as_bytecode_of_its_own_version(named):
    engine, app = named("engine"), named("app")
    archives = [engine / "python_stdlib.zip", *engine.glob("numpy-*.whl"), *app.glob("*.whl")]
    assert len(archives) == 3
    for path in archives:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            assert not [name for name in names if name.endswith(".py")], path.name
            module = next(name for name in names if name.endswith(".pyc"))
            assert archive.read(module)[:4] == MAGIC_314, path.name
            assert all(info.date_time == (1980, 1, 1, 0, 0, 0) for info in archive.infolist())


def test_the_browser_wheel_has_no_native_host_and_no_second_model(named):
    with zipfile.ZipFile(next(named("app").glob("linnet-*.whl"))) as archive:
        names = archive.namelist()
    assert "linnet/bridge.pyc" in names
    assert not [name for name in names if "native" in name or name.endswith(".onnx")]


def test_numpy_keeps_its_licence(named):
    with zipfile.ZipFile(next(named("engine").glob("numpy-*.whl"))) as archive:
        assert [name for name in archive.namelist() if "LICENSE" in name]


def test_what_was_left_out_at_start_comes_with_late_packages(named):
    script = Path(__file__).with_name("late_packages.mjs")
    done = subprocess.run(["node", script, named("engine"), named("app")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
