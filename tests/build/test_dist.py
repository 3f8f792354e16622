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


def on_demand(dist, build):
    """Files that no visit fetches unless it comes to need them: late packages, what the snapshot stands for, sounds."""
    engine = [path for path in dist.rglob("*") if path.suffix == ".whl" or path.name == "python_stdlib.zip"]
    sounds = [path for folder in dist.glob("instruments-*") for path in plain_files(folder)]
    bundle = build("bundle")
    modules = [app / name for app in dist.glob("app-*") for name in bundle.unfetched(app)]
    return {*engine, *sounds, *modules, *(dist / "screenshots").iterdir()}


def precached(dist):
    listed = re.search(r"precacheAndRoute\((\[.*?\]),", (dist / "sw.js").read_text(), re.S)
    return {entry["url"]: entry["revision"] for entry in json.loads(listed[1])}


def test_a_first_visit_is_within_the_budget(dist, build):
    budget, compress = build("budget"), build("compress")
    sizes = [compress.Sizes(**row) for row in json.loads((dist / "sizes.json").read_text())]
    late = [path.name for path in on_demand(dist, build)]
    modules = build("bundle").unfetched(next(dist.glob("app-*")))
    assert len(late) == 8 + 128 + 3 + len(list((dist / "screenshots").iterdir())) + len(modules)
    assert 1_000_000 < budget.first_visit_bytes(sizes, late) <= budget.LIMIT_BYTES


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


def test_everything_but_what_comes_on_demand_is_kept_offline(dist, build):
    kept = precached(dist)
    assert all((dist / url).is_file() for url in kept)
    late = {path.relative_to(dist).as_posix() for path in on_demand(dist, build)}
    assert not late & set(kept)
    left_out = {p.relative_to(dist).as_posix() for p in plain_files(dist)} - set(kept) - late
    assert {path for path in left_out if "/workbox/" not in path} == {"sw.js", "sizes.json"}
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
    archives = [engine / "python_stdlib.zip", *engine.glob("numpy-*.whl"), *app.glob("*.whl"), app / "python_late.zip"]
    assert len(archives) == 4
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


def test_the_page_asks_for_the_compiled_libraries_that_the_snapshot_holds(named, build):
    source = (Path(__file__).resolve().parents[2] / "web" / "worker" / "python-snapshot.js").read_text()
    asked = re.findall(r'"(\w+\.wasm)"', source)
    assert tuple(asked) == build("snapshot").LIBRARIES
    memory = (named("app") / "python.snapshot").read_bytes()
    head = json.loads(memory[4 : 4 + int.from_bytes(memory[:4], "little")])
    assert [f"{library['name'].split('/')[-1].split('.')[0]}.wasm" for library in head["libraries"]] == asked
    assert all((named("engine") / name).is_file() for name in asked)


def test_the_stand_in_for_midos_version_tells_the_pinned_one(build):
    stand_in = {}
    exec((Path(__file__).resolve().parents[2] / "build" / "lean" / "mido_version.py").read_text(), stand_in)
    assert stand_in["__version__"] == build("pins").MIDO.version == ".".join(map(str, stand_in["version_info"]))


def test_no_module_is_both_in_the_snapshot_and_beside_it(named):
    with zipfile.ZipFile(named("app") / "python_late.zip") as archive:
        names = archive.namelist()
    assert "linnet/midi.pyc" in names
    assert "mido/__init__.pyc" in names
    assert not {"linnet/bridge.pyc", "numpy/__init__.pyc", "asyncio/__init__.pyc", "email/__init__.pyc"} & set(names)
