"""Who works for the issuer: members, and those who were invited."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from laurea.actions import appointing, inviting, mail_folder
from laurea.actions.appointing import AppointingError
from laurea.actions.inviting import InvitationError, Sent
from laurea.actions.permissions import Verb
from laurea.records.models import Invitation, Member, Role
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.settings.forms import InviteForm, RoleForm
from laurea.web.console.settings.parts import tabs
from laurea.web.wording import worded


@staff(Verb.MANAGE)
@require_safe
def members(request: StaffRequest) -> HttpResponse:
    """All members, and the invitations that nobody has taken yet."""
    return _page(request)


@staff(Verb.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: StaffRequest) -> HttpResponse:
    """Invite somebody by mail."""
    form = InviteForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            sent = inviting.invite(
                request.member.issuer, said["email"], Role(said["role"]), now=timezone.now(), actor=request.user
            )
        except InvitationError as error:
            message, hint = worded(error)
            form.add_error("email", f"{message}. {hint}.")
        else:
            return _told(request, sent)
    context = {"form": form, "tabs": tabs(request, "settings-members")}
    return render(request, "console/settings/invite.html", context, status=422 if form.errors else 200)


@staff(Verb.MANAGE)
@require_POST
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """Send an invitation anew, with a new link."""
    return _told(request, inviting.again(_invitation(request, pk), now=timezone.now(), actor=request.user))


@staff(Verb.MANAGE)
@require_POST
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Make an invitation worthless."""
    invitation = _invitation(request, pk)
    inviting.withdraw(invitation, now=timezone.now(), actor=request.user)
    messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email})
    return redirect("console:settings-members", request.member.issuer.slug)


@staff(Verb.MANAGE)
@require_POST
def role(request: StaffRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    member, form = _member(request, pk), RoleForm(request.POST)
    if form.is_valid():
        try:
            appointing.appoint(member, Role(form.cleaned_data["role"]), now=timezone.now(), actor=request.user)
        except AppointingError as error:
            return _refused(request, error)
        said = {"name": str(member.account), "role": member.get_role_display()}
        messages.success(request, _("%(name)s: %(role)s.") % said)
    return _home(request, member)


@staff(Verb.MANAGE)
@require_POST
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    """End a membership."""
    member = _member(request, pk)
    try:
        appointing.dismiss(member, now=timezone.now(), actor=request.user)
    except AppointingError as error:
        return _refused(request, error)
    messages.success(request, _("%(name)s is no longer a member.") % {"name": str(member.account)})
    return _home(request, member)


def _home(request: StaffRequest, changed: Member) -> HttpResponse:
    """Back to the members; whoever gave up the right to see them goes to where they may be."""
    if changed.account_id == request.user.pk:
        return redirect("console:start")
    return redirect("console:settings-members", request.member.issuer.slug)


def _page(request: StaffRequest, sent: Sent | None = None) -> HttpResponse:
    issuer = request.member.issuer
    now = timezone.now()
    context = {
        "tabs": tabs(request, "settings-members"),
        "members": issuer.members.select_related("account").order_by("account__name", "account__email"),
        "owners": issuer.members.filter(role=Role.OWNER).count(),
        "pending": [
            {"invitation": each, "expired": each.expires <= now}
            for each in inviting.pending(issuer).select_related("invited_by")
        ],
        "roles": Role.choices,
        "sent": sent,
        "to_folder": mail_folder.in_use(),
    }
    return render(request, "console/settings/members.html", context)


def _told(request: StaffRequest, sent: Sent) -> HttpResponse:
    """Say that it was sent. Where no mail leaves, show the link this once: it is kept nowhere."""
    if sent.mailed and not mail_folder.in_use():
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": sent.invitation.email})
        return redirect("console:settings-members", request.member.issuer.slug)
    return _page(request, sent)


def _refused(request: StaffRequest, error: AppointingError) -> HttpResponse:
    message, hint = worded(error)
    messages.error(request, f"{message}. {hint}.")
    return redirect("console:settings-members", request.member.issuer.slug)


def _member(request: StaffRequest, pk: int) -> Member:
    return get_object_or_404(Member.objects.select_related("account"), issuer=request.member.issuer, pk=pk)


def _invitation(request: StaffRequest, pk: int) -> Invitation:
    return get_object_or_404(inviting.pending(request.member.issuer).select_related("issuer"), pk=pk)
