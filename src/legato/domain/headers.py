"""What the columns of nine CRMs are called, in English, Japanese, Chinese and Russian.

Facts, as data: per kind and field the header names, the surest first (where two columns of a file
claim one field, the one named earlier gets it). They are compared folded, so case, spaces and
punctuation do not matter. A name means one field of a kind only.
"""

import re
from functools import cache

from legato.domain.names import fold

KEY = """record id; id; uuid; guid; external id; レコード id; データ id; 记录 id; 数据 id
    唯一标识; 唯一性id; идентификатор; ид; код"""
OWNER = """владелец; owner; owner name; record owner; sales agent; sales rep
    sales representative; salesperson; sales person; assigned to; assigned to user
    assigned user; assignee; responsible; responsible user; responsible person; account manager
    agent; rep; user; owner full name; current owner; 所有者; 担当者; 担当; 営業担当; 営業担当者
    担当営業; 主担当; 担当者名; 所有者名; 任命先; 割り当て先; 负责人; 所有人; 归属人; 负责人姓名
    销售员; 销售代表; 销售负责人; 业务员; 跟进人; 客户经理; 主负责人; 拥有者; ответственный
    account rep; acct rep; account representative; acct manager; acct mgr; account mgr
    account executive; account exec; sales executive; salesman; relationship manager; managed by
    handled by; looked after by; 営業担当者名; 自社担当; 自社担当者; 弊社担当; 弊社担当者
    所属销售; 归属销售; 跟进销售; 负责销售; 业务负责人; персональный менеджер; аккаунт-менеджер
    менеджер клиента; менеджер по продажам; менеджер по работе с клиентами; куратор; кто ведет
    ответственный сотрудник; ответственный менеджер; менеджер; продавец; ответственное лицо
    ответственный за сделку; сотрудник; исполнитель; ведущий менеджер"""
OWNER_KEY = """owner id; ownerid; owner.id; assigned to id; assigned user id; user id
    user_id/id; sales agent id; responsible id; assigned by id; 所有者 id; 担当者 id; 负责人 id
    所有人 id; 负责人（id）; ответственный id; id ответственного; id менеджера
    ответственный: id"""
OWNER_EMAIL = """owner email; owner e-mail; owner's email; user email; salesperson email
    sales rep email; assigned to email; 所有者メール; 所有者 メール; 担当者メール
    担当者メールアドレス; 负责人邮箱; 负责人邮件; 用户电子邮件; email ответственного
    e-mail ответственного; email пользователя; почта ответственного; почта менеджера"""
OPENED = """created date; create date; created; created time; created at; created on
    creation date; date created; date of creation; date entered; date create; 作成日; 作成日時
    登録日; 登録日時; 作成日付; 创建时间; 创建日期; 新建时间; 建立时间; 建立日期; дата создания
    создано; создан; дата добавления; когда создан; дата регистрации"""
TOUCHED = """last activity date; last activity; last activity time; last contacted
    last contact date; last contact; last action; last touch; last interaction
    last modified date; modified time; last modified; modified on; (do not modify) modified on
    modified; updated; updated at; update date; last update; update time; date modify
    last modified time; 最終活動日; 最終アクティビティー日; 最終アクティビティ日; 最終接触日
    最終訪問日; 最終コンタクト日; 最終アクション; 最終更新日; 最終更新日時; 更新日; 更新日時
    最后跟进时间; 最近跟进时间; 最后活动时间; 最后联系时间; 最近联系时间; 最近动作
    最后一次跟进时间; 最近活动; 最后修改时间; 最近修改时间; 修改时间; 更新时间; 更新日期
    дата последней активности; последняя активность; последний контакт; дата последнего контакта
    последнее действие; дата изменения; дата редактирования; изменено; изменен; дата обновления
    last contacted on; last contact on; date of last contact; last talked to; last talked
    last talk; last spoken to; last spoke to; last spoke; last conversation; last call
    last call date; last visit; last visit date; last visited; last meeting; last meeting date
    last touched; last touch date; last follow up; last follow up date; 最終連絡日; 前回連絡日
    前回訪問日; 前回接触日; 最終商談日; 最終対応日; 最終面談日; 上次联系时间; 上次联系日期
    上次联系; 上次跟进时间; 上次拜访时间; 最近联系日期; 最近联系; 最后联系日期; 最后联系
    最近拜访时间; 最近拜访日期; последний звонок; дата последнего звонка; последняя встреча
    дата последней встречи; последнее общение; последнее касание; дата последнего касания
    последний визит; дата последнего визита"""
NEXT_STEP = """next step; next steps; next action; opportunity next steps; next activity
    nextstep; next task; 次のステップ; 次のアクション; 次回アクション; ネクストアクション
    次回予定; 次回行動; 下一步; 下一步计划; 下一动作; 下步计划; 下一步行动; 后续计划; 下一步骤
    следующий шаг; следующее действие; следующий контакт; ближайшая задача; следующая задача
    дальнейшие действия"""
