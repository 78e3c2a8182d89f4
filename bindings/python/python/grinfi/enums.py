"""The enumerations of the API, open: a value that is newer than this package arrives as itself."""

from ._generated.enums import *
from ._generated.enums import __all__ as __all__
from ._open_enum import OpenEnum as OpenEnum
