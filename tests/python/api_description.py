"""A server that validates requests against the API description, and returns documented responses."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from openapi_schema_validator import OAS30WriteValidator

from mock_server import MockResponse, ReceivedRequest, Server

OPENAPI = Path(__file__).parent.parent.parent / "openapi"
# Properties of bodies that the description leaves out, each of which the overlay adds with its reason.
BESIDES = {
    "addNewLeadToFlow": {"contact_source_id"},
    "exportCompaniesToCsv": {"fields"},
    "exportLeadsToCsv": {"fields"},
    "importLeadsFromFile": {"data_source_uuid", "move_to_list", "skip_first_row", "update_if_exists"},
    "sendLinkedInMessage": {"linkedin_messenger_type", "subject"},
}
UUID = "02dcb6ac-9b15-49f6-8882-fbca91e986ab"
TIME = "2026-02-03T15:55:04.000000Z"


@dataclass
class Operation:
    """An operation of the description."""

    id: str
    method: str
    path: str
    described: dict[str, Any]

    @property
    def body(self) -> dict[str, Any] | None:
        """The schema of its JSON body."""
        content = self.described.get("requestBody", {}).get("content", {})
        schema: dict[str, Any] | None = content.get("application/json", {}).get("schema")
        return schema

    @property
    def properties(self) -> set[str]:
        """The properties of its JSON body."""
        return set((self.body or {}).get("properties", {}))


class Description:
    """The description as it is in the repository, with the undocumented operations that have methods."""

    def __init__(self) -> None:
        # In Python alone it takes seconds.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

        def read(file: str) -> dict[str, Any]:
            text = (OPENAPI / file).read_text(encoding="utf-8").replace("grinfi.yaml#", "#")
            document: dict[str, Any] = yaml.load(text, Loader=loader)
            return document

        self.document = read("grinfi.yaml")
        undocumented = read("undocumented.yaml")
        self.document["components"]["schemas"] |= undocumented["components"]["schemas"]
        for path, item in undocumented["paths"].items():
            for method, described in item.items():
                # The others have no methods.
                if "x-grinfi-alias-of" not in described and "x-grinfi-untyped" not in described:
                    self.document["paths"].setdefault(path, {})[method] = described
        self.operations = {
            described["operationId"]: Operation(described["operationId"], method.upper(), path, described)
            for path, item in self.document["paths"].items()
            for method, described in item.items()
            if method in ("get", "put", "post", "delete", "patch")
        }

    def resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        """Resolves references."""
        while "$ref" in node:
            target: Any = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def find(self, method: str, path: str) -> Operation | None:
        """The operation of a request; one without parameters in its path comes before one with."""
        found = [
            operation
            for operation in self.operations.values()
            if operation.method == method
            and re.fullmatch(re.sub(r"\\{\w+\\}", "[A-Za-z0-9_-]+", re.escape(operation.path)), path)
        ]
        return min(found, key=lambda operation: operation.path.count("{"), default=None)

    def complaints(self, operation: Operation, seen: ReceivedRequest) -> list[str]:
        """What is wrong with a request."""
        wrong = []
        parameters = [self.resolved(parameter) for parameter in operation.described.get("parameters", [])]
        known = {parameter["name"]: parameter for parameter in parameters if parameter["in"] == "query"}
        given = {name.split("[")[0] for name, _ in seen.query}
        wrong += [f"unknown query parameter {name}" for name in given - set(known)]
        wrong += [f"missing query parameter {name}" for name in known if known[name].get("required") and name not in given]
        kind = seen.headers.get("content-type", seen.headers.get("Content-Type", ""))
        content = operation.described.get("requestBody", {}).get("content", {})
        if "multipart/form-data" in content:
            if not kind.startswith("multipart/form-data; boundary="):
                wrong.append(f"content type {kind}")
            for name in content["multipart/form-data"]["schema"]["required"]:
                if f'name="{name}'.encode() not in seen.body:
                    wrong.append(f"missing part {name}")
        elif operation.body is None:
            if seen.body:
                wrong.append("a body where none is described")
        elif seen.body or operation.described["requestBody"].get("required"):
            schema = {**operation.body, "components": self.document["components"]}
            validator = OAS30WriteValidator(schema)
            body = json.loads(seen.body)
            wrong += [f"body: {error.json_path} {error.message}" for error in validator.iter_errors(body)]
            if operation.properties:
                taken = operation.properties | BESIDES.get(operation.id, set())
                wrong += [f"body: unknown property {name}" for name in set(body) - taken]
        return wrong

    def response(self, operation: Operation) -> MockResponse:
        """What is documented as its success, made up from the examples of its schema."""
        for status, response in operation.described["responses"].items():
            if not status.startswith("2"):
                continue
            content = self.resolved(response).get("content", {})
            if "application/json" in content:
                sample = self.sample(content["application/json"]["schema"])
                if isinstance(sample, dict) and isinstance(sample.get("data"), list):
                    sample |= {name: value for name, value in (("total", 1), ("offset", 0), ("has_more", False)) if name in sample}
                return MockResponse(int(status), sample, {"Content-Type": "application/json"})
            if "text/csv" in content:
                return MockResponse(int(status), b"name\nJane\n", {"Content-Type": "text/csv"})
            return MockResponse(int(status), b"")
        raise AssertionError(f"{operation.id} describes no success")

    def sample(self, schema: dict[str, Any], name: str = "") -> Any:
        """A value that fits a schema."""
        schema = self.resolved(schema)
        if "allOf" in schema:
            return {key: value for part in schema["allOf"] for key, value in self.sample(part).items()}
        if "oneOf" in schema:
            return self.sample(schema["oneOf"][0], name)
        kind = schema.get("type")
        if kind == "object" or "properties" in schema:
            if "properties" in schema:
                return {name: self.sample(inner, name) for name, inner in schema["properties"].items()}
            values = schema.get("additionalProperties")
            return {"1": self.sample(values)} if isinstance(values, dict) and values else {"anything": [1]}
        if kind == "array":
            return [self.sample(schema.get("items", {}), name)]
        if "enum" in schema:
            return schema["enum"][0]
        if schema.get("format") == "date-time":
            return TIME
        if "example" in schema:
            return schema["example"]
        if schema.get("format") == "uuid" or name.endswith("uuid"):
            return UUID
        return {"string": "text", "integer": 7, "number": 1.5, "boolean": True}.get(str(kind), "anything")


@dataclass
class Exchange:
    """A request that the server was sent."""

    operation: str
    seen: ReceivedRequest
    complaints: list[str]
    response: MockResponse


@dataclass
class DescribedServer:
    """A server with documented responses that records its requests."""

    description: Description
    server: Server
    reported: list[Exchange] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.respond = self._respond

    def _respond(self, seen: ReceivedRequest) -> MockResponse:
        operation = self.description.find(seen.method, seen.path)
        if operation is None:
            self.reported.append(Exchange("", seen, [f"no operation {seen.method} {seen.path}"], MockResponse(404)))
            return MockResponse(404)
        response = self.description.response(operation)
        offset = dict(seen.query).get("offset") or (json.loads(seen.body or b"{}") if operation.body else {}).get("offset")
        if offset and int(offset) > 0:
            response = MockResponse(response.status, {**response.body, "data": []}, response.headers)
        self.reported.append(Exchange(operation.id, seen, self.description.complaints(operation, seen), response))
        return response