DESCRIPTION = """description; note; notes; comment; comments; remark; remarks; details; 説明
    備考; メモ; コメント; 注記; 内容; 詳細; 描述; 备注; 说明; 详细描述; описание; комментарий
    комментарии; примечание; заметки; дополнительная информация"""
EMAIL = """email from; email; e-mail; email address; work email; primary email; email (work)
    business email; work e-mail; メール; メールアドレス; eメール; 電子メール; メールアドレス1
    邮箱; 邮件; 电子邮件; 电子邮箱; 邮箱地址; 工作邮箱; эл. почта; электронная почта; почта
    email addr; email adr; mail; mail address; email id; eメールアドレス; メアド; 電子メールアドレス
    邮件地址; 电子邮件地址; 联系邮箱; 电邮; адрес электронной почты; электронный адрес; эл. адрес
    имейл; емейл
    рабочий e-mail; рабочая почта; адрес почты; рабочий email (контакт); почтовый ящик"""
PHONE = """phone; phone number; business phone; work phone; telephone; tel; phone (work)
    mobile; mobile phone; cell phone; mobile number; telephone number; main phone; company phone
    phone no; telephone no; tel no; tel number; mobile no; mobile phone number; cell
    cell number; 電話; 電話番号; 会社電話; 連絡先電話番号; tel番号
    勤務先電話; 携帯; 携帯電話; 携帯電話番号; 电话; 电话号码; 联系电话
    办公电话; 手机; 手机号; 手机号码; 移动电话; 座机; 固定电话; 固话; тел.; моб. телефон; сотовый
    сотовый телефон; телефон; рабочий телефон; номер телефона
    мобильный телефон; мобильный; рабочий телефон (контакт); контактный телефон"""
COUNTRY = """country; country/region; billing country; country or region; shipping country
    nation; billing country/region; country name; country_id; office location; headquarters
    mailing country; 国; 国名; 国/地域; 国（請求先）; 請求先 国; 所在国; 国家; 国家/地区
    国家地区; 所在国家; страна; страна (компания)"""
TERRITORY = """territory; sales territory; region; sales region; territory region
    regional office; territory name; area; sales area; テリトリー; 地域; エリア; 担当地域
    営業エリア; 支店; 支社; 区域; 销售区域; 大区; 地区; 片区; 所属区域; 所属地区; территория
    регион; регион продаж; филиал; округ"""
LANGUAGE = """language; preferred language; languages; lang; correspondence language; 言語
    対応言語; 使用言語; 语言; 首选语言; 沟通语言; язык; языки; язык общения; язык клиента"""
INDUSTRY = """industry; sector; industry sector; line of business; vertical; business sector
    業種; 業界; 産業; 行业; 所属行业; 行业类型; 客户行业; отрасль; сфера деятельности; индустрия
    вид деятельности"""
SOURCE = """lead source; source; account source; channel; origin; original source
    リードソース; 流入経路; 獲得経路; 取得元; 来源; 线索来源; 客户来源; 商机来源; 渠道; 途径
    источник; источник лида; канал"""
CURRENCY = """currency; currency iso code; currency code; deal currency; currency of value
    deal currency of value; 通貨; 通貨コード; 币种; 货币; 币别; 货币类型; валюта; код валюты"""
ACCOUNT = """potential customer; account name; company name; organization name; customer name
    account; company; organization; customer; client; associated company; company / account
    partner; organisation; client name; primary associated company; related company
    organization name*; 取引先名; 取引先; 顧客名; 会社名; 会社; 顧客; 企業名; 企業; 得意先
    得意先名; パートナ; 取引先企業; 関連する会社; 客户名称; 客户; 公司名称; 公司; 企业名称
    所属客户; 所属公司; 关联客户; 客户名; 单位名称; 合作伙伴; название компании
    название (компания); название заказчика; компания; клиент; контрагент; организация; заказчик
    партнер; наименование компании; компания контакта
    cust name; firm; firm name; business name; client company; 社名; 法人名
    お客様名; 顧客企業名; 得意先会社名; 公司全称; 客户公司; фирма; название фирмы
    название клиента; наименование клиента; наименование контрагента"""
ACCOUNT_KEY = """account id; accountid; account name.id; company name.id; company id
    customer id; account.id; organization id; associated company ids; associated company id
    org id; partner_id/id; account number; company record id; primary associated company id
    取引先 id; 会社 id; 顧客 id; 顧客コード; 取引先コード; 得意先コード; 客户编号; 客户 id
    客户编码; 公司 id; 客户名称 id; id компании; компания: id; компания id; код клиента
    код контрагента; id клиента
    customer no; customer number; customer code; customer ref; cust no; cust number; cust id
    cust code; cust ref; client id; client no; client number; client code; client ref; account no
    acct no; acct number; acct id; 顧客番号; 顧客no; 取引先番号; 取引先no; 得意先番号
    得意先no; 会社コード; 企業コード; お客様番号; 客户号; 客户代码; 客户号码; 公司编号; 公司编码
    номер клиента; № клиента; номер контрагента; код заказчика; номер заказчика; код компании"""
