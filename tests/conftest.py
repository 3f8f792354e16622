"""What pytest says first: whether real recordings are at hand."""

from tests import recordings


def pytest_report_header(config):
    if recordings.REAL:
        return "recordings: real ones"
    return (
        "recordings: none here; rendered clips take their place in the checks against librosa, of native = browser "
        "and of whole = blocks; accuracy on real music is not checked"
    )
