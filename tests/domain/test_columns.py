"""The columns of every export at hand are understood: kind and fields, in four languages."""

import csv
import json
import os
from pathlib import Path

import pytest

from legato.domain.columns import (
    FIELDS,
    GivenMap,
    MapInvalid,
    Mapping,
    NotATable,
    apply,
    propose,
    read_map,
)
from legato.domain.headers import HEADERS, folded
from legato.domain.kinds import KINDS

DATA = Path(os.environ.get("LEGATO_TEST_DATA", "../shared/data"))
EXPORTS = DATA / "crm_export_headers"

needs_data = pytest.mark.skipif(not EXPORTS.is_dir(), reason=f"no test data at {DATA}")

EXPECTED = {
    "amocrm_deals_ru_export.csv": """opportunity: key=ID, name=Название сделки, amount=Бюджет,
        owner=Ответственный, opened=Дата создания сделки, closed=Дата закрытия,
        stage=Этап сделки, touched=Дата редактирования, account=Компания,
        phone=Рабочий телефон, email=Рабочий email, description=Примечание, category=Источник,
        product=Товар""",
    "amocrm_leads_ru_import_template.csv": """opportunity: name=Название сделки,
        amount=Бюджет сделки, owner=Ответственный за сделку, opened=Дата создания (сделка),
        stage=Статус сделки, account=Название (компания), email=Рабочий email (контакт),
        phone=Рабочий телефон (контакт)""",
    "bitrix24_deals_ru_export_csv.csv": """opportunity: key=ID, stage=Стадия сделки,
        name=Название сделки, amount=Сумма, opened=Дата создания""",
    "bitrix24_deals_ru_export_excel_header_only.xls": """opportunity: key=ID,
        stage=Стадия сделки, name=Название сделки, owner=Ответственный, opened=Дата создания,
        touched=Дата изменения, description=Комментарий""",
    "bitrix24_leads_ru_import_template.csv": """lead: key=ID, name=Название лида,
        first_name=Имя, last_name=Фамилия, country=Страна, territory=Регион,
        phone=Рабочий телефон, email=Рабочий e-mail, account=Название компании,
        title=Должность, stage=Стадия, amount=Возможная сумма, currency=Валюта,
        category=Источник, owner=Ответственный, product=Товар, description=Комментарий""",
    "dynamics365_leads_en_export_excel.csv": """lead: key=(Do Not Modify) Lead, name=Subject,
        touched=(Do Not Modify) Modified On, first_name=First Name, last_name=Last Name,
        title=Job Title, account=Company Name, email=Email, phone=Business Phone,
        country=Country, description=Description, category=Lead Source,
        industry=Industry Sector""",
    "fxiaoke_accountobj_zh_field_labels.csv": """account: name=客户名称, key=客户编号,
        owner=负责人, category=客户类型, stage=成交状态, touched=最后跟进时间,
        due=下次跟进时间, parent=上级客户, country=国家, phone=电话, email=邮件,
        opened=创建时间""",
    "hubspot_companies_en_export.csv": """account: key=Record ID, name=Company name,
        owner=Company owner, opened=Create Date""",
    "hubspot_contacts_en2_export.csv": """contact: key=Record ID, first_name=First Name,
        last_name=Last Name, email=Email, phone=Phone Number, stage=Lifecycle Stage,
        owner=Contact owner, account_key=Associated Company IDs""",
    "hubspot_contacts_en_export.csv": """contact: key=Record ID, first_name=First Name,
        last_name=Last Name, email=Email, phone=Phone Number, stage=Lead Status,
        owner=Contact owner, opened=Create Date, account=Associated Company,
        country=Country/Region""",
    "hubspot_deals_en_export.csv": """opportunity: key=Record ID, name=Deal Name,
        stage=Deal Stage, amount=Amount, owner=Deal owner, account_key=Associated Company IDs,
        category=Lead source""",
    "pipedrive_activities_en_field_reference.csv": """activity: name=Activity - Subject,
        due=Activity - Due date, owner=Activity - Assigned to user,
        description=Activity - Note, category=Activity - Type, stage=Activity - Done,
        closed=Activity - Marked as done time, opened=Activity - Creation date,
        account=Organization, key=Activity - Pipedrive System ID""",
    "pipedrive_deals_en_field_reference.csv": """opportunity: name=Deal - Title,
        amount=Deal - Value, account=Organization, owner=Deal - Owner,
        stage=Deal - Stage (pipeline), outcome=Deal - Status, due=Deal - Expected close date,
        closed=Deal - Closed on, opened=Deal - Creation date,
        currency=Deal - Currency of value, key=Deal - Pipedrive System ID""",
    "pipedrive_import_sample_en_vendor_sample_import.csv": """opportunity: name=Deal - Title,
        amount=Deal - Value, account=Organization - Name*""",
    "pipedrive_persons_en_field_reference.csv": """contact: name=Person - Name,
        first_name=Person - First name, last_name=Person - Last name, email=Person - Email,
        phone=Person - Phone, account=Organization name, owner=Person - Owner,
        opened=Person - Creation date, category=Person - Label,
        key=Person - Pipedrive System ID""",
    "salesforce_account_en_api_or_dataloader_export.csv": """account: key=Id, name=Name,
        owner_key=OwnerId, parent_key=ParentId, category=Type, country=BillingCountry,
        phone=Phone, industry=Industry, opened=CreatedDate, touched=LastActivityDate,
        description=Description""",
    "salesforce_account_en_lowercase_export_multicurrency.csv": """account: key=id, name=name,
        owner_key=ownerid, parent_key=parentid, category=type, country=billingcountry,
        phone=phone, industry=industry, currency=currencyisocode, touched=lastactivitydate,
        description=description""",
    "salesforce_opportunity_en_report_export.csv": """opportunity: territory=Territory Region,
        owner=Opportunity Owner, account=Account Name, name=Opportunity Name, stage=Stage,
        amount=Total Amount, closed=Close Date, next_step=Opportunity Next Steps, category=Type""",
    "zoho_calls_en_data_backup.csv": """activity: key=Record Id, category=Call Type,
        name=Subject, due=Call Start Time, owner_key=Call Owner.id, phone=Dialled Number,
        opened=Created Time, description=Description""",
    "zoho_deals_en_export.csv": """opportunity: key=Deal Id, owner_key=Deal Owner.id,
        owner=Deal Owner, name=Deal Name, account_key=Company Name.id, account=Company Name,
        amount=Amount, stage=Stage, closed=Closing Date, opened=Created Time,
        touched=Last Activity Time, description=Description""",
    "zoho_deals_en_sheet_export.csv": """opportunity: key=Record Id, owner_key=Deal Owner.id,
        name=Deal Name, account_key=Account Name.id, amount=Amount, stage=Stage,
        closed=Closing Date""",
    "zoho_leads_en_export.csv": """lead: key=Record Id, owner_key=Lead Owner.id,
        owner=Lead Owner, account=Company, account_key=Converted Account.id, name=Lead Name,
        first_name=First Name, last_name=Last Name, email=Email, phone=Phone,
        category=Lead Source, stage=Lead Status, opened=Created Time,
        touched=Last Activity Time, next_step=Next Step, closed=Converted Date Time""",
    "zoho_notes_en_export.csv": "notes_not_supported",
    "zoho_tasks_en_data_backup.csv": """activity: key=Record Id, name=Subject, stage=Status,
        category=Priority, due=Due Date, owner_key=Task Owner.id, closed=Closed Time,
        opened=Created Time, touched=Modified Time, description=Description""",
    "zoho_users_en_data_backup.csv": """person: key=id, first_name=First Name,
        last_name=Last Name, email=Email, title=Role, active=Status, time_zone=Time Zone""",
}

