"""What went to holders: the outbox, a single message, and sending it again."""

from __future__ import annotations

import email
from email import policy
from email.message import EmailMessage

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from laurea.actions import delivering, mail_folder
from laurea.actions.delivering import MailError
from laurea.actions.permissions import Verb, may
from laurea.records.models import Delivery
from laurea.web.console.access import StaffRequest, staff
from laurea.web.wording import told

PAGE = 50


@staff(Verb.LOOK)
@require_GET
def outbox(request: StaffRequest) -> HttpResponse:
    """All messages to holders, the newest first."""
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()
    found = _deliveries(request)
    counts = dict(found.order_by().values_list("state").annotate(Count("pk")))
    if words:
        found = found.filter(Q(credential__name__icontains=words) | Q(address__icontains=words.lower()))
    if state in Delivery.State.values:
        found = found.filter(state=state)
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "chips": _chips(state, counts),
        "q": words,
        "to_folder": mail_folder.in_use(),
        "may_send": may(request.member, Verb.ISSUE),
    }
    return render(request, "console/mail/outbox.html", context)


@staff(Verb.LOOK)
@require_GET
def message(request: StaffRequest, pk: int) -> HttpResponse:
    """One message: what became of it, and, where mail goes to a folder, what it says."""
    delivery = get_object_or_404(_deliveries(request), pk=pk)
    raw = mail_folder.find(delivering.message_id(delivery))
    context = {
        "delivery": delivery,
        "letter": _letter(raw) if raw else None,
        "may_send": may(request.member, Verb.ISSUE) and delivery.state != Delivery.State.HELD,
    }
    return render(request, "console/mail/message.html", context)


@staff(Verb.LOOK)
@require_GET
def source(request: StaffRequest, pk: int) -> HttpResponse:
    """The message as a file that every mail program opens."""
    delivery = get_object_or_404(_deliveries(request), pk=pk)
    raw = mail_folder.find(delivering.message_id(delivery))
    if raw is None:
        raise Http404
    name = f"{delivery.credential.code}.eml"
    return HttpResponse(
        raw,
        content_type="message/rfc822",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )


@staff(Verb.ISSUE)
@require_POST
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a message into the outbox once more."""
    delivery = get_object_or_404(_deliveries(request), pk=pk)
    try:
        delivering.send_again(delivery, now=timezone.now(), actor=request.user)
    except MailError as error:
        messages.error(request, told(error) + ".")
    else:
        messages.success(request, _("The message is on its way again."))
    return redirect("console:mail-message", request.member.issuer.slug, pk)


def _deliveries(request: StaffRequest) -> QuerySet[Delivery]:
    return (
        Delivery.objects.filter(issuer=request.member.issuer)
        .select_related("credential__achievement", "credential__person")
        .order_by("-pk")
    )


def _chips(chosen: str, counts: dict[str, int]) -> list[dict[str, object]]:
    everything = {"label": _("All"), "url": "?", "count": sum(counts.values()), "active": not chosen}
    return [everything] + [
        {
            "label": label,
            "url": f"?state={value}",
            "count": counts.get(value, 0),
            "active": value == chosen,
            "state": value,
        }
        for value, label in Delivery.State.choices
    ]


def _letter(raw: bytes) -> dict[str, object]:
    """What a stored message says, as far as a page shows it: the text, not the markup."""
    letter: EmailMessage = email.message_from_bytes(raw, policy=policy.default)
    text = letter.get_body(("plain",))
    return {
        "subject": letter["Subject"],
        "sender": letter["From"],
        "to": letter["To"],
        "text": text.get_content() if text is not None else "",
        "files": [part.get_filename() for part in letter.iter_attachments() if part.get_filename()],
    }