PRODUCT = """product; product name; product line; item; products; service; 商品; 製品; 商品名
    製品名; サービス; 产品; 产品名称; 商品名称; 意向产品; товар; продукт; название товара
    услуга; номенклатура"""
PRODUCT_KEY = """product id; product code; product key; sku; product.id; 商品コード
    製品コード; 商品 id; 产品编号; 产品编码; 产品 id; код товара; артикул; id товара"""
FIRST_NAME = "first name; given name; forename; 名; 名（名前）; 名字; имя; контакт: имя"
LAST_NAME = """last name; surname; family name; 姓; 名字（姓）; 姓氏; фамилия
    контакт: фамилия"""
STATUS = "status; state; status name; 状況; 状態; ステータス; 状态; статус; состояние"
TYPE = "type; category; kind; 種別; タイプ; 分類; 类型; 类别; 种类; 分类; тип; категория; вид"

HEADERS: dict[str, dict[str, str]] = {
    "opportunity": {
        "key": f"""opportunity id; (do not modify) opportunity; deal id; opportunity key
            deal record id; pipedrive system id; deal pipedrive system id; opportunity number
            商談 id; 案件 id; 取引 id; 案件番号; 商談番号; 商机编号; 商机 id; 商机编码
            销售机会编号; id сделки; номер сделки; код сделки; {KEY}""",
        "name": """opportunity name; deal name; タイトル; deal title; opportunity title
            opportunity; subject; topic; title; deal; name; potential name; 商談名; 案件名
            取引名; 商談; 件名; 標題; 案件; 商机名称; 商机; 销售机会名称; 机会名称; 项目名称
            主题; 商机主题; 交易名称; 标题; 销售机会; название сделки; сделка; название; тема
            наименование сделки; имя сделки; наименование""",
        "account": ACCOUNT,
        "account_key": ACCOUNT_KEY,
        "owner": f"""opportunity owner; deal owner; 商談 所有者; 商談所有者; 商談の担当者
            案件担当者; 取引担当者; 商机负责人; 商机所有人; 交易负责人; ответственный за сделку
            {OWNER}""",
        "owner_key": f"""deal owner.id; deal owner id; opportunity owner id
            opportunity owner.id; 商談の担当者.id; {OWNER_KEY}""",
        "owner_email": f"opportunity owner email; deal owner email; {OWNER_EMAIL}",
        "stage": """deal stage; stage; stage_id/id; stage name; opportunity stage; sales stage
            stage (pipeline); deal stage (pipeline); pipeline stage; phase; フェーズ; ステージ
            商談ステージ; 取引ステージ; 商談フェーズ; 案件ステージ; 営業フェーズ; 进度; 商机阶段
            销售阶段; 阶段; 商机进度; 阶段名称; 交易阶段; 销售流程阶段; стадия сделки
            этап сделки; статус сделки; стадия; этап; этап продаж; стадия воронки; этап воронки""",
        "outcome": f"deal status; opportunity status; won status; 商机状态; 赢单状态; {STATUS}",
        "amount": """amount; deal amount; total amount; deal value; value; close value
            opportunity amount; contract value; estimated revenue; est. revenue; total price
            expected revenue; planned revenue; revenue; deal size; total; budget; budget amount
            金額; 商談金額; 総額; 受注金額; 見込金額; 見積金額; 取引金額; 案件金額; 見込売上
            予算; 売上金額; 合計金額; 金额; 商机金额; 预计成交金额; 预计金额; 预计销售金额
            成交金额; 合同金额; 预期收益; 预算; 交易金额; 总金额; сумма; бюджет; сумма сделки
            бюджет сделки; ожидаемая выручка; возможная сумма; стоимость; стоимость сделки
            планируемая сумма""",
        "currency": CURRENCY,
        "opened": f"""engage date; opportunity created date; deal creation date; deal created
            open date; opened date; дата создания сделки; дата создания (сделка); 商談作成日
            案件発生日; 受付日; 商机创建时间; 发现日期; дата начала; {OPENED}; opened; 開始済
            已开启; открыто; begindate""",
        "closed": """close date; closing date; closed date; closed; closed on; deal closed on
            actual close date; actual closed date; won time; deal won time; closedate
            date closed; 完了予定日; クローズ日; 完了日; 受注日; 成約日; 契約日; 閉じた; 失注日
            成交日期; 关闭日期; 已关闭; 结单日期; 结束日期; 实际成交日期; 成交时间; 赢单日期
            关单日期; 签约日期; дата закрытия; закрыто; дата завершения; дата закрытия сделки
            дата завершения сделки; фактическая дата закрытия""",
        "due": """expected close date; deal expected close date; expected closing
            est. close date; estimated close date; expected closing date; target close date
            forecast close date; expected close; date deadline; 受注予定日; 見込完了
            クローズ予定日; 成約予定日; 契約予定日; 预计成交日期; 预计成交时间; 预计结单日期
            预计签单日期; 预期结束; 预计关闭日期; 预计完成日期; 预计结束日期; ожидаемое закрытие
            ожидаемая дата закрытия; предполагаемая дата закрытия; планируемая дата закрытия
            планируемая дата завершения""",
        "touched": f"дата изменения сделки; {TOUCHED}",
        "next_step": NEXT_STEP,
        "product": PRODUCT,
        "product_key": PRODUCT_KEY,
        "email": f"contact email; {EMAIL}",
        "phone": f"contact phone; {PHONE}",
        "country": COUNTRY,
        "territory": TERRITORY,
        "language": LANGUAGE,
        "industry": INDUSTRY,
        "category": f"""{SOURCE}; deal type; opportunity type; 商談タイプ; 商机类型
            тип сделки; {TYPE}""",
        "description": DESCRIPTION,
    },
    "account": {
        "key": f"(do not modify) account; {KEY}; {ACCOUNT_KEY}",
        "name": f"{ACCOUNT}; name; 名称; 客户全称; 名前; название; наименование; full company name",
        "owner": f"""account owner; company owner; organization owner; customer owner
            取引先 所有者; 取引先所有者; 会社担当者; 取引先の担当者; 客户负责人; 客户所有人
            公司负责人; 企业负责人; ответственный за компанию; {OWNER}""",
        "owner_key": f"""account owner.id; account owner id; company owner id
            company owner.id; {OWNER_KEY}""",
        "owner_email": f"account owner email; company owner email; {OWNER_EMAIL}",
        "stage": f"account status; customer status; customer stage; 客户状态; 成交状态; {STATUS}",
        "opened": OPENED,
        "touched": TOUCHED,
        "due": """next follow up; next follow-up date; next contact date; 次回訪問日
            下次跟进时间; 下次联系时间""",
        "next_step": NEXT_STEP,
        "parent": """parent account; parent company; subsidiary of; parent account name
            parent; parent organization; 親取引先; 親会社; 上级客户; 母公司; 上级公司; 总公司
            головная компания; материнская компания; родительская компания; parent name
            親取引先名""",
        "parent_key": """parent id; parentid; parent account id; parent account.id
            parent company id; 親取引先 id; 上级客户编号; parent_id/id; id головной компании""",
        "currency": CURRENCY,
        "email": EMAIL,
        "phone": PHONE,
        "country": COUNTRY,
        "territory": TERRITORY,
        "language": LANGUAGE,
        "industry": INDUSTRY,
        "category": f"""account type; company type; customer type; 取引先種別; 客户类型
            客户分类; 客户级别; тип компании; тип клиента; {TYPE}; {SOURCE}""",
        "description": DESCRIPTION,
    },
    "contact": {
        "key": f"""contact id; (do not modify) contact; person id; pipedrive system id
            person pipedrive system id; 取引先責任者 id; 連絡先 id; コンタクト id; 联系人编号
            联系人 id; id контакта; {KEY}""",
        "name": """full name; contact name; person name; person name*; name; contact
            contact person; display name; 氏名; 取引先責任者名; 連絡先名; 名前; お名前
            コンタクト名; 取引先責任者; 担当者名（顧客）; 联系人姓名; 联系人; 姓名; 联系人名称
            名称; фио; полное имя; контакт; контактное лицо; имя контакта; полное имя контакта
            полное имя (контакт); имя, фамилия""",
        "first_name": f"{FIRST_NAME}; person first name",
        "last_name": f"{LAST_NAME}; person last name",
        "account": ACCOUNT,
        "account_key": ACCOUNT_KEY,
        "owner": f"""contact owner; person owner; 取引先責任者 所有者; 取引先責任者所有者
            コンタクト担当者; 連絡先の担当者; コンタクト所有者; 联系人负责人; 联系人所有人
            ответственный за контакт; {OWNER}""",
        "owner_key": f"contact owner.id; contact owner id; {OWNER_KEY}",
        "owner_email": f"contact owner email; {OWNER_EMAIL}",
        "stage": f"lead status; contact status; lifecycle stage; ライフサイクルステージ; {STATUS}",
        "opened": f"person creation date; {OPENED}",
        "touched": TOUCHED,
        "next_step": NEXT_STEP,
        "title": """title; job title; position; function; role; 役職; 肩書き; 肩書; 职务; 职位
            岗位; должность; должность (контакт); department; 部署; 部门""",
        "email": f"person email; person email (work); {EMAIL}",
        "phone": f"person phone; {PHONE}",
        "country": COUNTRY,
        "territory": TERRITORY,
        "language": LANGUAGE,
        "industry": INDUSTRY,
        "category": f"contact type; person label; label; тип контакта; {SOURCE}; {TYPE}",
        "description": DESCRIPTION,
    },
    "lead": {
        "key": f"""lead id; (do not modify) lead; リード id; 见込み客 id; 見込み客 id
            线索编号; 线索 id; id лида; номер лида; {KEY}""",
        "name": """lead name; lead title; subject; topic; full name; name; title; リード名
            見込み客名; 氏名; 件名; 標題; 名前; 见込客名; 线索名称; 姓名; 线索; 主题; 线索标题
            销售线索名称; название лида; лид; тема; фио; полное имя; имя, фамилия; название""",
        "first_name": FIRST_NAME,
        "last_name": LAST_NAME,
        "account": ACCOUNT,
        "account_key": f"converted account.id; {ACCOUNT_KEY}",
        "owner": f"""lead owner; リード 所有者; リード所有者; リードの担当者; 見込み客の担当者
            线索负责人; 线索所有人; ответственный за лид; {OWNER}""",
        "owner_key": f"lead owner.id; lead owner id; {OWNER_KEY}",
        "owner_email": f"lead owner email; {OWNER_EMAIL}",
        "stage": f"""lead status; lead stage; リード状況; リードステータス
            見込み客のステータス; 线索状态; 跟进状态; стадия; статус лида; стадия лида; stage
            ステージ; 阶段; этап; {STATUS}""",
        "amount": """amount; expected revenue; lead value; estimated value; возможная сумма
            сумма; 予想金額; 見込金額; 预计金额; 预期收益; 見込売上; ожидаемая выручка; бюджет""",
        "currency": CURRENCY,
        "opened": OPENED,
        "closed": """converted date; converted date time; closed; closed date; conversion date
            取引開始日; 转换时间; 转换日期; 已关闭; 閉じた; дата закрытия; закрыто
            дата конвертации""",
        "due": """expected closing; follow up date; next follow up; next action date; 見込完了
            预期结束; 下次跟进时间; ожидаемое закрытие; дата следующего действия""",
        "touched": TOUCHED,
        "next_step": NEXT_STEP,
        "product": PRODUCT,
        "product_key": PRODUCT_KEY,
        "title": "job title; position; function; 役職; 职务; 职位; должность",
        "email": EMAIL,
        "phone": PHONE,
        "country": COUNTRY,
        "territory": TERRITORY,
        "language": LANGUAGE,
        "industry": INDUSTRY,
        "category": f"{SOURCE}; rating; lead type; 线索类型; тип лида; {TYPE}",
        "description": DESCRIPTION,
    },
    "activity": {
        "key": f"""activity id; task id; event id; call id; pipedrive system id
            activity pipedrive system id; タスク id; 活動 id; 活动编号; 任务编号; id дела
            id задачи; {KEY}""",
        "name": """subject; activity subject; activity subject*; task name; task; title; name
            activity; call summary; summary; event name; meeting; activity name; 件名; タスク名
            活動名; タイトル; 通話の概要; 予定名; 主题; 任务名称; 活动名称; 标题; 电话呼叫摘要
            任务; 活动主题; 日程主题; тема; название; название задачи; задача; описание звонка
            дело; тема дела""",
        "account": ACCOUNT,
        "account_key": ACCOUNT_KEY,
        "owner": f"""activity assigned to user; task owner; call owner; event owner
            activity owner; meeting owner; タスクの担当者; 割当先; 執行人; 执行人; 任务负责人
            参与人; {OWNER}""",
        "owner_key": f"""task owner.id; call owner.id; event owner.id; activity owner.id
            meeting owner.id; task owner id; {OWNER_KEY}""",
        "owner_email": OWNER_EMAIL,
        "stage": f"""activity status; task status; done; activity done; completed; is closed
            call status; 完了; タスク状況; 完成状态; 任务状态; 是否完成; 执行状态; завершено
            выполнено; выполнена; статус задачи; {STATUS}""",
        "opened": f"activity creation date; {OPENED}",
        "closed": """closed time; completed date; completed at; activity marked as done time
            marked as done time; date closed; closed; completed on; 完了日; 完了日時; 閉じた
            完成时间; 完成日期; 已关闭; дата завершения; закрыто; дата выполнения
            completion date""",
        "due": """due date; activity due date; activity date; deadline; call start time
            start time; start date; start; from; date; due; due date only; scheduled date
            start datetime; 期日; 期限; 予定日; 開始日時; 開始; 実施日; 日付; 開始日; 活動日
            訪問日; 期限日; 截止日期; 截止时间; 到期日期; 到期日; 开始时间; 计划时间; 日期
            拜访时间; 活动时间; 计划日期; крайний срок; срок; дата; дата начала; срок выполнения
            дедлайн; дата и время""",
        "touched": TOUCHED,
        "email": f"contact email; {EMAIL}",
        "phone": f"contact phone; dialled number; {PHONE}",
        "category": f"""activity type; task type; call type; event type; 活動種別; タスク種別
            活动类型; 任务类型; тип дела; тип задачи; {TYPE}; priority; 優先度; 优先级
            приоритет""",
        "description": f"activity note; {DESCRIPTION}; 活动内容; 跟进内容; 説明（活動）",
    },
    "commitment": {
        "key": f"commitment id; promise id; {KEY}",
        "name": """commitment; promise; what; subject; title; name; 約束; 約束事項
            コミットメント; 件名; 承诺; 承诺内容; 承诺事项; 主题; обещание; обязательство
            что обещано; тема""",
        "account": f"to; promised to; {ACCOUNT}",
        "account_key": ACCOUNT_KEY,
        "owner": f"promised by; made by; keeps it; 約束した人; 承诺人; кто обещал; {OWNER}",
        "owner_key": OWNER_KEY,
        "owner_email": OWNER_EMAIL,
        "stage": f"done; kept; {STATUS}; 完了; 是否完成; выполнено",
        "opened": f"promised on; made on; {OPENED}; 約束日; 承诺日期; дата обещания",
        "closed": "kept on; done on; closed; completed date; 完了日; 完成日期; дата выполнения",
        "due": """due date; due; deadline; promised for; by when; 期日; 期限; 納期; 截止日期
            到期日; 承诺完成日期; срок; крайний срок; дедлайн""",
        "touched": TOUCHED,
        "amount": "amount; value; 金額; 金额; сумма",
        "currency": CURRENCY,
        "category": f"commitment kind; commitment type; {TYPE}",
        "description": f"evidence; {DESCRIPTION}",
    },
    "ticket": {
        "key": f"""ticket id; case id; case number; ticket number; ticket key; ケース番号
            チケット番号; チケット id; 工单编号; 工单号; 工单 id; номер обращения; номер тикета
            номер заявки; {KEY}""",
        "name": """ticket; case; subject; ticket name; ticket subject; case subject; title
            summary; name; 件名; チケット名; 標題; 工单标题; 工单主题; 主题; 标题; 工单名称
            тема; тема обращения; название""",
        "account": ACCOUNT,
        "account_key": ACCOUNT_KEY,
        "owner": f"""ticket owner; case owner; ケース 所有者; ケース所有者; チケット担当者
            工单负责人; 处理人; 受理人; {OWNER}""",
        "owner_key": f"ticket owner.id; case owner.id; ticket owner id; case owner id; {OWNER_KEY}",
        "owner_email": f"ticket owner email; {OWNER_EMAIL}",
        "stage": f"""ticket status; case status; チケットステータス; 工单状态; 处理状态
            статус обращения; статус тикета; {STATUS}; stage; ステージ; 阶段; стадия""",
        "opened": f"date/time opened; opened date; opened; 発生日; 受付日; {OPENED}",
        "closed": """closed date; close date; date/time closed; resolved date; closed time
            closed; resolved; 完了日; 解決日; クローズ日; 关闭时间; 解决时间; 完成时间
            дата закрытия; дата решения""",
        "due": """due date; sla due; deadline; resolution due; 期限; 期日; 截止时间; 截止日期
            到期时间; срок; крайний срок; срок решения""",
        "touched": TOUCHED,
        "next_step": NEXT_STEP,
        "product": PRODUCT,
        "product_key": PRODUCT_KEY,
        "email": f"contact email; {EMAIL}",
        "phone": f"contact phone; {PHONE}",
        "category": f"""priority; ticket priority; case priority; severity; 優先度; 优先级
            紧急程度; приоритет; срочность; {TYPE}; {SOURCE}""",
        "description": DESCRIPTION,
    },
    "product": {
        "key": f"product id; product code; product key; sku; {PRODUCT_KEY}; {KEY}",
        "name": f"{PRODUCT}; name; title; 名称; 名前; название; наименование",
        "series": """series; product series; product family; family; product category; line
            category; シリーズ; 商品シリーズ; 商品ファミリー; 製品ファミリー; 商品カテゴリ; 系列
            产品系列; 产品分类; 产品类别; серия; линейка; категория; раздел; группа товаров""",
        "list_price": """sales price; list price; unit price; price; standard price
            suggested retail price; 定価; 価格; 標準価格; 単価; 販売価格; 标准价格; 价格; 单价
            零售价; 建议零售价; цена; розничная цена; цена продажи; базовая цена
            standard list price""",
        "currency": CURRENCY,
        "active": """active; is active; status; 有効; 状態; 是否启用; 上架状态; 状态; активен
            активность""",
        "description": DESCRIPTION,
    },
    "person": {
        "key": f"""user id; employee id; employee number; employee no; staff id; badge
            社員番号; 社員コード; 従業員番号; ユーザー id; ユーザ id; 工号; 员工编号; 员工工号
            用户 id; табельный номер; id сотрудника; id пользователя; {KEY}""",
        "name": """sales agent; full name; name; employee; employee name; sales rep
            salesperson; agent; rep; user; 氏名; 社員名; 名前; 営業担当; 姓名; 员工姓名; 员工
            销售员; 用户名称; 名称; фио; сотрудник; полное имя; менеджер по продажам
            имя сотрудника; пользователь; продавец""",
        "first_name": FIRST_NAME,
        "last_name": LAST_NAME,
        "manager": """manager; manager name; reports to; sales manager; supervisor
            line manager; boss; team lead; reporting manager; 上司; マネージャー; マネージャ
            上長; 直属上司; 上级; 直属上级; 直属领导; 经理; 汇报对象; 主管; руководитель
            начальник; непосредственный руководитель; менеджер""",
        "manager_email": """manager email; manager e-mail; supervisor email; 上司メール
            上司メールアドレス; 上司のメール; 上级邮箱; 直属上级邮箱; email руководителя
            почта руководителя""",
        "team": """team; sales team; department; team name; group; division; チーム
            営業チーム; 部署; 所属; 部門; 部门; 主属部门; 所属部门; 团队; 销售团队; отдел
            отдел продаж; команда; подразделение""",
        "title": """title; job title; role; position; profile; 役職; 肩書き; ロール; 職位
            职务; 职位; 岗位; 角色; должность; роль""",
        "email": EMAIL,
        "phone": PHONE,
        "time_zone": "time zone; timezone; tz; タイムゾーン; 时区; часовой пояс",
        "country": COUNTRY,
        "territory": TERRITORY,
        "language": LANGUAGE,
        "active": """active; is active; status; user status; employment status; 在籍; 在籍状況
            有効; ステータス; 状態; 状況; 状态; 在职状态; 员工状态; 是否启用; активен; статус
            состояние; работает""",
        "started": """start date; hire date; started; hired; date of hire; employed since
            join date; joined; joining date; 入社日; 入社年月日; 入职日期; 入职时间; дата приема
            дата приёма на работу; дата найма; дата начала работы""",
        "capacity": """capacity; max accounts; account capacity; maximum accounts; 担当上限
            キャパシティ; 上限件数; 客户上限; 容量; лимит клиентов; макс. клиентов; вместимость""",
        "industry": INDUSTRY,
        "product": "products; product; product line; 担当製品; 産品; 产品; продукт; продукты",
    },
}

