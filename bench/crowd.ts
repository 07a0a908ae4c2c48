import type pg from 'pg'
import { searchText, searchVersion } from '#domains/customers/index.ts'
import { inBulk, type Row } from '#domains/sample/fill.ts'
import { wordsIn } from '#domains/sample/furnishing.ts'
import { grow, withoutIndexes } from '#domains/sample/growing/grow.ts'
import { firstOf } from '#domains/sample/history.ts'
import { newId } from '#kernel/ids.ts'
import { command, kept, stamp, withDatabase } from './grown.ts'
import { dice } from './load.ts'
import { addNeighbour } from './neighbour.ts'

const customers = 1_000_000
/** As many contacts as the goal speaks of, unless BENCH_CONTACTS says fewer. */
export const contacts = Number(process.env.BENCH_CONTACTS || 10_000_000)

/** A million customers of names and addresses as they are met in China, a third of them with a meter or a plate, and their contacts. */
export async function crowd(say: (words: string) => void): Promise<string> {
  if (process.env.BENCH_DATA_CROWD) return process.env.BENCH_DATA_CROWD
  return kept(`CROWD${contacts}`, stamp(), say, async folder => {
    await command(['sample', '--size=S'], folder)
    await withDatabase(folder, async (client, url) => {
      const tenantId =
        (await client.query<{ id: string }>(`select tenant_id as id from identity.tenant where slug = 'qingyuan'`)).rows[0]?.id ?? ''
      await inBulk(
        url,
        tenantId,
        (fill, within) =>
          withoutIndexes(within, ['customers.customer', 'customers.customer_identity'], async () => {
            const throwing = dice(11)
            for (let from = 0; from < customers; from += 10_000) {
              const made = Array.from({ length: 10_000 }, (_, n) => someone(throwing, from + n))
              await fill('customers.customer', made)
              await fill('customers.customer_identity', made.map(identityOf))
              if ((from + 10_000) % 200_000 === 0) say(`  ${from + 10_000} customers`)
            }
          }),
        { unasked: true },
      )
      const now = new Date()
      const amount = { contacts, customers, tickets: 100_000 }
      await grow(url, { tenantId, language: 'zh', say: wordsIn('zh'), now, first: firstOf(now), amount, tell: () => {} })
      await things(client, tenantId)
      await addNeighbour(client)
    })
  })
}

// As often as they are met, of a hundred thousand people.
const surnames =
  '王7170 李7000 张6740 刘5100 陈4610 杨3220 黄2450 吴2000 赵2000 周1900 徐1450 孙1380 马1290 朱1280 胡1190 林1130 郭1130 何1060 高1000 罗950 郑880 梁850 谢760 宋700 唐690 许660 邓620 冯620 韩610 曹600 曾580 彭580 萧560 蔡530 潘520 田520 董510 袁500 于480 余480 叶480 蒋470 杜460 苏460 魏450 程450 吕450 丁430 沈410 任400 姚400 卢400 傅400 钟390 姜390 崔380 谭380 廖370 范370 汪360 陆360 金350 石340 戴340 贾340 韦330 夏330 邱320 方310 侯300 邹300 熊290 孟290 秦290 白280 江280 阎270 薛260 尹250 段240 雷240 黎220 史210 龙210 陶210 贺200 毛200 郝200 顾200 龚190 邵190 万180 覃180 武170 钱170 单60 仇40 查30 区20 欧阳70 诸葛10'
    .split(' ')
    .map(one => ({ name: one.replace(/\d+/, ''), share: Number(one.replace(/\D+/, '')) }))
const cast = surnames.flatMap(({ name, share }) => Array.from({ length: Math.ceil(share / 10) }, () => name))
const signs = [
  ...'伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂玲红华雪梅婷玉萍建国志斌宇浩凯健俊帆帅旭宁龙林欢佳阳倩颖琳慧莹晶洁鑫波辉鹏飞雨桐子涵梓轩诗琪欣怡一诺博思晨曦昊然若汐奕辰沐宸语嫣可馨梦瑶紫萱嘉懿煜祺弘文烨伟诚苑博晋鹏致远俊驰雨泽烨磊晟睿天佑文昊修洁黎昕远航旭尧鸿涛伟祺荣轩越泽浩瀚胤翔淑珍凤莲春香菊翠芬月娥桃丹蓉素云巧珊珠钰莎锦黛青倩婵雁蓓仪荷岚苑婕瑾韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希飘育滢馥筠柔竹霭凝晓霜眉媛寒枫芸菲纨蕴',
]
const roads =
  '滨江 中山 人民 解放 建设 和平 长江 黄河 文化 学府 新华 东风 胜利 友谊 光明 迎宾 朝阳 青年 湖滨 环城 南京 北京 上海 天目 凤起 庆春 体育场 文三 教工 莫干山 石桥 德胜 艮山 凯旋 秋涛 望江 复兴 之江 江南 滨盛'.split(
    ' ',
  )
