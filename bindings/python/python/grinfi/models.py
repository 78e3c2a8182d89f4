"""All records of the API; those that this version's calls answer with are in :mod:`grinfi` too."""

from ._generated.models import *
from ._generated.models import __all__ as __all__
from ._record import Record as Record