ODOO_LEADS = {
    "en": """opportunity: key=ID, name=Subject, account=Customer Name, owner=Salesperson,
        stage=Stage, amount=Expected Revenue, opened=Creation Date, closed=Closed,
        due=Expected Closing, email=Email, phone=Phone, country=Country, outcome=Status,
        next_step=Next Action, currency=Currency""",
    "ru": """opportunity: key=Идентификатор, name=Тема, account=Название заказчика,
        owner=Продавец, stage=Этап, amount=Ожидаемая выручка, opened=Дата создания,
        closed=Закрыто, due=Ожидаемое закрытие, email=Эл. почта, phone=Телефон, country=Страна""",
    "zh_CN": """opportunity: key=ID, name=主题, account=客户名称, owner=销售员, stage=阶段,
        amount=预期收益, opened=创建日期, closed=已关闭, due=预期结束, email=电子邮件,
        phone=电话, country=国家""",
    "ja": """opportunity: name=標題, account=顧客名, stage=ステージ, amount=見込売上,
        opened=作成日, closed=閉じた, due=見込完了, email=Eメール, phone=電話, country=国""",
}

MAVEN = {
    "accounts.csv": """account: name=account, industry=sector, country=office_location,
        parent=subsidiary_of""",
    "products.csv": "product: name=product, series=series, list_price=sales_price",
    "sales_pipeline.csv": """opportunity: key=opportunity_id, owner=sales_agent,
        product=product, account=account, stage=deal_stage, opened=engage_date,
        closed=close_date, amount=close_value""",
    "sales_teams.csv": "person: name=sales_agent, manager=manager, territory=regional_office",
    "data_dictionary.csv": "describes_columns",
}

