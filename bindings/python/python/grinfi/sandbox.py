"""The command line of the sandbox: ``python -m grinfi.sandbox --help``."""

from __future__ import annotations

import sys

from . import _native
from ._errors import SandboxError

__all__ = ["main"]


def main() -> int:
    """Runs the sandbox until Ctrl-C, and answers with the exit status."""
    try:
        _native.run_sandbox(["python -m grinfi.sandbox", *sys.argv[1:]])
    except KeyboardInterrupt:
        return 0
    except ValueError as error:
        print(error, end="", file=sys.stderr)
        return 2
    except SandboxError as error:
        print(f"python -m grinfi.sandbox: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
