"""The key must not appear in representations, pickles, tracebacks and logs."""

import asyncio
import copy
import gc
import io
import logging
import pickle
import subprocess
import sys
import traceback

import pytest

import grinfi
from mock_server import MockResponse, Cut, ReceivedRequest, Server

# Also finds the beginning of each part.
PARTS = ("eyJhbGciOiJub25lIn0", "eyJzcGVjaWZpY190ZWFtX2lkIjoxMzR9", "c2lnbmF0dXJl")


def check(text: str) -> None:
    for part in PARTS:
        assert part not in text, text


def reported(error: BaseException) -> str:
    """Returns what tools print of an error, including the variables of all frames outside of the tests."""
    found = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = [frame for frame in found.stack if "/tests/" not in frame.filename.replace("\\", "/")]
    below = reported(error.__cause__) if error.__cause__ else ""
    return f"{error} {error!r} {vars(error)} {[(frame.name, frame.locals) for frame in frames]} {below}"


def test_representations_do_not_contain_the_key(key: str, server: Server) -> None:
    for client in (grinfi.Grinfi(key, base_url=server.base_url), grinfi.AsyncGrinfi(key, base_url=server.base_url)):
        for thing in (client, client.contacts, client.contacts.search(), client.with_options(max_retries=0), client._core):
            check(f"{thing} {thing!r} {getattr(thing, '__dict__', '')}")
            check(repr([getattr(thing, name, None) for name in dir(thing) if not name.startswith("__")]))
        check(repr(gc.get_referents(client, client._core)))


@pytest.mark.parametrize("duplicate", [pickle.dumps, copy.copy, copy.deepcopy])
def test_client_cannot_be_copied(key: str, duplicate: object) -> None:
    for client in (grinfi.Grinfi(key), grinfi.AsyncGrinfi(key)):
        with pytest.raises(TypeError, match="contains a key and cannot be pickled"):
            duplicate(client)  # type: ignore[operator]
        with pytest.raises(TypeError):
            duplicate(client._core)  # type: ignore[operator]
        with pytest.raises(TypeError):
            pickle.dumps(client.contacts)


@pytest.mark.parametrize(
    "settings",
    [
        {"base_url": "nowhere"},
        {"max_retries": -1},
        {"timeout": "5"},
        {"headers": {"x": 1}},
        {"ca_file": "/no/such/file"},
        {"proxy": "http://jane:secret@"},
        {"headers": {"Authorization": "Bearer secret"}},
        {"headers": {"x": "secret\n"}},
    ],
)
def test_wrong_setting_does_not_reveal_others(key: str, settings: dict[str, object]) -> None:
    with pytest.raises(grinfi.ConfigError) as refused:
        grinfi.Grinfi(key, **settings)  # type: ignore[arg-type]
    text = reported(refused.value)
    check(text)
    assert "secret" not in text


@pytest.mark.parametrize("wrong", ["{}.", "Bearer {}", "{} {}", "{}\n{}", "{}ä", b"{}"])
def test_malformed_key_is_not_revealed(key: str, wrong: str | bytes) -> None:
    almost = wrong.format(key, key) if isinstance(wrong, str) else key.encode()
    with pytest.raises(grinfi.ConfigError) as refused:
        grinfi.Grinfi(almost)  # type: ignore[arg-type]
    check(reported(refused.value))


def test_missing_argument_does_not_reveal_others(key: str) -> None:
    with pytest.raises(TypeError, match="max_retrys") as refused:
        grinfi.Grinfi(key, max_retrys=1)  # type: ignore[call-arg]
    check(reported(refused.value))


def test_errors_do_not_contain_the_key(server: Server, key: str) -> None:
    client = grinfi.Grinfi(key, base_url=server.base_url, max_retries=0)
    for reply in (MockResponse(401, {"message": f"bad key {key}"}), MockResponse(500, b"no"), MockResponse(200, b"no JSON"), Cut()):
        server.replies = [reply]
        for call in (client.users.current, lambda: client.lists.create("Fair"), lambda: client.contacts.search().first()):
            with pytest.raises(grinfi.GrinfiError) as failed:
                call()
            if isinstance(reply, MockResponse) and reply.status == 401:
                # Messages of the API are not checked.
                continue
            check(reported(failed.value))
            check(repr(pickle.loads(pickle.dumps(failed.value)).__dict__))


