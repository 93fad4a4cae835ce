"""What the four branches' exports look like: files, headers, encodings, ways to write a day.

Facts, as data. The headers are those of Salesforce in Japanese, ShareCRM in Chinese, Bitrix24 in
Russian and HubSpot in English; all are known to the import.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """``day`` is for strftime. ``decimal`` stands before cents; without it there are none.

    ``files`` is by kind the file's name, ``headers`` the columns of `FIELDS` in their order.
    """

    encoding: str
    separator: str
    day: str
    decimal: str
    files: dict[str, str]
    headers: dict[str, str]


FIELDS = {
    "account": """key name parent owner category industry territory language country phone email
        opened touched""",
    "contact": "key name account account_name title email phone owner opened touched",
    "opportunity": """key name account account_name stage amount product owner opened closed due
        touched next_step territory language""",
    "lead": """key name title phone owner stage category opened touched industry description
        territory language""",
    "activity": "key name account account_name category stage due closed opened owner",
    "commitment": "key name account account_name owner stage opened closed due category",
    "ticket": "key name account account_name owner stage category opened closed due",
    "product": "key name series price",
}

STAFF = "employees.csv"
STAFF_HEADERS = """Employee ID;Full name;Email;Manager;Team;Job title;Country;Time zone;Language
    ;Start date;Capacity"""

JAPANESE = Export(
    encoding="cp932",
    separator=",",
    day="%Y/%m/%d",
    decimal="",
    files={
        "account": "jp-取引先.csv",
        "contact": "jp-取引先責任者.csv",
        "opportunity": "jp-商談.csv",
        "lead": "jp-リード.csv",
        "activity": "jp-活動.csv",
        "commitment": "jp-約束.csv",
        "ticket": "jp-ケース.csv",
        "product": "jp-商品.csv",
    },
    headers={
        "account": """取引先 ID;取引先名;親取引先 ID;取引先 所有者;取引先種別;業種;テリトリー;言語;
            国
            ;電話;メール;作成日;最終活動日""",
        "contact": """取引先責任者 ID;氏名;取引先 ID;取引先名;役職;メール;電話;取引先責任者 所有者
            ;作成日;最終活動日""",
        "opportunity": """商談 ID;商談名;取引先 ID;取引先名;フェーズ;金額;商品名;商談 所有者;
            作成日;完了日
            ;受注予定日;最終活動日;次のステップ;テリトリー;言語""",
        "lead": """リード ID;氏名;役職;電話;リード 所有者;リード状況;リードソース;作成日;最終活動日
            ;業種;備考;テリトリー;言語""",
        "activity": "活動 ID;件名;取引先 ID;取引先名;活動種別;タスク状況;期日;完了日;作成日;割当先",
        "commitment": """レコード ID;約束事項;取引先 ID;取引先名;約束した人;ステータス;約束日;完了日
            ;期限;種別""",
        "ticket": """ケース番号;件名;取引先 ID;取引先名;ケース 所有者;状況;優先度;発生日;解決日;
            期限""",
        "product": "商品コード;商品名;商品ファミリー;定価",
    },
)

CHINESE = Export(
    encoding="gb18030",
    separator=",",
    day="%Y-%m-%d",
    decimal=".",
    files={
        "account": "cn-客户.xlsx",
        "contact": "cn-联系人.csv",
        "opportunity": "cn-商机.csv",
        "lead": "cn-线索.csv",
        "activity": "cn-活动.csv",
        "commitment": "cn-承诺.csv",
        "ticket": "cn-工单.csv",
        "product": "cn-产品.csv",
    },
    headers={
        "account": """客户编号;客户名称;上级客户编号;负责人;客户级别;所属行业;区域;语言;国家;电话;
            邮箱
            ;创建时间;最后跟进时间""",
        "contact": """联系人编号;姓名;客户编号;客户名称;职务;邮箱;手机;联系人负责人;创建时间
            ;最后跟进时间""",
        "opportunity": """商机编号;商机名称;客户编号;客户名称;商机阶段;商机金额;产品名称;商机负责人
            ;创建时间;成交日期;预计成交日期;最后跟进时间;下一步;区域;语言""",
        "lead": """线索编号;姓名;职务;手机;线索负责人;线索状态;线索来源;创建时间;最后跟进时间
            ;所属行业;备注;区域;语言""",
        "activity": """活动编号;活动主题;客户编号;客户名称;活动类型;执行状态;截止日期;完成日期;
            创建时间
            ;任务负责人""",
        "commitment": """数据 ID;承诺内容;客户编号;客户名称;承诺人;状态;承诺日期;完成日期;截止日期
            ;类型""",
        "ticket": """工单编号;工单标题;客户编号;客户名称;工单负责人;工单状态;优先级;创建时间;
            解决时间
            ;截止时间""",
        "product": "产品编号;产品名称;产品系列;标准价格",
    },
)

RUSSIAN = Export(
    encoding="cp1251",
    separator=";",
    day="%d.%m.%Y",
    decimal=",",
    files={
        "account": "ru-компании.csv",
        "contact": "ru-контакты.csv",
        "opportunity": "ru-сделки.csv",
        "lead": "ru-лиды.csv",
        "activity": "ru-дела.csv",
        "commitment": "ru-обещания.csv",
        "ticket": "ru-обращения.csv",
        "product": "ru-товары.csv",
    },
    headers={
        "account": """ID компании;Название компании;ID головной компании;Ответственный за компанию
            ;Тип компании;Сфера деятельности;Регион;Язык;Страна;Рабочий телефон;Рабочий e-mail
            ;Дата создания;Дата последней активности""",
        "contact": """ID контакта;Полное имя;ID компании;Компания;Должность;Рабочий e-mail
            ;Мобильный телефон;Ответственный за контакт;Дата создания;Последний контакт""",
        "opportunity": """ID сделки;Название сделки;ID компании;Компания;Стадия сделки;Сумма;Товар
            ;Ответственный за сделку;Дата создания;Дата закрытия;Предполагаемая дата закрытия
            ;Дата последнего контакта;Следующий шаг;Регион;Язык""",
        "lead": """ID лида;ФИО;Должность;Рабочий телефон;Ответственный за лид;Статус лида;Источник
            ;Дата создания;Дата изменения;Отрасль;Комментарий;Регион;Язык""",
        "activity": """ID дела;Тема дела;ID компании;Компания;Тип дела;Статус;Крайний срок
            ;Дата завершения;Дата создания;Исполнитель""",
        "commitment": """ID;Что обещано;ID компании;Компания;Кто обещал;Статус;Дата обещания
            ;Дата выполнения;Срок;Тип""",
        "ticket": """Номер обращения;Тема обращения;ID компании;Компания;Ответственный
            ;Статус обращения;Приоритет;Дата создания;Дата решения;Срок""",
        "product": "Артикул;Название товара;Серия;Цена",
    },
)

ENGLISH = Export(
    encoding="utf-8",
    separator=",",
    day="%d/%m/%Y",
    decimal=".",
    files={
        "account": "gb-companies.csv",
        "contact": "gb-contacts.xls",
        "opportunity": "gb-deals.csv",
        "lead": "gb-leads.csv",
        "activity": "gb-activities.csv",
        "commitment": "gb-commitments.csv",
        "ticket": "gb-tickets.csv",
        "product": "gb-products.csv",
    },
    headers={
        "account": """Company ID;Company name;Parent company ID;Company owner;Company type;Industry
            ;Territory;Language;Country;Phone;Email;Create Date;Last Activity Date""",
        "contact": """Contact ID;Full name;Company ID;Company name;Job title;Email;Phone
            ;Contact owner;Create Date;Last Contacted""",
        "opportunity": """Deal ID;Deal Name;Company ID;Company name;Deal Stage;Amount;Product
            ;Deal owner;Create Date;Close Date;Expected Close Date;Last Activity Date;Next step
            ;Territory;Language""",
        "lead": """Lead ID;Full name;Job title;Phone;Lead owner;Lead status;Lead source;Create Date
            ;Last Activity Date;Industry;Description;Territory;Language""",
        "activity": """Activity ID;Subject;Company ID;Company name;Activity type;Activity status
            ;Due date;Completed date;Create Date;Activity owner""",
        "commitment": """Commitment ID;Commitment;Company ID;Promised to;Promised by;Status
            ;Promised on;Kept on;Due date;Commitment kind""",
        "ticket": """Ticket ID;Ticket name;Company ID;Company name;Ticket owner;Ticket status
            ;Priority;Create Date;Close date;Due date""",
        "product": "Product code;Product name;Product family;List price",
    },
)

EXPORTS = {"ja": JAPANESE, "zh": CHINESE, "ru": RUSSIAN, "en": ENGLISH}
COUNTRIES = {"ja": "日本", "zh": "中国", "ru": "Россия", "en": "United Kingdom"}
"""How each branch writes its country."""
