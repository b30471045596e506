"""The people of the demo: 120 names as one meets them in a European company, and what they do there.

None of them exists; addresses end in ``.example``, which belongs to nobody (RFC 2606).
"""

from __future__ import annotations

from dataclasses import dataclass

DEPARTMENTS = ("Grid operations", "Engineering", "Customer care")

ROLES = {
    "Grid operations": ("Field technician", "Control room operator", "Substation engineer", "Shift lead"),
    "Engineering": ("Grid planner", "Protection engineer", "Data analyst", "Project manager"),
    "Customer care": ("Adviser", "Team lead", "Complaints specialist", "Metering clerk"),
}

LANGUAGES = {"de": "de"}

# Name, and the part of the address before the at sign; German speakers end in "/de".
_NAMES = """
Anna Lindqvist|anna.lindqvist
Jonas Weber|jonas.weber/de
Maria del Carmen Fernández-Villaverde y Rodríguez|carmen.fernandez
Amara Okafor|amara.okafor
Priya Raghunathan|priya.raghunathan
Łukasz Wiśniewski|lukasz.wisniewski
Chloé Dubois|chloe.dubois
Friederike Brandt|friederike.brandt/de
Søren Kjærgaard|soren.kjaergaard
Eleni Papadopoulou|eleni.papadopoulou
Γιώργος Νικολαΐδης|giorgos.nikolaidis
Ольга Коваленко|olga.kovalenko
Дмитрий Соколов|dmitrij.sokolov
王秀英|wang.xiuying
佐藤 健一|sato.kenichi
김민준|kim.minjun
محمد الحسيني|mohammed.alhusseini
ليلى حداد|layla.haddad
Al Ng|al.ng
Bao Nguyễn Thị|bao.nguyen
Şebnem Yılmaz|sebnem.yilmaz
Emre Aydın|emre.aydin/de
Ingrid Þórsdóttir|ingrid.thorsdottir
Björn Åkesson|bjorn.akesson
Matthias Großmann|matthias.grossmann/de
Katharina Müller-Lüdenscheidt|katharina.mueller/de
Günther Jäger|guenther.jaeger/de
Lena Schröder|lena.schroeder/de
Felix Hofmann|felix.hofmann/de
Hannah Vogt|hannah.vogt/de
Paul Neumann|paul.neumann/de
Sophie Krüger|sophie.krueger/de
Tobias Richter|tobias.richter/de
Miriam Goldberg|miriam.goldberg/de
Zeynep Kaya|zeynep.kaya/de
Carlos Mendoza|carlos.mendoza
Inês Carvalho|ines.carvalho
João Pereira da Silva|joao.pereira
Giulia Esposito|giulia.esposito
Luca Bianchi|luca.bianchi
Niamh O’Sullivan|niamh.osullivan
Seán Mac Giolla|sean.macgiolla
Rhys Llewellyn|rhys.llewellyn
Grace Adeyemi|grace.adeyemi
Kwame Mensah|kwame.mensah
Fatou Diallo|fatou.diallo
Thabo Mokoena|thabo.mokoena
Aisha Rahman|aisha.rahman
Omar Benali|omar.benali
Noor van den Berg|noor.vandenberg
Daan de Vries|daan.devries
Lotte Jansen|lotte.jansen
Élodie Lefèvre|elodie.lefevre
Mathieu Girard|mathieu.girard
Zoë Peeters|zoe.peeters
Petra Nováková|petra.novakova
Jiří Dvořák|jiri.dvorak
Zsófia Szabó|zsofia.szabo
László Nagy|laszlo.nagy
Andrei Popescu|andrei.popescu
Ioana Ștefănescu|ioana.stefanescu
Mária Horváthová|maria.horvathova
Tomaž Kovačič|tomaz.kovacic
Ivana Đorđević|ivana.dordevic
Ante Perković|ante.perkovic
Arben Hoxha|arben.hoxha
Mira Стојановић|mira.stojanovic
Aino Virtanen|aino.virtanen
Mikko Mäkinen|mikko.makinen
Kadri Tamm|kadri.tamm
Jānis Bērziņš|janis.berzins
Rūta Kazlauskienė|ruta.kazlauskiene
Arjun Mehta|arjun.mehta
Deepika Iyer|deepika.iyer
Ravi Shankar Pillai|ravi.pillai
Sunita Gurung|sunita.gurung
Nirmala Perera|nirmala.perera
Li Wei|li.wei
Chen Mei-Ling|chen.meiling
Haruka Tanaka|haruka.tanaka
Park Ji-woo|park.jiwoo
Trần Minh Quân|quan.tran
Nur Aisyah binti Ismail|nur.aisyah
Putri Wulandari|putri.wulandari
Miguel Ángel Ortega|miguel.ortega
Valentina Rossi|valentina.rossi
Camila Herrera|camila.herrera
Diego Castillo|diego.castillo
Beatriz Albuquerque|beatriz.albuquerque
Emily Hartley|emily.hartley
James Whitfield|james.whitfield
Charlotte Beaumont|charlotte.beaumont
Oliver Ashworth|oliver.ashworth
Imogen Clarke|imogen.clarke
Callum Fraser|callum.fraser
Ailsa MacLeod|ailsa.macleod
Tariq Hussain|tariq.hussain
Samira Qureshi|samira.qureshi
Yusuf Demir|yusuf.demir/de
Elif Özdemir|elif.oezdemir/de
Natalia Kowalczyk|natalia.kowalczyk
Piotr Zieliński|piotr.zielinski
Agnieszka Wójcik|agnieszka.wojcik
Olena Shevchenko|olena.shevchenko
Bohdan Melnyk|bohdan.melnyk
Σοφία Αντωνίου|sofia.antoniou
Nikos Georgiou|nikos.georgiou
Yael Ben-David|yael.bendavid
Avi Shapiro|avi.shapiro
Ruth Abebe|ruth.abebe
Dawit Tesfaye|dawit.tesfaye
Wanjiru Kamau|wanjiru.kamau
Chidi Eze|chidi.eze
Sibusiso Dlamini|sibusiso.dlamini
Marlene Fuchs|marlene.fuchs/de
Benedikt Huber|benedikt.huber/de
Annika Sommer|annika.sommer/de
Clara Winter|clara.winter/de
Moritz Zimmermann|moritz.zimmermann/de
Leonie Baumgartner|leonie.baumgartner/de
"""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo."""

    name: str
    email: str
    employee_number: str
    department: str
    job_role: str
    language: str


def everybody(domain: str) -> list[DemoPerson]:
    """All of them, each with a department and a role that never change from one start to the next."""
    found = []
    for number, line in enumerate(_NAMES.strip().splitlines()):
        name, _, rest = line.partition("|")
        local, _, language = rest.partition("/")
        department = DEPARTMENTS[number * 7 % len(DEPARTMENTS)]
        role = ROLES[department][number * 5 // 3 % 4]
        found.append(DemoPerson(name, f"{local}@{domain}", str(2001 + 13 * number), department, role, language))
    return found
