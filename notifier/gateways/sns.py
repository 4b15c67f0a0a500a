"""Amazon SNS: a text straight to a phone, without a topic."""

import logging
from threading import Lock
from typing import TYPE_CHECKING

from notifier.domain.errors import SendFailed, SendUnknown
from notifier.domain.masks import line
from notifier.domain.phrases import gettext_noop
from notifier.gateways.gateway import Receipt, Settings, Sms
from notifier.gateways.sns_errors import NO_ANSWER, Verdict, verdict_of
from notifier.gateways.sns_settings import DEFAULTS, check_settings

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

LONGEST_EXPLANATION = 200
EXPLAINED = gettext_noop("{reason} ({explanation})")


class Sns:
    """Publishes to phone numbers. Credentials, region and endpoint are boto3's own variables."""

    key = "sns"
    label = "Amazon SNS"
    check = staticmethod(check_settings)

    def __init__(self, settings: Settings) -> None:
        """Raise ValueError for settings that `check` complains about."""
        if errors := check_settings(settings):
            raise ValueError(" ".join(f"{name}: {error}" for name, error in errors.items()))
        self._settings = {**DEFAULTS, **{name: text for name, text in settings.items() if text}}
        self._client: SNSClient | None = None
        self._lock = Lock()

    def send(self, sms: Sms) -> Receipt:
        """Publish once. Raises SendFailed when SNS surely did not take it, else SendUnknown."""
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        try:
            answer = self._connected().publish(
                PhoneNumber=sms.to, Message=sms.text, MessageAttributes=self._attributes()
            )
        except (ClientError, BotoCoreError, ResponseParserError) as error:
            failure = _failure(verdict_of(error), _explained(error, sms))
        else:
            if provider_id := answer.get("MessageId"):
                return Receipt(provider_id, "sent")
            failure = SendUnknown(NO_ANSWER.reason)
        # Raised out here, the error carries no context: the vendor's may name the number.
        raise failure

    def _attributes(self) -> dict[str, "MessageAttributeValueTypeDef"]:
        names = {
            "sms_type": ("AWS.SNS.SMS.SMSType", "String"),
            "sender_id": ("AWS.SNS.SMS.SenderID", "String"),
            "max_price": ("AWS.SNS.SMS.MaxPrice", "Number"),
            "origination_number": ("AWS.MM.SMS.OriginationNumber", "String"),
        }
        return {
            attribute: {"DataType": kind, "StringValue": self._settings[name]}
            for name, (attribute, kind) in names.items()
            if self._settings.get(name)
        }

    def _connected(self) -> "SNSClient":
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _connect(self) -> "SNSClient":
        import boto3
        from botocore.config import Config

        # At DEBUG botocore writes every request, with number and text, to the log.
        for name in ("boto3", "botocore"):
            logger = logging.getLogger(name)
            logger.setLevel(max(logger.level, logging.INFO))
        config = Config(
            connect_timeout=float(self._settings["connect_timeout"]),
            read_timeout=float(self._settings["read_timeout"]),
            # SNS takes no idempotency token: a retry after a time-out would send twice.
            retries={"total_max_attempts": 1},
        )
        client = boto3.session.Session().client("sns", config=config)
        client.meta.events.register("before-send.sns.Publish", _close_afterwards)
        return client


def _close_afterwards(request: "AWSPreparedRequest", **_: object) -> None:
    # A connection that was idle may be gone without a word (a NAT drops it after minutes). With
    # retries off, that would make the next message unknown although it never left.
    request.headers["Connection"] = "close"


def _failure(verdict: Verdict, explanation: str) -> SendFailed | SendUnknown:
    reason = EXPLAINED.format(reason=verdict.reason, explanation=explanation)
    if verdict.state == "unknown":
        return SendUnknown(reason)
    return SendFailed(reason, permanent=verdict.state == "permanent")


def _explained(error: Exception, sms: Sms) -> str:
    """Return the vendor's own words without the number."""
    from botocore.exceptions import ClientError

    if not isinstance(error, ClientError):
        return type(error).__name__
    told = error.response.get("Error", {})
    words = str(told.get("Message", ""))
    words = words.replace(sms.to.lstrip("+"), "…") if sms.to else words
    explanation = f"{told.get('Code', '')}: {line(' '.join(words.split()))}"
    return explanation[:LONGEST_EXPLANATION].rstrip(": ")
