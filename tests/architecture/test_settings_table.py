"""README.md shows every setting as portal/config.py defines it."""

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from portal.config import PREFIX, ROOT, Config


def shown(default: object) -> str:
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if default in ("", PydanticUndefined):
        return ""
    if isinstance(default, bool):
        return "`1`" if default else "`0`"
    return f"`{str(default).removeprefix(f'{ROOT}/')}`"


def table() -> str:
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Config.model_fields.items():
        lines.append(f"| `{PREFIX}{name.upper()}` | {shown(field.default)} | {field.description} |")
    return "\n".join(lines)


def test_the_readme_lists_every_setting_with_its_default_and_meaning() -> None:
    assert table() in (ROOT / "README.md").read_text(), f"README.md needs this:\n{table()}"
