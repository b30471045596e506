"""The addresses of this door. Those of credentials, issuers and achievements are signed and printed: they stay."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from laurea.web.public import alone, desk, files, issuers, log, many, receipt, robots, stage

app_name = "public"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", desk.start, name="start"),
    path("verify", desk.verify, name="verify"),
    path("verify/independently", desk.independently, name="independently"),
    path("verify/alone", alone.alone, name="alone"),
    path("verify/alone.js", alone.program, name="alone-program"),
    path("verify/alone.html", alone.single, name="alone-file"),
    path("verify/many", many.many, name="many"),
    path("verify/receipt", receipt.receipt, name="receipt"),
    path("c/<str:typed>", stage.page, name="credential"),
    path("c/<str:typed>/", stage.page),
    path("c/<str:typed>/credential.json", files.credential_json, name="credential-json"),
    path("c/<str:typed>/credential.jwt", files.credential_jwt, name="credential-jwt"),
    path("c/<str:typed>/certificate.pdf", files.certificate_pdf, name="certificate-pdf"),
    path("c/<str:typed>/certificate.png", files.certificate_png, name="certificate-png"),
    path("c/<str:typed>/badge.png", files.badge_png, name="badge-png"),
    path("c/<str:typed>/badge.svg", files.badge_svg, name="badge-svg"),
    path("c/<str:typed>/social.png", files.social_png, name="social-png"),
    path("c/<str:typed>/inclusion.json", log.inclusion, name="inclusion"),
    path("log/checkpoint", log.checkpoint, name="log-checkpoint"),
    path("log/key", log.key, name="log-key"),
    path("log/tile/<path:path>", log.tile, name="log-tile"),
    path("issuers/<slug:slug>", issuers.issuer_page, name="issuer"),
    path("issuers/<slug:slug>/did.json", issuers.did_document, name="did"),
    path("issuers/<slug:slug>/status/<slug:name>", issuers.status_list, name="status-list"),
    path("issuers/<slug:slug>/brand.css", issuers.brand, name="brand"),
    path("issuers/<slug:slug>/logo", issuers.logo, name="logo"),
    path("achievements/<uuid:uid>", issuers.achievement_page, name="achievement"),
    path("achievements/<uuid:uid>/achievement.json", issuers.achievement_json, name="achievement-json"),
    re_path(
        r"^achievements/(?P<uid>[0-9a-f-]{36})/badge\.(?P<ending>png|svg)$", issuers.achievement_badge, name="badge"
    ),
    path("files/<str:token>", files.private_file, name="file"),
    path("robots.txt", robots.robots, name="robots"),
]
