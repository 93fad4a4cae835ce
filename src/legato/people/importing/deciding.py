"""Decides what the rows of files change among the people that are known. Writes nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db import connection

from legato.domain.names import fold, join
from legato.people.importing.plans import COLUMNS, Plan, Row, Someone, key_without_id
from legato.people.models import Person, Team


def plan(rows: Sequence[Row], *, source: str) -> Plan:
    """Decides what ``rows`` change among the people that are known. Writes nothing."""
    planned = Plan(
        source=source,
        everyone=_known(),
        teams=dict(Team.objects.values_list("name", "id")),
    )
    ids = iter(_next_ids("people_person", 2 * len(rows)))
    for someone, row in _matched(planned, rows, ids):
        someone.row = row
    managers = _managers(planned, ids)
    _place_in_teams(planned, managers)
    _compare(planned)
    return planned


def _known() -> dict[int, Someone]:
    return {
        person.pk: Someone(
            id=person.pk,
            source=person.source,
            key=person.key,
            name=person.name,
            email=person.email,
            manager_id=person.manager_id,
            team_id=person.team_id,
            is_employed=person.is_employed,
            is_new=False,
            role=person.role,
        )
        for person in Person.objects.order_by("id")
    }


def _matched(
    planned: Plan, rows: Iterable[Row], ids: Iterator[int]
) -> Iterator[tuple[Someone, Row]]:
    """Each row with whom it means: by key, else by e-mail, else by a name that only one has."""
    by_key = {(p.source, p.key): p for p in planned.everyone.values()}
    by_email = {p.email.casefold(): p for p in planned.everyone.values() if p.email}
    by_name: dict[str, list[Someone]] = {}
    for person in planned.everyone.values():
        by_name.setdefault(fold(person.name), []).append(person)
    for row in rows:
        email = str(row.said.get("email", ""))
        found = by_key.get((planned.source, row.key)) or by_email.get(email.casefold() or "\0")
        alike = by_name.get(fold(row.name), [])
        if found is None and len(alike) == 1 and _may_be(alike[0], row, planned.source):
            found = alike[0]
        if found is None and len(alike) > 1 and row.place and row.key == key_without_id(row.name):
            planned.rejected.append((row.place, "name:owner_ambiguous"))
            continue
        if found is None:
            found = _newcomer(next(ids), row=row, planned=planned)
            by_key[planned.source, row.key] = found
            if email:
                by_email[email.casefold()] = found
        if found.row is None:
            yield found, row
        elif found.row.said == row.said and found.row.name == row.name:
            planned.counts["repeats"] += 1
        elif row.place:
            planned.rejected.append((row.place, "name:repeated_differently"))


def _may_be(person: Someone, row: Row, source: str) -> bool:
    """Whether somebody of the same name is the same: where both have ids or addresses, no."""
    both_have_addresses = bool(row.said.get("email") and person.email)
    one_has_no_id = any(_is_made(key, row.name) for key in (row.key, person.key))
    is_elsewhere = person.source != source
    return person.row is None and (one_has_no_id or is_elsewhere) and not both_have_addresses


def _is_made(key: str, name: str) -> bool:
    """Whether a key is none of the file, but made of a name (and an address)."""
    return key.partition("|")[0] == key_without_id(name)


def _newcomer(pk: int, *, row: Row, planned: Plan) -> Someone:
    someone = Someone(
        id=pk,
        source=planned.source,
        key=row.key,
        name=row.name,
        email=str(row.said.get("email", "")),
        manager_id=None,
        is_employed=row.is_active,
        is_new=True,
        role="rep",
    )
    if row.place is None:
        planned.from_names.append(row.name)
    planned.everyone[pk] = someone
    return someone


def _managers(planned: Plan, ids: Iterator[int]) -> dict[int, int]:
    """Sets everybody's manager; a manager who is no person yet becomes one. Person to manager."""
    said = [p for p in planned.everyone.values() if p.row and _manager_said(p.row)]
    written = {_manager_said(p.row) for p in said if p.row}
    pairs = [(p.name, p.id) for p in planned.everyone.values()]
    pairs += [(p.email, p.id) for p in planned.everyone.values() if p.email]
    found = join(sorted(written), pairs)
    newcomers: dict[str, Someone] = {}
    for name in found.unknown:
        same = newcomers.get(fold(name))
        if same is None:
            row = Row(place=None, key=fold(name), name=name, said={"name": name})
            same = newcomers[fold(name)] = _newcomer(next(ids), row=row, planned=planned)
            same.row = row
    managers: dict[int, int] = {}
    for person in said:
        name = _manager_said(person.row)
        if name in found.ambiguous:
            _reject(planned, person, "manager:manager_ambiguous")
            continue
        pk = found.key(name) or newcomers[fold(name)].id
        planned.named.add(pk)
        if name in found.folded:
            planned.joined["manager", name, found.folded[name][0]] += 1
        if pk != person.id:
            managers[person.id] = person.manager_id = pk
    return managers


