"""A certificate as PDF: ours in every design (PDF/A-3a, PDF/UA-1, attachment) beside ReportLab's and WeasyPrint's."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from time import perf_counter
from typing import Any

import weasyprint
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from weasyprint.text.fonts import FontConfiguration

from bench import samples
from bench.measuring import ROOT, Contestant, Section, ratio, take_turns
from laurea.rendering import qr
from laurea.rendering.certificate import Appearance, CertificateRenderer, Signatory
from laurea.rendering.design import design_names, load_design
from laurea.rendering.picture import Picture
from laurea.rendering.statement import statement

FONTS = ROOT / "src" / "laurea" / "rendering" / "fonts"
SERIF, SANS, BOLD = "SourceSerif4-SemiBold", "Inter-Regular", "Inter-SemiBold"
INK, GREY, BRAND = "#1b1f24", "#5b6470", "#0b5fff"
# The logo of both peers: a hexagon and three bars, in a square of 100.
HEXAGON = [(50, 2), (92, 26), (92, 74), (50, 98), (8, 74), (8, 26)]
BARS = [(30, 30, 40, 8), (30, 46, 40, 8), (30, 62, 24, 8)]
LOGO = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
    f'<polygon points="{" ".join(f"{x},{y}" for x, y in HEXAGON)}" fill="{BRAND}"/>'
    + "".join(f'<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="white"/>' for x, y, w, h in BARS)
    + "</svg>"
)
CODE = "ABCDEFGHJKMNPQRS"
OURS = {name: f"Laurea, design {name}: PDF/A-3a, PDF/UA-1, credential attached" for name in design_names()}
REPORTLAB = "ReportLab, plain"
WEASYPRINT = "WeasyPrint, plain"
A_ROUND = {**dict.fromkeys(OURS.values(), 50), REPORTLAB: 20, WEASYPRINT: 10}
# The compiler forgets what ten certificates had no use for, and all designs share it: as in a batch of one design, the
# first certificates of a turn bring back to its memory what is the same on all of them.
WARMING = 5


def measure(rounds: int) -> Section:
    """Each contestant draws the certificates of different people, one page after the other, in one process."""
    register_fonts()
    look = Appearance(logo=Picture(LOGO.encode()), signatories=(Signatory("Grace Hopper", "Head of Learning"),))
    renderers = {name: CertificateRenderer(load_design(name), look) for name in OURS}
    texts = samples.issued()
    documents = [json.loads(text) for text in texts]
    contents = [content(document) for document in documents]
    weasy = WeasyPrintCertificate()
    made = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)

    def ours(design: str) -> Callable[[int], bytes]:
        def draw(number: int) -> bytes:
            return renderers[design].pdf(
                documents[number], credential_text=texts[number], code=CODE, address=contents[number].address, made=made
            )

        return draw

    draw = {
        **{OURS[name]: ours(name) for name in OURS},
        REPORTLAB: lambda number: reportlab_certificate(contents[number]),
        WEASYPRINT: lambda number: weasy(contents[number]),
    }

    def contestant(name: str) -> Contestant:
        turn = iter(range(0, 1_000_000, A_ROUND[name]))

        def run() -> float:
            first = next(turn)
            for number in range(first - WARMING, first):
                draw[name](number % len(texts))
            start = perf_counter()
            for number in range(first, first + A_ROUND[name]):
                draw[name](number % len(texts))
            return (perf_counter() - start) / A_ROUND[name]

        return run

    lines = take_turns({name: contestant(name) for name in draw}, rounds)
    return Section(
        "pdf",
        "A certificate as PDF, one core",
        "ms a page",
        lines,
        [ratio(lines, line, REPORTLAB, 5) for line in OURS.values()]
        + [ratio(lines, line, WEASYPRINT) for line in OURS.values()],
        notes=["All embed subsets of TrueType fonts, a vector logo and a QR code; WeasyPrint's QR code is ready-made."],
    )


@dataclass(frozen=True, slots=True)
class Content:
    """What stands on the certificate."""

    name: str
    title: str
    issuer: str
    description: str
    date: str
    code: str
    address: str
    signatory: str
    role: str


def content(document: dict[str, Any]) -> Content:
    """What a signed document says, in words."""
    said = statement(document)
    return Content(
        name=said.holder,
        title=said.achievement,
        issuer=said.issuer,
        description=said.description,
        date=f"{said.awarded:%d %B %Y}",
        code="-".join(CODE[start : start + 4] for start in range(0, 16, 4)),
        address=f"https://academy.example/c/{CODE}",
        signatory="Grace Hopper",
        role="Head of Learning",
    )


def reportlab_certificate(told: Content) -> bytes:
    """One landscape page drawn straight on the canvas, without a layout engine: ReportLab's fastest way."""
    width, height = landscape(A4)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height))
    canvas.setTitle(f"{told.title}: {told.name}")
    canvas.setFillColor(HexColor(BRAND))
    canvas.rect(0, 0, 14, height, stroke=0, fill=1)
    _reportlab_logo(canvas, 64, height - 104, 56)
    canvas.setFillColor(HexColor(INK))
    canvas.setFont(BOLD, 13)
    canvas.drawString(132, height - 80, told.issuer)
    canvas.setFillColor(HexColor(GREY))
    canvas.setFont(SANS, 11)
    canvas.drawString(64, height - 190, "This certifies that")
    canvas.setFillColor(HexColor(INK))
    canvas.setFont(SERIF, 40)
    canvas.drawString(64, height - 240, told.name)
    canvas.setFont(BOLD, 20)
    canvas.drawString(64, height - 296, told.title)
    canvas.setFillColor(HexColor(GREY))
    canvas.setFont(SANS, 11)
    canvas.drawString(64, height - 322, told.description)
    canvas.drawString(64, 118, told.date)
    canvas.line(230, 134, 400, 134)
    canvas.drawString(230, 118, told.signatory)
    canvas.drawString(230, 102, told.role)
    canvas.setFont(SANS, 9)
    canvas.drawRightString(width - 64, 52, told.code)
    symbol = QrCodeWidget(told.address, barWidth=76, barHeight=76)
    drawing = Drawing(76, 76)
    drawing.add(symbol)
    renderPDF.draw(drawing, canvas, width - 64 - 76, 66)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _reportlab_logo(canvas: Canvas, x: float, y: float, size: float) -> None:
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(size / 100, size / 100)
    canvas.setFillColor(HexColor(BRAND))
    path = canvas.beginPath()
    path.moveTo(*HEXAGON[0])
    for point in HEXAGON[1:]:
        path.lineTo(*point)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#ffffff"))
    for bar in BARS:
        canvas.rect(*bar, stroke=0, fill=1)
    canvas.restoreState()


