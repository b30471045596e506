"""Merging two people who are one: choosing the other one, seeing what comes of it, and doing it."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from laurea.actions import merging, searching
from laurea.actions.people import PeopleError
from laurea.actions.permissions import Verb
from laurea.records.models import Email, Person
from laurea.web.console.access import StaffRequest, staff
from laurea.web.wording import told

_OFFERED = 20
_WORDS: dict[str, Promise] = {
    "name": gettext_lazy("Name"),
    "employee_number": gettext_lazy("Employee number"),
    "department": gettext_lazy("Department"),
    "job_role": gettext_lazy("Job role"),
    "language": gettext_lazy("Language"),
}


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """GET: search for the other one, or with ``?other=`` see what would come of it. POST: merge `other` into `pk`."""
    issuer = request.member.issuer
    person = get_object_or_404(Person, issuer=issuer, pk=pk)
    said = request.POST if request.method == "POST" else request.GET
    key = said.get("other", "")
    other = None
    if key.isdecimal() and len(key) < 19:
        other = get_object_or_404(Person.objects.exclude(pk=pk), issuer=issuer, pk=int(key))
    if request.method == "POST" and other is not None:
        name = other.name
        try:
            merging.merge(person, other, now=timezone.now(), actor=request.user)
        except PeopleError as error:
            messages.error(request, told(error) + ".")
            return redirect("console:person-merge", issuer.slug, pk)
        messages.success(request, _("%(other)s and %(name)s are one now.") % {"other": name, "name": person.name})
        return redirect("console:person", issuer.slug, pk)
    text = request.GET.get("q", "").strip()
    primary = Prefetch("emails", Email.objects.filter(primary=True), to_attr="used_for_mail")
    context: dict[str, object] = {"person": person, "other": other, "q": text}
    if other is None:
        # Without a search, those who share the family name: whom somebody probably has in mind.
        found = searching.people(issuer, text=text or person.name.split()[-1]).exclude(pk=pk)
        context["people"] = found.prefetch_related(primary)[:_OFFERED]
    else:
        coming = merging.prospect(person, other)
        context["coming"] = coming
        context["filled_in"] = [(_WORDS[name], value) for name, value in coming.filled_in.items()]
        context["dropped"] = [(_WORDS[name], value) for name, value in coming.dropped]
    return render(request, "console/people/merge.html", context)
