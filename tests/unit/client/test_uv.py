"""What uv says of a failure, in words for a person."""

import pytest

from phidesk.client.uv import Trouble, explain

# As uv 0.13 writes them.
_HASH = """error: Failed to download `torch==2.13.0+cpu`
  cause: Hash mismatch for `torch==2.13.0+cpu`
"""
_DNS = """error: Failed to fetch: `https://packages.example/simple/torch/`
  cause: error sending request for url (https://packages.example/simple/torch/)
  cause: dns error
  cause: failed to lookup address information: Name or service not known
"""
_DISK = """error: Failed to extract archive: torch-2.13.0.whl
  cause: failed to write to file `/data/cache/.tmp1/torch/lib/libtorch_cpu.so`
  cause: No space left on device (os error 28)
"""
_CERTIFICATE = """error: Failed to fetch: `https://packages.example/simple/torch/`
  cause: client error (Connect)
  cause: invalid peer certificate: UnknownIssuer
"""
_PYTHON = "error: No interpreter found for Python 3.11 in managed installations or search path\n"
_NO_PYTHON = """error: Request failed after 3 retries in 11.1s
  cause: Failed to download `https://github.com/astral-sh/python-build-standalone/releases/\
download/20261110/cpython-3.11.18%2B20261110-x86_64-unknown-linux-gnu.tar.gz`
  cause: dns error
"""
_ABSENT = "error: Because there is no version of torch==9 and you require torch==9, …\n"


@pytest.mark.parametrize(
    ("output", "trouble", "words"),
    [
        (_HASH, Trouble.HASH, "tested with (torch==2.13.0+cpu)"),
        (_DNS, Trouble.NETWORK, "is this machine online"),
        (_DISK, Trouble.DISK, "The disk is full"),
        (_CERTIFICATE, Trouble.CERTIFICATE, "certificate is not trusted"),
        (_PYTHON, Trouble.PYTHON, "no fitting Python"),
        (_NO_PYTHON, Trouble.PYTHON, "none could be downloaded: is this machine online"),
        (_ABSENT, Trouble.UNSUPPORTED, "lacks a package of the engines for this machine"),
        ("error: something new\n  cause: more", Trouble.OTHER, "uv says: error: something new"),
    ],
)
def test_words_for_what_uv_says(output: str, trouble: Trouble, words: str) -> None:
    error = explain(output, 2)
    assert error.trouble is trouble
    assert words in str(error)
    assert error.details == output


def test_an_installer_that_the_system_ended() -> None:
    error = explain("", -9)
    assert error.trouble is Trouble.KILLED
    assert "SIGKILL" in str(error)
