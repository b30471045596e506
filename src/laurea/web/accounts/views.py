"""Set-up, invitations, further organisations, and one's own account. Signing in itself is allauth's."""

from __future__ import annotations

from typing import cast

from allauth.account.utils import perform_login
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from laurea.actions import founding, inviting, joining
from laurea.actions.inviting import InvitationError
from laurea.actions.permissions import may_found
from laurea.credentials.errors import LaureaError
from laurea.records.models import Account, Invitation, Member
from laurea.web.accounts.forms import AccountForm, JoinForm, OrganisationForm, SetUpForm, tell
from laurea.web.accounts.switches import forget_language, remember_language
from laurea.web.wording import worded

_GONE = {"invitation.used": 410, "invitation.expired": 410}


@never_cache
@sensitive_post_parameters("password")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time link of a new installation: the first owner and the first organisation."""
    try:
        inviting.opened(token, now=timezone.now(), set_up=True)
    except InvitationError as error:
        return _over(request, error)
    form = SetUpForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            member = founding.set_up(token, form.founder(), form.organisation(), now=timezone.now())
        except InvitationError as error:
            return _over(request, error)
        except LaureaError as error:
            tell(form, error, form.FIELDS)
        else:
            return _enter(request, member.account, reverse("console:home", args=[member.issuer.slug]))
    return render(request, "accounts/set_up.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("password")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody was invited to: accepted by the account that is signed in, or by a new one."""
    try:
        opened = inviting.opened(token, now=timezone.now())
        if request.user.is_authenticated:
            return _accept(request, token, opened)
        if joining.known(opened.email):
            return render(request, "accounts/invitation.html", {"invitation": opened, "known": True})
        return _join(request, token, opened)
    except InvitationError as error:
        return _over(request, error)


def _accept(request: HttpRequest, token: str, opened: Invitation) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/invitation.html", {"invitation": opened})
    member = joining.accept(token, cast("Account", request.user), now=timezone.now())
    messages.success(request, _("You now work for %(issuer)s.") % {"issuer": member.issuer.name})
    return redirect("console:home", member.issuer.slug)


def _join(request: HttpRequest, token: str, opened: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, email=opened.email)
    if form.is_valid():
        said = form.cleaned_data
        try:
            member = joining.register_and_accept(
                token, said["name"], said["password"], language=request.LANGUAGE_CODE, now=timezone.now()
            )
        except joining.JoiningError as error:
            tell(form, error, {})
        else:
            return _enter(request, member.account, reverse("console:home", args=[member.issuer.slug]))
    context = {"invitation": opened, "form": form}
    return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """A further organisation on this installation."""
    account = cast("Account", request.user)
    if not may_found(account):
        raise Http404
    form = OrganisationForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            issuer = founding.found_another(form.organisation(), now=timezone.now(), account=account)
        except LaureaError as error:
            tell(form, error, form.FIELDS)
        else:
            return redirect("console:home", issuer.slug)
    return render(request, "accounts/found.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """One's own name and language, and what one is a member of."""
    account = cast("Account", request.user)
    form = AccountForm(request.POST or None, initial={"name": account.name, "language": account.language})
    if form.is_valid():
        said = form.cleaned_data
        joining.describe(account, said["name"], said["language"], now=timezone.now())
        messages.success(request, _("Saved."))
        response = redirect("accounts:home")
        if said["language"]:
            remember_language(response, said["language"])
        else:
            forget_language(response)
        return response
    memberships = Member.objects.filter(account=account).select_related("issuer").order_by("issuer__name")
    context = {"form": form, "memberships_of": memberships, "may_found": may_found(account)}
    return render(request, "accounts/home.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one's own session on another device."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.is_current():
        return redirect("account_logout")
    session.end()
    messages.success(request, _("That device is signed out."))
    return redirect("usersessions_list")


def _enter(request: HttpRequest, account: Account, address: str) -> HttpResponse:
    """Sign in an account that a link has just made, whose address the link has proven."""
    response: HttpResponse = perform_login(request, account, email_verification="none", redirect_url=address)
    return response


def _over(request: HttpRequest, error: InvitationError) -> HttpResponse:
    """A link that leads nowhere, said in plain words."""
    message, hint = worded(error)
    context = {"message": message, "hint": hint}
    return render(request, "accounts/link_over.html", context, status=_GONE.get(error.code, 404))