IN_OTHER_WORDS = {
    "商談名,取引先名,フェーズ,金額,完了予定日,商談 所有者,次のステップ": """opportunity:
        name=商談名, account=取引先名, stage=フェーズ, amount=金額, closed=完了予定日,
        owner=商談 所有者, next_step=次のステップ""",
    "取引先名,取引先 所有者,業種,電話,国,親取引先": """account: name=取引先名,
        owner=取引先 所有者, industry=業種, phone=電話, country=国, parent=親取引先""",
    "姓,名,取引先名,役職,メール,電話,取引先責任者 所有者": """contact: last_name=姓,
        first_name=名, account=取引先名, title=役職, email=メール, phone=電話,
        owner=取引先責任者 所有者""",
    "リード名,会社名,リード状況,リード 所有者,メール": """lead: name=リード名, account=会社名,
        stage=リード状況, owner=リード 所有者, email=メール""",
    "社員番号,氏名,上司,部署,メールアドレス,入社日": """person: key=社員番号, name=氏名,
        manager=上司, team=部署, email=メールアドレス, started=入社日""",
    "商机名称,客户名称,销售阶段,预计成交金额,预计成交日期,负责人（必填）": """opportunity:
        name=商机名称, account=客户名称, stage=销售阶段, amount=预计成交金额, due=预计成交日期,
        owner=负责人（必填）""",
    "联系人姓名,所属客户,手机,邮箱,职务,负责人": """contact: name=联系人姓名, account=所属客户,
        phone=手机, email=邮箱, title=职务, owner=负责人""",
    "线索名称,公司名称,线索状态,线索来源,负责人": """lead: name=线索名称, account=公司名称,
        stage=线索状态, category=线索来源, owner=负责人""",
    "工单编号,工单标题,客户名称,工单状态,优先级,处理人": """ticket: key=工单编号,
        name=工单标题, account=客户名称, stage=工单状态, category=优先级, owner=处理人""",
    "Название компании,Тип компании,Сфера деятельности,Ответственный,Рабочий телефон": """account:
        name=Название компании, category=Тип компании, industry=Сфера деятельности,
        owner=Ответственный, phone=Рабочий телефон""",
    "Задача,Постановщик,Ответственный,Крайний срок,Статус": """activity: name=Задача,
        owner=Ответственный, due=Крайний срок, stage=Статус""",
    "ФИО,Руководитель,Отдел,Email,Дата найма": """person: name=ФИО, manager=Руководитель,
        team=Отдел, email=Email, started=Дата найма""",
    "Case Number,Subject,Account Name,Case Owner,Status,Priority,Opened Date": """ticket:
        key=Case Number, name=Subject, account=Account Name, owner=Case Owner, stage=Status,
        category=Priority, opened=Opened Date""",
    "Commitment,Account,Promised by,Due date,Commitment kind": """commitment: name=Commitment,
        account=Account, owner=Promised by, due=Due date, category=Commitment kind""",
    "First Name,Last Name,Account Name,Title,Email,Contact Owner": """contact:
        first_name=First Name, last_name=Last Name, account=Account Name, title=Title,
        email=Email, owner=Contact Owner""",
}

WITHOUT_A_SIGN = {
    "Name,Owner,Amount,Stage": "opportunity: name=Name, owner=Owner, amount=Amount, stage=Stage",
    "Topic,Potential Customer,Est. Close Date,Est. Revenue,Owner,Status": """opportunity:
        name=Topic, account=Potential Customer, due=Est. Close Date, amount=Est. Revenue,
        owner=Owner, outcome=Status""",
    "Company,Owner,Phone,Country": """account: name=Company, owner=Owner, phone=Phone,
        country=Country""",
    "Имя,Фамилия,Телефон,E-mail,Компания,Ответственный": """contact: first_name=Имя,
        last_name=Фамилия, phone=Телефон, email=E-mail, account=Компания, owner=Ответственный""",
    "Task,Due,Owner,Account,Done": """activity: name=Task, due=Due, owner=Owner, account=Account,
        stage=Done""",
    "Product,Price": "product: name=Product, list_price=Price",
    "Ticket,Customer,Status,Priority,Assigned to": """ticket: name=Ticket, account=Customer,
        stage=Status, category=Priority, owner=Assigned to""",
    "Сделка - Название,Сделка - Сумма,Сделка - Владелец,Сделка - Этап,Организация": """opportunity:
        name=Сделка - Название, amount=Сделка - Сумма, owner=Сделка - Владелец,
        stage=Сделка - Этап, account=Организация""",
    "Id,Username,LastName,FirstName,Email,IsActive,Department": """person: key=Id,
        last_name=LastName, first_name=FirstName, email=Email, active=IsActive,
        team=Department""",
}


