"""How forms are drawn: `{{ form }}` and `{{ form.field.as_field_group }}` come out in our own markup."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Templates of `templates/django/forms/` first, Django's where we have none."""

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"
    formset_template_name = "django/forms/formsets/div.html"
