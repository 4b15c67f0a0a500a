"""The forms of a source: what the provider asks for comes from its guide."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifier import sources
from notifier.models import Source
from notifier.services.phrases import translated
from notifier.services.sources import hook_url, secret_error, suggest_slug
from notifier.sources.source import Setting

PREFIX = "setting_"
LONGEST_SETTING = 1000
HOUR = 3600
OVERLAPS = (
    (0, _("at once")),
    (HOUR, _("in one hour")),
    (24 * HOUR, _("in one day")),
    (7 * 24 * HOUR, _("in one week")),
)


class SecretField(forms.CharField):
    """A secret that a person brings along; empty means that one is made."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            strip=False,
            label=_("My own secret"),
            help_text=_(
                "Leave it empty and a strong one is made. Fill it in where the provider insists "
                "on a secret of its own."
            ),
            widget=forms.TextInput(
                attrs={"class": "mono", "autocomplete": "off", "spellcheck": "false"}
            ),
            **kwargs,
        )


class ProviderForm(forms.ModelForm):  # type: ignore[type-arg]
    """A source's form with the settings of its provider; `config` is what they make."""

    class Meta:
        model = Source
        fields: tuple[str, ...] = ("name",)
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args: Any, provider: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.provider = provider
        self.guide = sources.get(provider).guide
        for setting in self.guide.settings:
            self.fields[PREFIX + setting.name] = _setting_field(setting)
            kept = self.instance.config.get(setting.name)
            usual = setting.default if setting.choices else ""
            self.initial[PREFIX + setting.name] = kept or usual

    def choices_fields(self) -> list[forms.BoundField]:
        """Return the settings that are a choice."""
        return [self[PREFIX + each.name] for each in self.guide.settings if each.choices]

    def text_fields(self) -> list[forms.BoundField]:
        """Return the settings that are a text with a default."""
        return [self[PREFIX + each.name] for each in self.guide.settings if not each.choices]

    def shows_texts(self) -> bool:
        """Say whether a text setting was filled in or is wrong, so that it must be seen."""
        return any(field.errors or field.value() for field in self.text_fields())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        config = dict(self._config(cleaned))
        for name, problem in sources.get(self.provider).check_config(config).items():
            self.add_error(PREFIX + name, translated(problem))
        cleaned["config"] = config
        return cleaned

    def _config(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for setting in self.guide.settings:
            value = cleaned.get(PREFIX + setting.name, "").strip()
            if value and value != setting.default:
                yield setting.name, value


class SourceForm(ProviderForm):
    """A new source."""

    secret = SecretField()

    class Meta(ProviderForm.Meta):
        fields = ("name", "slug")
        widgets = {
            **ProviderForm.Meta.widgets,
            "slug": forms.TextInput(
                attrs={"class": "mono", "autocomplete": "off", "autocapitalize": "none"}
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        hooks = hook_url(Source(slug="")).rstrip("/") + "/"
        self.fields["slug"].help_text = gettext(
            "The address will be %(hooks)s and this. Left empty, it is made from the name."
        ) % {"hooks": hooks}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("name") and cleaned.get("slug") == "":
            cleaned["slug"] = suggest_slug(cleaned["name"], self.provider)
        _check_secret(self, self.provider, cleaned["config"])
        return cleaned


class SourceEditForm(ProviderForm):
    """What can be changed later: the address and the provider cannot, webhooks rely on them."""

    def save(self, commit: bool = True) -> Any:
        self.instance.config = self.cleaned_data["config"]
        return super().save(commit)


class RotateForm(forms.Form):
    overlap = forms.TypedChoiceField(
        label=_("The old secret stops working"),
        help_text=_("Until then both are taken, so that nothing is lost while you change it."),
        choices=OVERLAPS,
        coerce=int,
        initial=24 * HOUR,
        widget=forms.RadioSelect,
    )
    secret = SecretField()

    def __init__(self, *args: Any, source: Source, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        _check_secret(self, self.source.provider, self.source.config)
        return cleaned

    def overlap_time(self) -> timedelta:
        """Return for how long the old secret stays valid."""
        return timedelta(seconds=self.cleaned_data["overlap"])


class DeleteSourceForm(forms.Form):
    """Typing the address part proves that this source is meant: its history goes with it."""

    slug = forms.CharField(
        label=_("Type the address part to confirm"),
        widget=forms.TextInput(
            attrs={"class": "mono", "autocomplete": "off", "autocapitalize": "none"}
        ),
    )

    def __init__(self, *args: Any, source: Source, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source

    def clean_slug(self) -> str:
        typed: str = self.cleaned_data["slug"]
        if typed != self.source.slug:
            raise ValidationError(
                _("This is not %(slug)s."), code="mismatch", params={"slug": self.source.slug}
            )
        return typed


def _setting_field(setting: Setting) -> forms.Field:
    label, help_text = translated(setting.label), translated(setting.help)
    if setting.choices:
        words = [(key, translated(word)) for key, word in setting.choices]
        return forms.ChoiceField(label=label, help_text=help_text, choices=words)
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONGEST_SETTING,
        widget=forms.TextInput(attrs={"class": "mono", "placeholder": setting.default}),
    )


def _check_secret(form: forms.BaseForm, provider: str, config: dict[str, Any]) -> None:
    secret = form.cleaned_data.get("secret")
    problem = secret_error(provider, config, secret) if secret else ""
    if problem:
        form.add_error("secret", translated(problem))
