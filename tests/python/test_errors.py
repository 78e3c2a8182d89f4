"""Errors: their classes and details."""

import pickle
import re
from pathlib import Path

import pytest

import grinfi
from grinfi import _errors
from mock_server import MockResponse, Cut, ReceivedRequest, Server, Silence

HTML = b"<html><h1>Bad gateway</h1></html>"


def client_of(server: Server, key: str, **options: object) -> grinfi.Grinfi:
    return grinfi.Grinfi(key, base_url=server.base_url, **options)  # type: ignore[arg-type]


def test_missing_key_names_the_variable() -> None:
    for key in (None, "", "  "):
        with pytest.raises(grinfi.MissingKeyError) as caught:
            grinfi.Grinfi(key)
        assert isinstance(caught.value, grinfi.ConfigError) and caught.value.field == "api_key"
    assert "GRINFI_API_KEY" in str(pytest.raises(grinfi.MissingKeyError, grinfi.Grinfi).value)


@pytest.mark.parametrize("key", ["secretsecret", "Bearer secret.secret.secret", "secret.secret."])
def test_malformed_key_is_not_in_the_message(key: str) -> None:
    with pytest.raises(grinfi.MalformedKeyError) as caught:
        grinfi.Grinfi(key)
    assert "secret" not in str(caught.value) and "secret" not in repr(vars(caught.value))


def test_key_cannot_be_read_back(sandbox: grinfi.Sandbox) -> None:
    client = sandbox.client()
    assert sandbox.key not in repr(client) + repr(vars(client)) + repr(client.contacts)
    assert sandbox.base_url in repr(client)
    with pytest.raises(TypeError, match="contains a key"):
        pickle.dumps(client)


def test_reads_the_environment(monkeypatch: pytest.MonkeyPatch, sandbox: grinfi.Sandbox) -> None:
    monkeypatch.setenv("GRINFI_API_KEY", sandbox.key)
    monkeypatch.setenv("GRINFI_BASE_URL", sandbox.base_url + "/")
    with grinfi.Grinfi() as client:
        assert client.base_url == sandbox.base_url
        assert client.users.current().email


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"base_url": "leadgen.example.com"}, "base_url"),
        ({"base_url": "ftp://example.com"}, "base_url"),
        ({"base_url": 5}, "base_url"),
        ({"connect_timeout": 0}, "connect_timeout"),
        ({"timeout": -1.0}, "timeout"),
        ({"timeout": float("nan")}, "timeout"),
        ({"timeout": "5"}, "timeout"),
        ({"max_retries": -1}, "max_retries"),
        ({"max_retries": 1.5}, "max_retries"),
    ],
)
def test_rejects_wrong_settings(key: str, options: dict[str, object], field: str) -> None:
    with pytest.raises(grinfi.ConfigError) as caught:
        grinfi.Grinfi(key, **options)  # type: ignore[arg-type]
    assert caught.value.field == field


def test_rejects_unknown_arguments(key: str, client: grinfi.Grinfi) -> None:
    with pytest.raises(TypeError, match="max_retrys"):
        grinfi.Grinfi(key, max_retrys=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="phone"):
        client.contacts.upsert("l", linkedin_id="x", phone="1")  # type: ignore[call-arg]
    with pytest.raises(grinfi.InvalidInputError, match=r"contacts\[1\].fist_name.*did you mean `first_name`"):
        client.contacts.create_many("l", [{"linkedin_id": "x"}, {"fist_name": "x"}])


