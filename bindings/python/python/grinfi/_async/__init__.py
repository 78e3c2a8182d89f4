"""The hand-written asynchronous client. ``cargo xtask generate`` derives :mod:`grinfi._sync` from it."""
