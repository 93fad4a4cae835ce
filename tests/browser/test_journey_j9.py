"""J9: Excel from four countries. Ten thousand rows each, two in a hundred broken, an owner renamed
and one departed: in, seen, mended, taken back; with keys alone, on a phone, in the dark, in large
letters.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, expect
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from tests.browser.company import World
from tests.browser.hand import Hand
from tests.browser.reading import PHONE, Reader, Sight, languages

from legato.books.models import Draft, Record

New = Callable[..., Reader]
ROWS, EACH_BROKEN = 10_000, 50
CLICKS, SECONDS = 10, 23
LIVE = 200
"""Milliseconds until the page answers a hand."""
FRAME = """() => new Promise((done) => { const began = performance.now();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - began))) })"""
DEPARTED = "Olga Petrova"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file as the spreadsheet of a country writes it."""

    language: str
    name: str
    codec: str
    separator: str
    headers: str
    known: str
    renamed: str
    stage: str
    product: str
    day: str


EXPORTS = {
    "ja": Export(
        language="ja", name="商談一覧.csv", codec="cp932", separator=",",
        headers="商談ID,商談名,所有者,フェーズ,金額,完了予定日,作成日,次のステップ,備考,市区郡",
        known="佐藤 健二郎", renamed="佐藤 健次郎", stage="交渉", product="配送契約の更新",
        day="2027/03/{:02}",
    ),
    "zh-hans": Export(
        language="zh-hans", name="商机.csv", codec="gb18030", separator=",",
        headers="商机ID,商机名称,负责人,阶段,金额,预计成交日期,创建时间,下一步,区域",
        known="王 芳", renamed="王芳芳", stage="谈判", product="设备采购合同",
        day="2027-03-{:02}",
    ),
    "ru": Export(
        language="ru", name="Сделки.csv", codec="cp1251", separator=";",
        headers="ID;Название сделки;Ответственный;Этап сделки;Сумма;Предполагаемая дата закрытия;"
        "Дата создания;Следующий шаг",
        known="Александра Владимировна Константинопольская",
        renamed="Александра Константинопольская", stage="Переговоры",
        product="Поставка оборудования", day="{:02}.03.2027",
    ),
    "en": Export(
        language="en", name="deals.csv", codec="utf-8", separator=",",
        headers="Opportunity ID,Opportunity Name,Owner,Stage,Amount,Close Date,Created Date,"
        "Next Step",
        known="Bartholomew Featherstonehaugh-Cholmondeley", renamed="Bartholomew Featherstonehaugh",
        stage="Negotiation", product="Renewal of the café's contract", day="2027-03-{:02}",
    ),
}  # fmt: skip
SIGHTS = {
    "ja": Sight(language="ja"),
    "zh-hans": Sight(language="zh-hans", size=PHONE),
    "ru": Sight(language="ru", dark=True),
    "en": Sight(language="en", zoom=2),
}
KEYS_ALONE = "ja"


def written(export: Export) -> bytes:
    width = len(export.headers.split(export.separator))
    lines = [export.headers, *(row(export, number, width) for number in range(ROWS))]
    return "\r\n".join(lines).encode(export.codec)


def row(export: Export, number: int, width: int) -> str:
    owner = (export.known, export.renamed, DEPARTED)[number % 3]
    amount = "??" if number % EACH_BROKEN == 7 else str(1000 + number)
    day = export.day.format(number % 28 + 1)
    cells = [f"{export.language}-{number}", f"{export.product} {number}", owner, export.stage]
    cells += [amount, day, day, export.product, export.stage, export.stage]
    return export.separator.join(cells[:width])


@pytest.fixture(scope="module", autouse=True)
def worker(company: World) -> Iterator[None]:
    """Does the jobs as ``legato up``'s does, beside the pages."""
    working = Worker()
    working.start()
    yield
    working.stop()


class Worker(Thread):
    def run(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.task = self.loop.create_task(self.work())
        with suppress(asyncio.CancelledError):
            self.loop.run_until_complete(self.task)

    async def work(self) -> None:
        connector = app.connector
        assert isinstance(connector, DjangoConnector)
        # An app of its own: pages go on leaving jobs in their own transaction.
        async with app.with_connector(connector.get_worker_connector()).open_async() as ours:
            await ours.run_worker_async(install_signal_handlers=False)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.task.cancel)
        self.join(60)


