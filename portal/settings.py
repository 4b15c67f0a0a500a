"""Django's settings, derived from `portal.config`."""

import sys
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from portal import config as configuration
from portal.logs import logging_config

try:
    CONFIG = configuration.load()
    SECRET_KEY = configuration.secret_key(CONFIG)
except configuration.BadSetting as error:
    sys.exit(f"Leitstand cannot start, a setting is wrong.\n{error}\nREADME.md lists all settings.")
except OSError as error:
    sys.exit(f"Leitstand cannot start, LEITSTAND_DATA_DIR cannot be used: {error}")

DEBUG = CONFIG.debug
ALLOWED_HOSTS = CONFIG.hosts
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "portal",
    "portal.accounts",
    "notifier",
    "datalake",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "auditlog",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "phonenumber_field",
    "rest_framework",
]

MIDDLEWARE = [
    # First: a webhook needs nothing of what follows.
    "portal.middleware.hook_door",
    "portal.middleware.request_context",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.permissions_policy",
    "portal.middleware.own_account_is_not_kept",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.accounts.access.Gatekeeper",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.audit.remember_request",
    "portal.accounts.sessions.track_activity",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.portal",
            ],
        },
    },
]
FORM_RENDERER = "portal.forms.PortalRenderer"

# Data ---------------------------------------------------------------------------------------

DATABASES = {"default": dj_database_url.parse(CONFIG.database)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Take the write lock at BEGIN: a later upgrade fails at once, whatever the timeout.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # A checkpoint waits for the disk. The default, each 4 MB, means after 300 deliveries.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA wal_autocheckpoint=16000; PRAGMA temp_store=MEMORY;"
        ),
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    # A host that does not answer must not hold up the start, or a page, for minutes.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        **DATABASES["default"].get("OPTIONS", {}),
    }
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

CACHES = {
    # Shared by all processes: rate limits must count everywhere.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # The default of 300 lets anybody push a counter out by failing under many names.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

# People -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
for _validator in AUTH_PASSWORD_VALIDATORS:
    if _validator["NAME"].endswith("MinimumLengthValidator"):
        _validator["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Leitstand"
MFA_ADAPTER = "portal.accounts.adapter.MfaAdapter"
# Administrators vouch for the addresses: this portal sends no mail.
MFA_ALLOW_UNVERIFIED_EMAIL = True
ALLAUTH_TRUSTED_PROXY_COUNT = CONFIG.trusted_proxies
USERSESSIONS_TRACK_ACTIVITY = True

# Security -----------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = CONFIG.is_https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_TRUSTED_ORIGINS = [CONFIG.public_url]
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
if CONFIG.is_https:
    SECURE_SSL_REDIRECT = True
    # The load balancer asks for health over plain HTTP.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
if CONFIG.trusted_proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Language, time, files ----------------------------------------------------------------------

LANGUAGE_CODE = CONFIG.language
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [configuration.ROOT / "portal" / "locale"]
TIME_ZONE = CONFIG.time_zone
USE_I18N = USE_TZ = True
PHONENUMBER_DEFAULT_REGION = CONFIG.default_country
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_FORMAT = "INTERNATIONAL"

STATIC_URL = "/static/"
STATIC_ROOT = CONFIG.data_dir / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.staticfiles.PortalStaticStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = max(CONFIG.hook_max_bytes, 2_621_440)

# REST ---------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # A token class first, so that a missing sign-in answers 401 and not 403.
        "portal.accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["portal.accounts.access.MayUse"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.rest.BoundedJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["portal.rest.StrictFilters"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "portal.rest.AlwaysAnswer",
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_PAGINATION_CLASS": "portal.paging.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "portal.schema.PortalSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min", "user": "1200/min"},
    "NUM_PROXIES": CONFIG.trusted_proxies,
    "EXCEPTION_HANDLER": "portal.problems.handle",
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Leitstand",
    "DESCRIPTION": (
        "Webhooks in, SMS out: everything the pages do, for scripts. Lists are pages by cursor; "
        "errors are problem details (RFC 9457); a field or parameter that nobody knows is an error."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["portal.accounts.access.MayUse"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # No badge from a validator on the Internet.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
    "ENUM_NAME_OVERRIDES": {
        "DeliveryState": "notifier.models.delivery.DeliveryState",
        "MessageState": "notifier.models.message.MessageState",
        "Verdict": "notifier.models.delivery.Verdict",
        "Kind": "notifier.filters.KINDS",
        "Outcome": "notifier.filters.OUTCOMES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "portal.schema.complete",
    ],
}
REST_KNOX = {
    "TOKEN_TTL": None,
    "TOKEN_PREFIX": "lst_",
    "AUTH_HEADER_PREFIX": "Token",
    "AUTO_REFRESH": False,
}
KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105
# knox's own migrations would make a table that nobody uses and that PostgreSQL cannot flush.
MIGRATION_MODULES = {"knox": None}
AUDITLOG_LOGENTRY_MODEL = "auditlog.LogEntry"
AUDITLOG_USE_FK_STRING_REPRESENTATION = True
AUDITLOG_CID_GETTER = "portal.accounts.audit.request_id"
# Deliveries and messages are a history of their own. A masked field shows that it changed.
AUDITLOG_INCLUDE_TRACKING_MODELS = [
    {
        "model": "accounts.User",
        "exclude_fields": ["password", "last_login"],
        "m2m_fields": {"groups"},
    },
    {"model": "accounts.ApiToken", "exclude_fields": ["digest", "token_key", "uid", "last_used"]},
    {
        "model": "notifier.Source",
        "mask_fields": ["secret"],
        "mask_callable": "portal.accounts.audit.mask_secret",
        "exclude_fields": ["previous_secret", "last_delivery_at", "verified_at", "updated_at"],
    },
    {
        "model": "notifier.Recipient",
        "mask_fields": ["phone"],
        "mask_callable": "portal.accounts.audit.mask_phone",
        "exclude_fields": ["updated_at"],
    },
    {"model": "notifier.Team", "exclude_fields": ["updated_at"], "m2m_fields": {"members"}},
    {
        "model": "notifier.Rule",
        "exclude_fields": ["updated_at"],
        "m2m_fields": {"sources", "recipients", "teams"},
    },
]

# Notify -------------------------------------------------------------------------------------

NOTIFIER: dict[str, Any] = {
    "GATEWAY": CONFIG.sms_gateway,
    "GATEWAY_SETTINGS": {
        "sender_id": CONFIG.sms_sender_id,
        "origination_number": CONFIG.sms_origination_number,
        "max_price": CONFIG.sms_max_price,
        "sms_type": CONFIG.sms_type,
    },
    "HOURLY_LIMIT": CONFIG.sms_hourly_limit,
    "MAX_AGE_HOURS": CONFIG.sms_max_age_hours,
    "HOOK_MAX_BYTES": CONFIG.hook_max_bytes,
    "PUBLIC_URL": CONFIG.public_url,
    "TRUSTED_PROXIES": CONFIG.trusted_proxies,
    # What the worker writes into rows, for pages in another language.
    "WORKER_REASONS": "portal.work.reasons:REASONS",
}

# What the worker takes from: each name is an object with the shape of portal.work.Queue.
WORK_QUEUES = [
    "notifier.services.queues:DELIVERIES",
    "notifier.services.queues:MESSAGES",
]

LOGGING_CONFIG = None
LOGGING = logging_config(CONFIG.log_format)
