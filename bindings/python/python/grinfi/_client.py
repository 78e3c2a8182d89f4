"""The clients."""

from __future__ import annotations

from ._generated.clients import AsyncResources, Resources

__all__ = ["AsyncGrinfi", "Grinfi"]


class Grinfi(Resources):
    """A client for one API key. Threads may share it; a forked process continues with its own connections and rate limit.

    Calls have real effects: messages reach people. Use :class:`grinfi.Sandbox` to try things out.

    Args:
        api_key: The key; by default the one in ``GRINFI_API_KEY``. It cannot be read back, printed or pickled.
        base_url: The base URL of the API; by default ``GRINFI_BASE_URL``, or the address of the vendor.
        connect_timeout: How long connecting may take, in seconds or as a ``timedelta``.
        timeout: How long an attempt may go without progress. An upload or a download may take longer while it makes progress.
        deadline: How long a call may take, over all attempts and waits; by default without limit.
        max_retries: How often a failed attempt is retried, where that cannot repeat an effect; 0 raises the first failure, also a
            429. Waits after a 429 do not count as retries.
        max_rate_limit_wait: How long the key may be rate limited without interruption before calls fail with
            ``RateLimitedError``.
        requests_per_minute: The rate limit of this key, for all its clients in the process; by default 300, or the limit of other
            clients of the key; ``None`` for no limit.
        headers: Headers for all requests.
        proxy: The URL of a proxy, optionally with a user name and a password; by default the one in ``HTTPS_PROXY`` and similar
            variables, unless ``base_url`` is on this machine.
        ca_file: A PEM file with certificates to trust in addition to those of the system.
        user_agent: The name of your program, which is added to the user agent: ``my-sync/1.2``.

    Raises:
        MissingKeyError: no key was given, and ``GRINFI_API_KEY`` is not set.
        MalformedKeyError: the key is malformed.
        ConfigError: another setting is invalid; ``field`` names it.

    Example::

        with grinfi.Grinfi() as client:
            print(client.users.current().email)
    """


class AsyncGrinfi(AsyncResources):
    """The asynchronous client, for asyncio, anyio and uvloop. It has the settings of :class:`Grinfi`.

    Canceling a task cancels the request that it waits for. A request that was already sent may still take effect.

    Example::

        async with grinfi.AsyncGrinfi() as client:
            print((await client.users.current()).email)
            async for contact in client.contacts.search(company_name="ExampleCorp"):
                print(contact.name)
    """
