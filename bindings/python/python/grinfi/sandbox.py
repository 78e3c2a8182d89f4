"""Classes of the sandbox, and its command line: ``python -m grinfi.sandbox --help``.

:class:`~grinfi.Sandbox` starts a sandbox in this process. This module has its tenants, faults and records.
"""

from __future__ import annotations

import sys

from . import _native
from ._errors import SandboxError
from ._sandbox import Sandbox
from ._sandbox_records import Delivery, DeliveryAttempt, Fault, FaultKind, LoggedRequest, OutboxMessage, Reason
from ._tenant import Clock, Tenant

__all__ = [
    "Clock",
    "Delivery",
    "DeliveryAttempt",
    "Fault",
    "FaultKind",
    "LoggedRequest",
    "OutboxMessage",
    "Reason",
    "Sandbox",
    "Tenant",
    "main",
]


def main() -> int:
    """Runs the sandbox until Ctrl-C, and returns the exit status."""
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
