"""Form fields of our own."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 25_000
# More digits than this no key has, and SQLite would refuse the number itself.
LONGEST_KEY = 18


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Rows to tick, none of them needed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(widget=forms.CheckboxSelectMultiple, **kwargs)

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if len(str(key)) > LONGEST_KEY:
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": str(key)[:LONGEST_KEY]},
                )
        return super().clean(value)


class LinesField(forms.CharField):
    """A list of texts, one a line. Each line is checked by `check`, its errors say which."""

    def __init__(self, *, check: Callable[[list[str]], None], **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", LONGEST_TEXT)
        kwargs.setdefault("widget", forms.Textarea(attrs={"class": "globs", "rows": 2}))
        super().__init__(**kwargs)
        self.check_lines = check

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list | tuple) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        errors = list(self._errors(text.splitlines()))
        if errors:
            raise ValidationError(errors)
        return list(dict.fromkeys(filter(None, map(self.tidy, text.splitlines()))))

    def tidy(self, line: str) -> str:
        """Return `line` as it is kept."""
        return line.strip()

    def _errors(self, lines: Iterable[str]) -> Iterable[ValidationError]:
        for number, line in enumerate(map(self.tidy, lines), start=1):
            try:
                if line:
                    self.check_lines([line])
            except ValidationError as error:
                yield ValidationError(
                    _("Line %(number)d, “%(line)s”: %(problem)s"),
                    code="line",
                    params={
                        "number": number,
                        "line": line[:40],
                        "problem": " ".join(error.messages),
                    },
                )


class LoginsField(LinesField):
    """Logins, one a line; a leading @ is not part of one."""

    def tidy(self, line: str) -> str:
        return line.strip().removeprefix("@")
