"""Certificates, proxies and raw responses."""

import asyncio
import ssl
from pathlib import Path
from typing import Any

import pytest

import grinfi
from mock_server import MockResponse, Proxy, ReceivedRequest, Server

USER = {"uuid": "u", "id": 1}

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_proxy_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


class Authority:
    """A certificate authority, and a server with one of its certificates."""

    def __init__(self, folder: Path) -> None:
        trustme = pytest.importorskip("trustme")
        authority = trustme.CA()
        self.file = folder / "ca.pem"
        authority.cert_pem.write_to_path(self.file)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(self.tls)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def test_trusts_given_certificate_authority(authority: Authority, key: str) -> None:
    with Server(authority.tls) as server:
        server.replies = [MockResponse(200, USER)]
        for file in (authority.file, str(authority.file)):
            assert grinfi.Grinfi(key, base_url=server.base_url, ca_file=file).users.current().id == 1
        with pytest.raises(grinfi.ConnectError) as refused:
            grinfi.Grinfi(key, base_url=server.base_url, max_retries=0).users.current()
    assert "certificate" in str(refused.value.__cause__).lower()
    assert len(server.requests) == 2


def test_rejects_certificate_for_another_name(authority: Authority, key: str) -> None:
    with Server(authority.tls) as server:
        other = server.base_url.replace("localhost", "127.0.0.1")
        client = grinfi.Grinfi(key, base_url=other, ca_file=authority.file, max_retries=0)
        with pytest.raises(grinfi.ConnectError) as refused:
            client.users.current()
    assert "certificate" in str(refused.value.__cause__).lower()
    assert server.requests == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"nothing here", "the PEM text contains no certificate"),
        (b"-----BEGIN CERTIFICATE-----\nnot base64!\n-----END CERTIFICATE-----\n", "a root certificate is not valid PEM"),
    ],
)
def test_rejects_invalid_certificate_file(tmp_path: Path, key: str, content: bytes, why: str) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(content)
    with pytest.raises(grinfi.ConfigError, match=why) as refused:
        grinfi.Grinfi(key, ca_file=file)
    assert refused.value.field == "ca_file"
    with pytest.raises(grinfi.ConfigError, match="^`ca_file` cannot be read") as missing:
        grinfi.Grinfi(key, ca_file=tmp_path / "none.pem")
    assert isinstance(missing.value.__cause__, FileNotFoundError)


@pytest.mark.parametrize("login", ["", "jane:secret@"])
def test_uses_proxy_for_http(server: Server, key: str, login: str) -> None:
    server.replies = [MockResponse(200, USER)]
    with Proxy(server.base_url) as proxy:
        client = grinfi.Grinfi(key, base_url="http://api.example.com", proxy=f"http://{login}{proxy.address}")
        assert client.users.current().id == 1
    assert proxy.asked == ["GET http://api.example.com/id/api/users/current HTTP/1.1"]
    assert proxy.logins == [login[:-1] or None]


@pytest.mark.parametrize("login", ["", "jane:secret@"])
def test_uses_proxy_for_https(authority: Authority, key: str, login: str) -> None:
    with Server(authority.tls) as server, Proxy(server.base_url) as proxy:
        server.replies = [MockResponse(200, USER)]
        client = grinfi.Grinfi(
            key, base_url=server.base_url, ca_file=authority.file, proxy=f"http://{login}{proxy.address}"
        )
        assert client.users.current().id == 1
    port = server.base_url.rsplit(":")[-1]
    assert proxy.asked == [f"CONNECT localhost:{port} HTTP/1.1"]
    assert proxy.logins == [login[:-1] or None]
    (seen,) = server.requests
    headers = {name.lower(): value for name, value in seen.headers.items()}
    assert headers["authorization"] == f"Bearer {key}" and "proxy-authorization" not in headers


def test_uses_proxy_of_environment(server: Server, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    server.replies = [MockResponse(200, USER)]
    with Proxy(server.base_url) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.address}")
        assert grinfi.Grinfi(key, base_url="http://api.example.com").users.current().id == 1
        assert len(proxy.asked) == 1
        # Local servers are not reached through a proxy.
        assert grinfi.Grinfi(key, base_url=server.base_url).users.current().id == 1
    assert len(proxy.asked) == 1


def test_reaches_sandbox_without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with grinfi.Sandbox() as sandbox, sandbox.client() as client:
        assert client.contacts.count() == 250


