"""Names: hints for missing attributes, and the names of this package for fields of the API."""

import pytest

import grinfi

@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("leads", "contacts"),
        ("flows", "automations"),
        ("contact", "contacts"),
        ("messages", "linkedin_messages"),
        ("contcts", "contacts"),
        ("contacts.list", "search"),
        ("contacts.create", "upsert"),
        ("contacts.find", "search"),
        ("contacts.fetch", "get"),
        ("lists.search", "list"),
        ("tasks.complete", "close"),
    ],
)
def test_missing_attributes_name_the_right_one(path: str, meant: str) -> None:
    for client in (grinfi.Grinfi("a.b.c"), grinfi.AsyncGrinfi("a.b.c")):
        owner: object = client
        *parents, name = path.split(".")
        for parent in parents:
            owner = getattr(owner, parent)
        with pytest.raises(AttributeError, match=rf"has no attribute `{name}`; .*`{meant}`"):
            getattr(owner, name)
        assert not hasattr(owner, "_unknown")


def test_filter_fields_can_be_listed() -> None:
    assert {"company_name", "lead_uuid", "contact_uuid"} <= set(dir(grinfi.F))


def test_records_have_names_of_this_package() -> None:
    task = grinfi.models.Task({"uuid": "t-1", "lead_uuid": "12dcb6ac-9b15-49f6-8882-fbca91e986ab", "flow_uuid": "02dcb6ac-9b15-49f6-8882-fbca91e986ab"})
    assert task.contact_uuid == task.lead_uuid == "12dcb6ac-9b15-49f6-8882-fbca91e986ab"
    assert task.automation_uuid == task.flow_uuid == "02dcb6ac-9b15-49f6-8882-fbca91e986ab"
    assert "contact_uuid" not in task.to_dict()


def test_filters_accept_names_of_this_package() -> None:
    tasks = grinfi.Grinfi("a.b.c").tasks
    expected = repr(tasks.list(lead_uuid="12dcb6ac-9b15-49f6-8882-fbca91e986ab", flow_uuid="02dcb6ac-9b15-49f6-8882-fbca91e986ab"))
    assert repr(tasks.list(contact_uuid="12dcb6ac-9b15-49f6-8882-fbca91e986ab", automation_uuid="02dcb6ac-9b15-49f6-8882-fbca91e986ab")) == expected
    assert repr(tasks.list(grinfi.F.contact_uuid == "12dcb6ac-9b15-49f6-8882-fbca91e986ab", {"automation_uuid": "02dcb6ac-9b15-49f6-8882-fbca91e986ab"})) == expected
    assert "lead_uuid" in expected and "flow_uuid" in expected
