"""The typefaces that an issuer can choose for a design: families of the package, and the files of their weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PLACES = ("headline", "text")
"""Where a design lets a typeface be chosen: name and achievement, and everything else."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """A family: what kind it is (``serif`` or ``sans``), and the file, without its ending, of each weight."""

    kind: str
    files: Mapping[int, str]


TYPEFACES: Mapping[str, Typeface] = {
    "EB Garamond": Typeface("serif", {400: "EBGaramond-Regular", 500: "EBGaramond-Medium", 600: "EBGaramond-SemiBold"}),
    "Hanken Grotesk": Typeface(
        "sans",
        {
            400: "HankenGrotesk-Regular",
            500: "HankenGrotesk-Medium",
            700: "HankenGrotesk-Bold",
            800: "HankenGrotesk-ExtraBold",
        },
    ),
    "Inter": Typeface("sans", {400: "Inter-Regular", 500: "Inter-Medium", 600: "Inter-SemiBold", 700: "Inter-Bold"}),
    "Source Serif 4": Typeface(
        "serif", {300: "SourceSerif4-Light", 400: "SourceSerif4-Regular", 600: "SourceSerif4-SemiBold"}
    ),
}
"""The families by name."""


def face(family: str, instead_of: str) -> str:
    """The file of `family` whose weight is nearest to that of the file `instead_of`, as Typst chooses it."""
    weights = {file: weight for typeface in TYPEFACES.values() for weight, file in typeface.files.items()}
    files, wanted = TYPEFACES[family].files, weights.get(instead_of, 400)
    return files[min(files, key=lambda weight: abs(weight - wanted))]