def test_rejects_invalid_arguments(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    contacts, messages = client.contacts, client.linkedin_messages
    for call, field in [
        (lambda: client.lists.create(" "), "name"),
        (lambda: client.lists.create(None), "name"),  # type: ignore[arg-type]
        (lambda: client.lists.get(""), "uuid"),
        (lambda: client.lists.get("a/b"), "uuid"),
        (lambda: client.lists.get(None), "uuid"),  # type: ignore[arg-type]
        (lambda: contacts.create_many("l", []), "contacts"),
        (lambda: contacts.create_many("l", [{"company_name": "x"}]), "contacts[0]"),
        (lambda: contacts.create_many("l", ["x"]), "contacts[0]"),  # type: ignore[list-item]
        (lambda: contacts.upsert("l", linkedin_id=" "), "linkedin_id"),
        (lambda: contacts.upsert("l", linkedin_id="x", first_name=None), "first_name"),  # type: ignore[arg-type]
        (lambda: contacts.upsert("l", linkedin_id="x", headline=5), "headline"),  # type: ignore[arg-type]
        (lambda: contacts.upsert("l", linkedin_id="x", move_to_list="no"), "move_to_list"),  # type: ignore[arg-type]
        (lambda: contacts.upsert("l", linkedin_id="x", custom_fields={"a": object()}), "custom_fields.a"),
        (lambda: contacts.update("c"), "changes"),
        (lambda: contacts.lookup(), "lookup"),
        (lambda: contacts.lookup(name="x"), "lookup"),
        (lambda: contacts.lookup(email="x", linkedin_id="y"), "lookup"),
        (lambda: contacts.lookup(email=""), "email"),
        (lambda: messages.send(sender_profile_uuid="s", contact_uuid="c", text=""), "text"),
        (lambda: messages.send(sender_profile_uuid="", contact_uuid="c", text="x"), "sender_profile_uuid"),
        (lambda: client.automations.add_contact("f", contact_uuid="?"), "contact_uuid"),
    ]:
        with pytest.raises(grinfi.InvalidInputError) as caught:
            call()
        assert caught.value.field == field, caught.value
    assert sandbox.requests == []


def test_refused_connection_raises_connect_error(key: str) -> None:
    with pytest.raises(grinfi.ConnectError) as caught:
        grinfi.Grinfi(key, base_url="http://127.0.0.1:1", max_retries=0).users.current()
    error = caught.value
    assert isinstance(error, ConnectionError) and error.operation == "getCurrentUser" and error.attempts == 1
    assert isinstance(error.__cause__, ConnectionRefusedError)


def test_status_422_has_field_messages(client: grinfi.Grinfi) -> None:
    with pytest.raises(grinfi.ValidationError) as caught:
        client.contacts.upsert("no-such-list", linkedin_id="x")
    error = caught.value
    assert error.status == 422 and error.reason == "validation_error" and error.method == "POST"
    assert list(error.fields) == ["list_uuid"] and error.fields["list_uuid"][0] in str(error)
    assert error.path == "/leads/api/leads/upsert" and error.kind == "validation"


def test_status_502_with_html_raises_server_error(server: Server, key: str) -> None:
    server.replies = [MockResponse(502, HTML, {"Content-Type": "text/html", "X-Request-Id": "r-1"})]
    with pytest.raises(grinfi.ServerError) as caught:
        client_of(server, key, max_retries=0).users.current()
    assert caught.value.status == 502 and caught.value.body == HTML and caught.value.request_id == "r-1"
    assert "<h1>" not in str(caught.value)


def test_html_success_raises_decode_error(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, HTML, {"Content-Type": "text/html"})]
    with pytest.raises(grinfi.DecodeError, match="HTML") as caught:
        client_of(server, key).users.current()
    assert not isinstance(caught.value, grinfi.EmptyResponseError)


def test_empty_success_raises_empty_response_error(server: Server, key: str) -> None:
    client = client_of(server, key)
    for call in (client.users.current, client.lists.list().first, lambda: client.contacts.count()):
        with pytest.raises(grinfi.EmptyResponseError) as caught:
            call()
        assert caught.value.status == 200
    client.lists.delete("l")
    # The outcome of a non-idempotent operation is unknown: another call would repeat it.
    with pytest.raises(grinfi.UnknownOutcomeError, match="was accepted, and was not retried") as unknown:
        client.lists.create("Autumn")
    assert unknown.value.status == 200 and unknown.value.unconfirmed_request is not None


