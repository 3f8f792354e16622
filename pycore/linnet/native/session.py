"""The released network in onnxruntime: found, verified and run block by block."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linnet.errors import BadModel
from linnet.level import Frames
from linnet.manifest import Manifest
from linnet.native.parts import part
from linnet.planes import Plane

DEFAULT_MODEL = "linnet-2"
CALL_FRAMES = 32  # frames the network takes at once: as fast as 128, the same planes, a third of the memory


@dataclass(frozen=True)
class ReleasedModel:
    """A manifest and the bytes of the graph it describes, checked against its sha256."""

    manifest: Manifest
    graph: bytes


@dataclass(frozen=True)
class Outputs:
    """What the network says of a block of frames, in the order that `Engine.absorb` takes."""

    onset: Plane
    note: Plane
    offset: Plane
    velocity: Plane
    contour: Plane


def released_model(name: str | os.PathLike[str] = DEFAULT_MODEL) -> ReleasedModel:
    """Load a model by its released name, or from a folder that holds manifest.json (pass a Path).

    Names are looked up in the installed package (`linnet/released`), then in the source tree
    (`models/released`).
    """
    if isinstance(name, str):
        package = resources.files("linnet")
        places: list[Traversable] = [package / "released" / name]
        if isinstance(package, Path):
            places.append(package.parents[1] / "models" / "released" / name)
    else:
        places = [Path(name)]
    for place in places:
        if (place / "manifest.json").is_file():
            return _load(place)
    raise BadModel(
        f"there is no model {str(name)!r}: no manifest.json in {' or '.join(map(str, places))}; install linnet again"
    )


def _load(folder: Traversable) -> ReleasedModel:
    try:
        manifest = Manifest.from_json((folder / "manifest.json").read_text(encoding="utf-8"))
        graph = (folder / manifest.network.file).read_bytes()
    except (OSError, UnicodeDecodeError) as error:
        raise BadModel(f"the model in {folder} cannot be read ({error}); install linnet again") from error
    digest = hashlib.sha256(graph).hexdigest()
    if digest != manifest.network.sha256:
        raise BadModel(
            f"{folder / manifest.network.file}: sha256 is {digest}, the manifest says {manifest.network.sha256}; "
            "the file is damaged or of another version, install linnet again"
        )
    return ReleasedModel(manifest, graph)


class Network:
    """The graph, ready to run. One serves any number of streams."""

    def __init__(self, model: ReleasedModel, *, threads: int = 1) -> None:
        self.manifest = model.manifest
        onnxruntime = part("onnxruntime", "run the network")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Measured with blocks of 128 frames: the arena without memory patterns takes 28 MB, with them 42, neither 50.
        options.enable_cpu_mem_arena = True
        options.enable_mem_pattern = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(model.graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises classes of its own that it does not export
            raise BadModel(f"onnxruntime cannot load {model.manifest.network.file}: {error}") from error
        self._check_interface()

    def stream(self) -> NetworkStream:
        """A new stream, its state all zeros."""
        return NetworkStream(self._session, self.manifest)

    def _check_interface(self) -> None:
        found = {value.name for value in self._session.get_outputs()}
        wanted = {*Outputs.__dataclass_fields__, "next_state"}
        if {value.name for value in self._session.get_inputs()} != {"frames", "state"} or not wanted <= found:
            raise BadModel(
                f"{self.manifest.network.file} must take frames and state and give {', '.join(sorted(wanted))}; "
                f"it gives {', '.join(sorted(found))}"
            )


class NetworkStream:
    """One recording's way through the network: keeps the state between blocks."""

    def __init__(self, session: Any, manifest: Manifest) -> None:  # Any: onnxruntime has no types
        self._session = session
        self._state: NDArray[np.float32] = np.zeros(manifest.network.state_size, np.float32)
        self._names = [*Outputs.__dataclass_fields__, "next_state"]

    def run(self, frames: Frames) -> Outputs:
        """The planes for a block of frames [shape=(n, bin_count), uint8]."""
        parts = []
        for start in range(0, len(frames), CALL_FRAMES):
            call = np.ascontiguousarray(frames[start : start + CALL_FRAMES])
            try:
                *planes, self._state = self._session.run(self._names, {"frames": call, "state": self._state})
            except Exception as error:  # see Network
                raise BadModel(f"the network failed on {len(frames)} frames: {error}") from error
            parts.append(planes)
        return Outputs(*(np.concatenate(plane) for plane in zip(*parts, strict=True)))
