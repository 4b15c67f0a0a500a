from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from portal.accounts.forms import TokenForm
from portal.accounts.models import ApiToken, User
from portal.accounts.tokens import UnusableToken, create_token
from portal.accounts.views.person import signed_in


class Tokens(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        tokens = ApiToken.objects.filter(user=signed_in(request))
        return render(request, "accounts/tokens.html", {"tokens": tokens})


@method_decorator(never_cache, name="dispatch")
@method_decorator(reauthentication_required(app="portal.accounts"), name="dispatch")
class NewToken(View):
    write_role = "viewer"

    def get(self, request: HttpRequest) -> HttpResponse:
        return _page(request, TokenForm(user=signed_in(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        user = signed_in(request)
        form = TokenForm(request.POST, user=user)
        if not form.is_valid():
            return _page(request, form, status=422)
        token = _create(user, form)
        if token is None:
            return _page(request, form, status=422)
        return render(request, "accounts/token_made.html", {"token": token.row, "text": token.text})


def _create(user: User, form: TokenForm) -> Any:
    try:
        return create_token(user, **form.cleaned_data)
    except UnusableToken as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None


def _page(request: HttpRequest, form: TokenForm, **options: Any) -> HttpResponse:
    return render(request, "accounts/token_new.html", {"form": form}, **options)


class RevokeToken(View):
    """Somebody else's token does not exist here."""

    write_role = "viewer"
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, uid: str) -> HttpResponse:
        token = get_object_or_404(ApiToken, uid=uid, user=signed_in(request))
        token.delete()
        messages.success(request, _("The token “%(name)s” has been revoked.") % {"name": token})
        return HttpResponseRedirect(reverse("accounts:tokens"))
