"""The clients."""

from __future__ import annotations

from ._generated.clients import AsyncResources, Resources

__all__ = ["AsyncGrinfi", "Grinfi"]


class Grinfi(Resources):
    """A client for one API key. Threads may share it; a forked process continues with its own connections and rate limit.

    Calls have real effects: messages reach people. Use :class:`grinfi.Sandbox` to try things out.

    Args:
        api_key: The key; without it the one in ``GRINFI_API_KEY``. It cannot be read back, printed or pickled.
        base_url: Where the API lives; without it ``GRINFI_BASE_URL``, or the vendor's address.
        connect_timeout: How long a connection may take to come about, in seconds or as a ``timedelta``.
        timeout: How long an attempt may go without progress. An upload or a download may take as long as it makes
            progress.
        deadline: How long a call may take over all its attempts and waits; without it as long as these do.
        max_retries: How often a failed attempt is retried, where that cannot do anything twice; 0 returns the first failure,
            a 429 included. Waiting out a 429 uses up no retries.
        max_rate_limit_wait: How long the key may be rate limited without a break before waiting calls fail with
            ``RateLimitedError``.
        requests_per_minute: How many requests of this key may go out, for all clients of it in the process; without it 300,
            or what others of the key have, and with ``None`` any number.
        headers: Headers to send with every request.
        proxy: The URL of a proxy, perhaps with a user name and password; without it what ``HTTPS_PROXY`` and its like in
            the environment say, unless ``base_url`` is on this machine.
        ca_file: A PEM file with certificates to trust besides those of the system.
        user_agent: The name of your program, to stand in the user agent: ``my-sync/1.2``.

    Raises:
        MissingKeyError: there is no key, neither given nor in the environment.
        MalformedKeyError: the key cannot be one.
        ConfigError: another setting is wrong; ``field`` names it.

    Example::

        with grinfi.Grinfi() as client:
            print(client.users.current().email)
    """


class AsyncGrinfi(AsyncResources):
    """The same client for asyncio, also by way of anyio or uvloop; its settings are those of :class:`Grinfi`.

    Cancelling a task ends the request that it waits for. Whether a request already sent has its effect is up to the API.

    Example::

        async with grinfi.AsyncGrinfi() as client:
            print((await client.users.current()).email)
            async for contact in client.contacts.search(company_name="ExampleCorp"):
                print(contact.name)
    """