@dataclass(kw_only=True)
class Guide:
    """One hand through one import, by mouse or by keys alone."""

    reader: Reader
    hand: Hand
    by_keys: bool
    pictures: Path
    name: str

    @property
    def page(self) -> Page:
        return self.reader.page

    def press(self, what: str) -> None:
        self.hand.think()
        if self.by_keys:
            self.hand.tab_to(what)
            self.hand.press("Enter")
        else:
            self.hand.click(what)

    def give(self, file: Path) -> None:
        """Chooses the file: its name typed, or one click more in the system's dialogue."""
        with self.page.expect_file_chooser() as chosen:
            self.press("#files")
        chosen.value.set_files(file)
        if self.by_keys:
            self.hand.keys += len(file.name)
        else:
            self.hand.clicks += 1
            self.hand.seconds += 1.3
        self.press("#read")

    def look(self, step: str) -> None:
        assert self.reader.wrongs() == [], step
        assert self.reader.barriers() == [], step
        self.reader.picture(self.pictures / f"j9-{self.name}-{step}.png")

    def go_through(self, *, first: bool) -> None:
        """From the file to the result."""
        self.page.wait_for_url("**/reading/")
        self.look("2-reading")
        self.press("#go-on")
        self.page.wait_for_url("**/columns/")
        self.look("3-columns")
        self.press("#go-on")
        self.arrive("#go-on")
        if first:
            self.look("4-people")
            self.press("#go-on")
            self.arrive("form[action$='/test/'] #go-on")
        self.look("5-test")
        self.press("#go-on")
        self.stays_live()
        self.arrive("#undo, #broken-rows")
        self.look("7-result")

    def arrive(self, what: str) -> None:
        expect(self.page.locator(what).first).to_be_visible(timeout=60_000)

    def stays_live(self) -> None:
        if self.page.locator("#progress").count():
            assert self.page.evaluate(FRAME) < LIVE


@pytest.mark.parametrize("language", languages(EXPORTS, else_only="ja"))
def test_ten_thousand_rows_of_a_country_come_in_are_mended_and_taken_back(
    language: str, reader: New, company: World, tmp_path: Path, pictures: Path
) -> None:
    export = EXPORTS[language]
    file = tmp_path / export.name
    file.write_bytes(written(export))
    person = reader(company.cast.sam, SIGHTS[language])
    page = person.open("/imports/")
    guide = Guide(
        reader=person, hand=Hand(page=page), by_keys=language == KEYS_ALONE, pictures=pictures,
        name=language,
    )  # fmt: skip
    guide.give(file)
    guide.go_through(first=True)
    assert guide.hand.clicks <= (0 if guide.by_keys else CLICKS)
    assert guide.by_keys or guide.hand.seconds <= SECONDS, guide.hand.seconds
    draft = Draft.objects.latest("pk")
    columns = draft.seen["files"][0]["parts"][0]["columns"]
    assert sum(bool(each["field"]) for each in columns) / len(columns) >= 0.9
    came = Record.objects.filter(kind="opportunity", key__startswith=f"{language}-")
    assert came.count() == ROWS - ROWS // EACH_BROKEN
    assert came.filter(name__startswith=export.product).count() == came.count()
    assert not came.filter(owner=company.cast.olga).exists()
    by_name = set(came.values_list("owner__name", flat=True))
    assert export.known in by_name
    with page.expect_download() as download:
        page.locator("#broken-rows").click()
    broken = Path(download.value.path()).read_bytes().decode(export.codec)
    assert broken.count("??") == ROWS // EACH_BROKEN
    mended = tmp_path / f"mended-{export.name}"
    mended.write_bytes(broken.replace("??", "77").encode(export.codec))
    guide.give(mended)
    guide.go_through(first=False)
    assert came.count() == ROWS
    page.goto(f"/imports/{draft.pk}/")
    guide.press("#undo")
    guide.arrive("#take-back")
    guide.press("#take-back")
    guide.arrive(".done")
    assert came.filter(is_open=True).count() == ROWS // EACH_BROKEN
