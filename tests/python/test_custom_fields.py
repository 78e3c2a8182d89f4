"""Custom fields by name, in creations, upserts, updates, mass actions and enrollments."""

import asyncio
import json
from typing import Any

import pytest

import grinfi
from mock_server import MockResponse, ReceivedRequest, Server


@pytest.fixture
def persona(client: grinfi.Grinfi) -> str:
    """Creates a field of contacts, a field of companies with the same name, and another field of contacts."""
    client.custom_fields.create("level", object="company")
    client.custom_fields.create("score", object="lead")
    return client.custom_fields.create("level", object="lead").uuid


def someone(client: grinfi.Grinfi) -> grinfi.Contact:
    contact = client.contacts.search().first()
    assert contact is not None
    return contact


def values(client: grinfi.Grinfi, uuid: str) -> dict[str, Any]:
    held = client.contacts.get(uuid).custom_fields or {}
    return {name: held[name] for name in ("level", "score") if held.get(name) is not None}


def test_sets_custom_fields_in_update(sandbox: grinfi.Sandbox, client: grinfi.Grinfi, persona: str) -> None:
    contact = someone(client)
    changed = client.contacts.update(contact.uuid, position="Chair", custom_fields={"level": "gold", "score": 7})
    asked = [request.operation for request in sandbox.requests].count("listCustomFields")
    assert changed.position == "Chair" and values(client, contact.uuid) == {"level": "gold", "score": "7"}
    client.contacts.update(contact.uuid, custom_fields={"level": None, "score": True})
    assert values(client, contact.uuid) == {"score": "true"}
    again = [request.operation for request in sandbox.requests].count("listCustomFields")
    assert asked == again > 0, "names are remembered"


def test_update_moves_stage_and_list(client: grinfi.Grinfi) -> None:
    contact = someone(client)
    fair = client.lists.create("Fair")
    stage = client.pipeline_stages.list("lead").to_list()[-1]
    moved = client.contacts.update(contact.uuid, pipeline_stage_uuid=stage.uuid, list_uuid=fair.uuid)
    assert (moved.list_uuid, moved.pipeline_stage_uuid) == (fair.uuid, stage.uuid)
    first = client.pipeline_stages.list("lead").to_list()[0]
    assert client.contacts.move_to_stage(contact.uuid, first.uuid).wait(max_looks=1).done == 1
    assert client.contacts.get(contact.uuid).pipeline_stage_uuid == first.uuid


def test_sets_custom_fields_in_upsert_and_enrollment(sandbox: grinfi.Sandbox, client: grinfi.Grinfi, persona: str) -> None:
    fair = client.lists.create("Fair")
    jane = client.contacts.upsert(
        fair.uuid,
        linkedin_id="https://www.linkedin.com/in/Jane-Roe-Example/?trk=x",
        work_email="jane@example.com",
        custom_fields={"level": "gold"},
    )
    assert values(client, jane.uuid) == {"level": "gold"}
    assert jane.work_email == "jane@example.com"
    assert json.loads(sandbox.requests[-2].body)["lead"]["linkedin_id"] == "jane-roe-example"
    draft = client.automations.list(status="draft").first()
    assert draft is not None
    client.automations.add_new_contact(
        draft.uuid, fair.uuid, linkedin_id="@John-Doe-Example", custom_fields={"level": "silver"}
    )
    john = client.contacts.lookup(linkedin_id="https://linkedin.com/in/john-doe-example/")
    assert john is not None and values(client, john.uuid) == {"level": "silver"}


