from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from notifier import sources
from notifier.forms.sources import DeleteSourceForm, RotateForm, SourceEditForm, SourceForm
from notifier.models import Delivery, Rule, Source
from notifier.models.delivery import Verdict
from notifier.services.deleting import StillInUse, delete_source, is_in_use, rules_only_for
from notifier.services.phrases import translated
from notifier.services.sources import create_source, hook_url, rotate_secret, secret_error
from notifier.views import secret_once
from notifier.views.pages import Switch, form_page, searched

HERE = ("127.0.0.1", "localhost", "::1")


class SourceList(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        _page, context = searched(request, Source.objects.all(), "name", "slug", "provider")
        return render(request, "notifier/sources.html", context)


class SourcePage(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = get_object_or_404(Source, pk=pk)
        context = {**guide(source), **state(source), "rules": Rule.objects.filter(sources=source)}
        return render(request, "notifier/source.html", context)


class SourceState(View):
    """The part of a source's page that changes by itself."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = get_object_or_404(Source, pk=pk)
        return render(request, "notifier/_source_state.html", {"source": source, **state(source)})


class SourceNew(View):
    """Two steps without a script: first the provider, then its form."""

    read_role = "operator"

    def get(self, request: HttpRequest) -> HttpResponse:
        provider = request.GET.get("provider", "")
        if provider not in sources.SOURCES:
            offered = [sources.get(key) for key in sources.SOURCES]
            return render(request, "notifier/source_provider.html", {"offered": offered})
        return self._page(request, SourceForm(provider=provider))

    def post(self, request: HttpRequest) -> HttpResponse:
        provider = request.GET.get("provider", "")
        if provider not in sources.SOURCES:
            return redirect("notifier:source-new")
        form = SourceForm(request.POST, provider=provider)
        if not form.is_valid():
            return self._page(request, form)
        names = ("name", "slug", "config", "secret")
        fields = {name: form.cleaned_data[name] for name in names}
        source, _secret = create_source(provider=provider, **fields)
        secret_once.allow(request, source)
        messages.success(request, _("The source %(name)s was added.") % {"name": source.name})
        return redirect("notifier:source-secret", pk=source.pk)

    def _page(self, request: HttpRequest, form: SourceForm) -> HttpResponse:
        return form_page(
            request,
            "notifier/source_new.html",
            form,
            provider=sources.get(form.provider),
        )


class SourceEdit(View):
    read_role = "operator"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(request, get_object_or_404(Source, pk=pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = get_object_or_404(Source, pk=pk)
        form = SourceEditForm(request.POST, instance=source, provider=source.provider)
        if not form.is_valid():
            return self._page(request, Source.objects.get(pk=pk), form)
        source = form.save()
        messages.success(request, _("%(name)s was saved.") % {"name": source.name})
        if problem := secret_error(source.provider, source.config, source.secret):
            text = _("The secret does not fit these settings: %(problem)s Make a new one.")
            messages.warning(request, text % {"problem": translated(problem)})
            return redirect("notifier:source-rotate", pk=pk)
        return redirect("notifier:source", pk=pk)

    def _page(
        self, request: HttpRequest, source: Source, form: SourceEditForm | None = None
    ) -> HttpResponse:
        form = form or SourceEditForm(instance=source, provider=source.provider)
        return form_page(
            request,
            "notifier/source_edit.html",
            form,
            source=source,
            provider=sources.get(source.provider),
        )


class SourceRotate(View):
    read_role = "operator"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = get_object_or_404(Source, pk=pk)
        form = RotateForm(source=source)
        return form_page(request, "notifier/source_rotate.html", form, source=source)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = get_object_or_404(Source, pk=pk)
        form = RotateForm(request.POST, source=source)
        if not form.is_valid():
            return form_page(request, "notifier/source_rotate.html", form, source=source)
        rotate_secret(source, secret=form.cleaned_data["secret"], overlap=form.overlap_time())
        secret_once.allow(request, source)
        messages.success(request, _rotated(source))
        return redirect("notifier:source-secret", pk=pk)


class SourceSecret(View):
    """The secret, once, with what to do with it."""

    read_role = "operator"

    @method_decorator(never_cache)
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = get_object_or_404(Source, pk=pk)
        if not secret_once.take(request, source):
            text = _("The secret was shown once and is not shown again. If it is lost, rotate it.")
            messages.info(request, text)
            return redirect("notifier:source", pk=pk)
        secrets = [(_("Address"), hook_url(source)), (_("Secret"), source.secret)]
        context = {**guide(source), **state(source), "secrets": secrets}
        return render(request, "notifier/source_secret.html", context)


class SourceSwitch(Switch):
    model = Source
    page = "notifier:source"


class SourceDelete(View):
    read_role = "operator"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = get_object_or_404(Source, pk=pk)
        return self._page(request, DeleteSourceForm(source=source))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = get_object_or_404(Source, pk=pk)
        form = DeleteSourceForm(request.POST, source=source)
        if not form.is_valid():
            return self._page(request, form)
        try:
            delete_source(source)
        except StillInUse as error:
            messages.error(request, str(error))
            return redirect("notifier:source-delete", pk=pk)
        text = _("The source %(name)s and its deliveries were deleted.")
        messages.success(request, text % {"name": source.name})
        return redirect("notifier:sources")

    def _page(self, request: HttpRequest, form: DeleteSourceForm) -> HttpResponse:
        source = form.source
        return form_page(
            request,
            "notifier/source_delete.html",
            form,
            source=source,
            is_in_use=is_in_use(source),
            deliveries=Delivery.objects.filter(source=source).count(),
            rules=[rule for rule in rules_only_for(source) if rule.is_active],
        )


def guide(source: Source) -> dict[str, Any]:
    """Return what a person does at the provider, step by step, and the settings in use."""
    provider = sources.get(source.provider)
    url = hook_url(source)
    labels = {setting.name: translated(setting.label) for setting in provider.guide.settings}
    return {
        "source": source,
        "provider": provider,
        "url": url,
        "is_local": urlsplit(url).hostname in HERE,
        "steps": [translated(step).partition("{url}") for step in provider.guide.steps],
        "events": provider.guide.events,
        "config": [(labels.get(name, name), value) for name, value in source.config.items()],
    }


def state(source: Source) -> dict[str, Any]:
    """Return whether it works, and what the last request was refused for."""
    newest = Delivery.objects.filter(source=source).order_by("-id").first()
    refused = newest if newest and newest.verdict == Verdict.REJECTED else None
    until = source.previous_until
    has_previous = bool(source.previous_secret and until and until > now())
    return {"refused": refused, "previous_until": until if has_previous else None}


def _rotated(source: Source) -> str:
    until = source.previous_until
    if until is None or until <= now():
        return _("There is a new secret. The old one is refused from now on.")
    moment = date_format(localtime(until), "Y-m-d H:i")
    return _("There is a new secret. The old one works until %(moment)s.") % {"moment": moment}
