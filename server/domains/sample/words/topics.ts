// biome-ignore-all format: scripts of talks read better one line per saying
import type { KindKey, QueueKey } from '../catalogs.ts'
import type { Pair } from '../centre.ts'

/** When more of it comes: hard frost, hot weeks, the first days of a month. */
export type Season = 'frost' | 'heat' | 'bills' | 'always'
export type Topic = {
  reason: string
  queue: QueueKey
  weight: number
  season: Season
  /** A ticket that may follow: how often, and what it says. */
  ticket?: { kind: KindKey; category: string; share: number; title: Pair; fields: Record<string, unknown>; done: readonly Pair[] }
  opens: readonly Pair[]
  asks: readonly Pair[]
  tells: readonly Pair[]
  answers: readonly Pair[]
  /** Something more that the customer wants to know. */
  more: readonly (readonly [Pair, Pair])[]
}

export const topics: readonly Topic[] = [
  {
    reason: 'repairs.noWater', queue: 'repairs', weight: 12, season: 'frost',
    ticket: { kind: 'repair', category: 'noWater', share: 0.62, title: ['{area}无水', 'No water, {area}'], fields: { symptom: 'none', affected: 1 }, done: [['更换锈蚀的入户阀门，已恢复供水。', 'Replaced the corroded valve; supply is back.'], ['解冻并包扎立管，已恢复供水。', 'Thawed and lagged the riser; supply is back.'], ['排除管道堵塞，水压正常。', 'Cleared the blocked pipe; pressure is normal.']] },
    opens: [['家里突然没水了，是停水了吗？', 'We have no water all of a sudden. Is there an outage?'], ['早上起来就没水，邻居家也没有', 'No water since this morning, the neighbours have none either'], ['我们这栋楼没水了，什么时候能来？', 'Our building has no water. When will it be back?'], ['厨房和卫生间都不出水', 'Nothing comes out in kitchen or bathroom'], ['没水两个小时了，也没看到通知', 'No water for two hours, and there was no notice']],
    asks: [['请问您的地址是哪里？整栋楼都没水，还是只有您家？', 'Where do you live? Is the whole building without water, or only you?'], ['给您查一下，请告诉我小区和楼栋。', 'I will check. Tell me the estate and the building.']],
    tells: [['{place}，整个单元都没有', '{place}, the whole staircase'], ['{place}，好像就我家', '{place}, only us it seems'], ['{place}，楼上楼下都没有', '{place}, above and below have none either']],
    answers: [['您所在片区没有停水计划，我马上为您登记，抢修人员会先电话联系您。', 'There is no planned outage in your area. I am recording this now; the crew will call you first.'], ['查到附近正在抢修，预计 {hour} 前恢复，恢复后请先放水 5 分钟。', 'There is a repair nearby; supply should be back by {hour}. Run the tap for 5 minutes then.'], ['可能是入户阀门的问题，抢修一队会在一小时内到场。', 'It may be your valve. Crew 1 will be there within an hour.']],
    more: [[['家里有小孩，能送点水吗？', 'We have a baby. Could you bring some water?'], ['可以，停水超过 4 小时会安排送水车，我为您登记优先。', 'Yes. If it lasts more than 4 hours we send a truck; I have put you first.']], [['大概要多久？', 'How long will it take?'], ['一般 2 到 4 小时，进度会同步到链接里。', 'Usually 2 to 4 hours; the link shows the progress.']]],
  },
  {
    reason: 'repairs.leak', queue: 'repairs', weight: 9, season: 'always',
    ticket: { kind: 'repair', category: 'leak', share: 0.7, title: ['{area}漏水', 'Leak, {area}'], fields: { symptom: 'leak' }, done: [['更换破损管段 1.2 米，恢复路面。', 'Replaced 1.2 m of pipe and restored the pavement.'], ['更换表前阀门垫圈，已不漏水。', 'Replaced the washer before the meter; no leak any more.'], ['立管接口重新打压，已止漏。', 'Sealed the riser joint; the leak has stopped.']] },
    opens: [['小区门口路面在冒水', 'Water is coming up through the road at our gate'], ['楼道里的管子在漏水', 'The pipe in the staircase is leaking'], ['水表那里一直滴水', 'It keeps dripping at the meter'], ['地下车库顶上漏水，是不是供水管？', 'Water drips from the garage ceiling. Is that the supply pipe?'], ['表后面的管子裂了，水一直流', 'The pipe behind the meter has cracked and water keeps running']],
    asks: [['水流大吗？请告诉我具体位置。', 'Is it a lot of water? Tell me exactly where.'], ['请告诉我地址，有照片也可以发过来。', 'Tell me the address; a photo helps too.']],
    tells: [['{place} 门口，水不小', 'At the door of {place}, quite a lot'], ['{place}，不大，但一直流', '{place}, not much but all the time'], ['{place} 旁边的井里', 'In the pit beside {place}']],
    answers: [['已登记并派给抢修二队，会在 2 小时内到场查看。', 'Recorded and sent to Crew 2. They will have a look within 2 hours.'], ['水表之前由我们负责，之后请联系物业；我先派人确认。', 'Before the meter it is ours, behind it the estate\'s. I am sending someone to see.'], ['请先关闭表前阀门，抢修人员马上出发。', 'Close the valve before the meter; the crew is on its way.']],
    more: [[['修的话要收费吗？', 'Does the repair cost anything?'], ['表前管道维修不收费，表后按材料收费，会先征得您同意。', 'Before the meter it is free; behind it you pay for material, and we ask you first.']], [['漏掉的水费怎么算？', 'Who pays for the water that ran away?'], ['表前漏水不计入您的用量。', 'What leaks before the meter is not counted.']]],
  },
  {
    reason: 'repairs.pressure', queue: 'repairs', weight: 6, season: 'heat',
    ticket: { kind: 'repair', category: 'pressure', share: 0.45, title: ['{area}水压低', 'Low pressure, {area}'], fields: { symptom: 'low' }, done: [['调整二供泵房出口压力至 0.42 MPa。', 'Set the pump house to 0.42 MPa.'], ['清洗入户过滤器，水压恢复。', 'Cleaned the inlet filter; pressure is back.']] },
    opens: [['最近水压特别小，热水器都打不着', 'The pressure is so low the heater will not start'], ['晚上高峰的时候几乎没水', 'In the evening there is almost no water'], ['高层水压低，已经一个星期了', 'Low pressure on the upper floors for a week now'], ['水流比以前小很多', 'The flow is much weaker than before']],
    asks: [['是所有龙头都小，还是只有热水？您住几楼？', 'All taps, or only the hot water? Which floor are you on?'], ['请问地址和楼层？什么时段最明显？', 'What is the address and floor, and when is it worst?']],
    tells: [['{place}，晚上七八点最小', '{place}, worst around seven or eight'], ['{place}，所有龙头都小', '{place}, every tap'], ['{place}，热水正常，冷水小', '{place}, hot is fine, cold is weak']],
    answers: [['已通知二供班组检查泵房压力，今天内给您回复。', 'The pump crew will check the pressure and answer today.'], ['可以先清洗一下龙头滤网，如果没有改善我们上门检查。', 'Clean the filter in the tap first; if that does not help we come and look.'], ['夏季用水高峰压力会下降，我们正在调度增压。', 'Demand is high in summer; we are raising the pressure.']],
    more: [[['以后会一直这样吗？', 'Will it stay like this?'], ['不会，调整后会稳定，改善情况我们会回访您。', 'No, it will be steady after the adjustment, and we will ask you again.']]],
  },
  {
    reason: 'repairs.meterFault', queue: 'repairs', weight: 4, season: 'always',
    ticket: { kind: 'repair', category: 'meterFault', share: 0.75, title: ['{area}水表故障', 'Faulty meter, {area}'], fields: { symptom: 'meter' }, done: [['更换新表，旧表送检。', 'New meter fitted; the old one goes to the test bench.'], ['现场校验合格，远传模块已重启。', 'Tested on site and right; the radio module was restarted.']] },
    opens: [['水表不走了', 'The meter has stopped'], ['家里没人，水表还在转', 'Nobody is home and the meter still turns'], ['智能水表没有读数', 'The smart meter shows nothing'], ['水表玻璃碎了', 'The glass of the meter is broken']],
    asks: [['请提供户号和表号，表号在表盘上。', 'Tell me the account and the meter number; it is on the dial.'], ['请问地址？方便拍一张表盘照片吗？', 'Which address? Could you take a picture of the dial?']],
    tells: [['{place}，户号您那边能查到吗', '{place}, can you find my account number'], ['{place}，表号看不清', '{place}, I cannot read the number']],
    answers: [['已登记，抄表班两个工作日内上门，期间用量按前三个月平均计算。', 'Recorded. Someone comes within two working days; until then usage is the average of three months.'], ['如果对读数有疑问可以申请校表，合格的话收取检定费。', 'If you doubt the reading you can have the meter tested; if it is right there is a fee.']],
    more: [[['换表要钱吗？', 'Do I pay for a new meter?'], ['自然故障免费更换。', 'Not when it failed by itself.']]],
  },
  {
    reason: 'outage.restore', queue: 'web', weight: 6, season: 'heat',
    opens: [['请问什么时候恢复供水？', 'When will the water be back?'], ['公告上说 12 点恢复，现在还没有', 'The notice said 12 o\'clock and it is still off'], ['停水公告里有我们小区吗？', 'Is our estate in the outage notice?'], ['明天停水到几点？', 'Until when is it off tomorrow?']],
    asks: [['请问是哪个小区？', 'Which estate is it?'], ['我查一下，请告诉我地址。', 'Let me look. What is the address?']],
    tells: [['{area}', '{area}'], ['{place}', '{place}']],
    answers: [['{area}计划 {hour} 恢复，水会先到低楼层，高楼层稍晚。', '{area} should be back at {hour}; lower floors first, upper ones a little later.'], ['现场抢修还在进行，预计推迟到 {hour}，会再次发送通知。', 'The repair goes on; it will be {hour} and you will be told again.'], ['您的地址不在这次停水范围内。', 'Your address is not affected this time.']],
    more: [[['恢复后水会黄吗？', 'Will the water be yellow then?'], ['可能有一点，放水 5–10 分钟就会变清。', 'A little perhaps; run the tap 5 to 10 minutes and it clears.']], [['有送水车吗？', 'Is there a water truck?'], ['有，{hour} 在小区北门，请自备容器。', 'Yes, at the north gate at {hour}. Bring something to carry it in.']]],
  },
  {
    reason: 'quality.yellow', queue: 'repairs', weight: 5, season: 'heat',
    ticket: { kind: 'repair', category: 'yellow', share: 0.55, title: ['{area}自来水发黄', 'Yellow water, {area}'], fields: { symptom: 'other' }, done: [['末梢排放 20 分钟，取样浊度 0.4 NTU，合格。', 'Flushed the main for 20 minutes; turbidity 0.4 NTU, good.'], ['清洗楼顶水箱后复检合格。', 'The roof tank was cleaned; the second sample is good.']] },
    opens: [['自来水发黄，能用吗？', 'The water is yellow. Can we use it?'], ['水里有铁锈一样的东西', 'There is something like rust in the water'], ['昨天停水后水一直是黄的', 'It has been yellow since yesterday\'s outage'], ['水有一股漂白粉味', 'The water smells of chlorine']],
    asks: [['先请不要饮用。是一直黄，还是刚打开时黄？地址是？', 'Do not drink it for now. Is it always yellow or only at first? What is the address?'], ['请放水 5 分钟再看看，同时告诉我地址。', 'Run it for 5 minutes, and tell me the address.']],
    tells: [['{place}，一直黄', '{place}, all the time'], ['{place}，放了一会儿好一点', '{place}, a little better after a while']],
    answers: [['已请水质科今天上门取样，结果出来会告诉您。', 'Water Quality will take a sample today and tell you the result.'], ['恢复供水初期会带出管壁沉积物，放水后即可正常使用。', 'When supply returns it carries off deposits; after running the tap it is fine.']],
    more: [[['对身体有害吗？', 'Is it harmful?'], ['主要是铁锈，无毒，但不建议饮用，变清后可以放心使用。', 'It is mostly rust and not poisonous, but do not drink it until it is clear.']]],
  },
  {
    reason: 'billing.bill', queue: 'billing', weight: 12, season: 'bills',
    opens: [['怎么查这个月的水费？', 'How do I see this month\'s bill?'], ['账单什么时候出？', 'When does the bill come?'], ['手机上怎么交水费？', 'How do I pay on my phone?'], ['我想查一下欠费', 'I want to know what I owe'], ['为什么没有收到账单短信', 'Why did I get no message about the bill']],
    asks: [['请提供户号，我为您查询。', 'Tell me the account number and I will look it up.'], ['请问户号后四位和户主姓氏？', 'What are the last four digits and the holder\'s surname?']],
    tells: [['地址是 {place}，户号不记得了', 'It is {place}; I do not remember the number'], ['{place}，麻烦查一下', '{place}, please']],
    answers: [['本期用水 {usage} 立方米，水费 {amount} 元，{day} 日前缴纳即可。', 'You used {usage} cubic metres, {amount} yuan, due by the {day}th.'], ['账单每双月 5 日生成，在网上营业厅或手机上都能看到。', 'Bills are made on the 5th of every second month; see them on the web or the phone.'], ['查到没有欠费，上期 {amount} 元已缴。', 'Nothing is owed; the last {amount} yuan were paid.']],
    more: [[['可以开通自动扣款吗？', 'Can it be paid by itself?'], ['可以，在「账单 › 代扣」里绑定银行卡即可。', 'Yes, add a bank card under Bills › Direct debit.']], [['逾期会有违约金吗？', 'Is there a charge for late payment?'], ['逾期 30 天起按日 0.1% 计收。', 'After 30 days, 0.1% per day.']]],
  },
  {
    reason: 'billing.dispute', queue: 'billing', weight: 8, season: 'bills',
    ticket: { kind: 'question', category: 'bill', share: 0.5, title: ['{area}水费偏高核查', 'High bill to be checked, {area}'], fields: {}, done: [['复抄读数一致，已向客户说明阶梯计价。', 'The reading is right; tiered pricing was explained.'], ['上期估读，本期已退差 {amount} 元。', 'The last reading was estimated; {amount} yuan were refunded.'], ['发现表后暗漏，建议维修，已按规定减免一次。', 'A hidden leak behind the meter; one reduction was granted.']] },
    opens: [['这个月水费怎么比上个月多一倍？', 'Why is the bill twice that of last month?'], ['水表读数和账单对不上', 'The meter and the bill do not match'], ['家里没人住，怎么还有 {usage} 吨水？', 'Nobody lives there. How can it be {usage} tonnes?'], ['我怀疑抄错表了', 'I think the meter was misread']],
    asks: [['理解您的疑问，请提供户号和现在的水表读数。', 'I see. Tell me the account number and what the meter shows now.'], ['我先核对抄表记录，请问地址是？', 'Let me check the readings first. What is the address?']],
    tells: [['{place}，现在读数是 1{usage}8', '{place}, it shows 1{usage}8'], ['{place}，上次 {usage} 吨都不到', '{place}, last time it was under {usage}']],
    answers: [['上期是估读，本期补计了差额，我为您提交复抄，结果两个工作日内答复。', 'The last reading was estimated and this one makes up for it. I ask for a new reading; you hear within two working days.'], ['您已进入第二阶梯，单价提高到 4.35 元，所以金额增加。', 'You have reached the second tier at 4.35 yuan, so it is more.'], ['建议先关闭所有用水看水表是否转动，排除暗漏。', 'Close all taps and see whether the meter still turns: there may be a hidden leak.']],
    more: [[['如果抄错了会退吗？', 'Do I get it back if it was misread?'], ['会的，差额直接退到您的账户。', 'Yes, straight to your account.']], [['可以先不交吗？', 'Can I wait with paying?'], ['核查期间不计违约金，您放心。', 'While it is checked no charge is added.']]],
  },
  {
    reason: 'billing.invoice', queue: 'billing', weight: 5, season: 'bills',
    opens: [['怎么开电子发票？', 'How do I get an electronic invoice?'], ['发票抬头可以改成公司吗？', 'Can the invoice be made out to a company?'], ['发票没有发到邮箱', 'The invoice did not reach my mailbox'], ['要开专用发票需要什么资料', 'What is needed for a special invoice']],
    asks: [['请问是个人还是单位户？', 'Is it a private or a company account?'], ['请告诉我户号和需要的月份。', 'Tell me the account and the months.']],
    tells: [['单位，{place}', 'A company, {place}'], ['个人，近两期的', 'Private, the last two bills']],
    answers: [['可以在「账单 › 开具发票」自助开具，两分钟内发到邮箱。', 'Make it under Bills › Invoice; it comes within two minutes.'], ['抬头可以在开具前修改，已开的需要先红冲。', 'Change the title before making it; one already made must be cancelled first.'], ['已为您重新发送，请查收，也看看垃圾箱。', 'I have sent it again; look in the spam folder too.']],
    more: [[['能补开去年的吗？', 'Can I get last year\'s?'], ['可以补开近 24 个月的发票。', 'Yes, for the last 24 months.']]],
  },
  {
    reason: 'billing.tier', queue: 'billing', weight: 4, season: 'bills',
    ticket: { kind: 'question', category: 'bill', share: 0.2, title: ['多人口家庭阶梯基数申请', 'Tier base for a larger family'], fields: {}, done: [['资料齐全，基数增加每年 90 立方米。', 'Papers complete; the base rises by 90 cubic metres a year.']] },
    opens: [['阶梯水价怎么算？', 'How does the tiered tariff work?'], ['家里五口人，可以多给点基数吗？', 'We are five. Can we have a higher limit?'], ['第二档从哪一天开始算', 'From what day does the second tier count']],
    asks: [['阶梯按年计算，请问您家户籍几口人？', 'Tiers run by the year. How many are you?']],
    tells: [['五口人，{place}', 'Five, {place}'], ['六个人，有租客', 'Six, with tenants']],
    answers: [['五人及以上可以申请，每增加一人每年加 30 立方米，带户口本到营业厅或在线上传。', 'Five or more can apply: 30 cubic metres a year for each. Bring the household register or upload it.'], ['第一阶梯 216 立方米以内每立方米 2.9 元，超出部分 3.85 元。', 'Up to 216 cubic metres it is 2.9 yuan, beyond that 3.85.']],
    more: [[['租客算吗？', 'Do tenants count?'], ['办理居住证满一年的可以算。', 'Those with a residence permit for a year do.']]],
  },
  {
    reason: 'services.transfer', queue: 'services', weight: 7, season: 'always',
    ticket: { kind: 'business', category: 'transfer', share: 0.5, title: ['{area}过户申请', 'Transfer, {area}'], fields: { service: 'transfer', complete: true }, done: [['过户已办结，新户主已绑定。', 'Transfer done; the new holder is entered.'], ['资料审核通过，已生效。', 'Papers approved; it is in force.']] },
    opens: [['买了二手房，水表怎么过户？', 'I bought a flat. How do I take over the meter?'], ['过户需要原房主到场吗？', 'Must the former owner be there for the transfer?'], ['过户要带什么材料', 'What papers does a transfer need'], ['线上可以办过户吗', 'Can I transfer online']],
    asks: [['可以线上办理。请问旧户号或者房屋地址？', 'You can do it online. What is the old account or the address?']],
    tells: [['{place}', '{place}'], ['{place}，水费都结清了', '{place}, everything is paid']],
    answers: [['需要新户主身份证和产权证明照片，我为您登记，3 个工作日办结。', 'We need photos of your identity card and proof of ownership. I record it; 3 working days.'], ['不需要原房主到场，结清水费即可。', 'The former owner need not come; the bill must be paid.']],
    more: [[['需要多久生效？', 'When does it take effect?'], ['审核通过当天生效，会发短信通知。', 'On the day of approval; you get a message.']]],
  },
  {
    reason: 'services.connection', queue: 'services', weight: 3, season: 'always',
    ticket: { kind: 'business', category: 'connection', share: 0.65, title: ['{area}报装申请', 'New connection, {area}'], fields: { service: 'connection', complete: false }, done: [['现场勘查完成，方案已确认，装表通水。', 'Surveyed, agreed, meter fitted and connected.']] },
    opens: [['商铺要装水表，怎么申请？', 'I need a meter for a shop. How do I apply?'], ['老房子想一户一表', 'We want a meter of our own in an old house'], ['临时施工用水怎么办理', 'How do I get water for building works']],
    asks: [['请问用水地址和用途？', 'Where is it and what is it for?']],
    tells: [['{place}，开店用', '{place}, a shop'], ['{place}，住家', '{place}, for living']],
    answers: [['已登记报装申请，工程部两个工作日内联系您现场勘查。', 'Your application is recorded; Engineering calls you within two working days to survey.'], ['从受理到通水一般 7 个工作日。', 'From application to water it takes about 7 working days.']],
    more: [[['费用大概多少？', 'What does it cost?'], ['按口径和施工量计算，勘查后给您报价，不同意可以取消。', 'It depends on size and work; you get a price after the survey and may decline.']]],
  },
  {
    reason: 'services.suspend', queue: 'services', weight: 3, season: 'always',
    ticket: { kind: 'business', category: 'suspend', share: 0.4, title: ['{area}报停用水', 'Suspend supply, {area}'], fields: { service: 'suspend', complete: true }, done: [['已关阀铅封，恢复时拨打热线即可。', 'Valve closed and sealed; call us to resume.'], ['已恢复供水。', 'Supply resumed.']] },
    opens: [['房子长期不住，可以报停吗？', 'The flat is empty. Can I suspend it?'], ['去年报停的，现在想恢复', 'I suspended it last year and want it back']],
    asks: [['可以，请告诉我户号或者地址。', 'Yes. Tell me the account or the address.']],
    tells: [['{place}', '{place}']],
    answers: [['已为您登记，营业厅一个工作日内处理。', 'Recorded; the office does it within one working day.'], ['恢复供水免费，师傅会提前联系您。', 'Resuming is free; someone calls you before coming.']],
    more: [[['报停期间有费用吗？', 'Is there a charge meanwhile?'], ['没有费用，最长两年。', 'None, for two years at most.']]],
  },
  {
    reason: 'services.details', queue: 'services', weight: 2.5, season: 'always',
    opens: [['手机号换了，怎么改？', 'My telephone number has changed. How do I tell you?'], ['户主名字写错了一个字', 'The holder\'s name has a wrong letter'], ['账单想改成发到邮箱', 'I want the bill by e-mail']],
    asks: [['可以在这里改。请告诉我户号和原来的手机号后四位。', 'That can be done here. Tell me the account and the last four digits of the old number.']],
    tells: [['{place}，原来的号不用了', '{place}, the old number is dead'], ['户主是我本人，{place}', 'I am the holder, {place}']],
    answers: [['已为您更改，五分钟内生效。', 'Changed; it takes effect within five minutes.'], ['已提交核对，今天内生效并短信通知。', 'Handed in; it takes effect today and you get a message.']],
    more: [[['以后的通知都发到新号码吗？', 'Will notices go to the new one?'], ['是的，停水通知和账单都会发到新号码。', 'Yes, outages and bills both.']]],
  },
  {
    reason: 'voice.complaint', queue: 'web', weight: 3, season: 'always',
    ticket: { kind: 'complaint', category: 'service', share: 0.85, title: ['{area}服务投诉', 'Complaint about service, {area}'], fields: { about: 'service' }, done: [['已向客户当面致歉并说明，客户接受。', 'We spoke with the customer and explained; accepted.'], ['班组已整改，路面当天恢复。', 'The crew has put it right; the road was restored the same day.']] },
    opens: [['我要投诉，报修两次都没人来', 'I want to complain: reported twice and nobody came'], ['施工完路面没恢复，老人差点摔倒', 'The road was left open after the works; someone nearly fell'], ['上次客服答应回电，一直没打', 'Someone promised to call back and never did'], ['停水没有提前通知，店里损失谁管', 'No notice of the outage. Who pays for my shop?']],
    asks: [['让您受累了。请告诉我地址和大概时间，我来跟进到底。', 'I am on it. Tell me the address and when it was, and I will see it through.']],
    tells: [['{place}，上周三', '{place}, last Wednesday'], ['{place}，前后三次了', '{place}, three times now']],
    answers: [['已升级为投诉工单，班长今天内与您联系。', 'It is a complaint now; the team lead calls you today.'], ['查到之前的记录确实超时，我们会给您书面答复。', 'The earlier report was late indeed; you will have an answer in writing.']],
    more: [[['你们什么时候能给结果？', 'When will I hear?'], ['三个工作日内一定答复，进度也能在链接里看到。', 'Within three working days; the link shows where it stands.']]],
  },
  {
    reason: 'voice.praise', queue: 'web', weight: 1.5, season: 'always',
    ticket: { kind: 'praise', category: 'any', share: 0.7, title: ['表扬抢修班组', 'Praise for a crew'], fields: {}, done: [['已转达班组并登记表扬。', 'Passed on to the crew and recorded.']] },
    opens: [['想表扬一下昨晚来抢修的师傅', 'I would like to praise the people who came last night'], ['下雨天还来修，很感谢', 'They came in the rain. Thank you']],
    asks: [['谢谢您，请问是哪个小区，什么时间？', 'Thank you. Which estate was it and when?']],
    tells: [['{place}，昨晚十点多', '{place}, after ten last night']],
    answers: [['我已登记，会转达给班组，谢谢您的肯定。', 'I have recorded it and will tell them. Thank you.']],
    more: [],
  },
  {
    reason: 'voice.suggestion', queue: 'web', weight: 1.5, season: 'always',
    ticket: { kind: 'suggestion', category: 'any', share: 0.7, title: ['建议：{area}', 'Suggestion: {area}'], fields: {}, done: [['建议已采纳，下月起执行。', 'Adopted; from next month.'], ['已答复客户现有安排。', 'The customer was told how it is done now.']] },
    opens: [['建议营业厅周六也开门', 'The office should open on Saturdays'], ['停水公告能不能早两天发', 'Could outages be announced two days earlier'], ['希望账单上有用水曲线', 'A usage curve on the bill would be good']],
    asks: [['感谢您的建议，能说说具体的情况吗？', 'Thank you. Can you tell me more?']],
    tells: [['我们上班族平时去不了', 'We work and cannot come otherwise'], ['这样好提前准备', 'Then one could prepare']],
    answers: [['已登记并转相关部门研究，结果会回复您。', 'Recorded and passed on; you will hear what comes of it.']],
    more: [],
  },
]

