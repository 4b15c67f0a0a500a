"""The named errors of the domain. Edges translate them once."""


class NotifierError(Exception):
    """Base of everything the domain raises on purpose; its text is safe to show."""


class InvalidSignature(NotifierError):
    """The request does not prove that it comes from the source. The text names no secret."""


class UnusableBody(NotifierError):
    """The body cannot be read as what the provider promises to send."""


class UnsupportedType(UnusableBody):
    """The Content-Type is none that the provider sends."""


class SendFailed(NotifierError):
    """A gateway did not take a message. `permanent` says that trying again is pointless."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class SendUnknown(NotifierError):
    """A gateway gave no answer: the message may or may not be on its way. Never sent again."""
