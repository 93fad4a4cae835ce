"""The Chinese branch's words."""

from legato.sample.branch import Branch, by_type, trades, words

CHINA = Branch(
    language="zh",
    code="CN",
    forms=words("有限公司 有限公司 有限责任公司 股份有限公司"),
    stems=words("""恒岳 瑞澜 昊川 嘉砺 鼎沐 润霖 晟祺 启帆 博澜 卓屹 沐阳 泽锐 锦澄 晨屿 铭峤 弘朔
        骏澎 朗坤
        天沅 云砚 华栩 兴珩 盛湛 正淮 宏岑 永昱 祥麓 和钧 凯崧 达沣 信榆 诚澍 德洵 远峤 新沐 金澜
        银杉 长沅
        东岑 北屹 松砚 海珩 江湛 山榆 石麓 林澍 丰洵 康崧 安沣 宁祺"""),
    trades=trades("""化工: 化工; 涂料; 新材料
        机械: 机械; 精密机械; 重工
        食品饮料: 食品; 酒业; 乳业
        制药: 药业; 生物科技
        电子: 电子; 自动化设备
        水务: 水务; 环保科技
        造纸: 纸业"""),
    firm=lambda form, stem, trade: f"{stem}{trade}{form}",
    site="{parent}{place}分公司",
    places=words("大连 苏州 青岛 佛山 天津 长春 宁波"),
    families=words("""赵 钱 孙 周 吴 郑 冯 陈 褚 卫 蒋 沈 韩 杨 朱 秦 许 何 吕 施 张 孔 曹 严 华 魏
        陶
        姜 戚 谢 邹 喻 苏 潘 葛 范 彭 鲁 韦 马"""),
    givens=words("""建国 志强 文博 海燕 丽娜 晓峰 雪梅 俊杰 思远 佳怡 明辉 春华 立新 国栋 婷婷 子涵
        浩然 玉兰
        振华 雅静 永刚 秀英 宇航 欣怡 启明 慧敏 少华 冬梅 世杰 若曦"""),
    person=lambda family, given: f"{family}{given}",
    positions=words("采购经理 设备部部长 生产总监 总工程师 仪表主管 质量经理 厂长 副总经理"),
    phone="0000-{:04d}{:04d}",
    products={
        "FM": "流量计",
        "LT": "液位计",
        "PT": "压力变送器",
        "DP": "计量泵",
        "GA": "气体分析仪",
        "DL": "数据记录仪",
        "CS": "校准服务",
        "MC": "云监测平台",
    },
    deals=words("""二期扩建 {product}; {product}更新改造; 新产线{product}; {product}年度框架
        ;节能改造（{product}）; {product}试用; 老旧设备替换 {product}; 安全整改 {product}"""),
    services=words("{product}年度合同; {product}续约; {product}首次开通"),
    early=words("初步接触 需求确认 初步洽谈"),
    middle=words("方案设计 产品演示 跟进中"),
    late=words("商务谈判 报价 合同审批"),
    won="赢单",
    lost="输单",
    next_steps=words("""与采购经理确认最终价格; 发送修改后的合同; 安排现场测试
        ;提交技术方案; 电话跟进审批进度; 拜访总工程师"""),
    talks=by_type("""电话: 跟进合同审批进度; 解答报价疑问; 约定下次拜访; 节前问候
        拜访: 现场勘查; 季度回访; 设备验收; 拜访新任采购经理
        邮件: 发送产品资料; 发送会议纪要; 确认技术参数"""),
    planned="未开始",
    done="已完成",
    promises=by_type("""promise: 免费更换故障传感器; 提前一周发货; 提供备用机
        unwritten expectation: 对方默认明年价格不变; 对方希望厂长来访时由总经理接待
        special term: 发货后九十天付款; 质保期延长至三年
        document owed: 补寄检定证书; 发送盖章的合同原件
        deadline: 投标文件递交截止; 停产检修前的到货期限"""),
    tickets=by_type("""高: 仪表无显示; 数据突然归零
        中: 通讯中断; 需要现场校准
        低: 索要说明书; 变更开票信息"""),
    ticket_open=words("处理中 待处理 新建"),
    ticket_done="已解决",
    leads=words("展会名片 官网咨询 老客户介绍 电话咨询"),
    lead_open=words("待跟进 跟进中 新建"),
    lead_done="无效",
    sources=words("展会 官网 转介绍 代理商"),
    kinds_of_account=words("重点客户 普通客户 潜在客户"),
)