def test_sets_custom_fields_in_creations(sandbox: grinfi.Sandbox, client: grinfi.Grinfi, persona: str) -> None:
    fair = client.lists.create("Fair")
    jane, john = client.contacts.create_many(
        fair.uuid,
        [
            {"linkedin_id": "jane-roe-example", "first_name": "Jane", "custom_fields": {"level": "gold"}},
            {"work_email": "john@example.com", "first_name": "John"},
        ],
    )
    assert values(client, jane.uuid) == {"level": "gold"} and values(client, john.uuid) == {}
    _, two = client.companies.create_many(
        [{"name": "One"}, {"name": "Two", "linkedin": "https://www.linkedin.com/company/Two/", "custom_fields": {"level": "big"}}]
    )
    assert json.loads(sandbox.requests[-1].body)["object_uuid"] == two.uuid
    assert client.companies.update(two.uuid, custom_fields={"level": "small"}, about="x").about == "x"
    set_to = [json.loads(each.body)["value"] for each in sandbox.requests if each.operation == "upsertCustomFieldValue"]
    assert set_to == ["gold", "big", "small"]
    assert [found.uuid for found in client.companies.lookup([{"linkedin": "linkedin.com/company/TWO"}])] == [two.uuid]


def test_sets_custom_fields_in_mass_action(client: grinfi.Grinfi, persona: str) -> None:
    both = [contact.uuid for contact in client.contacts.search(max_items=2)]
    client.contacts.bulk(both).set_custom_field("level", "gold")
    assert [values(client, uuid) for uuid in both] == [{"level": "gold"}] * 2
    client.contacts.bulk(both).set_custom_field("level", None)
    assert [values(client, uuid) for uuid in both] == [{}, {}]


def test_works_with_asyncio(sandbox: grinfi.Sandbox, client: grinfi.Grinfi, persona: str) -> None:
    uuid = someone(client).uuid

    async def change() -> None:
        async with sandbox.async_client() as own:
            await own.contacts.update(uuid, custom_fields={"level": "gold"})
            await own.contacts.bulk([uuid]).set_custom_field("score", 3)
            with pytest.raises(grinfi.InvalidInputError):
                await own.contacts.update(uuid, custom_fields={"levels": "gold"})

    asyncio.run(change())
    assert values(client, uuid) == {"level": "gold", "score": "3"}


def test_rejects_unknown_names_before_sending(
    sandbox: grinfi.Sandbox, client: grinfi.Grinfi, persona: str
) -> None:
    contact = someone(client)
    automation = client.automations.list().first()
    assert automation is not None
    contacts, wrong = client.contacts, {"levle": "gold"}
    sandbox.clear_requests()
    for call in (
        lambda: contacts.update(contact.uuid, first_name="X", custom_fields=wrong),
        lambda: contacts.upsert("l", linkedin_id="x", custom_fields=wrong),
        lambda: contacts.create_many("l", [{"linkedin_id": "x", "custom_fields": wrong}]),
        lambda: contacts.bulk([contact.uuid]).set_custom_field("levle", "gold"),
        lambda: client.automations.add_new_contact(automation.uuid, "l", linkedin_id="x", custom_fields=wrong),
        lambda: client.companies.update("c", custom_fields=wrong),
        lambda: client.companies.create_many([{"name": "x", "custom_fields": wrong}]),
    ):
        with pytest.raises(grinfi.InvalidInputError, match="did you mean `level`") as caught:
            call()
        assert caught.value.field == "custom_fields.levle"
    assert {request.operation for request in sandbox.requests} == {"listCustomFields"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ("x", "custom_fields"),
        ([("level", "x")], "custom_fields"),
        ({"level": ["x"]}, "custom_fields.level"),
        ({"level": {"a": 1}}, "custom_fields.level"),
        ({"level": object()}, "custom_fields.level"),
        ({5: "x"}, "custom_fields"),
        ({"le vel": "x"}, "custom_fields"),
    ],
)
def test_rejects_invalid_values(client: grinfi.Grinfi, persona: str, given: Any, field: str) -> None:
    for call in (
        lambda: client.contacts.update("c", custom_fields=given),
        lambda: client.contacts.upsert("l", linkedin_id="x", custom_fields=given),
    ):
        with pytest.raises(grinfi.InvalidInputError) as caught:
            call()
        assert caught.value.field == field
    with pytest.raises(grinfi.InvalidInputError, match="clear the field with an update"):
        client.contacts.upsert("l", linkedin_id="x", custom_fields={"level": None})


