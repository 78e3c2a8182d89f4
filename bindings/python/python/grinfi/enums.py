"""The open enumerations of the API. Values that are newer than this package are kept."""

from ._generated.enums import *
from ._generated.enums import __all__ as __all__
from ._open_enum import OpenEnum as OpenEnum