SIGNS: dict[str, str] = {
    "opportunity": """(do not modify) opportunity; сделка - название; сделка - этап
        сделка - сумма; 取引 - タイトル; 取引 - ステージ; 交易 - 标题; 交易 - 阶段
        opportunity id; deal id; opportunity name; deal name; deal title; opportunity owner
        deal owner; deal owner.id; deal stage; opportunity stage; close date; closing date
        deal value; close value; expected revenue; planned revenue; success rate (%)
        deal stage (pipeline); forecast category; expected close date; deal amount; sales stage
        商談名; 案件名; 取引名; 商談所有者; 商談の担当者; フェーズ; 商談ステージ; 取引ステージ
        見込売上; 受注予定日; 確度; 商談金額; 案件金額; 商机名称; 商机阶段; 商机金额; 销售阶段
        预计成交日期; 预计成交金额; 预期收益; 商机编号; 成功率(%); 赢率; 销售机会名称
        商机负责人; 交易名称; 交易阶段; название сделки; стадия сделки; этап сделки
        статус сделки; бюджет; бюджет сделки; сумма сделки; ожидаемая выручка; шанс (%)
        дата создания сделки; ответственный за сделку""",
    "account": """(do not modify) account; account owner; company owner; organization owner
        billing street; billing country; billing city; billingstatecode; annual revenue
        number of employees; employees; subsidiary of; parent account; parentid; parent company
        year established; sic; ticker symbol; 取引先 所有者; 取引先所有者; 会社担当者; 親取引先
        従業員数; 年間売上; 上级客户; 客户编号; 客户类型; 客户级别; 所属公海; 统一社会信用代码
        客户负责人; 员工数; 注册资本; инн; кпп; огрн; тип компании; головная компания
        кол-во сотрудников; годовой оборот; сфера деятельности; ответственный за компанию""",
    "contact": """(do not modify) contact; contact owner; contact id; person name
        person name*; person owner; mailing city; mailing street; mailing country
        contact owner.id; birthdate; 取引先責任者 所有者; 取引先責任者 id; 取引先責任者名
        コンタクト担当者; 連絡先の担当者; 联系人姓名; 联系人负责人; 职务
        ответственный за контакт; имя контакта; id контакта; полное имя контакта""",
    "lead": """lead owner; lead name; lead id; lead owner.id; (do not modify) lead
        is converted; converted account; lead title; リード 所有者; リード所有者; リード状況
        リード名; 見込み客名; リードの担当者; 线索名称; 线索负责人; 线索状态; 线索编号
        название лида; статус лида; ответственный за лид; стадия лида""",
    "activity": """task owner; call owner; call owner.id; task owner.id; event owner
        call type; activity subject; activity subject*; activity due date; activity type
        related to.id; activity assigned to user; call start time; activity date; call summary
        call duration; task name; due date; duration; activity owner; タスク名; 活動種別; 期日
        割当先; タスクの担当者; 期間; 通話の概要; 活动类型; 任务名称; 任务负责人; 截止日期
        执行人; 拜访时间; 电话呼叫摘要; 持续时间; крайний срок; тип дела; название задачи
        постановщик; длительность; описание звонка""",
    "commitment": """commitment; commitment id; promise; promised to; promised by; promised on
        commitment kind; commitment type; 約束; 約束事項; 約束日; 承诺; 承诺内容; 承诺事项
        обещание; обязательство; что обещано; кто обещал""",
    "ticket": """ticket id; ticket name; ticket number; ticket status; ticket owner
        case number; case owner; case id; case status; ticket subject; ケース番号; ケース所有者
        ケース 所有者; チケット番号; チケット名; チケットステータス; 工单编号; 工单标题
        工单状态; 工单主题; 工单号; номер обращения; номер тикета; тема обращения
        статус обращения; номер заявки""",
    "product": """sales price; list price; unit price; product code; sku; product family
        series; standard price; 商品コード; 製品コード; 定価; 標準価格; 商品ファミリー; 标准价格
        产品编号; 产品系列; 产品编码; 单价; артикул; розничная цена; код товара; базовая цена""",
    "person": """manager; reports to; hire date; employee id; time zone; user type; profile
        username; manager email; employee number; sales manager; is active; job role; capacity
        team; 社員番号; 入社日; 上司; タイムゾーン; 社員名; 工号; 入职日期; 直属上级; 主属部门
        时区; 员工姓名; 员工编号; табельный номер; дата приема; руководитель; часовой пояс
        дата найма; user id; ユーザー id; ユーザ id; 用户 id; id пользователя""",
}

