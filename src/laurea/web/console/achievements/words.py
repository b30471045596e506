"""Words for what achievements are chosen from: kinds, levels, shapes, icons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

USUAL_KINDS: Mapping[str, Any] = {
    "Achievement": _("Achievement of any kind"),
    "Course": _("Course"),
    "CertificateOfCompletion": _("Certificate of completion"),
    "LearningProgram": _("Learning programme"),
    "Certification": _("Certification"),
    "Competency": _("Competence"),
    "MicroCredential": _("Micro-credential"),
    "Assessment": _("Examination"),
    "Award": _("Award"),
    "Membership": _("Membership"),
}
OTHER_KINDS: Mapping[str, Any] = {
    "ApprenticeshipCertificate": _("Apprenticeship certificate"),
    "Assignment": _("Assignment"),
    "AssociateDegree": _("Associate degree"),
    "BachelorDegree": _("Bachelor's degree"),
    "Badge": _("Badge"),
    "CoCurricular": _("Activity beside the curriculum"),
    "CommunityService": _("Voluntary service"),
    "Degree": _("Degree"),
    "Diploma": _("Diploma"),
    "DoctoralDegree": _("Doctoral degree"),
    "Fieldwork": _("Fieldwork"),
    "GeneralEducationDevelopment": _("General education diploma"),
    "JourneymanCertificate": _("Journeyman's certificate"),
    "License": _("Licence"),
    "MasterCertificate": _("Master craftsman's certificate"),
    "MasterDegree": _("Master's degree"),
    "ProfessionalDoctorate": _("Professional doctorate"),
    "QualityAssuranceCredential": _("Quality assurance credential"),
    "ResearchDoctorate": _("Research doctorate"),
    "SecondarySchoolDiploma": _("School leaving certificate"),
}
KINDS = [*USUAL_KINDS.items(), (_("More kinds"), list(OTHER_KINDS.items()))]

LEVELS: Mapping[int, Any] = {
    1: _("1 · Foundation"),
    2: _("2 · Practitioner"),
    3: _("3 · Expert"),
}
SHAPES: Mapping[str, Any] = {
    "hexagon": _("Hexagon"),
    "shield": _("Shield"),
    "circle": _("Circle"),
    "rosette": _("Rosette"),
}
ICONS: Mapping[str, Any] = {
    "star": _("Star"),
    "book": _("Book"),
    "briefcase": _("Briefcase"),
    "calendar": _("Calendar"),
    "camera": _("Camera"),
    "chart": _("Chart"),
    "code": _("Code"),
    "coins": _("Coins"),
    "compass": _("Compass"),
    "first-aid": _("First aid"),
    "flame": _("Flame"),
    "gear": _("Gear"),
    "globe": _("Globe"),
    "graduation-cap": _("Graduation cap"),
    "handshake": _("Handshake"),
    "headset": _("Headset"),
    "heart-hands": _("Heart in hands"),
    "key": _("Key"),
    "leaf": _("Leaf"),
    "lightbulb": _("Light bulb"),
    "lock": _("Lock"),
    "microscope": _("Microscope"),
    "people": _("People"),
    "puzzle": _("Puzzle"),
    "rocket": _("Rocket"),
    "scales": _("Scales"),
    "shield": _("Shield"),
    "speech": _("Speech"),
    "target": _("Target"),
    "tools": _("Tools"),
    "truck": _("Truck"),
    "wrench": _("Wrench"),
}
INCLUDED: Mapping[str, Any] = {
    "hours": _("Hours"),
    "result": _("Result"),
    "evidence": _("Address of evidence"),
}
"""What a list may add to the signed credential; everything else in it stays with the issuer."""
