"""All records of the API. The most common ones are also in :mod:`grinfi`."""

from ._generated.models import *
from ._generated.models import __all__ as __all__
from ._record import Record as Record