def test_proxy_password_is_not_in_errors(key: str) -> None:
    client = grinfi.Grinfi(
        key, base_url="http://api.example.com", proxy="http://jane:secret@127.0.0.1:1", max_retries=0
    )
    with pytest.raises(grinfi.ConnectError) as refused:
        client.users.current()
    error: BaseException | None = refused.value
    while error is not None:
        assert "secret" not in f"{error} {error!r}"
        error = error.__cause__ or error.__context__
    with pytest.raises(grinfi.ConfigError, match="the proxy URL must start with http") as wrong:
        grinfi.Grinfi(key, proxy="http://jane:secret@")
    assert "secret" not in str(wrong.value) and wrong.value.field == "proxy"


def test_raw_response_has_response_and_value(server: Server, key: str) -> None:
    server.replies = [MockResponse(503), MockResponse(200, {"uuid": "l", "name": "Fair"}, {"X-Request-Id": "r-1"})]
    client = grinfi.Grinfi(key, base_url=server.base_url)
    response = client.with_raw_response(client.lists.get)("l")
    assert isinstance(response, grinfi.RawResponse) and isinstance(response, grinfi.Response)
    assert (response.status, response.headers["x-request-id"], response.attempts) == (200, "r-1", 2)
    assert response.waited > 0 and response.json() == {"uuid": "l", "name": "Fair"} and b"Fair" in response.body
    assert type(response.value) is grinfi.List and response.value.name == "Fair"
    assert "Fair" not in repr(response)
    # The method itself is unchanged.
    assert client.lists.get("l").name == "Fair"
    # Keywords are passed on, and an empty response counts.
    server.replies = [MockResponse(200, {"lead": {"uuid": "c"}})]
    assert client.with_raw_response(client.contacts.get)(uuid="c").value.uuid == "c"
    server.replies = [MockResponse(204)]
    deleted = client.with_raw_response(client.lists.delete)("l")
    assert (deleted.status, deleted.body, deleted.value) == (204, b"", None)


def test_rejects_raw_response_of_other_methods(server: Server, key: str) -> None:
    client = grinfi.Grinfi(key, base_url=server.base_url)
    for method, arguments in [
        (client.contacts.search, ()),
        (client.lists.list().count, ()),
        (client.contacts.search().first, ()),
        (client.contacts.is_connected, ("c",)),
        (client.file_exports.download, ("a.csv",)),
        (client.linkedin_messages.send_once, ()),
    ]:
        keywords = {} if arguments or method != client.linkedin_messages.send_once else SENDING
        with pytest.raises(grinfi.InvalidInputError, match="^`method` has no raw response") as refused:
            client.with_raw_response(method)(*arguments, **keywords)
        assert refused.value.field == "method"
    assert server.requests == []
    # An error does not affect later calls.
    server.replies = [MockResponse(404, {"message": "deleted"}), MockResponse(200, {"data": [], "total": 7})]
    with pytest.raises(grinfi.NotFoundError):
        client.with_raw_response(client.lists.get)("l")
    assert client.lists.list().count() == 7
    client.close()
    with pytest.raises(grinfi.ClientClosedError):
        client.with_raw_response(client.lists.get)("l")


def test_rejects_raw_response_of_several_requests_before_sending(server: Server, key: str) -> None:
    field = {"uuid": "f", "name": "persona", "object": "lead"}

    def response(seen: ReceivedRequest) -> MockResponse:
        if seen.path.endswith("custom-fields"):
            return MockResponse(200, {"data": [field, {**field, "object": "company"}]})
        return MockResponse(200, {"lead": {"uuid": "c"}})

    server.respond = response
    client = grinfi.Grinfi(key, base_url=server.base_url)
    values = {"persona": "founder"}
    several: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
        (client.contacts.update, ("c",), {"position": "Chair", "list_uuid": "l"}),
        (client.contacts.update, ("c",), {"pipeline_stage_uuid": "s"}),
        (client.contacts.update, ("c",), {"position": "Chair", "custom_fields": values}),
        (client.contacts.create_many, ("l", [{"linkedin_id": "jane", "custom_fields": values}]), {}),
        (client.contacts.upsert, ("l",), {"linkedin_id": "jane", "custom_fields": values}),
        (client.contacts.bulk(["c"]).set_custom_field, ("persona", "founder"), {}),
        (client.companies.update, ("c",), {"phone": "1", "pipeline_stage_uuid": "s"}),
        (client.companies.create_many, ([{"name": "ExampleCorp", "custom_fields": values}],), {}),
        (client.automations.add_new_contact, ("a", "l"), {"linkedin_id": "jane", "custom_fields": values}),
        (client.contacts.bulk(["c"]).change_list("l").wait, (), {}),
        (client.contacts.wait_until_deleted, ("c",), {}),
        (client.webhooks.ensure, ("x",), {"event": "contact_created", "target_url": "https://example.com/"}),
    ]
    server.requests.clear()
    for method, arguments, keywords in several:
        with pytest.raises(grinfi.InvalidInputError, match="^`method` has no raw response"):
            client.with_raw_response(method)(*arguments, **keywords)
        assert server.requests == [], method
    # A call that sends one request has a raw response.
    assert client.with_raw_response(client.contacts.update)("c", position="Chair").value.uuid == "c"
    server.respond = None
    for method, arguments, keywords in (
        (client.custom_fields.update, ("f",), {"name": "buyer"}),
        (client.custom_fields.delete, ("f",), {}),
    ):
        server.replies = [MockResponse(200, field)]
        server.requests.clear()
        assert client.with_raw_response(method)(*arguments, **keywords).status == 200
        assert len(server.requests) == 1


