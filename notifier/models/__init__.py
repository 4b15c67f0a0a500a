"""Tables of the notifier."""

from notifier.models.delivery import Delivery, DeliveryBody, RunMemory
from notifier.models.message import Message
from notifier.models.people import Recipient, Team
from notifier.models.rule import Rule
from notifier.models.source import Source

__all__ = [
    "Delivery",
    "DeliveryBody",
    "Message",
    "Recipient",
    "Rule",
    "RunMemory",
    "Source",
    "Team",
]
