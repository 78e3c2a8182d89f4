"""A file per resource: its verbs."""

from .automations import Automations
from .contacts import Contacts
from .linkedin_messages import LinkedinMessages
from .lists import Lists
from .sender_profiles import SenderProfiles
from .users import Users

__all__ = ["Automations", "Contacts", "LinkedinMessages", "Lists", "SenderProfiles", "Users"]
