"""The asynchronous client, written by hand. ``cargo xtask generate`` derives :mod:`grinfi._sync` from it."""