def test_logs_do_not_contain_the_key(server: Server, key: str) -> None:
    logged = io.StringIO()
    handler = logging.StreamHandler(logged)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(1)
    try:
        server.replies = [MockResponse(429, {}, {"Retry-After": "0"}), MockResponse(200, {"uuid": "u", "id": 1}), Cut()]
        client = grinfi.Grinfi(key, base_url=server.base_url, max_retries=1, headers={"x-secret": "secret"})
        client.users.current()
        with pytest.raises(grinfi.UnknownOutcomeError):
            client.lists.create("Invented name")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    lines = logged.getvalue()
    assert "attempt" in lines and "/id/api/users/current" in lines and "429" in lines
    check(lines)
    assert "secret" not in lines and "Invented name" not in lines


def test_logs_follow_the_levels_of_logging(server: Server, key: str, caplog: pytest.LogCaptureFixture) -> None:
    server.replies = [MockResponse(200, {"uuid": "u", "id": 1})]
    client = grinfi.Grinfi(key, base_url=server.base_url)
    for level, some in ((logging.DEBUG, True), (logging.INFO, False), (logging.DEBUG, True)):
        caplog.clear()
        with caplog.at_level(level, logger="grinfi"):
            client.users.current()
        records = [record for record in caplog.records if record.name == "grinfi"]
        assert bool(records) is some
        assert all(record.levelno == logging.DEBUG for record in records)


def test_failing_log_handler_does_not_fail_the_call(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, {"uuid": "u", "id": 1})]

    class Broken(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raise RuntimeError("broken handler")

    logger = logging.getLogger("grinfi")
    handler = Broken(logging.DEBUG)
    unraisable: list[BaseException | None] = []
    hook, sys.unraisablehook = sys.unraisablehook, lambda found: unraisable.append(found.exc_value)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        assert grinfi.Grinfi(key, base_url=server.base_url).users.current().id == 1
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        sys.unraisablehook = hook
    assert unraisable and {str(error) for error in unraisable} == {"broken handler"}


def test_log_handler_that_calls_the_api_does_not_deadlock(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, {"uuid": "u", "id": 1})]
    outcomes: list[object] = []

    class Reporting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            logger.removeHandler(self)
            try:
                outcomes.append(grinfi.Grinfi(key, base_url=server.base_url).users.current().id)
            except RuntimeError as error:
                outcomes.append(str(error))

    async def asynchronous() -> None:
        async with grinfi.AsyncGrinfi(key, base_url=server.base_url) as client:
            assert (await client.users.current()).id == 1

    logger = logging.getLogger("grinfi")
    level = logger.level
    logger.setLevel(logging.DEBUG)
    try:
        logger.addHandler(Reporting())
        assert grinfi.Grinfi(key, base_url=server.base_url).users.current().id == 1
        logger.addHandler(Reporting())
        asyncio.run(asynchronous())
    finally:
        logger.setLevel(level)
    assert outcomes[0] == 1, "a call inside a call of the same thread"
    assert len(outcomes) == 2 and "a blocking call cannot be made inside an asynchronous one" in str(outcomes[1])


def test_crash_report_does_not_contain_the_key(server: Server, key: str) -> None:
    server.replies = [MockResponse(404)]
    program = (
        "import faulthandler, os, grinfi\n"
        "faulthandler.enable()\n"
        "grinfi.Grinfi(os.environ['TEST_KEY'], base_url=os.environ['TEST_URL'], max_retries=0).contacts.get('c')\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        env={"TEST_KEY": key, "TEST_URL": server.base_url, "PATH": ""},
    )
    assert done.returncode == 1 and "NotFoundError" in done.stderr
    check(done.stdout + done.stderr)


TARGET = "https://example.com/hook?token=tok-5ecret"
HOOK = {"uuid": "w-1", "name": "Replies", "event": "contact_replied_email", "request_method": "POST", "status": "on"}


