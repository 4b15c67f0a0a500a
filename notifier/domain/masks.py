"""Secrets, addresses and phone numbers inside a text: found and covered.

Every pattern starts at the beginning of a run of characters (a look-behind) or is bounded, so
that a text is read in linear time whatever it holds.
"""

import re

MASK = "[hidden]"
ADDRESS_MASK = "[e-mail]"

SENSITIVE = (
    r"passw(?:or)?d|passphrase|secret|token|credential|authorization|amz[._-]?signature"
    r"|(?:api|private|access|signing|encryption)[._-]?key"
)
# Enough to recognise a name; the part before the word is bounded, or "tokentoken…" is quadratic.
SECRET_NAME = rf"(?<![\w.%-])(?=[\w.%-]{{0,100}}?(?:{SENSITIVE}))[\w.%-]{{1,200}}"

TOKEN = re.compile(
    r"(?<![A-Za-z0-9])(?:gh[opsur]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt|ffct)-"
    r"|lst_(?=[0-9a-f]{8})|whsec_|xox[abeprs]-|[sr]k_live_|pypi-|npm_|dckr_pat_)[\w+/=.-]{4,}"
    r"|(?<![A-Za-z0-9])A(?:KIA|SIA)[0-9A-Z]{12,}"
    r"|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"
)
URL_CREDENTIALS = re.compile(r"(?<=://)(?!git@)[^/\s?#\"'<>]*@")
ASSIGNMENT = re.compile(rf"(?i)({SECRET_NAME}=)[^\s&\"'<>;,]+")
QUERY = re.compile(r"(?i)(?<=[?&])((?:auth|key|sig|signature|pwd|pass)=)[^\s&\"'<>#]+")
BEARER = re.compile(r"(?i)(?<!\w)(bearer\s{1,3})[\w.~+/=-]{4,}")

# Only in log lines: there a colon assigns, and prose is not worth a leak.
HEADER = re.compile(
    r"(?i)((?:authorization|cookie)\\?[\"']?\s{0,3}[:=]\s{0,3}\\?[\"']?)[^\"'\r\n\\]+"
)
FIELD = re.compile(
    rf"(?i)({SECRET_NAME}\\?[\"']?\s{{0,3}}[:=]\s{{0,3}}\\?[\"']?)"
    r"(?:(?<=\")[^\"\\\r\n]+|(?<=')[^'\r\n]+|[^\s&\"'\\<>;,]+)"
)
BASIC = re.compile(r"(?i)(?<!\w)(basic\s{1,3})[\w.~+/=-]{8,}")
PHONE = re.compile(r"(?i)(?:\+|%2B)[1-9](?:[ ().\-/]{0,2}\d){6,}")

_IN_ADDRESS = r"[^\s<>()\[\]{}\"',;:/=?&|@]"
ADDRESS = re.compile(
    rf"(?<![^\s<>()\[\]{{}}\"',;:/=?&|])(?!git@){_IN_ADDRESS}+@{_IN_ADDRESS}+\.[^\W\d_]{{2,}}"
)

TWO_DIGIT_CODES = frozenset(
    {20, 27, *range(30, 35), 36, 39, 40, 41, *range(43, 50), *range(51, 59), *range(60, 67)}
    | {81, 82, 84, 86, *range(90, 96), 98}
)


def secrets(text: str) -> str:
    """Return `text` without known tokens, credentials in URLs and `token=…`."""
    # Most strings of a payload are short and harmless: asking first halves the time.
    if "=" in text:
        text = QUERY.sub(rf"\g<1>{MASK}", ASSIGNMENT.sub(rf"\g<1>{MASK}", text))
    if "://" in text and "@" in text:
        text = URL_CREDENTIALS.sub(f"{MASK}@", text)
    return BEARER.sub(rf"\g<1>{MASK}", TOKEN.sub(MASK, text))


def addresses(text: str) -> str:
    """Return `text` without e-mail addresses."""
    return ADDRESS.sub(ADDRESS_MASK, text) if "@" in text else text


def line(text: str) -> str:
    """Return a line for the log without secrets, credentials and phone numbers."""
    text = HEADER.sub(rf"\g<1>{MASK}", text)
    text = secrets(text)
    for pattern in (BASIC, FIELD):
        text = pattern.sub(rf"\g<1>{MASK}", text)
    return PHONE.sub(lambda found: phone(re.sub("(?i)%2B", "+", found[0])), text)


def phone(number: str) -> str:
    """Return a number that is recognised but not known: "+49 … 567"."""
    digits = re.sub(r"\D", "", number)
    if len(digits) < 8:
        return "…" if number else ""
    start = f"+{_country_code(digits)} " if number.lstrip().startswith("+") else ""
    return f"{start}… {digits[-3:]}"


def _country_code(digits: str) -> str:
    if digits[0] in "17":
        return digits[0]
    return digits[:2] if int(digits[:2]) in TWO_DIGIT_CODES else digits[:3]
