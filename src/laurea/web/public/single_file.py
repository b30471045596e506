"""The page that verifies alone, as one program and as one file.

Both are put together from the modules in ``static/laurea/alone``, which can be read and run as they are. Together they
are one text, so that the site and the file that people keep run the same, and so that its hash can stand in the file's
own policy: it runs nothing else, and connects to nothing at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import escape

from laurea import __version__
from laurea.web.public.alone_words import words

_ENTRY = "page"
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=((?:async )?function\*?|const|class) (\w+))", re.MULTILINE)
_STYLES = (
    "laurea/theme.css",
    "laurea/alone/file.css",
    "laurea/parts.css",
    "laurea/public.css",
    "laurea/alone/alone.css",
)
_FONTS = ("inter-latin.woff2", "source-serif-4-latin.woff2", "source-serif-4-latin-ext.woff2")
_FONT_FACE = re.compile(r"@font-face \{[^}]*url\(\"\.\./vendor/fonts/([\w-]+\.woff2)\"\)[^}]*\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SYMBOLS = re.compile(r'symbol\("([\w-]+)"|href="#([\w-]+)"|\["(?:good|bad|unsure|aside)", "([\w-]+)"\]')
_SYMBOL = re.compile(r'<symbol id="([\w-]+)".*?</symbol>', re.DOTALL)
_ENDS_A_PROGRAM = re.compile(r"</script|<!--|<script", re.IGNORECASE)


@cache
def program() -> str:
    """The whole program, with its words in every language: one module without imports."""
    parts = [
        f"// Laurea {__version__}: verifies credentials in the browser, alone. Its modules follow, each as it is kept.",
        "const modules = {};",
        *(_enclosed(name) for name in _in_order(_ENTRY)),
        f"modules.{_ENTRY}.start({_literal(words())});",
    ]
    whole = "\n\n".join(parts) + "\n"
    found = _ENDS_A_PROGRAM.search(whole)
    if found:
        raise ValueError(f"“{found[0]}” in a program of the page would end it early; write it in another way")
    return whole


@cache
def version() -> str:
    """Of the program: the beginning of its SHA-256."""
    return hashlib.sha256(program().encode()).hexdigest()[:16]


@cache
def page() -> bytes:
    """The single file, in UTF-8."""
    bodies = "".join(_body(language) for language, _name in settings.LANGUAGES)
    style, script = _style(), program()
    icon = base64.b64encode(_read("laurea/favicon.svg").encode()).decode()
    html = f"""<!doctype html>
<html lang="{settings.LANGUAGES[0][0]}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy()}">
<title>{escape(words()["en"]["says"]["title"])}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Laurea {__version__}">
<link rel="icon" href="data:image/svg+xml;base64,{icon}">
<style>{style}</style>
</head>
<body class="public" data-alone-offline data-sprite="">
<svg class="sprites" aria-hidden="true">{_sprites(bodies + script)}</svg>
{bodies}
<script type="module">{script}</script>
</body>
</html>
"""
    return html.encode()


@cache
def policy() -> str:
    """What the single file may do: run its own program, wear its own dress, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(program())}'",
            f"style-src '{_hash(_style())}'",
            "img-src data:",
            "font-src data:",
            "connect-src 'none'",
            "form-action 'none'",
            "base-uri 'none'",
        )
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _in_order(entry: str, above: tuple[str, ...] = ()) -> list[str]:
    """`entry` and the modules that it imports, each after those that it imports itself."""
    if entry in above:
        raise ValueError(f"the modules import each other in a circle: {' > '.join((*above, entry))}")
    found: list[str] = []
    for _names, module in _IMPORT.findall(_read(f"laurea/alone/{entry}.js")):
        found += [name for name in _in_order(module, (*above, entry)) if name not in found]
    return [*found, entry]


def _enclosed(name: str) -> str:
    """A module as a function of its own, whose names are no other module's."""
    source = _read(f"laurea/alone/{name}.js")
    exported = ", ".join(found[2] for found in _EXPORT.finditer(source))
    body = _IMPORT.sub(lambda found: f"const {{{found[1].rstrip().rstrip(',')} }} = modules.{found[2]};\n", source)
    body = _EXPORT.sub("", body)
    return f"modules.{name} = (() => {{\n{body}return {{ {exported} }};\n}})();"


def _literal(value: object) -> str:
    """`value` as it can stand in a program inside a page."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _body(language: str) -> str:
    """What is seen, in one language; its symbols are looked for in the file itself."""
    with translation.override(language):
        html = str(render_to_string("public/alone_file.html", {"language": language, "version": __version__}))
    for sprite in ("vendor/icons.svg", "laurea/mark.svg"):
        html = html.replace(f'"{static(sprite)}#', '"#')
    return html


@cache
def _style() -> str:
    faces = []
    for found in _FONT_FACE.finditer(_read("laurea/fonts.css")):
        if found[1] in _FONTS:
            data = base64.b64encode(_path(f"vendor/fonts/{found[1]}").read_bytes()).decode()
            faces.append(found[0].replace(f"../vendor/fonts/{found[1]}", f"data:font/woff2;base64,{data}"))
    rules = _COMMENT.sub("", "".join(_read(name) for name in _STYLES))
    return "\n".join([*faces, re.sub(r"\n\s*\n+", "\n", rules)])


def _sprites(html: str) -> str:
    """The symbols that occur in `html`."""
    looks = {look["symbol"] for each in words().values() for look in each["verdicts"].values()}
    named = looks | {name for found in _SYMBOLS.findall(html) for name in found if name}
    sprites = _read("vendor/icons.svg") + _read("laurea/mark.svg")
    return "".join(found[0] for found in _SYMBOL.finditer(sprites) if found[1] in named)


def _read(name: str) -> str:
    return _path(name).read_text(encoding="utf-8")


def _path(name: str) -> Path:
    """Where a static file lies, whether they have been collected or not."""
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(f"the static file {name} is missing: run `make assets`")
    return Path(found)
