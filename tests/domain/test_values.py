"""What cells mean: dates and numbers by the column they stand in, yes and no, stages."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legato.domain.values import (
    Decision,
    Order,
    Problem,
    Style,
    currency,
    date_order,
    is_blank,
    is_known_stage,
    number_style,
    parse_boolean,
    parse_moment,
    parse_number,
    stage_class,
    stage_depth,
    stage_key,
    status_class,
)

DAY = date(2017, 12, 16)
TOKYO = ZoneInfo("Asia/Tokyo")
HALF_PAST_TWO = datetime(2017, 12, 16, 14, 30, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2017-12-16", "iso"),
        ("2017/12/16", "month_first"),
        ("2017.12.16", "day_first"),
        ("2017年12月16日", "iso"),
        ("2017年12月16日(土)", "iso"),
        ("２０１７／１２／１６", "iso"),
        ("2017年12月16日 星期六", "iso"),
        ("20171216", "iso"),
        ("16/12/2017", "day_first"),
        ("16.12.2017 г.", "day_first"),
        ("16-12-2017", "day_first"),
        ("16 12 2017", "mixed"),
        ("12/16/2017", "month_first"),
        ("12/16/17", "month_first"),
        ("17/12/16", "year_first"),
        ("16 Dec 2017", "iso"),
        ("16-Dec-2017", "iso"),
        ("16-Dec-17", "iso"),
        ("Dec 16, 2017", "iso"),
        ("December 16th, 2017", "iso"),
        ("Saturday, December 16, 2017", "iso"),
        ("16 декабря 2017", "iso"),
        ("16 дек. 2017 г.", "iso"),
        ("43085", "iso"),
        ("43085.0", "excel_serial"),
        ("'2017-12-16", "iso"),
        (" 2017-12-16 ", "ambiguous"),
    ],
)
def test_a_date_is_read_however_it_is_written(text: str, order: Decision) -> None:
    assert parse_moment(text, order, UTC) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "2017-12-16 14:30",
        "2017-12-16T14:30:00",
        "2017-12-16 14:30:00.000",
        "16.12.2017 14:30:00",
        "16.12.2017, 14:30",
        "12/16/2017 2:30 PM",
        "12/16/2017 02:30:00 p.m.",
        "2017年12月16日 下午2:30",
        "2017年12月16日午後2時30分",
        "2017/12/16 14時30分00秒",
        "16 декабря 2017 г. 14:30",
        "43085.604166667",
    ],
)
def test_a_time_of_day_is_in_the_zone_of_the_column(text: str) -> None:
    assert parse_moment(text, "mixed", TOKYO) == HALF_PAST_TWO


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2017-12-16T14:30:00Z", 0),
        ("2017-12-16T14:30:00.000+0000", 0),
        ("2017-12-16T14:30:00+05:30", 5.5),
        ("2017-12-16 14:30 UTC", 0),
        ("2017-12-16 14:30:00-08:00", -8),
    ],
)
def test_a_zone_that_is_written_counts(text: str, hours: float) -> None:
    there = timezone(timedelta(hours=hours))
    assert parse_moment(text, "iso", TOKYO) == datetime(2017, 12, 16, 14, 30, tzinfo=there)


def test_the_last_second_of_a_day_is_one() -> None:
    assert parse_moment("2017-12-16 23:59:59", "iso", UTC) == datetime(
        2017, 12, 16, 23, 59, 59, tzinfo=UTC
    )


@pytest.mark.parametrize(("text", "hour"), [("12:05 AM", 0), ("12:05 PM", 12), ("午前0:05", None)])
def test_noon_and_midnight_by_the_twelve_hour_clock(text: str, hour: int | None) -> None:
    moment = parse_moment(f"2017-12-16 {text}", "iso", UTC)
    wanted = Problem(code="impossible_date")
    assert moment == (wanted if hour is None else datetime(2017, 12, 16, hour, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "order", "code"),
    [
        ("31/02/2017", "day_first", "impossible_date"),
        ("16/12/2017", "month_first", "impossible_date"),
        ("2017-13-01", "iso", "impossible_date"),
        ("2017-12-16 25:00", "iso", "impossible_date"),
        ("2017-12-16 13:00 PM", "iso", "impossible_date"),
        ("32/13/2017", "mixed", "impossible_date"),
        ("03/04/2017", "ambiguous", "ambiguous_date"),
        ("03/04/2017", "mixed", "ambiguous_date"),
        ("03/04/2017", "iso", "ambiguous_date"),
        ("17/12/16", "mixed", "ambiguous_date"),
        ("", "iso", "not_a_date"),
        ("soon", "iso", "not_a_date"),
        ("16 foo 2017", "iso", "not_a_date"),
        ("14:30", "iso", "not_a_date"),
        ("2017", "iso", "not_a_date"),
        ("4308500", "iso", "not_a_date"),
        ("1.5", "iso", "not_a_date"),
    ],
)
def test_what_is_no_date_is_a_problem_and_no_exception(
    text: str, order: Decision, code: str
) -> None:
    assert parse_moment(text, order, UTC) == Problem(code=code)


@given(st.text(max_size=30))
def test_no_text_breaks_the_parsers(text: str) -> None:
    parse_moment(text, "mixed", UTC)
    parse_number(text, "mixed")
    parse_boolean(text)
    currency(text)
    date_order([text])
    number_style([text])
    stage_key(text)


@pytest.mark.parametrize("text", ["T" * 10**6, "," * 10**6, "1" * 10**6, "(" * 10**6, "1," * 10**6])
def test_a_giant_cell_is_answered_at_once(text: str) -> None:
    assert parse_moment(text, "mixed", UTC) == Problem(code="not_a_date")
    assert parse_number(text, "mixed") == Problem(code="not_a_number")
    assert stage_class(text) == "open"


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)))
def test_every_day_is_read_back_from_each_order(day: date) -> None:
    written: dict[str, Order] = {"%d/%m/%Y": "day_first", "%m/%d/%Y": "month_first"}
    for form, order in written.items():
        assert parse_moment(day.strftime(form), order, UTC) == day
    assert parse_moment(day.isoformat(), "month_first", UTC) == day


@pytest.mark.parametrize(
    ("values", "decision", "example"),
    [
        (["16/12/2017", "03/04/2017"], "day_first", "16/12/2017"),
        (["03/04/2017", "12/16/2017 2:30 PM"], "month_first", "12/16/2017 2:30 PM"),
        (["2024-03-12 09:14", "3/15/2024 2:30 PM"], "month_first", "3/15/2024 2:30 PM"),
        (["03/04/2017", "01/02/2017", ""], "ambiguous", "03/04/2017"),
        (["16/12/2017", "12/16/2017"], "mixed", "16/12/2017"),
        (["2017-12-16", "", "soon"], "iso", "2017-12-16"),
        (["16 Dec 2017"], "iso", "16 Dec 2017"),
        (["45631", "45632.5"], "excel_serial", "45631"),
        (["17/12/16", "16/01/05"], "ambiguous", "17/12/16"),
        (["17/12/16", "16/12/99"], "day_first", "16/12/99"),
        (["17/12/31", "31/12/16"], "ambiguous", "17/12/31"),
        ([], "iso", None),
    ],
)
def test_one_order_is_decided_for_a_column(
    values: list[str], decision: Decision, example: str | None
) -> None:
    order = date_order(values)
    assert (order.decision, order.example) == (decision, example)


@pytest.mark.parametrize(
    ("values", "decision", "example"),
    [
        (["01.11.2026", "02.11.2026", "31.02.2026"], "day_first", "01.11.2026"),
        (["01.11.26", "17.12.16"], "day_first", "01.11.26"),
        (["99.12.31", "17.12.16"], "year_first", "99.12.31"),
        (["2026.11.01"], "iso", "2026.11.01"),
        (["01.11.2026", "02/11/2026"], "day_first", "01.11.2026"),
        (["01.11.2026", "12/16/2017"], "mixed", "01.11.2026"),
    ],
)
def test_dates_with_dots_begin_with_the_day_unless_the_year_stands_first(
    values: list[str], decision: Decision, example: str
) -> None:
    order = date_order(values)
    assert (order.decision, order.example) == (decision, example)


@pytest.mark.parametrize("order", ["iso", "ambiguous", "mixed", "month_first", "day_first"])
def test_a_date_with_dots_is_read_whatever_its_column(order: Decision) -> None:
    assert parse_moment("01.11.2026", order, UTC) == date(2026, 11, 1)
    assert parse_moment("31.02.2026", order, UTC) == Problem(code="impossible_date")


@pytest.mark.parametrize(
    ("values", "decision"),
    [
        (["01/11/2026", "31/02/2026"], "day_first"),
        (["01/11/2026", "02/30/2026"], "month_first"),
        (["01/11/2026", "31/31/2026"], "ambiguous"),
    ],
)
def test_a_day_that_never_was_still_tells_the_order(values: list[str], decision: Decision) -> None:
    order = date_order(values)
    assert order.decision == decision
    assert order.counts == {
        "several": 1,
        "impossible" if decision != "ambiguous" else "not_a_date": 1,
    }


def test_a_day_that_never_was_outweighs_no_day_that_was() -> None:
    assert date_order(["12/16/2026", "03/04/2026", "31/02/2026"]).decision == "month_first"


def test_what_the_values_of_a_column_show_is_counted() -> None:
    order = date_order(["16/12/2017", "01/02/2017", "2017-12-16", "45631", "soon", "16 Dec 2017"])
    assert order.counts == {
        "day_first": 1,
        "several": 1,
        "iso": 1,
        "excel_serial": 1,
        "not_a_date": 1,
        "words": 1,
    }


def test_an_impossible_date_does_not_decide_the_order_of_its_column() -> None:
    assert date_order(["31/31/2017", "12/16/2017"]).decision == "month_first"


def test_a_default_decides_only_what_the_column_leaves_open() -> None:
    assert date_order(["03/04/2017"]).with_default("day_first") == "day_first"
    assert date_order(["12/16/2017"]).with_default("day_first") == "month_first"
    assert date_order(["2017-12-16"]).with_default("day_first") == "iso"


def test_a_default_does_not_decide_where_years_of_two_digits_may_come_first() -> None:
    assert date_order(["17/12/16"]).with_default("day_first") == "ambiguous"


@pytest.mark.parametrize(
    ("text", "style", "number"),
    [
        ("1234.5", "point", "1234.5"),
        ("1,234.56", "point", "1234.56"),
        ("1.234,56", "comma", "1234.56"),
        ("1 234,56", "comma", "1234.56"),
        ("1\u202f234,56", "comma", "1234.56"),
        ("1'234.56", "point", "1234.56"),
        ("1,23,456", "point", "123456"),
        ("1,234", "point", "1234"),
        ("1,234", "comma", "1.234"),
        ("￥1,200", "point", "1200"),
        ("$1,200.50", "point", "1200.50"),
        ("1200 руб.", "point", "1200"),
        ("RUB 1 200,00", "comma", "1200"),
        ("1.2万", "point", "12000"),
        ("3億円", "point", "300000000"),
        ("2 млн руб.", "comma", "2000000"),
        ("USD 5k", "point", "5000"),
        ("(1,200)", "point", "-1200"),
        ("-5", "comma", "-5"),
        ("−7", "point", "-7"),
        ("-$7", "point", "-7"),
        ("5-", "point", "-5"),
        ("１２３", "point", "123"),
        (".5", "point", "0.5"),
        ("1.5E+06", "point", "1500000"),
        ("1.200,50 €", "mixed", "1200.5"),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, style: Style, number: str) -> None:
    assert parse_number(text, style) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "style", "code"),
    [
        ("", "point", "not_a_number"),
        ("abc", "point", "not_a_number"),
        ("12 people", "point", "not_a_number"),
        ("1 and 2", "point", "not_a_number"),
        ("45%", "point", "not_a_number"),
        ("12,34", "point", "not_a_number"),
        ("1.2.3", "point", "not_a_number"),
        ("NaN", "point", "not_a_number"),
        ("1,234", "mixed", "ambiguous_number"),
        ("1.234", "mixed", "ambiguous_number"),
    ],
)
def test_what_is_no_number_is_a_problem(text: str, style: Style, code: str) -> None:
    assert parse_number(text, style) == Problem(code=code)


@pytest.mark.parametrize(
    ("values", "style", "example"),
    [
        (["1,234.56", "1,234"], "point", "1,234.56"),
        (["1,234", "1,5"], "comma", "1,5"),
        (["1,234", "5,000"], "point", "1,234"),
        (["1.234", "12.000"], "comma", "1.234"),
        (["0.123", "1.234"], "point", "0.123"),
        (["1234.567", "1.234"], "point", "1234.567"),
        (["1,234", "1.234"], "mixed", "1.234"),
        (["1,5", "1.5"], "mixed", "1,5"),
        (["1200", "-3", "n/a"], "point", None),
    ],
)
def test_one_decimal_sign_is_decided_for_a_column(
    values: list[str], style: Style, example: str | None
) -> None:
    decided = number_style(values)
    assert (decided.style, decided.example) == (style, example)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_every_amount_is_read_back_from_each_style(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert parse_number(english, "point") == parse_number(german, "comma") == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EUR 5", "EUR"),
        ("5 €", "EUR"),
        ("1200 руб.", "RUB"),
        ("US$5", "USD"),
        ("300円", "JPY"),
        ("5元", "CNY"),
        ("$5", None),
        ("￥5", None),
        ("5", None),
        ("5 EUR / 6 USD", None),
    ],
)
def test_a_currency_is_named_only_by_what_names_one(text: str, code: str | None) -> None:
    assert currency(text) == code


@pytest.mark.parametrize("text", ["true", "TRUE", "Yes", "да", "是", "はい", "1", "x", "Ｙ"])
def test_yes_in_four_languages(text: str) -> None:
    assert parse_boolean(text) is True


@pytest.mark.parametrize("text", ["false", "No", "нет", "否", "いいえ", "0", "N"])
def test_no_in_four_languages(text: str) -> None:
    assert parse_boolean(text) is False


def test_neither_yes_nor_no_is_a_problem() -> None:
    assert parse_boolean("maybe") == Problem(code="not_a_boolean")


@pytest.mark.parametrize("text", ["", "  ", "-", "N/A", "null", "не закрыта", "未設定", "(blank)"])
def test_a_cell_may_say_that_it_says_nothing(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "no", "Acme", "нет"])
def test_a_cell_that_says_something_is_not_blank(text: str) -> None:
    assert not is_blank(text)


WON = [
    "Won",
    "Closed Won",
    "closedwon",
    "成交",
    "赢单",
    "受注",
    "Успешно реализовано",
    "Сделка успешна",
]
LOST = ["Lost", "Closed Lost", "输单", "失注", "Закрыто и не реализовано", "Сделка провалена"]


@pytest.mark.parametrize("raw", [*WON, "Closed Won (Sales)", "CLOSED-WON", "  won "])
def test_a_won_stage_is_won_in_every_language(raw: str) -> None:
    assert (stage_class(raw), stage_key(raw), stage_depth(raw)) == ("won", "won", None)


@pytest.mark.parametrize("raw", LOST)
def test_a_lost_stage_is_lost_in_every_language(raw: str) -> None:
    assert (stage_class(raw), stage_key(raw), stage_depth(raw)) == ("lost", "lost", None)


@pytest.mark.parametrize(
    ("raw", "depth"),
    [
        ("Prospecting", "early"),
        ("Qualification", "early"),
        ("Первичный контакт", "early"),
        ("Engaging", "middle"),
        ("提案", "middle"),
        ("Negotiation/Review", "late"),
        ("Proposal", "late"),
        ("商务谈判", "late"),
        ("見積", "late"),
        ("Переговоры", "late"),
        ("Согласование договора", "late"),
        ("Contract Sent (old stage)", "late"),
        ("Our very own stage", None),
    ],
)
def test_an_open_stage_has_a_depth_if_it_is_known(raw: str, depth: str | None) -> None:
    assert stage_class(raw) == "open"
    assert stage_depth(raw) == depth
    assert is_known_stage(raw) == (depth is not None)


def test_an_open_stage_is_counted_as_it_is_written() -> None:
    assert stage_key("  Contract   Sent ") == "contract sent"


@pytest.mark.parametrize(
    "raw",
    ["Completed", "Done", "Closed", "完了", "已完成", "Завершено", "Converted", "Disqualified"],
)
def test_a_status_may_say_that_nothing_is_left_to_do(raw: str) -> None:
    assert status_class(raw) == "done"


@pytest.mark.parametrize(
    "raw", ["Not Started", "In Progress", "Working", "未着手", "进行中", "Новый", ""]
)
def test_every_other_status_is_open(raw: str) -> None:
    assert status_class(raw) == "open"
