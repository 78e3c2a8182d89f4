"""The objects in requests, as dicts: for annotations."""

from ._generated.inputs import *
from ._generated.inputs import __all__ as __all__
