"""The way into every page of the console: a member of the issuer in the address, with a role that allows it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from laurea.actions.permissions import Verb, may
from laurea.records.models import Account, Member

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request of a member, with what every page of the console shows."""

    user: Account
    member: Member
    memberships: list[Member]
    htmx: HtmxDetails


def staff(
    verb: Verb,
) -> Callable[[Callable[Concatenate[StaffRequest, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let in members of the issuer named by the address part `issuer` whose role allows `verb`.

    The view gets the request with `member` (whose `issuer` is loaded) and `memberships`. Nobody: to the sign-in;
    another issuer's member: 404; a role that does not allow it: 403.
    """

    def guard(view: Callable[Concatenate[StaffRequest, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def guarded(request: Any, issuer: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            memberships = list(
                Member.objects.filter(account=request.user).select_related("issuer").order_by("issuer__name")
            )
            member = next((member for member in memberships if member.issuer.slug == issuer), None)
            if member is None:
                raise Http404
            if not may(member, verb):
                raise PermissionDenied
            member.account = request.user
            request.member, request.memberships = member, memberships
            return view(request, *args, **kwargs)

        guarded.verb = verb  # type: ignore[attr-defined]  # read by the test that sweeps every address
        return guarded

    return guard
