"""Every setting, typed and explained, from `LEITSTAND_*` variables. No Django here."""

import secrets
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "LEITSTAND_"
ROOT = Path(__file__).resolve().parent.parent


class BadSetting(ValueError):
    """A setting cannot be used. The text names the variable and what it may be."""


class Config(BaseSettings):
    """The settings of one process. README.md shows the same table."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", env_ignore_empty=True)

    data_dir: Path = Field(
        ROOT / "var",
        description="Folder for everything that is kept: database, secret key, static files.",
    )
    database_url: SecretStr = Field(
        SecretStr(""),
        description="Where rows live: postgres://user:password@host/name. Empty: SQLite.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs sessions, encrypts webhook secrets. Empty: kept in the data folder.",
    )
    admin_email: str = Field("", description="Address of an administrator to create at start.")
    admin_password: SecretStr = Field(
        SecretStr(""),
        description="Their password. Without both, the first start prints a set-up link.",
    )
    public_url: str = Field(
        "", description="Address under which people and webhooks reach the portal."
    )
    port: int = Field(8000, ge=1, le=65535, description="Port of the portal on 127.0.0.1.")
    bind: str = Field("127.0.0.1", description="Address the web process listens on.")
    web_processes: int = Field(2, ge=1, le=64, description="Web processes.")
    web_threads: int = Field(16, ge=1, le=256, description="Threads of each web process.")
    trusted_proxies: int = Field(
        0,
        ge=0,
        le=5,
        description="Proxies in front that set X-Forwarded-For and -Proto (ELB: 1).",
    )
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="More host names, comma-separated, besides the public address and localhost.",
    )
    debug: bool = Field(False, description="Show tracebacks in the browser. Never in production.")
    log_format: Literal["console", "json"] = Field(
        "console", description="Form of the log lines: console or json."
    )
    language: Literal["en", "de"] = Field("en", description="Language where nobody chose one.")
    time_zone: str = Field("UTC", description="Time zone of the pages, an IANA name.")
    default_country: str = Field(
        "DE",
        pattern="^[A-Z]{2}$",
        description="Country of phone numbers that are typed without +, two capital letters.",
    )
    hook_max_bytes: int = Field(
        25 * 1024 * 1024,
        ge=1024,
        description="Largest webhook body that is taken, in bytes.",
    )
    sms_gateway: str = Field("outbox", description="How messages are sent: outbox or sns.")
    sms_sender_id: str = Field("", description="Sender shown on the phone, where allowed (sns).")
    sms_origination_number: str = Field("", description="Own number to send from, E.164 (sns).")
    sms_max_price: str = Field("", description="Most that one part may cost, in USD (sns).")
    sms_type: Literal["Transactional", "Promotional"] = Field(
        "Transactional", description="Delivery class of the messages (sns)."
    )
    sms_hourly_limit: int = Field(
        30,
        ge=1,
        description="Most messages that one recipient gets in an hour; more are held.",
    )
    sms_max_age_hours: int = Field(
        12, ge=1, description="A message that could not be sent for so long is dropped."
    )

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            [part.strip() for part in value.split(",") if part.strip()]
            if isinstance(value, str)
            else value
        )

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _usable_address(cls, value: SecretStr) -> SecretStr:
        if url := value.get_secret_value():
            _check_database_url(url)
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        from zoneinfo import available_timezones

        if value not in available_timezones():
            raise ValueError("is no IANA time zone such as Europe/Berlin")
        return value

    @model_validator(mode="after")
    def _fill_in(self) -> "Config":
        self.public_url = (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")
        parts = urlsplit(self.public_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
            raise ValueError(f"{PREFIX}PUBLIC_URL must look like https://portal.example.com")
        if bool(self.admin_email) != bool(self.admin_password.get_secret_value()):
            raise ValueError(f"{PREFIX}ADMIN_EMAIL and {PREFIX}ADMIN_PASSWORD: set both or neither")
        return self

    @property
    def is_https(self) -> bool:
        """Whether people reach the portal through TLS."""
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """Host names that requests may carry."""
        own = urlsplit(self.public_url).hostname or ""
        return sorted({own, "127.0.0.1", "localhost", *self.allowed_hosts})

    @property
    def database(self) -> str:
        """The database address in use."""
        given = self.database_url.get_secret_value()
        return given or f"sqlite:///{(self.data_dir / 'leitstand.sqlite3').absolute()}"


def _check_database_url(url: str) -> None:
    """Raise ValueError without the address in it: it holds a password."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError(
            "cannot be read; write special characters in user and password as %XX"
        ) from None
    if parts.scheme not in ("postgres", "postgresql", "sqlite"):
        raise ValueError("must start with postgres:// or sqlite:///")
    if parts.scheme == "sqlite" and parts.path in ("", "/"):
        raise ValueError("must name a file: sqlite:////path/to/file")


def load() -> Config:
    """Read the environment. Raises BadSetting with one line for each mistake."""
    try:
        return Config()
    except ValidationError as error:
        lines = [_sentence(item["loc"], item["msg"]) for item in error.errors()]
        raise BadSetting("\n".join(lines)) from None


def _sentence(location: tuple[int | str, ...], message: str) -> str:
    text = message.removeprefix("Value error, ")
    if not location:
        return text
    return f"{PREFIX}{str(location[0]).upper()}: {text}"


def secret_key(config: Config) -> str:
    """Return the secret key; make it and keep it in the data folder when none is set.

    The file is created readable for its owner only; two processes that start at once agree.
    """
    given = config.secret_key.get_secret_value()
    if given:
        return given
    path = config.data_dir / "secret_key"
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with open(path, "x", opener=_private) as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text().strip()


def _private(path: str, flags: int) -> int:
    import os

    return os.open(path, flags, 0o600)
