"""The compiled part of ``grinfi``; its interface is no promise."""

from typing import final

__all__ = [
    "Answer",
    "Client",
    "Pages",
    "Sandbox",
    "__version__",
    "check_filter",
    "listing",
    "run_sandbox",
]

__version__: str

@final
class Client:
    def __new__(
        cls,
        *,
        api_key: str | None,
        base_url: str | None,
        connect_timeout: float,
        attempt_timeout: float,
        max_retries: int,
    ) -> Client: ...
    @property
    def base_url(self) -> str: ...
    @property
    def team_id(self) -> int | None: ...
    def call(
        self, operation: str, *, path: dict[str, str], body: str | None, wants_body: bool
    ) -> Answer: ...
    def pages(
        self,
        operation: str,
        *,
        filter: str | None,
        order: tuple[str, str] | None,
        limit: int,
        offset: int,
        max_items: int | None,
    ) -> Pages: ...

@final
class Answer:
    @property
    def text(self) -> str | None: ...
    @property
    def operation(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def attempts(self) -> int: ...

@final
class Pages:
    def __iter__(self) -> Pages: ...
    def __next__(
        self,
    ) -> tuple[list[str], int | None, int | None, int | None, bool | None]: ...

@final
class Sandbox:
    def __new__(cls, *, seed: str, key: str | None, port: int, rate_limit: int | None) -> Sandbox: ...
    @property
    def base_url(self) -> str: ...
    @property
    def key(self) -> str: ...
    def outbox(self) -> str: ...
    def requests(self) -> str: ...
    def close(self) -> None: ...

def listing(resource: str) -> tuple[str, list[str], int]: ...
def check_filter(resource: str, conditions: str) -> str: ...
def run_sandbox(args: list[str]) -> None: ...
