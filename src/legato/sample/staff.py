"""Who works at the sample company: a director, sales operations, six managers, 25 reps.

Capacities leave room for the leaver's book where language and territory fit, and nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from legato.sample.company import Cast, Colleague

NAME = "Norvane Instruments"
DOMAIN = "norvane.example"
CAST = Cast(
    leaver="Olga Petrova",
    manager="Mei Lin",
    successor="Kenji Sato",
    operations="Sam Carter",
    director="Ada Okafor",
    outsider="Ivo Novak",
    undecided="Hannah Prior",
)
ON_LONG_LEAVE = "Artyom Lazarev"
NEW_HERE = "Haruka Nishida"
"""Employed too short a time to be given key accounts."""

TEAMS = """
Japan East    | Yuko Hatanaka   | Tokyo    | ja en
Japan West    | Naoto Igarashi  | Tokyo    | ja en
China         | Wenjie Tan      | Shanghai | zh en
North Pacific | Mei Lin         | Shanghai | zh ru ja en
Russia West   | Pavel Gorshenin | Moscow   | ru en
Britain       | Fiona Carrick   | London   | en
"""

OFFICES = {
    "Tokyo": ("JP", "Asia/Tokyo"),
    "Shanghai": ("CN", "Asia/Shanghai"),
    "Vladivostok": ("RU", "Asia/Vladivostok"),
    "Yekaterinburg": ("RU", "Asia/Yekaterinburg"),
    "Moscow": ("RU", "Europe/Moscow"),
    "London": ("GB", "Europe/London"),
}

# Name, team, office, languages, capacity, accounts held now; then the territories served, which
# are those of `MIXED` where none stand.
REPS = """
Olga Petrova      | North Pacific | Vladivostok   | ru ja zh en | 430 | 420 |
Kenji Sato        | North Pacific | Tokyo         | ja ru en    | 220 | 30  |
Yulia Ostrovskaya | North Pacific | Vladivostok   | ru en       | 170 | 62  | Дальний Восток; Сибирь
Jun Fang          | North Pacific | Shanghai      | zh ru       | 160 | 58  | 东北; Дальний Восток
Haruka Nishida    | North Pacific | Tokyo         | ja zh en    | 120 | 55  | 北海道・東北; 东北
Kaori Mizushima   | Japan East    | Tokyo         | ja          | 95  | 68  | 関東; 北海道・東北
Ryo Tachikawa     | Japan East    | Tokyo         | ja en       | 90  | 74  | 関東
Emi Sugawara      | Japan East    | Tokyo         | ja          | 90  | 66  | 関東; 中部
Takumi Oshiro     | Japan East    | Tokyo         | ja          | 80  | 61  | 中部
Satsuki Nagase    | Japan West    | Tokyo         | ja en       | 95  | 77  | 関西
Hiroto Murai      | Japan West    | Tokyo         | ja          | 85  | 70  | 関西; 九州
Mao Shirakawa     | Japan West    | Tokyo         | ja          | 80  | 58  | 九州
Kazuki Fukada     | Japan West    | Tokyo         | ja          | 90  | 72  | 関西
Lihua Guo         | China         | Shanghai      | zh en       | 100 | 83  | 华东
Haoran Deng       | China         | Shanghai      | zh          | 95  | 76  | 华东; 华北
Xinyi Luo         | China         | Shanghai      | zh          | 90  | 69  | 华南
Zhiyuan Pei       | China         | Shanghai      | zh          | 85  | 64  | 华北
Artyom Lazarev    | Russia West   | Yekaterinburg | ru          | 110 | 70  | Урал; Сибирь
Ksenia Morozkina  | Russia West   | Moscow        | ru en       | 95  | 79  | Центр
Gleb Tikhvinsky   | Russia West   | Moscow        | ru          | 90  | 71  | Северо-Запад; Центр
Darya Sobolkova   | Russia West   | Moscow        | ru          | 85  | 63  | Центр
Ivo Novak         | Britain       | London        | en          | 90  | 67  | South
Hannah Prior      | Britain       | London        | en          | 90  | 73  | Midlands; North
Callum Strachan   | Britain       | London        | en          | 85  | 60  | Scotland
Nadine Ferrier    | Britain       | London        | en          | 80  | 54  | South; Midlands
"""

# How many of a rep's accounts lie where; elsewhere the territories share equally.
MIXED = {
    "Olga Petrova": {
        "Дальний Восток": 178,
        "Сибирь": 92,
        "Крайний Север": 3,
        "北海道・東北": 86,
        "东北": 61,
    },
    "Kenji Sato": {"北海道・東北": 22, "Дальний Восток": 8, "Сибирь": 0},
}
BRANCHES = {
    "ja": ("北海道・東北", "関東", "中部", "関西", "九州"),
    "zh": ("东北", "华东", "华北", "华南"),
    "ru": ("Дальний Восток", "Сибирь", "Крайний Север", "Урал", "Центр", "Северо-Запад"),
    "en": ("South", "Midlands", "North", "Scotland"),
}
"""The territories of each branch, which is named by its language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many accounts a rep holds in a territory."""

    rep: str
    territory: str
    accounts: int


def colleagues(*, today: date) -> tuple[Colleague, ...]:
    """Everybody, with the director first and managers before their reps."""
    return tuple(_everybody(today))


def shares() -> Iterator[Share]:
    """Every rep's accounts by territory, in the order of the reps."""
    for name, _team, _office, _languages, _capacity, held, territories in _rows(REPS):
        places = _places(name, territories)
        for position, place in enumerate(places):
            equal = (int(held) + position) // len(places)
            accounts = MIXED[name].get(place, 0) if name in MIXED else equal
            yield Share(rep=name, territory=place, accounts=accounts)


def branch_of(territory: str) -> str:
    """The language of the branch that has the territory."""
    return next(branch for branch, places in BRANCHES.items() if territory in places)


def _everybody(today: date) -> Iterator[Colleague]:
    numbers = count(1)

    def employed(name: str, role: str, title: str, office: str, **more: Any) -> Colleague:
        number = next(numbers)
        country, zone = OFFICES[office]
        days = 40 if name == NEW_HERE else 200 + number * 173 % 2900
        return Colleague(
            key=f"E{number:03}",
            name=name,
            email=f"{name.lower().replace(' ', '.')}@{DOMAIN}",
            role=role,
            title=title,
            country=country,
            time_zone=zone,
            started=today - timedelta(days=days),
            **more,
        )

    director = CAST.director
    yield employed(director, "director", "Director of Sales", "London", team="Board")
    yield employed(
        CAST.operations,
        "operations",
        "Sales Operations",
        "London",
        team="Operations",
        manager=director,
    )
    managers = {}
    for team, name, office, languages in _rows(TEAMS):
        managers[team] = name
        spoken = tuple(languages.split())
        yield employed(
            name, "manager", "Sales Manager", office, team=team, manager=director, languages=spoken
        )
    for name, team, office, languages, capacity, _held, territories in _rows(REPS):
        yield employed(
            name,
            "rep",
            "Sales Representative",
            office,
            team=team,
            manager=managers[team],
            languages=tuple(languages.split()),
            territories=_places(name, territories),
            capacity=int(capacity),
        )


def _rows(text: str) -> Iterator[list[str]]:
    return ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())


def _places(name: str, text: str) -> tuple[str, ...]:
    return tuple(place.strip() for place in text.split(";")) if text else tuple(MIXED[name])
