"""What a stage or a status means: open, won or lost; early or late; still to do or done.

The names are facts of nine CRMs in four languages; one we do not know is open and of no depth.
"""

import re
from typing import Literal

from legato.domain.cells import parse_boolean, tidy
from legato.domain.names import fold

StageClass = Literal["open", "won", "lost"]
Depth = Literal["early", "middle", "late"]
Status = Literal["open", "done"]

WON = """
won; closed won; close won; closedwon; deal won; deal is won; success; successful; win; 受注
成約; 受注済; 受注済み; 受注完了; 契約済; 契約済み; 契約締結; 契約完了; 成立; クローズ（受注）
商談成立; クローズ 成立; 成交; 赢单; 已成交; 已赢单; 赢; 已签约; 签约; 签约成功; 交易成功; 成功
成功结束; 赢单关闭; 关闭赢单; 已赢得; 贏單; успешно реализовано; сделка успешна; выиграна
выиграно; успех; успешна; успешно; успешно завершена; успешная сделка; закрыта успешно
сделка выиграна; закрыто успешно; реализовано; оплачено и закрыто
"""
LOST = """
lost; closed lost; close lost; closedlost; deal lost; lose; closed lost to competition
cancelled; canceled; abandoned; rejected; dropped; dead; no decision; closed no decision
out sold; unqualified; 失注; 失注済; 失注済み; 不成立; 敗注; 見送り; クローズ（失注）
商談不成立; クローズ 不成立; キャンセル; 中止; 取消; 输单; 已输单; 丢单; 已丢单; 输; 失败; 战败
流失; 已流失; 无效; 已作废; 作废; 输单关闭; 关闭输单; 交易失败; 丢失; 放弃
закрыто и не реализовано; сделка провалена; проиграна; проиграно; провал; провалена; отказ
потеряна; потеряно; неуспешна; отменена; отменено; закрыта неуспешно; анализ причины провала
сделка проиграна; не реализовано; клиент отказался; отказ клиента
"""
EARLY = """
prospecting; qualification; new; new lead; lead in; contact made; appointment scheduled
incoming; appointmentscheduled; qualifying; discovery; qualify; prospect; initial contact
first contact; unsorted; needs analysis; id decision makers; identify; inbound; 新規; 初回接触
見込み; 見込; 引合; ヒアリング; アポイント; アポ獲得; 初回訪問; 問い合わせ; 課題確認; 評価
初步接触; 初期沟通; 新建; 新商机; 验证客户; 需求确定; 初步洽谈; 线索; 发现商机; 需求分析
需求确认; 确认需求; 接洽; первичный контакт; новая; новый; новая сделка; неразобранное
новая заявка; квалификация; первый контакт; выявление потребности; входящая; заявка
подготовка документов; взято в работу
"""
MIDDLE = """
engaging; qualified; qualified to buy; qualifiedtobuy; demo; demo scheduled; presentation
presentation scheduled; presentationscheduled; develop; value proposition; perception analysis
needs defined; solution; evaluation; in progress; working; 提案; 提案中; 訪問; デモ; 商談中
検討中; 進行中; 提案準備; ニーズ把握; 方案; 方案报价; 方案/报价; 方案制定; 产品演示; 演示
跟进中; 立项评估; 方案设计; 价值建议; 项目立项; переговоры назначены; презентация; демонстрация
в работе; принимают решение; встреча; потребность; встреча назначена; подготовка предложения
подготовка кп; счёт на предоплату
"""
LATE = """
proposal; negotiation; proposal/price quote; negotiation/review; proposal/quote; proposal made
negotiations started; contract sent; contractsent; decision maker bought in; propose; quote
verbal; decisionmakerboughtin; decision makers bought in; quote sent; proposal sent; close
commit; contract; proposition; negotiating; 見積; 見積り; 見積提出; 見積もり; 交渉; 交渉中
最終交渉; 契約交渉; 契約手続き; 稟議中; 稟議; 最終提案; 内示; クロージング; 決裁待ち; 商务谈判
谈判; 报价; 合同; 谈判审核; 谈判/复审; 合同谈判; 合同签订; 招投标; 投标; 议价; 商务洽谈
合同审批; 提案/报价; 待签约; переговоры; согласование договора; договор; отправлено кп
кп отправлено; выставлен счет; счет выставлен; согласование; подписание договора; финальный счёт
финальный счет; в производстве; договор отправлен; ожидание оплаты; счет отправлен
коммерческое предложение
"""
DONE = """
completed; complete; done; closed; converted; disqualified; resolved; solved; finished; canceled
cancelled; held; not held; junk lead; junk; unqualified; dead; lost; won; archived; recycled
spam; closed converted; closed not converted; not qualified; bad timing; deferred indefinitely
duplicate; sent; received; 完了; 終了; クローズ; 解決; 解決済; 解決済み; 済; 済み; 実施済
実施済み; 取引開始; 失格; 中止; キャンセル; 対応済; 対応済み; 閉じた; 見込みなし; 不成立; 無効
コンバート済み; 完了済み; 商談化; 已完成; 完成; 已关闭; 关闭; 已结束; 结束; 已转换; 已转化
已处理; 已解决; 无效; 已取消; 取消; 已作废; 作废; 转换; 已成交; 已执行; завершено; завершена
завершен; завершён; закрыто; закрыта; закрыт; выполнено; выполнена; выполнен; решено; решена
решён; отменено; отменена; отменен; конвертирован; сконвертирован; некачественный
некачественный лид; качественный лид; проведено; проведена; состоялась; не состоялась; дубль
отказ
"""


def stage_class(raw: str) -> StageClass:
    """Whether an opportunity at this stage is open, won or lost; an unknown stage is open."""
    name = _form(raw)
    return "won" if name in _WON else "lost" if name in _LOST else "open"


def stage_depth(raw: str) -> Depth | None:
    """How far along an open stage is; None for an unknown, won or lost one."""
    return _DEPTHS.get(_form(raw))


def stage_key(raw: str) -> str:
    """The name to count a stage under: "won", "lost", else as written, lower case, one-spaced."""
    outcome = stage_class(raw)
    return tidy(raw).casefold() if outcome == "open" else outcome


def status_class(raw: str) -> Status:
    """Whether an activity, ticket or lead of this status, or with this answer to "done?", is still
    to be done; unknown is open."""
    return "done" if _form(raw) in _DONE or parse_boolean(raw) is True else "open"


def is_known_stage(raw: str) -> bool:
    """Whether the stage was found in the dictionary, so that the rest can be reported."""
    name = _form(raw)
    return name in _WON or name in _LOST or name in _DEPTHS


def _form(raw: str) -> str:
    """Folded, without a remark in parentheses at the end: "Contract Sent (old stage)"."""
    plain = tidy(raw)
    return fold(plain) if fold(plain) in _ALL else fold(re.sub(r"\s*\([^()]*\)$", "", plain))


def _names(text: str) -> frozenset[str]:
    return frozenset(fold(name) for name in re.split(r"[;\n]", text) if fold(name))


_WON, _LOST, _DONE = _names(WON), _names(LOST), _names(DONE)
_DEPTHS: dict[str, Depth] = {
    **dict.fromkeys(_names(LATE), "late"),
    **dict.fromkeys(_names(MIDDLE), "middle"),
    **dict.fromkeys(_names(EARLY), "early"),
}
_ALL = _WON | _LOST | _DONE | _DEPTHS.keys()
