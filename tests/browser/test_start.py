"""Python begins with the memory that the build left, or in its own way where that fails; scipy comes late to both."""

import pytest

from tests.browser import linnet_page, site

SECOND_PYTHON = """async (runtime) => {
  const { startPython, installOnDemand } = await import(runtime);
  const python = await startPython();
  await installOnDemand(python, "scipy");
  return python.runPython(`
import tracemalloc, xml.dom  # of the part of the standard library that comes late
import numpy as np, numpy.random, numpy.ma, scipy.signal, scipy.linalg
import linnet.midi, importlib.metadata
assert importlib.metadata.version("numpy") == np.__version__
assert np.linalg.solve(np.eye(2), np.ones(2)).tolist() == [1, 1]
int(scipy.signal.find_peaks(np.array([0.0, 1.0, 0.0]))[0][0])`);
}"""


def asked_for(page):
    """Addresses of all that the page and its worker fetch from now on."""
    addresses = []
    page.page.context.on("request", lambda request: addresses.append(request.url))
    return addresses


def test_a_visit_fetches_the_snapshot_and_none_of_the_archives_in_it(chromium, served):
    with linnet_page.fresh(chromium, works_offline=True) as page:
        addresses = asked_for(page)
        page.open(served.url)
        page.until_offline()
        assert [address for address in addresses if address.endswith("python.snapshot")]
        assert not [address for address in addresses if address.endswith((".whl", "python_stdlib.zip"))]
        assert page.complaints == []


@pytest.mark.parametrize("lost", ["python.snapshot", "_umath_linalg.wasm"])
def test_without_the_snapshot_python_starts_in_its_own_way(chromium, served, clip_file, tmp_path, lost):
    with linnet_page.fresh(chromium, accept_downloads=True) as page:
        page.page.context.route(f"**/{lost}", lambda route: route.abort())
        page.open(served.url)
        assert len(page.transcribe(clip_file)["onsetS"]) > 0
        assert page.save("mid", tmp_path).stat().st_size > 0
        assert [line for line in page.complaints if "starts without its snapshot" in line]


@pytest.mark.parametrize("lost", [None, "python.snapshot"])
def test_scipy_comes_on_demand(chromium, served, lost):
    with linnet_page.fresh(chromium) as page:
        if lost:
            page.page.context.route(f"**/{lost}", lambda route: route.abort())
        page.open(served.url)
        runtime = f"{served.url}{site.folder('app')}/worker/engine-worker.js"
        assert page.page.workers[0].evaluate(SECOND_PYTHON, runtime) == 1
