"""What the two organisations of the demo say about themselves, what can be earned there, and how it looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from laurea.actions.founding import Organisation

ASSETS = Path(__file__).parent / "assets"

NORTHLIGHT = Organisation(
    name="Northlight Energy",
    slug="northlight",
    url="https://northlight.example",
    email="academy@northlight.example",
    description="Northlight Energy runs the electricity grid of four counties. Its academy trains all who work on it.",
    language="en",
    time_zone="Europe/Berlin",
    primary_colour="#12506b",
    secondary_colour="#e0a526",
    linkedin_organization="1337",
    logo=(ASSETS / "northlight-logo.svg").read_bytes(),
)
LINDENHOF = Organisation(
    name="Lindenhof Maschinenbau GmbH",
    slug="lindenhof",
    url="https://lindenhof.example",
    email="ausbildung@lindenhof.example",
    description="Lindenhof baut seit 1921 Werkzeugmaschinen und bildet dafür aus.",
    language="de",
    time_zone="Europe/Berlin",
    primary_colour="#8a1f2d",
    secondary_colour="#b8863b",
    logo=(ASSETS / "lindenhof-logo.svg").read_bytes(),
)


@dataclass(frozen=True, slots=True)
class DemoDesign:
    """A design beside the packaged ones. `signatories` are name, role and the file of the signature."""

    name: str
    base: str
    signatories: Sequence[tuple[str, str, str]] = ()
    adjustments: Mapping[str, Any] = field(default_factory=dict)


HEAD = ("Annika Lindqvist", "Head of the Northlight Academy", "signature-lindqvist.svg")
SAFETY = ("Dr Chinwe Okafor", "Chief Engineer, Network Safety", "signature-okafor.svg")
BRANDT = ("Friederike Brandt", "Leiterin Ausbildung", "signature-brandt.svg")

DESIGNS = (
    DemoDesign("Academy", "corporate", (HEAD,)),
    DemoDesign(
        "Network safety",
        "modern",
        (SAFETY, HEAD),
        {"primary": "#7a3b12", "secondary": "#e0a526", "orientation": "portrait"},
    ),
    DemoDesign(
        "Leadership programme",
        "classic",
        (HEAD,),
        {"show": ["logo", "badge", "signatories", "expiry", "qr"]},
    ),
)
LINDENHOF_DESIGN = DemoDesign("Ausbildung", "classic", (BRANDT,))


@dataclass(frozen=True, slots=True)
class DemoAchievement:
    """What can be earned; `design` is the name of one. The rest is as `defining.define` takes it."""

    design: str
    said: Mapping[str, Any]


def _skill(name: str, path: str) -> dict[str, str]:
    return {"name": name, "url": f"https://northlight.example/skills/{path}", "framework": "Northlight skills"}


DATA_PROTECTION = DemoAchievement(
    "Academy",
    {
        "name": "Data Protection Essentials",
        "description": "Handles personal data lawfully and with care in everyday work, and acts within the hour when "
        "something goes wrong.",
        "criteria": "Completed all six modules and answered at least 80 % of the final questions correctly.",
        "kind": "CertificateOfCompletion",
        "level": 1,
        "tags": ["data protection", "compliance"],
        "skills": [
            _skill("Protecting personal data", "personal-data"),
            _skill("Reporting a data breach", "breach-reporting"),
        ],
        "validity": "24 months",
        "include": ["result"],
        "badge": {"shape": "shield", "icon": "lock", "title": "Data Protection"},
    },
)
SAFETY_1 = DemoAchievement(
    "Network safety",
    {
        "name": "Electrical Safety: Instructed Person",
        "description": "Works safely near live equipment under supervision and knows when to stop.",
        "criteria": "Attended the two-day course and passed the written test and the switching exercise.",
        "kind": "Certification",
        "level": 1,
        "tags": ["safety", "field work"],
        "skills": [_skill("Recognising electrical hazards", "hazards"), _skill("Five safety rules", "five-rules")],
        "validity": "12 months",
        "badge": {"shape": "hexagon", "icon": "shield", "title": "Electrical Safety"},
    },
)
SAFETY_2 = DemoAchievement(
    "Network safety",
    {
        "name": "Electrical Safety: Skilled Person",
        "description": "Plans and carries out work on medium-voltage equipment and instructs others on site.",
        "criteria": "Holds level 1, passed the practical examination at the training substation.",
        "kind": "Certification",
        "level": 2,
        "tags": ["safety", "field work"],
        "skills": [_skill("Switching medium voltage", "switching"), _skill("Leading a work party", "work-party")],
        "validity": "12 months",
        "badge": {"shape": "hexagon", "icon": "shield", "title": "Electrical Safety"},
    },
)
SAFETY_3 = DemoAchievement(
    "Network safety",
    {
        "name": "Electrical Safety: Person in Control",
        "description": "Answers for the safety of all work on a part of the grid, from permit to hand-back.",
        "criteria": "Holds level 2 for at least two years and was examined by the chief engineer.",
        "kind": "Certification",
        "level": 3,
        "tags": ["safety", "leadership"],
        "skills": [_skill("Issuing permits to work", "permits"), _skill("Responding to incidents", "incidents")],
        "validity": "24 months",
        "badge": {"shape": "hexagon", "icon": "shield", "title": "Electrical Safety"},
    },
)
FIRST_AID = DemoAchievement(
    "Academy",
    {
        "name": "First Aid at Work",
        "description": "Helps in the first minutes: resuscitation, bleeding, burns and electric shock.",
        "criteria": "Attended all eight hours and showed each technique to the instructor.",
        "kind": "CertificateOfCompletion",
        "level": 1,
        "tags": ["health"],
        "skills": [_skill("Cardiopulmonary resuscitation", "cpr")],
        "validity": "24 months",
        "include": ["hours"],
        "badge": {"shape": "circle", "icon": "first-aid", "title": "First Aid"},
    },
)
LEADING = DemoAchievement(
    "Leadership programme",
    {
        "name": "Leading a Team",
        "description": "Leads a team with clear goals, honest feedback and an open door.",
        "criteria": "Took part in the programme of six months and presented a change made with the own team.",
        "kind": "Course",
        "level": 2,
        "tags": ["leadership"],
        "skills": [_skill("Giving feedback", "feedback"), _skill("Setting goals", "goals")],
        "badge": {"shape": "rosette", "icon": "people", "title": "Leadership"},
    },
)
CONVERSATIONS = DemoAchievement(
    "Academy",
    {
        "name": "Difficult Conversations with Customers",
        "description": "Stays calm and clear when somebody is angry, and finds what can be done.",
        "criteria": "Took part in two days of training with recorded practice calls.",
        "kind": "Course",
        "level": 1,
        "tags": ["customers"],
        "skills": [_skill("De-escalation", "de-escalation")],
        "badge": {"shape": "circle", "icon": "headset", "title": "Customer Care"},
    },
)
GRID_DATA = DemoAchievement(
    "Academy",
    {
        "name": "Grid Data Analysis",
        "description": "Turns measurements of the grid into decisions: cleans, models and explains them.",
        "criteria": "Completed the project with real measurements and defended it before the engineering board.",
        "kind": "MicroCredential",
        "level": 3,
        "credits": 5.0,
        "tags": ["data", "engineering"],
        "skills": [_skill("Time series analysis", "time-series"), _skill("Explaining data", "explaining-data")],
        "include": ["result", "evidence"],
        "badge": {"shape": "rosette", "icon": "chart", "title": "Grid Data"},
    },
)
ACHIEVEMENTS = (DATA_PROTECTION, SAFETY_1, SAFETY_2, SAFETY_3, FIRST_AID, LEADING, CONVERSATIONS, GRID_DATA)

ARBEITSSICHERHEIT = DemoAchievement(
    "Ausbildung",
    {
        "name": "Arbeitssicherheit in der Fertigung",
        "description": "Erkennt Gefährdungen am Arbeitsplatz, verhält sich sicher und leitet andere dazu an.",
        "criteria": "Teilnahme an der zweitägigen Schulung und bestandene Prüfung an der Anlage.",
        "kind": "CertificateOfCompletion",
        "level": 1,
        "language": "de",
        "tags": ["Arbeitssicherheit"],
        "skills": [
            {"name": "Gefährdungen beurteilen", "url": "https://lindenhof.example/kompetenzen/gefaehrdungsbeurteilung"}
        ],
        "validity": "12 months",
        "badge": {"shape": "rosette", "icon": "tools", "title": "Arbeitssicherheit"},
    },
)
