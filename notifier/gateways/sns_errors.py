"""What the errors of SNS mean for a message: never, later, or nobody knows.

Codes: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html and its common errors.
"""

from typing import TYPE_CHECKING, Literal, NamedTuple

from notifier.domain.phrases import gettext_noop

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

State = Literal["permanent", "temporary", "unknown"]


class Verdict(NamedTuple):
    """What became of a message, and a sentence for people."""

    state: State
    reason: str


CREDENTIALS = gettext_noop("SNS does not accept the credentials of the portal.")
FORBIDDEN = gettext_noop("The portal may not send with this AWS account.")
REFUSED = gettext_noop("SNS refused the number or the text.")
BUSY = gettext_noop("SNS is busy or its limit of messages a second is reached.")
KEYS = gettext_noop("SNS cannot use the encryption key it is set up with.")
BROKEN = gettext_noop("SNS failed while it worked on the message; it may be on its way.")

# Keys in lower case without "exception": vendors write InvalidParameter(Exception) both ways.
CODES: dict[str, Verdict] = {
    "invalidparameter": Verdict("permanent", REFUSED),
    "invalidparametervalue": Verdict("permanent", REFUSED),
    "parametervalueinvalid": Verdict("permanent", REFUSED),
    "validation": Verdict("permanent", REFUSED),
    "validationerror": Verdict("permanent", REFUSED),
    "missingparameter": Verdict("permanent", REFUSED),
    "malformedquerystring": Verdict("permanent", REFUSED),
    "optedout": Verdict(
        "permanent", gettext_noop("The owner of the number has opted out of messages.")
    ),
    "notfound": Verdict("permanent", gettext_noop("SNS does not know the receiver.")),
    "endpointdisabled": Verdict("permanent", gettext_noop("SNS has switched the receiver off.")),
    "platformapplicationdisabled": Verdict(
        "permanent", gettext_noop("SNS has switched the application off.")
    ),
    "authorizationerror": Verdict("permanent", FORBIDDEN),
    "accessdenied": Verdict("permanent", FORBIDDEN),
    "notauthorized": Verdict("permanent", FORBIDDEN),
    "optinrequired": Verdict(
        "permanent", gettext_noop("The AWS account is not signed up for SNS.")
    ),
    "invalidaction": Verdict("permanent", gettext_noop("The address that was called is not SNS.")),
    "invalidsecurity": Verdict("permanent", CREDENTIALS),
    "invalidclienttokenid": Verdict("permanent", CREDENTIALS),
    "unrecognizedclient": Verdict("permanent", CREDENTIALS),
    "missingauthenticationtoken": Verdict("permanent", CREDENTIALS),
    "incompletesignature": Verdict("permanent", CREDENTIALS),
    "signaturedoesnotmatch": Verdict("permanent", CREDENTIALS),
    # A role's credentials are renewed, a clock is set right.
    "expiredtoken": Verdict(
        "temporary", gettext_noop("The credentials of the portal have expired.")
    ),
    "requestexpired": Verdict(
        "temporary", gettext_noop("SNS got the message too late: check the clock.")
    ),
    "kmsdisabled": Verdict("permanent", KEYS),
    "kmsinvalidstate": Verdict("permanent", KEYS),
    "kmsnotfound": Verdict("permanent", KEYS),
    "kmsoptinrequired": Verdict("permanent", KEYS),
    "kmsaccessdenied": Verdict("permanent", KEYS),
    "kmsthrottling": Verdict("temporary", BUSY),
    "throttling": Verdict("temporary", BUSY),
    "throttled": Verdict("temporary", BUSY),
    "requestlimitexceeded": Verdict("temporary", BUSY),
    "toomanyrequests": Verdict("temporary", BUSY),
    "bandwidthlimitexceeded": Verdict("temporary", BUSY),
    "serviceunavailable": Verdict("temporary", BUSY),
    "internalerror": Verdict("unknown", BROKEN),
    "internalfailure": Verdict("unknown", BROKEN),
}

NOT_KNOWN = Verdict(
    "temporary", gettext_noop("SNS refused the message with an error nobody here knows.")
)
NO_CONNECTION = Verdict("temporary", gettext_noop("SNS cannot be reached."))
NO_ANSWER = Verdict("unknown", gettext_noop("SNS gave no answer; the message may be on its way."))
NOT_SET_UP = Verdict(
    "permanent", gettext_noop("The portal has no AWS region or credentials to send with.")
)
NO_CREDENTIALS = Verdict("temporary", gettext_noop("The portal could not get its AWS credentials."))
NOT_ASKED = Verdict(
    "permanent", gettext_noop("The message could not be handed over: check the AWS settings.")
)

# An interrupted handshake; every other trouble with TLS may come after the request was written.
HANDSHAKE = (
    "CERTIFICATE_VERIFY_FAILED",
    "WRONG_VERSION_NUMBER",
    "UNSUPPORTED_PROTOCOL",
    "HANDSHAKE_FAILURE",
    "PROTOCOL_VERSION",
)


def verdict_of(error: Exception) -> Verdict:
    """Return what an error of boto3 says about the message."""
    from botocore import exceptions as boto
    from botocore.parsers import ResponseParserError

    match error:
        case boto.ClientError():
            return _answered(error)
        case boto.SSLError():
            handshake = any(word in str(error).upper() for word in HANDSHAKE)
            return NO_CONNECTION if handshake else NO_ANSWER
        case boto.ConnectionError():
            return NO_CONNECTION
        case boto.HTTPClientError() | ResponseParserError():
            return NO_ANSWER
        case boto.NoRegionError() | boto.NoCredentialsError() | boto.PartialCredentialsError():
            return NOT_SET_UP
        case boto.CredentialRetrievalError() | boto.MetadataRetrievalError():
            return NO_CREDENTIALS
    return NOT_ASKED


def _answered(error: "ClientError") -> Verdict:
    told = error.response
    code = str(told.get("Error", {}).get("Code", "")).lower().removesuffix("exception")
    if code in CODES:
        return CODES[code]
    if error.operation_name != "Publish":
        return NO_CREDENTIALS
    status = told.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status in (429, 503):
        return Verdict("temporary", BUSY)
    if 400 <= status < 500:
        return NOT_KNOWN
    return Verdict("unknown", BROKEN)
