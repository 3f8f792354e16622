"""What pytest says first: whether real recordings are at hand."""

from tests import recordings


def pytest_report_header(config):
    if recordings.REAL:
        return "recordings: real ones"
    return (
        "recordings: none here; rendered clips take their place in the checks against librosa, of native = browser "
        "and of whole = blocks; accuracy on real music is not checked"
    )


def pytest_collection_modifyitems(items):
    """The long takes first: they wait for the clock, and the others need not wait for them."""
    items.sort(key=lambda item: "test_live_soak" not in item.nodeid)
