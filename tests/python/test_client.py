"""Settings, options, arbitrary requests, downloads, tables and the pytest fixture."""

import copy
import json
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

import grinfi
from grinfi import enums
from mock_server import MockResponse, ReceivedRequest, Server, Silence


def test_options_apply_to_one_client(server: Server, key: str) -> None:
    server.replies = [MockResponse(503)]
    client = grinfi.Grinfi(key, base_url=server.base_url, max_retries=0, headers={"x-app": "one"}, user_agent="my-sync/1.2")
    derived = client.with_options(headers={"x-trace": "t1"}, timeout=5)
    assert type(derived) is grinfi.Grinfi
    for used in (client, derived):
        with pytest.raises(grinfi.ServerError):
            used.users.current()
    first, second = ({name.lower(): value for name, value in seen.headers.items()} for seen in server.requests)
    assert first["x-app"] == second["x-app"] == "one" and "my-sync/1.2" in first["user-agent"]
    assert "x-trace" not in first and second["x-trace"] == "t1"
    server.replies = [Silence()]
    with pytest.raises(grinfi.RequestTimeoutError) as late:
        client.with_options(deadline=0.05).users.current()
    assert late.value.waiting_for == "the response" and late.value.unconfirmed_request is None
    with pytest.raises(TimeoutError):
        client.with_options(timeout=0.05).users.current()
    derived.close()
    with pytest.raises(grinfi.ClientClosedError):
        derived.users.current()
    assert not client.closed


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"headers": {"Authorization": "Bearer x"}}, "headers"),
        ({"headers": {"x": 1}}, "headers"),
        ({"headers": "x"}, "headers"),
        ({"proxy": "not a url"}, "proxy"),
        ({"ca_file": "/no/such/file.pem"}, "ca_file"),
        ({"deadline": 0}, "deadline"),
        ({"requests_per_minute": 0}, "requests_per_minute"),
        ({"requests_per_minute": True}, "requests_per_minute"),
        ({"user_agent": 1}, "user_agent"),
    ],
)
def test_rejects_invalid_settings(settings: dict[str, Any], field: str, key: str) -> None:
    with pytest.raises(grinfi.ConfigError) as refused:
        grinfi.Grinfi(key, **settings)
    assert refused.value.field == field and "Bearer x" not in str(refused.value)


def test_rejects_certificate_file_without_certificates(tmp_path: Path, key: str) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("nothing here")
    with pytest.raises(grinfi.ConfigError, match="certificate"):
        grinfi.Grinfi(key, ca_file=file)


def test_sends_requests_to_any_endpoint(server: Server, key: str) -> None:
    client = grinfi.Grinfi(key, base_url=server.base_url)
    server.replies = [MockResponse(200, {"ok": [1]}, {"X-Request-Id": "r1"})]
    response = client.request("post", "/new/api/things", query={"a": [1, "b"], "c": True, "d": None}, json={"x": None})
    assert (response.status, response.json(), response.headers["x-request-id"], response.attempts) == (200, {"ok": [1]}, "r1", 1)
    seen = server.requests[0]
    assert (seen.method, seen.query, seen.json()) == ("POST", [("a", "1"), ("a", "b"), ("c", "true")], {"x": None})
    server.replies = [MockResponse(200)]
    empty = client.request("GET", "/new/api/things")
    assert empty.body == b"" and server.requests[-1].body == b"" and "200" in repr(empty)
    with pytest.raises(grinfi.DecodeError):
        empty.json()
    for wrong in (
        lambda: client.request("GET", "no-slash"),
        lambda: client.request("GET", "/x", json={1: 2}),
        lambda: client.request("GET", "/x", query={"a": {}}),
        lambda: client.request("G T", "/x"),
    ):
        with pytest.raises(grinfi.InvalidInputError):
            wrong()
    assert len(server.requests) == 2


def test_retries_non_idempotent_requests_only_with_effect(server: Server, key: str) -> None:
    client = grinfi.Grinfi(key, base_url=server.base_url, max_retries=1)
    server.replies = [MockResponse(502), MockResponse(200, {"ok": 1})]
    with pytest.raises(grinfi.GrinfiError):
        client.request("POST", "/new/api/things")
    server.requests.clear()
    server.replies = [MockResponse(502), MockResponse(200, {"ok": 1})]
    assert client.request("POST", "/new/api/things", effect="idempotent").attempts == 2