HINTS: dict[str, str] = {
    "opportunity": """amount; stage; topic; probability; probability (%); est. close date
        pipeline; est. revenue; actual close date; potential customer; 金額; ステージ; 金额
        阶段; сумма; этап; стадия; вероятность; воронка""",
    "account": """company; website; web site; main phone; primary contact; address 1: city
        industry; country; email (primary contact); 会社名; 業種; ウェブサイト; 公司名称; 行业
        网址; компания; название компании; отрасль; сайт; город""",
    "contact": """first name; last name; job title; title; name; email; mobile; 名前; 氏名; 姓
        名; 役職; メール; 姓名; 职位; 邮箱; 手机; имя; фамилия; отчество; должность; e-mail; фио""",
    "lead": "lead status; lead source; rating; リードソース; 线索来源; источник лида",
    "activity": """task; due; done; subject; deadline; タスク; 期限; 件名; 任务; 截止时间
        задача; срок; тема""",
    "commitment": "promised for; by when; evidence; 納期; дедлайн",
    "ticket": """ticket; case; priority; severity; チケット; ケース; 優先度; 工单; 优先级
        тикет; приоритет; обращение""",
    "product": "product; price; 商品; 製品; 価格; 产品; 价格; товар; цена",
    "person": "user; employee; role; department; quota; 社員; 部署; 员工; 部门; сотрудник; отдел",
}