SENDING: dict[str, Any] = {"sender_profile_uuid": "s", "contact_uuid": "c", "text": "x"}


def test_raw_responses_work_with_asyncio(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, {"uuid": "l"}, {"X-Request-Id": "r-1"})]

    async def main() -> None:
        client = grinfi.AsyncGrinfi(key, base_url=server.base_url)
        get = client.with_raw_response(client.lists.get)
        first, second, plain = await asyncio.gather(get("a"), get("b"), client.lists.get("c"))
        assert first.headers["x-request-id"] == "r-1" and first.value.uuid == second.value.uuid == plain.uuid == "l"
        for method in (client.contacts.search, client.lists.list().count, client.contacts.search().first):
            with pytest.raises(grinfi.InvalidInputError, match="no raw response"):
                await client.with_raw_response(method)()  # type: ignore[arg-type, unused-ignore]
        assert (await client.lists.get("l")).uuid == "l"

    asyncio.run(main())
    assert len(server.requests) == 4


def test_merges_options(server: Server, key: str) -> None:
    server.replies = [MockResponse(503, b"", {"Retry-After": "0"})]
    client = grinfi.Grinfi(key, base_url=server.base_url, max_retries=0)
    patient = client.with_options(max_retries=2, headers={"x-a": "1"})
    both = patient.with_options(headers={"x-b": "2"})
    with pytest.raises(grinfi.ServerError) as failed:
        both.users.current()
    assert failed.value.attempts == 3 == len(server.requests)
    headers = {name.lower(): value for name, value in server.requests[-1].headers.items()}
    assert (headers["x-a"], headers["x-b"]) == ("1", "2")
    for used, attempts in ((patient, 3), (client, 1)):
        with pytest.raises(grinfi.ServerError) as failed:
            used.users.current()
        assert failed.value.attempts == attempts
    assert "x-a" not in {name.lower() for name in server.requests[-1].headers}
    for option, field in [
        ({"max_retries": -1}, "max_retries"),
        ({"deadline": "5"}, "deadline"),
        ({"timeout": 0}, "timeout"),
        ({"effect": "none"}, "effect"),
        ({"headers": {"Authorization": "Bearer x"}}, "headers"),
        ({"headers": {"x": "a\nb"}}, "headers"),
    ]:
        with pytest.raises(grinfi.ConfigError) as refused:
            client.with_options(**option)  # type: ignore[arg-type]
        assert refused.value.field == field
    with pytest.raises(TypeError, match="max_retrys"):
        client.with_options(max_retrys=1)  # type: ignore[call-arg]


def test_closing_client_closes_derived_clients_only(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, {"uuid": "u", "id": 1})]
    client = grinfi.Grinfi(key, base_url=server.base_url)
    with client.with_options(max_retries=0) as derived:
        below = derived.with_options(deadline=5)
        assert derived.users.current().id == below.users.current().id == 1
    assert (derived.closed, below.closed, client.closed) == (True, True, False)
    assert client.users.current().id == 1
    for ended in (derived, below):
        with pytest.raises(grinfi.ClientClosedError):
            ended.users.current()
        with pytest.raises(grinfi.ClientClosedError):
            ended.with_options(max_retries=1)
    other = client.with_options(max_retries=0)
    client.close()
    assert other.closed
    with pytest.raises(grinfi.ClientClosedError):
        other.users.current()
    assert len(server.requests) == 3
