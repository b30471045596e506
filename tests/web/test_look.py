"""The look: its parts come out as described, and no template breaks the rules that all pages live by."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import engines
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.urls import include, path, set_urlconf
from django.utils import translation
from django.views import View

from laurea.records.models import Account, Batch, Delivery, Issuer, Key, Member, Role, Row
from laurea.web.apps import assets_are_there
from laurea.web.templatetags import look

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
WEB = Path(look.__file__).parent.parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
STATIC = WEB / "static"


def drawn(source: str, **context: Any) -> str:
    """What a template comes to, spaces between tags left out."""
    request = context.pop("_request", None)
    loads = "" if source.startswith("{% extends") else "{% load look i18n %}"
    text = engines["django"].from_string(loads + source).render(context, request)
    return re.sub(r">\s+<", "><", re.sub(r"\s+", " ", text)).strip()


def name(file: Path) -> str:
    return file.relative_to(WEB / "templates").as_posix()


# --- Rules for every template of the web door -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    """The text of all templates, without their comments."""
    comment = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)
    return {name(file): comment.sub("", file.read_text(encoding="utf-8")) for file in TEMPLATES}


# What a Content-Security-Policy without 'unsafe-inline' and 'unsafe-eval' keeps from working.
FORBIDDEN = {
    "an inline style": r"<[^>]*\sstyle\s*=",
    "a style sheet in the page": r"<style\b",
    "a program in the page": r"<script(?![^>]*\bsrc=)",
    "a program in an attribute": r"<[^>]*\son[a-z]+\s*=",
    "a program that htmx would have to evaluate": r"\bhx-on[:-]|hx-(?:vals|headers)=[\"']\s*js:",
    "a condition that htmx would have to evaluate": r"hx-trigger=[\"'][^\"']*\[",
    "a program as an address": r"javascript:",
    "another host": r"(?:src|action)=[\"']\s*(?:https?:)?//",
    "HTML that Alpine would have to trust": r"\bx-html\b",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_has(what: str, sources: dict[str, str]) -> None:
    found = [(page, match[0]) for page, text in sources.items() for match in re.finditer(FORBIDDEN[what], text)]
    assert found == []


def test_no_name_of_a_program_is_another_programs() -> None:
    """Programs of one page share their names; a second declaration ends the program that makes it."""
    declared = [
        match[1]
        for file in sorted((STATIC / "laurea").glob("*.js"))
        for match in re.finditer(r"^(?:const|let|class|function) (\w+)", file.read_text("utf-8"), re.MULTILINE)
    ]
    assert [each for each in declared if declared.count(each) > 1] == []


@pytest.mark.parametrize("file", TEMPLATES, ids=name)
def test_every_template_can_be_read(file: Path) -> None:
    get_template(name(file))


def test_templates_name_only_parts_that_exist(sources: dict[str, str]) -> None:
    named = {
        (page, part)
        for page, text in sources.items()
        for part in re.findall(r"{% (?:include|extends) [\"']([^\"']+)[\"']", text)
    }
    missing = {(page, part) for page, part in named if part not in sources and not _elsewhere(part)}
    assert missing == set()


def _elsewhere(part: str) -> bool:
    """Whether a template comes with Django or allauth."""
    get_template(part)
    return True


@pytest.fixture(scope="module")
def known_icons() -> list[str]:
    return tomllib.loads((WEB / "assets.toml").read_text(encoding="utf-8"))["icons"]["names"]


def test_templates_name_only_icons_that_are_drawn(sources: dict[str, str], known_icons: list[str]) -> None:
    tags = (
        r"{% (?:icon|empty) [\"']([^\"']+)[\"']",
        r"{% section [\"'][^\"']+[\"'] [\"']([^\"']+)[\"']",
        r"\bsymbol=[\"']([^\"']+)[\"']",
    )
    named = {(page, icon) for page, text in sources.items() for tag in tags for icon in re.findall(tag, text)}
    assert {(page, icon) for page, icon in named if icon not in known_icons} == set()
    assert len(named) > 20


def test_states_and_alerts_name_only_icons_that_are_drawn(known_icons: list[str]) -> None:
    assert {symbol for _, symbol in look.STATES.values()} | set(look.ALERTS.values()) <= set(known_icons)


def test_the_index_lists_icons_once_and_in_order(known_icons: list[str]) -> None:
    assert known_icons == sorted(set(known_icons))


def test_templates_name_only_static_files_that_exist(sources: dict[str, str]) -> None:
    pattern = r"{% static [\"']([^\"']+)[\"']|[\"']/static/([^\"']+)[\"']"
    named = {(page, "".join(file)) for page, text in sources.items() for file in re.findall(pattern, text)}
    assert {(page, file) for page, file in named if not (STATIC / file).is_file()} == set()


def test_style_sheets_ask_no_other_host_and_name_only_files_that_exist() -> None:
    for sheet in STATIC.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert "@import" not in text
        assert "sourceMappingURL" not in text
        addresses = [a.strip("\"'") for a in re.findall(r"url\((\"[^\"]*\"|'[^']*'|[^)]*)\)", text)]
        for address in addresses:
            assert address.startswith("data:image/svg+xml") or (sheet.parent / address).is_file(), (sheet, address)


def test_our_style_sheets_name_only_tokens_that_exist() -> None:
    ours = "".join((STATIC / "laurea" / file).read_text(encoding="utf-8") for file in ("theme.css", "parts.css"))
    tabler = (STATIC / "vendor" / "tabler.min.css").read_text(encoding="utf-8")
    known = set(re.findall(r"(--[a-z0-9-]+)\s*:", ours + tabler))
    assert set(re.findall(r"var\((--[a-z0-9-]+)", ours)) - known == set()


def test_the_laurel_is_the_one_that_certificates_bear(root: Path) -> None:
    def paths(file: Path) -> list[str | None]:
        return [each.get("d") for each in ElementTree.parse(file).iter("{http://www.w3.org/2000/svg}path")]  # noqa: S314  # our own files

    drawing = paths(root / "src" / "laurea" / "rendering" / "mark.svg")
    assert paths(STATIC / "laurea" / "mark.svg") == paths(STATIC / "laurea" / "favicon.svg") == drawing


def test_a_checkout_without_its_assets_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert assets_are_there(None) == []
    monkeypatch.setattr("laurea.web.apps._STATIC", tmp_path)
    (problem,) = assets_are_there(None)
    assert "make assets" in str(problem.hint)


# --- Tags -------------------------------------------------------------------------------------------------------------


def test_icon_is_for_the_eye_unless_it_has_a_label() -> None:
    use = '<use href="/static/vendor/icons.svg#trash"></use></svg>'
    assert drawn('{% icon "trash" %}') == f'<svg class="icon" aria-hidden="true">{use}'
    assert drawn('{% icon "trash" "Remove" %}') == f'<svg class="icon" role="img" aria-label="Remove">{use}'


def test_codes_stand_in_groups_of_four() -> None:
    assert drawn("{{ code|grouped }}", code="000G40R40M30E200") == "000G-40R4-0M30-E200"


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=44), "just now"),
        (timedelta(seconds=-10), "just now"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(minutes=44), "44 minutes ago"),
        (timedelta(minutes=50), "1 hour ago"),
        (timedelta(hours=-3), "in 3 hours"),
        (timedelta(hours=23), "1 day ago"),
        (timedelta(days=44), "44 days ago"),
        (timedelta(days=46), "2 months ago"),
        (timedelta(days=-344), "in 11 months"),
        (timedelta(days=365), "1 year ago"),
        (timedelta(days=-1100), "in 3 years"),
    ],
)
def test_distances_in_words(distance: timedelta, words: str) -> None:
    assert look.in_words(NOW - distance, NOW) == words


def test_ago_keeps_the_exact_time() -> None:
    assert drawn("{% ago moment now %}", moment=NOW - timedelta(hours=2), now=NOW) == (
        '<time datetime="2026-11-23T07:30:00Z" title="23 November 2026, 07:30 UTC">2 hours ago</time>'
    )
    assert drawn("{% ago moment %}", moment=None) == "–"


def test_every_state_on_record_has_its_symbol() -> None:
    kinds = (Batch.State, Row.State, Row.Outcome, Delivery.State, Key.State, Role)
    assert [value for kind in kinds for value in kind.values if value not in look.STATES] == []


def test_a_state_has_colour_symbol_and_word() -> None:
    markup = drawn("{% state value label %}", value="revoked", label="Revoked <b>")
    assert 'class="state state-danger"' in markup
    assert "#ban" in markup
    assert "<span>Revoked &lt;b&gt;</span>" in markup
    assert "state-quiet" in drawn('{% state "something new" %}')


@pytest.mark.parametrize(
    ("person", "letters"),
    [
        ("Ada Lovelace", "AL"),
        ("Maria del Carmen Fernández-Villaverde", "MF"),
        ("Plato", "P"),
        ("Żaneta Łukasiewicz", "ŻŁ"),
        ("山田 太郎", "山太"),
        ("1. (Dr.) straße", "DS"),
        ("…", "?"),
        ("", "?"),
    ],
)
def test_initials(person: str, letters: str) -> None:
    assert look.initials(person) == letters


def test_bodies_of_components_stay_markup_and_their_titles_are_escaped() -> None:
    markup = drawn('{% alert "danger" title=title %}<p>{{ title }}</p>{% endalert %}', title="<x>")
    assert 'role="alert"' in markup
    assert '<p class="notice-title">&lt;x&gt;</p><p>&lt;x&gt;</p>' in markup
    assert "role" not in drawn('{% alert "info" %}x{% endalert %}').replace('role="img"', "")
    assert '<h2 class="nothing-title">Nobody yet</h2><p>x</p>' in drawn(
        '{% empty "users" title="Nobody yet" %}<p>x</p>{% endempty %}'
    )
    assert '<h2 id="rename-title">Rename</h2>' in drawn('{% dialog "rename" title="Rename" %}x{% enddialog %}')
    assert 'aria-label="More"' in drawn('{% menu "More" %}<a href="/">x</a>{% endmenu %}')
    assert "<header" not in drawn("{% card %}x{% endcard %}")
    assert "What is it?" in drawn('{% hint "What is it?" %}x{% endhint %}')


# --- Includes ---------------------------------------------------------------------------------------------------------


def test_confirm_names_the_act_and_its_consequence() -> None:
    markup = drawn(
        '{% include "components/confirm.html" with name="revoke" title=title consequence="It cannot be undone." '
        'action="/x" button="Revoke" %}',
        title="Revoke the certificate of Ada?",
    )
    assert 'role="alertdialog" aria-labelledby="revoke-title" aria-describedby="revoke-consequence"' in markup
    assert '<button class="btn btn-danger">Revoke</button>' in markup


def test_progress_without_a_total_is_indeterminate() -> None:
    known = '{% include "components/progress.html" with label="Issued" value=1200 total=50000 %}'
    assert '<span class="going-count">1,200 / 50,000</span>' in drawn(known)
    assert '<progress aria-label="Issued" value="1200" max="50000">' in drawn(known)
    assert '<progress aria-label="Issued"></progress>' in drawn(
        '{% include "components/progress.html" with label="Issued" %}'
    )


def test_pagination_keeps_the_other_parameters(rf: RequestFactory) -> None:
    page = Paginator(range(120), 50).page(2)
    markup = drawn('{% include "components/pagination.html" %}', page=page, request=rf.get("/people?q=ada&page=2"))
    assert "51 to 100 of 120" in markup
    assert 'href="?q=ada&amp;page=3"' in markup
    assert 'aria-current="page">2</a>' in markup
    assert drawn('{% include "components/pagination.html" %}', page=Paginator([], 50).page(1)) == ""


def test_pagination_by_keys() -> None:
    markup = drawn('{% include "components/pagination.html" with next="?after=50" shown=50 total=1204 %}')
    assert "50 of 1,204" in markup
    assert 'rel="next" href="?after=50"' in markup
    assert 'rel="prev"' not in markup


def test_chips_say_which_is_chosen() -> None:
    chips = [
        {"label": "All", "url": "?", "count": 1204, "active": True},
        {"label": "Revoked", "url": "?state=revoked", "count": None, "active": False},
    ]
    markup = drawn('{% include "components/chips.html" with label="State" %}', chips=chips)
    assert 'href="?" aria-current="true">All <span class="chip-count">1,204</span></a>' in markup
    assert '<a class="chip" href="?state=revoked">Revoked</a>' in markup


def test_search_works_without_javascript(rf: RequestFactory) -> None:
    markup = drawn(
        '{% include "components/search.html" with label="Search people" value=q target="list" %}',
        q='a"b',
        request=rf.get("/people/"),
    )
    assert '<form class="search" role="search" method="get" hx-get="/people/"' in markup
    assert 'name="q" value="a&quot;b" aria-label="Search people"' in markup


def test_search_and_chips_bring_each_other_up_to_date(rf: RequestFactory) -> None:
    both = '{% include "components/search.html" %}{% include "components/chips.html" %}'
    chips = [{"label": "Revoked", "url": "?state=revoked", "count": 4, "active": True}]
    markup = drawn(both, target="list", chips=chips, keep=[("state", "revoked")], request=rf.get("/people/"))
    assert markup.count('hx-select-oob="#list-chips,#list-keep"') == 2
    assert '<span id="list-keep"><input type="hidden" name="state" value="revoked"></span>' in markup
    assert '<nav class="chips" id="list-chips"' in markup


def test_steps_say_where_one_is() -> None:
    steps = [
        {"label": "File", "url": "/1", "state": "done"},
        {"label": "Review", "state": "now"},
        {"label": "Issue", "url": "/3", "state": ""},
    ]
    markup = drawn('{% include "components/steps.html" with label="Issue" %}', steps=steps)
    assert '<a href="/1">File</a>' in markup
    assert '<li class="way-now" aria-current="step">' in markup
    assert "/3" not in markup


def test_messages_are_spoken() -> None:
    markup = drawn(
        '{% include "components/messages.html" with oob=True %}', messages=[Message(constants.ERROR, "<b>No</b>")]
    )
    assert markup.startswith('<div id="messages" class="messages" role="status" hx-swap-oob="true">')
    assert '<div class="toast-line toast-error">' in markup
    assert "<p>&lt;b&gt;No&lt;/b&gt;</p>" in markup


def test_tabs_tiles_facts_and_breadcrumbs() -> None:
    tabs = [{"label": "Overview", "url": "/a", "active": True}, {"label": "All", "url": "/b", "count": 3}]
    markup = drawn('{% include "components/tabs.html" with label="Person" %}', tabs=tabs)
    assert '<a href="/a" aria-current="page">Overview</a>' in markup
    tile = drawn('{% include "components/tile.html" with label="Issued" value="1,204" url="/x" %}')
    assert tile.startswith('<a href="/x" class="card tile">')
    assert tile.endswith("</a>")
    facts = drawn('{% include "components/facts.html" %}', facts=[("Department", "Quality"), ("Job role", "")])
    assert "<dt>Job role</dt><dd>–</dd>" in facts
    crumbs = drawn('{% include "components/breadcrumb.html" %}', crumbs=[("People", "/p")])
    assert '<li><a href="/p">People</a></li>' in crumbs


# --- Forms ------------------------------------------------------------------------------------------------------------


class Everything(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name", help_text="As it stands on the certificate.")
    day = forms.DateField(label="Day", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")], required=False)
    paper = forms.ChoiceField(label="Paper", choices=[("a4", "A4")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"class": "wide", "style": "x"}))
    colour = forms.CharField(label="Colour", required=False, widget=forms.ColorInput)
    mail = forms.BooleanField(label="Mail", required=False, widget=forms.CheckboxInput(attrs={"role": "switch"}))
    file = forms.FileField(label="File", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_explains_itself_and_ties_its_errors() -> None:
    markup = drawn("{{ form.name.as_field_group }}", form=Everything({}))
    assert '<label class="form-label" for="id_name">Name <span class="field-need">required</span></label>' in markup
    assert '<div class="form-hint" id="id_name_helptext">As it stands on the certificate.</div>' in markup
    assert 'aria-describedby="id_name_helptext id_name_error"' in markup
    assert 'aria-invalid="true"' in markup
    assert '<ul class="field-errors" id="id_name_error">' in markup


def test_a_whole_form_says_at_its_top_what_is_wrong() -> None:
    markup = drawn("{{ form }}", form=Everything({"secret": "1"}))
    assert "2 things need your attention" in markup
    assert '<a href="#id_name">Name</a>: This field is required.' in markup
    assert '<a href="#id_paper">Paper</a>: This field is required.' in markup
    assert '<fieldset class="field " id="id_paper"' in markup
    assert '<input type="hidden" name="secret" value="1" id="id_secret">' in markup
    assert "attention" not in drawn("{{ form }}", form=Everything())


def test_each_kind_of_field_has_its_class_once_and_no_inline_style() -> None:
    markup = drawn("{{ form }}", form=Everything())
    assert len(re.findall(r'id="id_paper"', markup)) == 1
    assert "style=" not in markup
    for part in (
        '<input type="date" name="day" class="form-control"',
        '<select name="kind" class="form-select"',
        '<input type="radio" name="paper" class="form-check-input"',
        '<textarea name="note" class="form-control wide"',
        '<input type="color" name="colour" class="form-control form-control-color"',
        '<div class="form-check form-switch"><input type="checkbox" name="mail" class="form-check-input" role="switch"',
        '<input type="file" name="file" class="form-control"',
    ):
        assert part in markup
    assert [tag for tag in re.findall(r"<[^>]+>", markup) if tag.count("class=") > 1] == []


def test_a_place_to_drop_a_file_is_a_field_with_a_label() -> None:
    markup = drawn(
        '{% include "components/drop.html" with field=form.file title="Drop it here" note="Up to 2 MB" %}',
        form=Everything(),
    )
    assert '<label class="drop-place" for="id_file">' in markup
    assert '<input type="file" name="file"' in markup


# --- Whole pages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["400", "403", "403_csrf", "404", "405", "429", "error"])
@pytest.mark.parametrize("scheme", ["", "dark"])
def test_pages_of_errors(page: str, scheme: str, rf: RequestFactory) -> None:
    request: HttpRequest = rf.get("/nowhere")
    request.COOKIES["laurea_scheme"] = scheme
    with translation.override("en"):
        html = render_to_string(f"{page}.html", {"message": "M", "hint": "H"}, _with_messages(request))
    assert ('data-bs-theme="dark"' in html) is bool(scheme)
    assert html.count("<h1") == 1
    assert '<html lang="en"' in html
    assert "csrf" not in html  # a page for everybody sets no cookie


SECTIONS = ("home", "credentials", "batches", "people", "mail", "achievements", "designs", "audit", "settings")


@pytest.fixture
def _addresses() -> Iterator[None]:
    """The addresses that the console's frame names."""
    console = [
        path(f"<slug:issuer>/{section}/".replace("home/", ""), View.as_view(), name=section) for section in SECTIONS
    ]
    stub = ModuleType("stub")
    stub.urlpatterns = [  # type: ignore[attr-defined]  # what makes a module one of addresses
        path("console/", include((console, "console"))),
        path("", include(([path("accounts/", View.as_view(), name="home")], "accounts"))),
        *(
            path(name, View.as_view(), name=name)
            for name in ("set_language", "set_scheme", "mfa_index", "account_logout")
        ),
    ]
    set_urlconf(stub)  # type: ignore[arg-type]  # the module itself, not its name
    yield
    set_urlconf(None)