def said(mapping: Mapping | NotATable, headers: list[str]) -> dict[str, str] | str:
    """What a mapping says, as the tables above do."""
    if isinstance(mapping, NotATable):
        return mapping.why
    fields = {field: headers[index] for field, index in mapping.fields.items()}
    return {"kind": mapping.kind, **fields}


def expected(text: str) -> dict[str, str] | str:
    kind, colon, rest = " ".join(text.split()).partition(":")
    pairs = (pair.partition("=") for pair in rest.strip().split(", "))
    return {"kind": kind, **{field: header for field, _, header in pairs}} if colon else kind


@needs_data
@pytest.mark.parametrize("name", EXPECTED)
def test_the_export_of_a_crm_is_understood(name: str) -> None:
    catalog = json.loads((EXPORTS / "catalog.json").read_text(encoding="utf-8"))
    headers = next(entry["headers"] for entry in catalog if entry["header_file"] == name)
    assert said(propose(headers, (), name), headers) == expected(EXPECTED[name])


@needs_data
def test_every_export_at_hand_is_expected() -> None:
    catalog = json.loads((EXPORTS / "catalog.json").read_text(encoding="utf-8"))
    labels = "odoo_openerp7_field_labels_en_ru_zh_ja.csv"
    assert {entry["header_file"] for entry in catalog} == {*EXPECTED, labels}