@pytest.mark.parametrize("body", [[1], {"message": "back soon"}, "text", {"lead": None}, {"lead": {}}])
def test_unexpected_response_raises_decode_error(server: Server, key: str, body: object) -> None:
    server.replies = [MockResponse(200, body)]
    with pytest.raises(grinfi.DecodeError) as caught:
        client_of(server, key).contacts.get("c")
    error = caught.value
    assert (error.operation, error.status, error.attempts) == ("getLead", 200, 1)
    assert error.path == "/leads/api/leads/{uuid}" and error.body


def test_unexpected_values_raise_decode_error(server: Server, key: str) -> None:
    client = client_of(server, key)
    person = [{"linkedin_id": "x"}]
    server.replies = [MockResponse(200, {"data": "x"})]
    for call in (client.contacts.count, client.lists.list().to_list):
        with pytest.raises(grinfi.DecodeError):
            call()
    for reply in ({"data": "x"}, [{"uuid": "u"}, 5]):
        server.replies = [MockResponse(200, reply)]
        with pytest.raises(grinfi.UnknownOutcomeError) as unknown:
            client.contacts.create_many("l", person)
        assert unknown.value.outcome == "unknown" and unknown.value.unconfirmed_request is not None
    server.replies = [MockResponse(200, {"data": []})]
    with pytest.raises(grinfi.DecodeError, match="no total"):
        client.lists.list().count()


def test_waits_for_or_raises_rate_limit(server: Server, key: str) -> None:
    user = {"uuid": "u", "id": 1}
    server.replies = [MockResponse(429, {}, {"Retry-After": "0"}), MockResponse(200, user)]
    assert client_of(server, key).users.current().id == 1
    assert len(server.requests) == 2
    # More than the number of retries.
    server.replies = [*[MockResponse(429, {}, {"Retry-After": "0.5"})] * 3, MockResponse(200, user)]
    assert client_of(server, key, max_retries=1).users.current().id == 1
    server.replies = [MockResponse(429, {})]
    with pytest.raises(grinfi.RateLimitedError) as caught:
        client_of(server, key, max_retries=0).users.current()
    assert caught.value.attempts == 1 and caught.value.outcome == "rate_limited"
    with pytest.raises(grinfi.RateLimitedError) as caught:
        client_of(server, key, max_rate_limit_wait=0.5).users.current()
    # A wait beyond the maximum fails the calls of all clients of the key; nothing is sent.
    server.replies = [MockResponse(429, {}, {"Retry-After": "3600"})]
    client = client_of(server, key, max_retries=0)
    with pytest.raises(grinfi.RateLimitedError) as caught:
        client.users.current()
    assert caught.value.retry_after == 3600.0 and caught.value.attempts == 1
    sent = len(server.requests)
    with pytest.raises(grinfi.RateLimitedError) as caught:
        client_of(server, key).users.current()
    assert caught.value.attempts == 0 and len(server.requests) == sent


MAY_HAVE_HAPPENED = [Silence(), Cut(), *(MockResponse(status, HTML) for status in (302, 500, 501, 502, 503, 504, 505, 520, 524, 530))]


@pytest.mark.parametrize("reply", MAY_HAVE_HAPPENED)
def test_does_not_retry_after_unknown_outcome(server: Server, key: str, reply: MockResponse | Cut | Silence) -> None:
    server.replies = [reply]
    client = client_of(server, key, timeout=0.3)
    with pytest.raises(grinfi.UnknownOutcomeError, match="not retried") as caught:
        client.linkedin_messages.send(sender_profile_uuid="s", contact_uuid="c", text="x")
    assert len(server.requests) == 1 and caught.value.attempts == 1
    assert caught.value.operation == "sendLinkedInMessage"


