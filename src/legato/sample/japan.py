"""The Japanese branch's words."""

from legato.sample.branch import Branch, by_type, trades, words


def _firm(form: str, stem: str, trade: str) -> str:
    return f"{stem}{trade}{form[1:]}" if form.startswith("後") else f"{form}{stem}{trade}"


JAPAN = Branch(
    language="ja",
    code="JP",
    forms=words("株式会社 株式会社 後株式会社 後株式会社 有限会社"),
    stems=words("""北嶺 若鷺 霧沢 青海原 朝凪 夕霧 白樺野 雪渓 銀嶺 汐見台 松葉沢 鶴ノ浦 深瀬 湯ノ森
        氷見沢 萌木 蔵王野 渡瀬川 千歳沢 早蕨 風待 月影 星見 穂波 稲妻野 石狩野 沼ノ端 鷹巣沢 八重森
        槙原 水無瀬 黒姫 鈴蘭 綾瀬野 瑞穂沢 美咲野 遠矢 唐松 桐ヶ丘 榊原野 若狭野 高瀬川 立花沢
        常盤野
        藤波 三日月 紅葉野 弥生沢 雲雀 翡翠 陽明 東雲野 曙野 暁星 天龍沢 花園沢 錦野 光琳 葵沢
        楓"""),
    trades=trades("""食品・飲料: 食品; 酒造; 製菓; 水産; 乳業; 製粉; 醸造
        化学: 化学; 化成; 塗料
        機械: 精機; 製作所; 工機; 鉄工; 重工
        電機: 電機; 電子
        紙・パルプ: 製紙
        医薬: 製薬
        水処理: 環境"""),
    firm=_firm,
    site="{parent} {place}工場",
    places=words("第一 第二 臨海 東 西 南 北"),
    families=words("""佐伯 長谷部 吉永 小田切 水野 早坂 森脇 堀越 片桐 三宅 安西 倉田 宮下 戸塚 柏木
        五十嵐 大槻 神谷 杉浦 成瀬 野々村 浜口 平賀 藤川 真鍋 南 諸岡 八木 湯浅 若林 相原 石倉 植松
        江口 岡部 梶原 菊地 黒川 小西 桜庭"""),
    givens=words("""健一 隆 浩二 誠 直樹 和也 大輔 翔太 悟 修平 正人 亮 拓也 裕司 剛 美穂 由香 恵子
        真由美 彩 千尋 香織 陽子 智子 奈緒 絵里 さやか 麻衣 典子 久美子"""),
    person=lambda family, given: f"{family} {given}",
    positions=words(
        "工場長 製造部長 購買課長 設備保全課長 品質保証部長 生産技術主任 総務部長 取締役"
    ),
    phone="000-{:04d}-{:04d}",
    products={
        "FM": "流量計",
        "LT": "液面計",
        "PT": "圧力計",
        "DP": "定量ポンプ",
        "GA": "ガス分析計",
        "DL": "データロガー",
        "CS": "校正サービス",
        "MC": "監視クラウド",
    },
    deals=words("""{product} 更新; {product} 増設（第2ライン）; 新工場向け{product}; {product} 入替
        ;{product} 試験導入; 老朽設備の更新（{product}）; {product} 年間契約;
        省エネ改善提案（{product}）"""),
    services=words("{product} 年間契約; {product} 契約更新; {product} 新規導入"),
    early=words("初回訪問 ヒアリング 課題確認"),
    middle=words("提案中 検討中 デモ"),
    late=words("見積提出 最終交渉 契約手続き"),
    won="受注",
    lost="失注",
    next_steps=words("""見積書を提出する; 現場で実機を確認する; 購買課長に納期を回答する
        ;仕様書の最終版を送る; 稟議の状況を電話で確認する; 年度内の発注時期を相談する"""),
    talks=by_type("""電話: 納期の問い合わせに回答; 稟議の進み具合を確認; 見積の補足説明;
        ご無沙汰のご挨拶
        訪問: 現場調査; 定例訪問; 設備の立会い確認; 新任担当者へのご挨拶
        メール: カタログ送付; 議事録の送付; 仕様変更のご連絡"""),
    planned="予定",
    done="完了",
    promises=by_type("""promise: 校正証明書を郵送する; 納入日を前倒しする; 代替機を貸し出す
        unwritten expectation: 年末のご挨拶に工場長と伺う;
        値上げは来期まで見送ると先方は理解している
        special term: 月末締め翌々月末払いの特別条件; 予備部品を無償で1年間預ける
        document owed: 改訂した見積書を送る; 安全データシートの最新版を送る
        deadline: 入札書類の提出期限; 定期修理前の部品の納入期限"""),
    tickets=by_type("""高: 表示が点灯しない; 計測値が急に下がった
        中: 通信が途切れる; 校正の予約を変更したい
        低: 取扱説明書の再送依頼; 請求書の宛名変更"""),
    ticket_open=words("対応中 新規 保留"),
    ticket_done="解決済み",
    leads=words("展示会で名刺交換 資料請求 代理店からの紹介 ウェブからの問い合わせ"),
    lead_open=words("未対応 連絡中 新規"),
    lead_done="見込みなし",
    sources=words("展示会 ウェブ 紹介 代理店"),
    kinds_of_account=words("得意先 一般 見込み"),
)