def texts_of(error: BaseException) -> str:
    """Returns the text of an error and its causes."""
    below = texts_of(error.__cause__) if error.__cause__ else ""
    return f"{error} {error!r} {''.join(traceback.format_exception(error))} {getattr(error, 'message', '')} {below}"


def test_representation_of_webhook_has_no_target(server: Server, key: str) -> None:
    hook = {**HOOK, "target_url": TARGET}

    def response(seen: ReceivedRequest) -> MockResponse:
        if seen.method == "GET":
            return MockResponse(200, {"data": hooks, "total": len(hooks), "has_more": False})
        return MockResponse(201, hook)

    hooks: list[object] = []
    server.respond = response
    client = grinfi.Grinfi(key, base_url=server.base_url)
    ensured = client.webhooks.ensure("Replies", event="contact_replied_email", target_url=TARGET)
    assert ensured.created and ensured.webhook.target_url == TARGET
    hooks.append(hook)
    listed = client.webhooks.list()
    shown = [ensured, ensured.webhook, client.webhooks.create("x", event="contact_created", target_url=TARGET, request_method="POST"),
             client.webhooks.ensure("Replies", event="contact_replied_email", target_url=TARGET), listed, listed.to_list(), next(iter(listed.pages()))]  # fmt: skip
    for thing in shown:
        assert "5ecret" not in f"{thing} {thing!r}", thing

    calls = [
        lambda: client.webhooks.create("x", event="contact_created", target_url=TARGET, request_method="POST"),
        lambda: client.webhooks.update("w-1", target_url=TARGET),
        lambda: client.webhooks.ensure("x", event="contact_created", target_url=TARGET),
        lambda: client.webhooks.create("x", event="contact_created", target_url=TARGET.removeprefix("https:"), request_method="POST"),
        lambda: client.webhooks.create("x", event="nothing", target_url=TARGET, request_method="POST"),
        lambda: client.webhooks.ensure("x", event="contact_created", target_url=TARGET + " "),
        lambda: client.webhooks.list().first(),
    ]
    for reply in (MockResponse(422, {"error": {"reason": "validation_error"}}), MockResponse(500), MockResponse(200, [TARGET]), Cut(),
                  MockResponse(200, {"data": [{**hook, "event": {"url": TARGET}}, TARGET]})):  # fmt: skip
        server.respond, server.replies = None, [reply]
        for call in calls:
            try:
                call()
            except grinfi.GrinfiError as error:
                assert "5ecret" not in texts_of(error), reply


def test_error_of_record_does_not_contain_the_value(server: Server, key: str) -> None:
    client = grinfi.Grinfi(key, base_url=server.base_url, max_retries=0)
    personal = "jane@example.com"
    rows: list[object] = [personal, [personal], {"uuid": "c", "created_at": personal}, {"uuid": "c", "team_id": personal},
                          {"uuid": "c", "skills": personal}, {"uuid": "c", "custom_fields": personal}, {"message": personal}]  # fmt: skip
    for row in rows:
        server.replies = [MockResponse(200, {"data": [row], "total": 1})]
        failed = 0
        for look in (
            lambda: client.contacts.search().to_arrow(),
            lambda: [repr(contact) for contact in client.contacts.search()],
            lambda: [(c.created_at, c.team_id, c.skills, c.custom_fields) for c in client.contacts.search()],
        ):
            try:
                assert personal not in str(look())
            except grinfi.DecodeError as error:
                assert personal not in texts_of(error)
                failed += 1
        assert failed, row
        server.replies = [MockResponse(200, row)]
        for call in (lambda: client.contacts.get("c").created_at, lambda: client.users.current(), lambda: client.contacts.count()):
            try:
                call()
            except grinfi.GrinfiError as error:
                assert personal not in texts_of(error)
    # Decoded in Rust.
    server.replies = [MockResponse(200, {"data": [{"uuid": personal, "type": [personal]}], "total": personal})]
    with pytest.raises(grinfi.GrinfiError) as failed_in_core:
        client.contacts.is_connected("c")
    assert personal not in texts_of(failed_in_core.value)