def test_send_once_reports_its_lookups(server: Server, key: str) -> None:
    server.respond = lambda seen: MockResponse(200, {"data": []}) if seen.method == "GET" else MockResponse(500, {})
    client = client_of(server, key)
    message = {"sender_profile_uuid": "s", "contact_uuid": "c", "text": "x"}
    with pytest.raises(grinfi.UnknownOutcomeError, match="2 searches") as caught:
        client.linkedin_messages.send_once(**message, lookup_attempts=2)
    assert caught.value.lookups is not None and caught.value.lookups.attempts == 2
    assert [seen.method for seen in server.requests] == ["GET", "POST", "GET", "GET"]
    for wrong in ({"lookup_attempts": 0}, {"lookup_timeout": 0}, {"lookup_timeout": -1}, {"lookup_attempts": 1.5}):
        with pytest.raises(grinfi.InvalidInputError) as refused:
            client.linkedin_messages.send_once(**message, **wrong)
        assert refused.value.field == next(iter(wrong))


def test_update_reports_unknown_outcome(server: Server, key: str) -> None:
    server.replies = [MockResponse(504, HTML), MockResponse(422, {})]
    with pytest.raises(grinfi.ValidationError, match="504") as caught:
        client_of(server, key).lists.update("l", name="Autumn")
    assert caught.value.outcome == "unknown"


def test_read_without_response_raises_transport_error(server: Server, key: str) -> None:
    client = client_of(server, key, timeout=0.3, max_retries=0)
    server.replies = [Silence()]
    with pytest.raises(grinfi.RequestTimeoutError) as late:
        client.users.current()
    assert isinstance(late.value, TimeoutError)
    server.replies = [Cut()]
    with pytest.raises(grinfi.TransportError) as broken:
        client.users.current()
    assert isinstance(broken.value, ConnectionError)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, grinfi.BadRequestError),
        (401, grinfi.UnauthorizedError),
        (402, grinfi.OutOfCreditsError),
        (403, grinfi.ForbiddenError),
        (404, grinfi.NotFoundError),
        (409, grinfi.BadRequestError),
        (422, grinfi.ValidationError),
        (500, grinfi.ServerError),
        (505, grinfi.ServerError),
    ],
)
def test_each_status_has_its_class(server: Server, key: str, status: int, error: type[grinfi.StatusError]) -> None:
    server.replies = [MockResponse(status, {"error": {"reason": "why", "message": "Because."}})]
    with pytest.raises(error) as caught:
        client_of(server, key).users.current()
    assert type(caught.value) is error and isinstance(caught.value, grinfi.StatusError)
    assert (caught.value.message, caught.value.reason, caught.value.status) == ("Because.", "why", status)
    assert len(server.requests) == 1


def test_errors_can_be_pickled() -> None:
    names = [name for name in _errors.__all__ if name not in ("UnconfirmedRequest", "Lookups", "PartialFailure", "Progress", "Step")]
    for name in names:
        cls = getattr(grinfi, name)
        assert issubclass(cls, grinfi.GrinfiError) and cls.__doc__
        error = cls(
            "Text.",
            message="T",
            field="f",
            status=422,
            fields={"a": ["b"]},
            retry_after=1.5,
            body=b"x",
            attempts=2,
            outcome="unknown",
            lookups=(5, 1, 7.5),
            unconfirmed_request=(1_700_000_000_000_000, "/path", b"body"),
            json_path="$.a",
            record=b"{}",
            partial_failure=[("a", ["c-1"], "done"), ("b", [], "failed"), ("c", [], "not_tried")],
            progress=(2, 1.5, 3, None, "new"),
        )
        error.__cause__ = ConnectionRefusedError(111, "refused")
        restored = pickle.loads(pickle.dumps(error))
        assert type(restored) is cls and str(restored) == str(error) == "Text." and vars(restored) == vars(error)
        assert type(restored.__cause__) is ConnectionRefusedError and restored.__cause__.errno == 111
        assert restored.partial_failure.failed.name == "b" and restored.progress.done == 3
    assert len({getattr(grinfi, name).kind for name in names}) == len(names)