def test_downloads_in_chunks_and_saves(server: Server, key: str, tmp_path: Path) -> None:
    content = b"name\n" + b"Jane\n" * 100_000
    server.replies = [MockResponse(200, content, {"Content-Type": "text/csv"})]
    client = grinfi.Grinfi(key, base_url=server.base_url)
    pieces = list(client.file_exports.download("a.csv"))
    assert b"".join(pieces) == content and len(pieces) > 1
    assert client.file_exports.download("a.csv").save(tmp_path / "a.csv") == len(content)
    assert (tmp_path / "a.csv").read_bytes() == content
    server.replies = [MockResponse(404, {"message": "no such file"})]
    with pytest.raises(grinfi.NotFoundError):
        client.file_exports.download("b.csv")


def test_rejects_invalid_files(tmp_path: Path, key: str) -> None:
    client = grinfi.Grinfi(key, base_url="http://127.0.0.1:9")
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    for wrong, field in (
        (lambda: client.file_imports.upload(empty), "file"),
        (lambda: client.file_imports.upload(tmp_path / "none.csv"), "file"),
        (lambda: client.attachments.upload(b"x"), "name"),
        (lambda: client.attachments.upload(b"x", name="a/b.png"), "name"),
        (lambda: client.attachments.upload(b"x", name="x.nothing-known"), "media_type"),
    ):
        with pytest.raises(grinfi.InvalidInputError) as refused:
            wrong()
        assert refused.value.field == field


def test_registers_webhook_once(server: Server, key: str) -> None:
    hooks: list[dict[str, Any]] = []

    def response(seen: ReceivedRequest) -> MockResponse:
        if seen.method == "POST":
            hooks.append({"uuid": "w1", "status": "on", **seen.json()})
            return MockResponse(201, hooks[0])
        return MockResponse(200, {"data": hooks, "total": len(hooks), "has_more": False})

    server.respond = response
    client = grinfi.Grinfi(key, base_url=server.base_url)
    target = {"event": "contact_replied_email", "target_url": "https://example.com/hook"}
    first = client.webhooks.ensure("Replies", **target)
    again = client.webhooks.ensure("Replies", **target)
    assert (first.created, again.created, again.webhook.uuid, len(hooks)) == (True, False, "w1", 1)


def test_rejects_empty_selections(key: str) -> None:
    client = grinfi.Grinfi(key, base_url="http://127.0.0.1:9")
    for wrong in (
        lambda: client.contacts.bulk(),
        lambda: client.contacts.bulk([]),
        lambda: client.contacts.bulk(["a"], all=True),
        lambda: client.contacts.bulk(all=True, except_uuids=[]),
        lambda: client.contacts.enrich([]),
        lambda: client.contacts.enrich_matching(),
        lambda: client.file_exports.contacts(),
    ):
        with pytest.raises(grinfi.InvalidInputError):
            wrong()


def test_enumerations_are_open_strings(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, {"uuid": "f", "name": "x", "status": "paused"})]
    status = grinfi.Grinfi(key, base_url=server.base_url).automations.get("f").status
    assert status == "paused" and isinstance(status, enums.AutomationStatus) and not status.known
    assert enums.AutomationStatus("on") == "on" == enums.AutomationStatus.ON and enums.AutomationStatus("on").known
    assert json.dumps(status) == '"paused"' and copy.copy(status) == status and {"paused": 1}[status] == 1
    match enums.AutomationStatus("on"):
        case enums.AutomationStatus.ON:
            pass
        case _:
            raise AssertionError


def test_records_support_pattern_matching() -> None:
    match grinfi.Contact({"uuid": "c-1", "name": "Jane"}):
        case grinfi.Contact("c-1", name="Jane"):
            pass
        case _:
            raise AssertionError


def test_provides_pytest_fixture(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(
        "def test_mine(grinfi_sandbox):\n"
        "    with grinfi_sandbox.client() as client:\n"
        "        assert client.contacts.count() == 250\n"
        "        assert all(client.with_raw_response(client.users.current)().waited < 1 for _ in range(320))\n"
        "    assert grinfi_sandbox.outbox == []\n"
    )
    # An installed plugin is found automatically.
    found = [entry for entry in entry_points(group="pytest11") if entry.value == "grinfi.testing"]
    named = [] if found else ["-p", "grinfi.testing"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *named, str(tmp_path)], capture_output=True, text=True, timeout=120
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr
