"""The user behind the key."""

from __future__ import annotations

from .._models import User
from ._base import Resource

__all__ = ["Users"]


class Users(Resource):
    """The user behind the key: ``client.users``."""

    __slots__ = ()

    def current(self) -> User:
        """Who the key belongs to: the cheapest way to test it (``getCurrentUser``).

        Raises:
            UnauthorizedError: the key is not accepted.

        Example::

            client.users.current().email
        """
        return self._one(User, "getCurrentUser")
