"""A short header row is enough to tell the encoding of a file; a bad byte costs its row alone."""

import codecs
from pathlib import Path

import pytest

from legato.connectors.files import Defective, Table, Unreadable, tables
from legato.connectors.files.encodings import detect

JAPANESE = [
    "取引先名,電話,住所",
    "商談名,フェーズ,金額,完了予定日",
    "会社名,担当者\r\n山田商事株式会社,佐藤 健二\r\n",
    "氏名,部署\r\n田中　美咲,営業第一部\r\n高橋　誠,大阪支店",
    "顧客名,備考\r\nﾔﾏﾀﾞ電機,ｶﾌﾞ)ﾔﾏﾀﾞ様より折り返しの電話あり",
]
CHINESE = [
    "客户名称,负责人",
    "姓名,电话",
    "商机名称,销售阶段,预计成交金额,预计成交日期",
    "公司,联系人\r\n北京华夏科技有限公司,王小明\r\n上海鑫源贸易有限公司,李娜",
    "客户名称,客户编号,客户分类,统一社会信用代码,工商注册",
]
RUSSIAN = [
    "Название,Ответственный",
    "Имя;Фамилия",
    "НАЗВАНИЕ;ТЕЛЕФОН;ИНН",
    "Компания;Сумма\r\nООО «Ромашка»;1200\r\nАО «Вега-2»;300",
    "Название сделки;Бюджет сделки;Ответственный за сделку",
    "ID;Имя\r\n1;Пётр Щукин\r\n2;Объём № 5",
]
LATIN = ["Name;Straße;Größe", "Société,Prénom\r\nCafé Élysée,René", "Name,Price\r\nA – B,5 €"]

CASES = [
    *((text, name) for text in JAPANESE for name in ("cp932",)),
    *((text, name) for text in CHINESE for name in ("gb18030",)),
    *((text, name) for text in RUSSIAN for name in ("cp1251",)),
    *((text, name) for text in LATIN for name in ("cp1252",)),
    *(
        (text, name)
        for text in (*JAPANESE, *CHINESE, *RUSSIAN, *LATIN, "Name,Owner\r\nAcme,Olga")
        for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
    ),
]


@pytest.mark.parametrize(("text", "encoding"), CASES)
def test_a_few_words_tell_their_encoding(text: str, encoding: str) -> None:
    assert detect(text.encode(encoding), complete=True) == encoding


def test_a_byte_order_mark_of_either_end_is_utf_16() -> None:
    data = codecs.BOM_UTF16_BE + "Name,Owner".encode("utf-16-be")
    assert detect(data, complete=True) == "utf-16"


@pytest.mark.parametrize(("text", "encoding"), CASES)
def test_a_sample_may_end_inside_a_character(text: str, encoding: str) -> None:
    data = (text + "\r\n" + text).encode(encoding)[:-1]
    assert detect(data, complete=False) == encoding


def read(tmp_path: Path, data: bytes) -> Table:
    path = tmp_path / "deals.csv"
    path.write_bytes(data)
    return next(tables(path))


@pytest.mark.parametrize(("text", "encoding"), [(t, e) for t, e in CASES if "\n" in t])
def test_cells_are_read_as_they_were_written(tmp_path: Path, text: str, encoding: str) -> None:
    table = read(tmp_path, text.encode(encoding))
    header, *rows = (line.split(table.separator) for line in text.splitlines())
    assert table.headers == tuple(header)
    assert [cells for _, cells in table.rows()] == rows


def test_the_first_foreign_letter_may_come_late(tmp_path: Path) -> None:
    plain = b"name,owner\n" + b"Acme,Olga\n" * 60_000
    table = read(tmp_path, plain + "Ромашка,Ольга\n".encode("cp1251"))
    assert table.encoding == "cp1251"
    assert list(table.rows())[-1] == (60_002, ["Ромашка", "Ольга"])


def test_a_bad_byte_rejects_its_row_and_no_other(tmp_path: Path) -> None:
    rows = [f"Société {n},Zoë".encode() for n in range(40)]
    rows[30] = b"Soci\xe9t\xe9 30,Zo\xeb"
    table = read(tmp_path, b"name,owner\n" + b"\n".join(rows))
    assert table.encoding == "utf-8"
    bad = {line: cells for line, cells in table.rows() if isinstance(cells, Defective)}
    assert {line: cells.why for line, cells in bad.items()} == {32: "undecodable"}
    assert [cells[0] for _, cells in table.rows()][31] == "Société 31"


def test_a_character_cut_off_by_the_end_of_the_file_rejects_the_last_row(tmp_path: Path) -> None:
    table = read(tmp_path, "name,owner\nRené,Zoë\nJosé,Anaï".encode()[:-1])
    first, last = (cells for _, cells in table.rows())
    assert first == ["René", "Zoë"]
    assert isinstance(last, Defective)
    assert last.why == "undecodable"


def test_a_zero_byte_rejects_its_row(tmp_path: Path) -> None:
    table = read(tmp_path, b"name,owner\nAc\0me,Olga\nBeta,Mei\n" + b"Gamma,Mei\n" * 50)
    first, second, *_ = (cells for _, cells in table.rows())
    assert isinstance(first, Defective)
    assert first.why == "nul"
    assert second == ["Beta", "Mei"]


@pytest.mark.parametrize(("text", "encoding"), [c for c in CASES if "utf-16" not in c[1]])
def test_a_zero_byte_does_not_make_a_file_utf_16(text: str, encoding: str) -> None:
    data = (text + "\r\n" + text[0]).encode(encoding) + b"\0"
    rest = "\r\n".join(["", *[text] * 20]).encode(encoding).removeprefix(codecs.BOM_UTF8)
    assert detect(data + rest, complete=True) == encoding


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 40, b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 30, b"\0" * 2000]
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, data)
    assert refused.value.facts["why"] in ("binary", "empty")


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n \r\n", b"\xff\xfe"])
def test_an_empty_file_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, data)
    assert refused.value.facts == {"file": "deals.csv", "why": "empty"}