def _manager_said(row: Row | None) -> str:
    said = row.said if row else {}
    return str(said.get("manager") or said.get("manager_email") or "")


def _reject(planned: Plan, person: Someone, why: str) -> None:
    if person.row and person.row.place:
        planned.rejected.append((person.row.place, why))
    person.row = None
    if person.is_new:
        del planned.everyone[person.id]


def _place_in_teams(planned: Plan, managers: Mapping[int, int]) -> None:
    """A team of the name the file gives; else, for who has none, one of the manager's name."""
    wanted: dict[int, str] = {}
    for person in planned.everyone.values():
        said = person.row.said if person.row else {}
        if "team" in said:
            wanted[person.id] = str(said["team"])
        elif person.id in managers and person.team_id is None:
            wanted[person.id] = planned.everyone[managers[person.id]].name
    for person_id, manager_id in managers.items():
        team = wanted.get(person_id)
        manager = planned.everyone[manager_id]
        if team and team == manager.name and manager.team_id is None:
            wanted.setdefault(manager_id, team)
    names = sorted({team for team in wanted.values() if team} - planned.teams.keys())
    planned.new_teams = dict(zip(names, _next_ids("people_team", len(names)), strict=True))
    planned.teams |= planned.new_teams
    stays = {person.team_id for person in planned.everyone.values() if person.id in managers}
    kept = {name for name, pk in planned.teams.items() if pk in stays}
    planned.teams_named = kept | {team for team in wanted.values() if team}
    for person_id, team in wanted.items():
        pk = planned.teams.get(team)
        planned.everyone[person_id].columns["team_id"] = pk
        if pk is not None and person_id in managers:
            planned.team_managers.setdefault(pk, managers[person_id])


def _compare(planned: Plan) -> None:
    """Leaves in ``columns`` what differs from what is stored, and counts."""
    leading = {p.manager_id for p in planned.everyone.values() if p.manager_id}
    stored = {
        row["id"]: row
        for row in Person.objects.filter(pk__in=planned.everyone).values("id", *COLUMNS)
    }
    for person in planned.everyone.values():
        said = dict(person.row.said) if person.row else {}
        wanted = {name: said[name] for name in COLUMNS if name in said} | person.columns
        if "manager" in said or "manager_email" in said:
            wanted["manager_id"] = person.manager_id
        if person.role == "rep" and person.id in leading:
            wanted["role"] = person.role = "manager"
        if person.row:
            wanted["name"] = person.name = person.row.name
        before = stored.get(person.id, {})
        if person.row and not person.is_new and not person.row.is_active and person.is_employed:
            planned.inactive.append(person.name)
        person.columns = {k: v for k, v in wanted.items() if k not in before or before[k] != v}
        is_said = person.row or person.columns or person.id in planned.named
        planned.counts[_outcome(person)] += bool(is_said)
    planned.counts["rejected"] = len(planned.rejected)
    planned.counts["same"] += planned.counts["repeats"]


def _outcome(person: Someone) -> str:
    return "new" if person.is_new else "changed" if person.columns else "same"


def _next_ids(table: str, count: int) -> list[int]:
    """Ids known before their rows, so that everything can be decided before it is written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [pk for (pk,) in cursor.fetchall()]
