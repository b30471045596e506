"""What the issuer says about itself and looks like."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from laurea.actions import branding, picturing
from laurea.actions.permissions import Verb
from laurea.credentials.errors import LaureaError
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.settings.forms import ProfileForm
from laurea.web.console.settings.parts import tabs


@staff(Verb.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: StaffRequest) -> HttpResponse:
    """Show and change the profile."""
    issuer = request.member.issuer
    form = ProfileForm(request.POST or None, request.FILES or None, issuer=issuer)
    if form.is_valid():
        try:
            branding.change(issuer, form.brand(), now=timezone.now(), actor=request.user)
        except LaureaError as error:
            form.tell(error)
        else:
            messages.success(request, _("Saved. It holds for what you issue from now on."))
            return redirect("console:settings", issuer.slug)
    context = {
        "form": form,
        "tabs": tabs(request, "settings"),
        "signed": [form[name] for name in form.SIGNED],
        "logo": picturing.link(issuer.logo) if issuer.logo else "",
        "issued": issuer.credentials.exists(),
    }
    return render(request, "console/settings/profile.html", context, status=422 if form.errors else 200)
