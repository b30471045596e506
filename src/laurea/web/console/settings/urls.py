"""The addresses of the settings pages; names in the namespace ``console``."""

from __future__ import annotations

from django.urls import path

from laurea.web.console.settings import installation, keys, members, profile, trust

urlpatterns = [
    path("", profile.profile, name="settings"),
    path("members", members.members, name="settings-members"),
    path("members/invite", members.invite, name="settings-invite"),
    path("members/<int:pk>/role", members.role, name="settings-member-role"),
    path("members/<int:pk>/remove", members.remove, name="settings-member-remove"),
    path("invitations/<int:pk>/again", members.again, name="settings-invitation-again"),
    path("invitations/<int:pk>/withdraw", members.withdraw, name="settings-invitation-withdraw"),
    path("keys", keys.keys, name="settings-keys"),
    path("keys/rotate", keys.rotate, name="settings-keys-rotate"),
    path("keys/<int:key>/stolen", keys.stolen, name="settings-key-stolen"),
    path("keys/reissue", keys.reissue, name="settings-keys-reissue"),
    path("keys/did.json", keys.did_document, name="settings-did"),
    path("trust", trust.listing, name="settings-trust"),
    path("trust/new", trust.add, name="settings-trust-add"),
    path("trust/import", trust.take_in, name="settings-trust-import"),
    path("trust/export", trust.export, name="settings-trust-export"),
    path("trust/<int:pk>/remove", trust.remove, name="settings-trust-remove"),
    path("installation", installation.installation, name="settings-installation"),
]