class WeasyPrintCertificate:
    """The same page in HTML; style sheet and fonts are read once. The QR code is handed to it as a finished SVG."""

    def __init__(self) -> None:
        self._fonts = FontConfiguration()
        faces = "".join(
            f"@font-face {{ font-family: '{name}'; src: url('{(FONTS / name).with_suffix('.ttf').as_uri()}'); }}"
            for name in (SERIF, SANS, BOLD)
        )
        self._style = weasyprint.CSS(
            string=f"""{faces}
            @page {{ size: A4 landscape; margin: 0 }}
            body {{ margin: 0; border-left: 14pt solid {BRAND}; height: 595pt; color: {INK}; position: relative }}
            svg {{ width: 100%; height: auto }}
            div {{ position: absolute; left: 50pt; font: 11pt '{SANS}'; white-space: nowrap }}
            """,
            font_config=self._fonts,
        )

    def __call__(self, told: Content) -> bytes:
        """Give the page as PDF."""
        page = f"""<!doctype html><html lang="en"><title>{escape(told.title)}: {escape(told.name)}</title><body>
        <div style="top:48pt; width:56pt">{LOGO}</div>
        <div style="top:68pt; left:118pt; font:13pt '{BOLD}'">{escape(told.issuer)}</div>
        <div style="top:180pt; color:{GREY}">This certifies that</div>
        <div style="top:206pt; font:40pt '{SERIF}'">{escape(told.name)}</div>
        <div style="top:278pt; font:20pt '{BOLD}'">{escape(told.title)}</div>
        <div style="top:312pt; color:{GREY}">{escape(told.description)}</div>
        <div style="top:466pt; color:{GREY}">{told.date}</div>
        <div style="top:466pt; left:216pt; color:{GREY}; border-top:1pt solid">
        {escape(told.signatory)}<br>{escape(told.role)}</div>
        <div style="top:452pt; left:688pt; width:76pt">{qr.svg(qr.matrix(told.address))}</div>
        <div style="top:536pt; left:660pt; font-size:9pt; color:{GREY}">{told.code}</div>
        </body></html>"""
        done = weasyprint.HTML(string=page).write_pdf(stylesheets=[self._style], font_config=self._fonts)
        assert isinstance(done, bytes)
        return done


def register_fonts() -> None:
    """Read the peers' fonts once; ReportLab keeps them parsed."""
    for name in (SERIF, SANS, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