@needs_data
@pytest.mark.parametrize("language", ODOO_LEADS)
def test_the_labels_of_odoo_are_understood(language: str) -> None:
    with (EXPORTS / "odoo_openerp7_field_labels_en_ru_zh_ja.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["model"] == "crm.lead"]
    headers = [row[language] for row in rows if row[language]]
    found = said(propose(headers, (), "crm.lead.xlsx"), headers)
    wanted = expected(ODOO_LEADS[language])
    assert isinstance(found, dict)
    assert isinstance(wanted, dict)
    assert {field: found.get(field) for field in wanted} == wanted


@pytest.mark.parametrize("name", MAVEN)
def test_a_data_set_nobody_here_wrote_is_understood(name: str) -> None:
    headers = {
        "accounts.csv": "account,sector,year_established,revenue,employees,office_location,"
        "subsidiary_of",
        "products.csv": "product,series,sales_price",
        "sales_pipeline.csv": "opportunity_id,sales_agent,product,account,deal_stage,engage_date,"
        "close_date,close_value",
        "sales_teams.csv": "sales_agent,manager,regional_office",
        "data_dictionary.csv": "Table,Field,Description",
    }[name].split(",")
    assert said(propose(headers, (), name), headers) == expected(MAVEN[name])


@pytest.mark.parametrize(("headers", "wanted"), {**IN_OTHER_WORDS, **WITHOUT_A_SIGN}.items())
def test_headers_alone_are_enough(headers: str, wanted: str) -> None:
    found = propose(headers.split(","), (), "export.csv")
    assert said(found, headers.split(",")) == expected(wanted)


@pytest.mark.parametrize(
    ("file_name", "sheet", "kind"),
    [
        ("contacts-2026.csv", None, "contact"),
        ("export.xlsx", "Leads", "lead"),
        ("顧客一覧.csv", None, "account"),
        ("Выгрузка, сотрудники.csv", None, "person"),
        ("客户_2026.xlsx", None, "account"),
    ],
)
def test_the_name_of_a_file_or_sheet_decides_where_headers_do_not(
    file_name: str, sheet: str | None, kind: str
) -> None:
    mapping = propose(["Name", "Email", "Owner"], (), file_name, sheet=sheet)
    assert isinstance(mapping, Mapping)
    assert mapping.kind == kind


def test_what_only_hints_at_a_kind_does_not_outvote_a_sign() -> None:
    headers = ["First Name", "Last Name", "Email", "Title", "Lead Owner"]
    mapping = propose(headers, (), "export.csv")
    assert isinstance(mapping, Mapping)
    assert mapping.kind == "lead"


@pytest.mark.parametrize("kind", KINDS)
def test_a_header_means_one_field_of_a_kind(kind: str) -> None:
    names = [(name, field) for field, text in HEADERS[kind].items() for name in folded(text)]
    twice = {name for name, field in names if any(n == name and f != field for n, f in names)}
    assert twice == set()


def test_a_customers_own_revenue_is_no_amount() -> None:
    assert "amount" not in FIELDS["account"]


CUSTOMERS = {
    "Cust. No,Customer,Acct Rep,E-Mail addr,Last talked to": "key name owner email touched",
    "Customer no.,Firm,Account rep,Mail,Last contacted": "key name owner email touched",
    "Client No,Client,Handled by,Phone no.,Date of last contact": "key name owner phone touched",
    "顧客番号,社名,自社担当,メアド,最終連絡日": "key name owner email touched",
    "取引先No,法人名,営業担当者名,連絡先電話番号,前回訪問日": "key name owner phone touched",
    "客户代码,公司全称,所属销售,电邮,上次联系时间": "key name owner email touched",
    "№ клиента,Фирма,Куратор,Эл. адрес,Последний звонок": "key name owner email touched",
    "Код заказчика,Название клиента,Кто ведёт,Тел.,Дата последней встречи": (
        "key name owner phone touched"
    ),
}
"""Lists of customers as people keep them by hand."""


@pytest.mark.parametrize("headers", CUSTOMERS)
def test_what_people_call_their_columns_is_understood(headers: str) -> None:
    mapping = propose(headers.split(","), (), "ten.csv", kind="account")
    assert isinstance(mapping, Mapping)
    assert [column.field for column in mapping.columns] == CUSTOMERS[headers].split()


@pytest.mark.parametrize(
    "headers",
    [
        "Order No,Customer No,Customer Name,Order Total",
        "Invoice,Customer Number,Mail,Phone No",
        "注文番号,顧客番号,社名,単位",
        "订单号,客户代码,单位,数量",
        "Заказ,Номер клиента,Фирма,Количество",
    ],
)
def test_a_table_that_only_names_customers_is_none_of_customers(headers: str) -> None:
    assert propose(headers.split(","), (), "export.csv") == NotATable(why="no_known_kind")


def test_the_customers_number_in_a_list_of_deals_is_that_of_the_account() -> None:
    headers = ["Deal ID", "Deal Stage", "Customer No", "Account Rep", "Last contacted"]
    mapping = propose(headers, (), "export.csv")
    assert isinstance(mapping, Mapping)
    fields = [column.field for column in mapping.columns]
    assert fields == ["key", "stage", "account_key", "owner", "touched"]


def test_how_a_column_was_recognised_is_said() -> None:
    mapping = propose(["Deal Name", "deal_stage", "Closing-Date", "Foo"], (), "x.csv")
    assert isinstance(mapping, Mapping)
    assert [c.how for c in mapping.columns] == ["exact", "folded", "folded", None]
    assert mapping.unmapped == ("Foo",)


def test_of_two_columns_for_one_field_the_surer_name_wins() -> None:
    headers = ["Deal Name", "Expected Revenue", "Amount", "Stage"]
    mapping = propose(headers, (), "deals.csv")
    assert isinstance(mapping, Mapping)
    assert mapping.fields["amount"] == 2


def test_of_two_equal_headers_the_first_wins() -> None:
    mapping = propose(["Deal Name", "Amount", "Amount"], (), "deals.csv")
    assert isinstance(mapping, Mapping)
    assert mapping.fields["amount"] == 1


def test_a_column_of_addresses_is_recognised_by_its_content() -> None:
    samples = [("Olga", f"olga{n}@example.com") for n in range(3)]
    mapping = propose(["Contact name", "Канал 7"], samples, "contacts.csv")
    assert isinstance(mapping, Mapping)
    assert mapping.columns[1].field == "email"
    assert mapping.columns[1].how == "content"


def test_addresses_of_others_are_not_taken_for_the_records_own() -> None:
    samples = [("Acme", f"olga{n}@example.com") for n in range(3)]
    mapping = propose(["Deal Name", "Entered by"], samples, "deals.csv")
    assert isinstance(mapping, Mapping)
    assert mapping.unmapped == ("Entered by",)


def test_a_table_of_something_else_is_skipped_saying_why() -> None:
    assert propose(["Temperature", "Humidity"], (), "weather.csv") == NotATable(why="no_known_kind")


def test_a_kind_by_its_file_name_alone_needs_a_name_column() -> None:
    assert propose(["Foo", "Bar"], (), "deals.csv") == NotATable(why="no_name")


def given(tmp_path: Path, text: str) -> GivenMap:
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    return read_map(path)


def test_a_given_mapping_decides_what_it_names_and_leaves_the_rest(tmp_path: Path) -> None:
    ours = given(
        tmp_path,
        """
        ["our_*.csv"]
        kind = "opportunity"
        ["our_*.csv".columns]
        "Vorgang" = "name"
        "Amount" = ""
        """,
    )
    headers = ["Vorgang", "Amount", "Stage"]
    mapping = apply(ours, headers=headers, samples=(), file_name="our_deals.csv")
    assert isinstance(mapping, Mapping)
    assert mapping.fields == {"name": 0, "stage": 2}
    assert mapping.confidence == "given"
    assert [c.how for c in mapping.columns] == ["given", "given", "exact"]


def test_a_given_field_is_taken_from_the_column_that_was_proposed(tmp_path: Path) -> None:
    ours = given(tmp_path, '["*"]\ncolumns = {"Paid" = "amount"}')
    headers = ["Deal Name", "Amount", "Paid"]
    mapping = apply(ours, headers=headers, samples=(), file_name="deals.csv")
    assert isinstance(mapping, Mapping)
    assert mapping.fields == {"name": 0, "amount": 2}


def test_a_file_can_be_left_out_by_a_kind_of_nothing(tmp_path: Path) -> None:
    ours = given(tmp_path, '["*"]\nkind = ""')
    skipped = apply(ours, headers=["Deal Name"], samples=(), file_name="deals.csv")
    assert skipped == NotATable(why="ignored")


def test_a_file_that_no_section_fits_is_proposed(tmp_path: Path) -> None:
    ours = given(tmp_path, '["other.csv"]\nkind = "lead"')
    mapping = apply(ours, headers=["Deal Name", "Stage"], samples=(), file_name="deals.csv")
    assert mapping == propose(["Deal Name", "Stage"], (), "deals.csv")


@pytest.mark.parametrize(
    ("text", "why", "line"),
    [
        ('["*"]\nkind = "order"', "kind", 'kind = "order"'),
        ('["*"]\ncolumns = {"Stage" = "phase"}', "field", '"Stage" = "phase"'),
        ('["*"]\nkind = "lead"\ncolumns = {"Stage" = "series"}', "field", '"Stage" = "series"'),
        ('["*"]\ncolumns = {"Nope" = "name"}', "header", '"Nope" = "name"'),
        ('["*"]\ncolumns = {"Stage" = "series"}', "field", '"Stage" = "series"'),
        ('["*"]\ncolumns = {"Stage" = "name", "Owner" = "name"}', "twice", '"Owner" = "name"'),
        ('["*"]\nkinds = "lead"', "toml", "kinds = …"),
        ("x = 1", "toml", "x = 1"),
        ('["*"]\ncolumns = 1', "toml", "* = {'columns': 1}"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_with_its_line(
    tmp_path: Path, text: str, why: str, line: str
) -> None:
    with pytest.raises(MapInvalid) as refused:
        apply(
            given(tmp_path, text),
            headers=["Deal Name", "Stage", "Owner"],
            samples=(),
            file_name="deals.csv",
        )
    assert refused.value.facts["why"] == why
    assert refused.value.facts["line"] == line


def test_a_mapping_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MapInvalid) as refused:
        given(tmp_path, "kind: lead")
    assert refused.value.facts["why"] == "toml"


@pytest.mark.parametrize(
    ("headers", "file"),
    [
        ("User ID,Name,Email", "people.csv"),
        ("User ID,Name,Email", "export.csv"),
        *(
            ("Name,Email", f"{name}.csv")
            for name in ("people", "users", "reps", "sales_team", "社員", "сотрудники", "员工")
        ),
        ("氏名,メール", "社員一覧.csv"),
        ("Имя,Фамилия,E-mail", "сотрудники.csv"),
    ],
)
def test_who_works_here_is_told_by_the_name_of_the_file_or_an_id_of_users(
    headers: str, file: str
) -> None:
    found = propose(headers.split(","), [], file)
    assert isinstance(found, Mapping)
    assert found.kind == "person"
