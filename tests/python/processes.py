"""Python processes for tests."""

import os
import subprocess
import sys

HEAD = """
import os, sys, grinfi
url, key = os.environ["TEST_URL"], os.environ["TEST_KEY"]
client = grinfi.Grinfi(key, base_url=url)
"""


def start(text: str, url: str, key: str) -> subprocess.Popen[str]:
    """A process in which `client` is there already, and `url` and `key` of it; warnings are errors."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRINFI_")}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", HEAD + text],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment, "TEST_URL": url, "TEST_KEY": key},
    )


def end(process: subprocess.Popen[str], seconds: float = 60) -> tuple[int, list[str], str]:
    """How it ended: its code, the lines it printed, what it complained of. One that hangs is killed, and an error."""
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"it hangs; it printed {out!r} and {err!r}") from None
    return process.returncode, out.splitlines(), err


def run(text: str, url: str, key: str, seconds: float = 60) -> tuple[int, list[str], str]:
    """Both."""
    return end(start(text, url, key), seconds)