export const greets: readonly Pair[] = [['您好，我是 {agent}，很高兴为您服务。', 'Hello, this is {agent}. I am here to help.'], ['您好，{name}，我来帮您看一下。', 'Hello {name}, let me have a look.'], ['您好，{agent} 为您服务。', 'Hello, {agent} speaking.'], ['{name}您好，看到您的问题了。', 'Hello {name}, I see your question.']]
export const ticketed: readonly Pair[] = [['已为您登记，单号 {number}，您可以随时查看进度。', 'Recorded as {number}. You can follow it at any time.'], ['工单 {number} 已经派出，请保持电话畅通。', 'Ticket {number} is on its way. Keep your telephone at hand.'], ['单号 {number}，处理完会告诉您。', 'It is {number}. You will hear when it is done.']]
export const thanks: readonly Pair[] = [['好的，谢谢', 'OK, thank you'], ['明白了，谢谢你', 'I see, thank you'], ['好，那我等着', 'Fine, I will wait'], ['知道了', 'All right'], ['谢谢，很快', 'Thanks, that was quick'], ['行', 'OK'], ['希望快一点', 'I hope it is soon'], ['辛苦了', 'Thanks for your work']]
export const goodbyes: readonly Pair[] = [['不客气，祝您生活愉快。', 'You are welcome. Have a good day.'], ['还有其他可以帮您的吗？', 'Is there anything else?'], ['感谢您的来访，再见。', 'Thank you for writing. Goodbye.'], ['如果还有问题，随时在这里找我们。', 'If there is anything else, find us here.']]
export const nudges: readonly Pair[] = [['在吗？', 'Are you there?'], ['请问有人吗', 'Is anybody there'], ['请尽快回复', 'Please answer soon'], ['……', '…']]
export const praiseWords: readonly Pair[] = [['回复很快', 'Quick answer'], ['态度很好，问题解决了', 'Friendly, and it is solved'], ['专业', 'Knows the matter'], ['谢谢小姐姐', 'Thank you so much'], ['进度能看到，放心', 'Good that I can see the progress'], ['', ''], ['', ''], ['', '']]
export const fairWords: readonly Pair[] = [['还行', 'All right'], ['等得有点久', 'A bit of a wait'], ['希望处理再快些', 'Could be quicker'], ['', ''], ['', '']]
export const blameWords: readonly Pair[] = [['等了很久，问题还没解决', 'A long wait and still not solved'], ['报修两次没人来', 'Reported twice, nobody came'], ['答非所问', 'Did not answer what I asked'], ['水费还是不明白', 'I still do not understand the bill'], ['说好回电没有回', 'No call back as promised'], ['', '']]
export const wrapNotes: readonly Pair[] = [['', ''], ['', ''], ['', ''], ['客户情绪平稳', 'Customer was calm'], ['客户着急，已安抚', 'Customer was worried'], ['家中有老人，请优先', 'Elderly people at home: first, please'], ['客户要求电话联系', 'Wants to be called']]
export const returnWords: readonly Pair[] = [['不属于本班组片区，请改派。', 'Not in our area; send it on.'], ['地址不详，请联系客户补充。', 'The address is incomplete; ask the customer.']]
export const waitWords: readonly Pair[] = [['客户要求周末上门，已约。', 'The customer wants it at the weekend; agreed.'], ['等客户补充产权证明。', 'Waiting for proof of ownership.'], ['客户不在家，另约时间。', 'Nobody at home; another time was agreed.']]
export const resumeWords: readonly Pair[] = [['客户已确认时间。', 'The customer has confirmed.'], ['材料已补齐。', 'The papers are complete.']]
export const closeWords: readonly Pair[] = [['已电话告知客户，客户满意。', 'The customer was told and is satisfied.'], ['已告知客户结果。', 'The customer was told.'], ['客户确认已恢复。', 'The customer confirms.']]
export const winBackResults: readonly Pair[] = [['已致电说明并道歉，客户接受。', 'Called and explained; the customer accepts.'], ['问题已解决，客户表示理解。', 'Solved; the customer understands.'], ['三次未接通，已发短信。', 'Not reached in three calls; a message was sent.']]
