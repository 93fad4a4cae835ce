"""Imports at every step, for tests of pages: a Japanese file with an owner nobody
knows, one who has left, a row that is broken and one that stands twice.
"""

from datetime import datetime

from tests.example import Cast

from legato.books.importing import drafts, working
from legato.books.importing.uploads import Given
from legato.books.models import Draft

HEADERS = "商談ID,商談名,取引先,所有者,フェーズ,金額,完了予定日"
ROWS = (
    "D-1,配送センター更新,さくら食品株式会社 1,佐藤 健二郎,交渉,1200000,03/04/2027",
    "D-2,骨董品の保険,東京直営骨董店 2,佐藤 健次郎,提案,380000,05/04/2027",
    "D-3,検査装置,さくら食品株式会社 1,Olga Petrova,提案,2500000,07/04/2027",
    "D-4,冷凍庫,さくら食品株式会社 1,佐藤 健二郎,提案,百万円,07/04/2027",
    "D-5,保守契約,名前のない会社,佐藤 健二郎,提案,90000,07/04/2027",
    "D-1,配送センター更新,さくら食品株式会社 1,佐藤 健二郎,交渉,1200000,03/04/2027",
)
FILE = "\r\n".join((HEADERS, *ROWS)).encode("cp932")


def begin(cast: Cast, *, now: datetime, content: bytes = FILE, name: str = "商談.csv") -> int:
    given = [Given(name=name, size=len(content), content=[content])]
    return drafts.begin(files=given, limit=10, actor=cast.sam, now=now)


def start(draft: int, cast: Cast, *, wants: str) -> None:
    """Leaves it to a worker; an import after the test that stands."""
    tested = drafts.digest_of(Draft.objects.get(pk=draft).test)
    drafts.start(
        draft=draft, wants=wants, language="ja", actor=cast.sam, tested=tested,
        later=lambda draft: None,
    )  # fmt: skip


def go(draft: int, cast: Cast, *, now: datetime, wants: str) -> None:
    """Has the draft do what it wants, as a worker would."""
    start(draft, cast, wants=wants)
    working.carry_on(draft=draft, clock=lambda: now, again=lambda draft: None)


def imported(cast: Cast, *, now: datetime) -> int:
    """A draft that has gone to its end, some rows left to be mended."""
    draft = begin(cast, now=now)
    go(draft, cast, now=now, wants="test")
    go(draft, cast, now=now, wants="import")
    return draft


def latest() -> int:
    """The newest draft, 1 where there is none."""
    return Draft.objects.order_by("-pk").values_list("pk", flat=True).first() or 1


def at_every_step(cast: Cast, *, now: datetime) -> dict[str, str]:
    """Addresses by the name of their picture."""
    tested, done, paused = (begin(cast, now=now) for _ in range(3))
    for draft in (tested, done):
        order = f"dates:{HEADERS.split(',')[-1]}"
        drafts.read_as(draft=draft, file="商談.csv", what=order, value="day_first", actor=cast.sam)
        go(draft, cast, now=now, wants="test")
    drafts.choose_people(draft=done, owners={"佐藤 健次郎": "manager"}, actor=cast.sam, now=now)
    for wants in ("test", "import"):
        go(done, cast, now=now, wants=wants)
    go(paused, cast, now=now, wants="test")
    start(paused, cast, wants="import")
    Draft.objects.filter(pk=paused).update(rows_done=4, started_at=now)
    drafts.pause(draft=paused, actor=cast.sam)
    return {
        "imports": "/imports/",
        "import-reading": f"/imports/{paused}/reading/",
        "import-columns": f"/imports/{tested}/columns/",
        "import-people": f"/imports/{tested}/people/",
        "import-test": f"/imports/{tested}/test/",
        "import-run": f"/imports/{paused}/",
        "import-result": f"/imports/{done}/",
        "import-undo": f"/imports/{done}/undo/",
    }