@pytest.mark.usefixtures("_addresses")
@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/console/acme/", [("Home", "page")] * 2),
        ("/console/acme/people/", [("People", "page")] * 2),
        ("/console/acme/people/17/", [("People", "true")] * 2),
        ("/console/acme/designs/", [("Designs", "page")]),
    ],
)
def test_the_frame_of_the_console(address: str, current: list[tuple[str, str]], rf: RequestFactory) -> None:
    request = _with_messages(rf.get(address))
    acme, globex = Issuer(pk=1, slug="acme", name="Acme"), Issuer(pk=2, slug="globex", name="Globex")
    account = Account(pk=1, name="Alice", email="alice@example.com")
    members = [Member(issuer=issuer, account=account, role=Role.OWNER) for issuer in (acme, globex)]
    request.member, request.memberships = members[0], members  # type: ignore[attr-defined]  # as `staff` does
    with translation.override("en"):
        html = drawn('{% extends "console/base.html" %}{% block heading %}H{% endblock %}', _request=request)
    links = re.findall(
        r'<a href="[^"]*" aria-current="(page|true)"><svg(?:(?!</svg>).)*</svg><span>(\w+)</span></a>', html
    )
    assert [(label, kind) for kind, label in links] == current
    assert html.count("<h1>H</h1>") == 1
    assert 'href="/console/globex/"' in html
    assert "<summary" in html
    assert html.index('class="skip"') < html.index("<nav")


def _with_messages(request: HttpRequest) -> HttpRequest:
    request._messages = []  # type: ignore[attr-defined]  # what the middleware would have put there
    return request


def test_the_page_for_our_own_mistakes_needs_nothing() -> None:
    assert "Something broke here" in render_to_string("500.html")