def test_forgets_deleted_fields(sandbox: grinfi.Sandbox, client: grinfi.Grinfi, persona: str) -> None:
    contact = someone(client)
    client.contacts.update(contact.uuid, custom_fields={"level": "gold"})
    client.custom_fields.update(persona, name="tier")
    client.contacts.update(contact.uuid, custom_fields={"tier": "gold"})
    client.custom_fields.delete(persona)
    with pytest.raises(grinfi.InvalidInputError):
        client.contacts.update(contact.uuid, custom_fields={"tier": "gold"})
    with sandbox.client() as other:
        field = other.custom_fields.create("tier", object="lead").uuid
        client.contacts.update(contact.uuid, custom_fields={"tier": "gold"})
        other.custom_fields.delete(field)
    # This client has cached the name; the API returns an error.
    with pytest.raises(grinfi.GrinfiError):
        client.contacts.update(contact.uuid, custom_fields={"tier": "silver"})
    with pytest.raises(grinfi.InvalidInputError):
        client.contacts.update(contact.uuid, custom_fields={"tier": "silver"})
    client.custom_fields.forget_names()


def test_creation_sends_few_requests(sandbox: grinfi.Sandbox, client: grinfi.Grinfi, persona: str) -> None:
    fair = client.lists.create("Fair")

    def cost(values: list[dict[str, Any]]) -> int:
        people = [{"linkedin_id": f"jane-{at}-example", "custom_fields": each} for at, each in enumerate(values)]
        client.custom_fields.forget_names()
        sandbox.clear_requests()
        created = client.contacts.create_many(fair.uuid, people)
        requests = len(sandbox.requests)
        for contact, each in zip(created, values):
            assert values_of(contact.uuid) == {name: str(value) for name, value in each.items()}
        return requests

    def values_of(uuid: str) -> dict[str, Any]:
        return values(client, uuid)

    assert cost([{"level": "gold", "score": at % 2} for at in range(50)]) == 6
    assert cost([{"level": f"gold {at}", "score": at} for at in range(50)]) == 53


def test_skips_values_that_are_already_set(sandbox: grinfi.Sandbox, client: grinfi.Grinfi, persona: str) -> None:
    uuid = someone(client).uuid
    client.contacts.update(uuid, custom_fields={"level": "gold"})
    sandbox.clear_requests()
    changed = client.contacts.update(uuid, position="Chair", custom_fields={"level": "gold", "score": 7})
    assert changed.custom_fields == {"level": "gold", "score": "7"} and changed.position == "Chair"
    assert [each.operation for each in sandbox.requests] == ["getLead", "updateLead", "upsertCustomFieldValue"]
    assert changed == client.contacts.get(uuid)


def test_lookup_returns_custom_fields(client: grinfi.Grinfi, persona: str) -> None:
    fair = client.lists.create("Fair")
    client.contacts.upsert(fair.uuid, linkedin_id="jane-roe-example", custom_fields={"level": "gold"})
    found = client.contacts.lookup(linkedin_id="jane-roe-example")
    assert found is not None and found.custom_fields == {"level": "gold"}


def test_sets_no_values_after_unexpected_response(server: Server, key: str) -> None:
    """The response to a creation is validated before values are set."""
    fields = {"data": [{"uuid": "f-1", "name": "level", "object": "lead"}]}
    responses: list[Any] = [[{"uuid": "c-2", "first_name": "John"}], []]

    def response(seen: ReceivedRequest) -> MockResponse:
        return MockResponse(200, fields if "custom-fields" in seen.path else responses[0])

    server.respond = response
    client = grinfi.Grinfi(key, base_url=server.base_url)
    people = [{"linkedin_id": "jane-roe-example", "first_name": "Jane", "custom_fields": {"level": "gold"}}]
    while responses:
        with pytest.raises(grinfi.PartialError) as caught:
            client.contacts.create_many("l", people)
        assert isinstance(caught.value.__cause__, grinfi.DecodeError)
        assert caught.value.partial_failure is not None and [
            (step.name, step.status) for step in caught.value.partial_failure.steps
        ] == [
            ("create the contacts", "done"),
            ("match the response with the contacts", "failed"),
            ("set custom field `level`", "not_tried"),
        ]
        responses.pop(0)
    assert all("custom-field-values" not in seen.path for seen in server.requests)
