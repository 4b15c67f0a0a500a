"""Why a row waits or ended, as its `reason` keeps it: English, translated where it is shown."""

from django.utils.translation import gettext_noop

ATTEMPT = gettext_noop("Attempt {attempt} of {most}: {reason}")
GAVE_UP = gettext_noop("Gave up after {attempts} attempts: {reason}")
STOPPED_EACH_TIME = gettext_noop("Gave up: the worker stopped in each of {most} attempts.")
STOPPED_IN_DOUBT = gettext_noop("The worker stopped while sending; it may have been sent.")
# Pages show the reason, so it carries no text of an error that nobody foresaw.
UNEXPECTED = gettext_noop("An unexpected error ({name}); the log has the details.")
UNEXPECTED_IN_DOUBT = gettext_noop(
    "An unexpected error ({name}) while sending; it may have been sent."
)
REASONS = (
    ATTEMPT,
    GAVE_UP,
    STOPPED_EACH_TIME,
    STOPPED_IN_DOUBT,
    UNEXPECTED,
    UNEXPECTED_IN_DOUBT,
)