const estates =
  '金沙 翠苑 锦江 海棠 云栖 青枫 明珠 桂语 临湖 东篱 文澜 朝晖 香樟 星河 世纪 阳光 绿城 万科 保利 龙湖 碧桂 紫金 丹桂 玉兰 梧桐 银杏 水岸 书香 御景 天成'.split(
    ' ',
  )
const districts = '城东片区 城西片区 城南片区 城北片区 滨江片区 老城片区 高新片区 临湖片区 金沙片区 河西片区'.split(' ')
const trades = '餐饮 酒店 物业 超市 药房 建材 印染 食品 机械 电子 服饰 物流'.split(' ')
const day = 86_400_000

type Made = Row & { id: string; phone: string; since: Date }
function someone(throwing: (below: number) => number, n: number): Made {
  const one = <V>(of: readonly V[]): V => of[throwing(of.length)] as V
  const isFirm = throwing(20) === 0
  const name = isFirm
    ? `${one(estates)}${one(signs)}${one(signs)}${one(trades)}有限公司`
    : one(cast) + one(signs) + (throwing(5) > 0 ? one(signs) : '')
  const district = one(districts)
  const address = `${one(roads)}${one(['路', '街', '大道', '巷'])}${1 + throwing(900)}号${one(estates)}${one(['苑', '花园', '里', '府'])}${1 + throwing(40)}幢${1 + throwing(4)}单元${1 + throwing(30)}0${1 + throwing(6)}室`
  const since = new Date(Date.now() - (400 + throwing(3000)) * day)
  const phone = `+86${one(['135', '136', '137', '138', '139', '150', '158', '186', '188'])}${String((n * 7_919 + throwing(7_000)) % 100_000_000).padStart(8, '0')}`
  return {
    id: newId(),
    number: String(2_000_000_000 + n * 3 + throwing(3)),
    kind: isFirm ? 'organisation' : 'person',
    name,
    tier: throwing(50) === 0 ? 'key' : 'normal',
    phone,
    phoneTyped: phone.slice(3),
    email: null,
    address,
    district,
    postCode: '310000',
    note: '',
    tags: [],
    care: [],
    balanceDue: 0,
    since,
    lastContactAt: null,
    search: searchText({ name, address, district }),
    searchVersion,
  }
}
const identityOf = ({ id, phone, since }: Made): Row => ({
  id: newId(),
  customerId: id,
  kind: 'phone',
  value: phone,
  typed: phone.slice(3),
  since,
})

/** Of every three customers one has a meter, of every twenty one a plate. */
async function things(client: pg.Client, tenantId: string): Promise<void> {
  for (const [code, name, share, number] of [
    ['meter', '水表', 3, `'SB' || lpad((hashtextextended(id::text, 1) & 99999999)::text, 8, '0')`],
    ['plate', '车牌', 20, `'浙A' || upper(lpad(to_hex(hashtextextended(id::text, 2) & 1048575), 5, '0'))`],
  ] as const) {
    const kind = newId()
    await client.query(
      `insert into customers.record_kind (tenant_id, id, name, name_en, code) values ($1, $2, $3, $4, $5) on conflict do nothing`,
      [tenantId, kind, name, code, `bench_${code}`],
    )
    await client.query(
      `insert into customers.record (tenant_id, id, kind_id, customer_id, number, since) select tenant_id, gen_random_uuid(), $2, id, ${number}, since
       from customers.customer where tenant_id = $1 and hashtextextended(id::text, 3) % ${share} = 0 on conflict do nothing`,
      [tenantId, kind],
    )
  }
  await client.query('vacuum (analyze) customers.record')
}