FILE_NAMES: dict[str, str] = {
    "opportunity": """opportunity; opportunities; deal; deals; pipeline; 商談; 案件; 取引
        商机; 销售机会; 交易; сделка; сделки; сделок""",
    "account": """account; accounts; company; companies; organizations; customers; clients
        取引先; 会社; 顧客; 企業; 客户; 公司; компании; клиенты; контрагенты; организации""",
    "contact": "contact; contacts; 連絡先; コンタクト; 取引先責任者; 联系人; контакты",
    "lead": "lead; leads; リード; 見込み客; 线索; лид; лиды",
    "activity": """activity; activities; task; tasks; call; calls; event; events; meeting
        meetings; 活動; タスク; 行動; 予定; 活动; 任务; 日程; 跟进记录; дела; задачи; звонки
        встречи; события""",
    "commitment": """commitment; commitments; promises; 約束; コミットメント; 承诺; обещания
        обязательства""",
    "ticket": "ticket; tickets; case; cases; チケット; ケース; 工单; тикеты; обращения; заявки",
    "product": "product; products; price list; 商品; 製品; 产品; 商品; товары; продукты; прайс",
    "person": """people; user; users; employee; employees; team; teams; staff; reps; salespeople
        agents; ユーザー; ユーザ; 社員; 従業員; 営業担当; 用户; 员工; 人员; 销售人员
        пользователи; сотрудники; менеджеры; команда""",
}

NOTES = "note content; note title; note owner; メモ内容; メモのタイトル; 备注内容; текст заметки"
FIELD = "field; field name; api name; 項目; 项目名; 字段; 字段名; поле"
DESCRIBING = f"""{FIELD}; table; description; column; label; model; data type; type; テーブル
    説明; 表; 描述; 说明; таблица; описание"""


def listed(text: str) -> list[str]:
    """The names of one entry, in their order."""
    return [name.strip() for name in re.split(r"[;\n]", text) if name.strip()]


@cache
def folded(text: str) -> dict[str, str]:
    """The names of one entry by their folded form."""
    return {fold(name): name for name in reversed(listed(text)) if fold(name)}