def test_each_error_kind_has_its_class() -> None:
    known = Path(__file__).parent.parent.parent / "crates" / "grinfi" / "src" / "error.rs"
    kinds = re.search(r"pub enum ErrorKind \{(.*?)\n\}", known.read_text(encoding="utf-8"), re.DOTALL)
    assert kinds is not None
    names = re.findall(r"^    (\w+),$", kinds[1], re.MULTILINE)
    assert len(names) > 20
    mapped = (known.parents[3] / "bindings" / "python" / "src" / "errors.rs").read_text(encoding="utf-8")
    for name in names:
        match = re.search(rf'Kind::{name} => "(\w+)"', mapped)
        assert match is not None, name
        assert issubclass(getattr(grinfi, match[1]), grinfi.GrinfiError)


def test_partial_failure_lists_the_steps(server: Server, key: str) -> None:
    contact = {"uuid": "c", "first_name": "Jane"}
    fields = {"data": [{"uuid": "f-1", "name": "one", "object": "lead"}, {"uuid": "f-2", "name": "two", "object": "lead"}]}

    def response(seen: ReceivedRequest) -> MockResponse:
        if "custom-fields" in seen.path:
            return MockResponse(200, fields)
        if seen.method == "POST" and seen.json()["custom_field_uuid"] == "f-2":
            return MockResponse(422, {"error": {"reason": "validation_error", "message": "No.", "data": {"value": ["No."]}}})
        return MockResponse(200, contact)

    server.respond = response
    client = client_of(server, key)
    with pytest.raises(grinfi.PartialError) as caught:
        client.contacts.update("c", first_name="Jane", custom_fields={"one": "1", "two": 2}, list_uuid="l")
    error = caught.value
    assert error.partial_failure is not None
    assert error.partial_failure.steps == [
        grinfi.Step("update the fields", ["c"], "done"),
        grinfi.Step("set custom field `one`", ["c"], "done"),
        grinfi.Step("set custom field `two`", ["c"], "failed"),
        grinfi.Step("change the list", ["c"], "not_tried"),
        grinfi.Step("read the contact", ["c"], "not_tried"),
    ]
    assert [step.name for step in error.partial_failure.not_tried] == ["change the list", "read the contact"]
    assert error.partial_failure.failed is not None and len(error.partial_failure.done) == 2
    assert isinstance(error.__cause__, grinfi.ValidationError) and error.__cause__.fields == {"value": ["No."]}
    for word in ("update the fields", "`two`", "change the list", "No."):
        assert word in str(error)
    assert isinstance(pickle.loads(pickle.dumps(error)).__cause__, grinfi.ValidationError)
    # A failure of the first step is raised unchanged.
    with pytest.raises(grinfi.ValidationError):
        client.contacts.update("c", custom_fields={"two": 2})


def test_failed_export_raises_job_failed_error(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, {"uuid": "e", "status": "failed"})]
    for export in (client_of(server, key).file_exports.contacts, client_of(server, key).file_exports.companies):
        with pytest.raises(grinfi.JobFailedError, match="`failed`"):
            export(all=True)


def test_unfinished_job_raises_still_running_error(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, {"uuid": "c"})]
    with pytest.raises(grinfi.StillRunningError) as caught:
        client_of(server, key).contacts.wait_until_deleted("c", max_looks=2, first_pause=0)
    error = caught.value
    assert isinstance(error, TimeoutError) and error.progress is not None
    assert (error.progress.looks, error.progress.done, error.progress.total) == (2, 0, 1)


def test_timeout_has_the_last_failure_as_cause(server: Server, key: str) -> None:
    server.replies = [MockResponse(503, HTML, {"Retry-After": "1"})]
    with pytest.raises(grinfi.RequestTimeoutError) as caught:
        client_of(server, key, deadline=0.3).users.current()
    if caught.value.waiting_for != "the response":
        assert isinstance(caught.value.__cause__, grinfi.ServerError) and caught.value.__cause__.status == 503


def test_sends_no_data_of_the_machine(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, {"uuid": "u", "id": 1})]
    client_of(server, key).users.current()
    [seen] = server.requests
    headers = {name.lower(): value for name, value in seen.headers.items()}
    assert headers["authorization"] == f"Bearer {key}" and headers["accept"] == "application/json"
