// biome-ignore-all format: a table of words reads better one entry per line
import type { Pair } from '../centre.ts'

type Role = 'lead' | 'supervisor' | 'admin'

/** Who decides what by the amount, in fen. */
export const policies: readonly { kind: string; name: Pair; anyone: boolean; steps: readonly { name: Pair; above: number | null; upTo: number | null; role: Role; within: 'team' | 'all' }[] }[] = [
  { kind: 'goodwill', name: ['水费减免', 'Goodwill on a bill'], anyone: true, steps: [
    { name: ['班长', 'Team lead'], above: null, upTo: 20_000, role: 'lead', within: 'team' },
    { name: ['主管', 'Supervisor'], above: 20_000, upTo: null, role: 'supervisor', within: 'all' },
    { name: ['管理员', 'Administrator'], above: 200_000, upTo: null, role: 'admin', within: 'all' },
  ] },
  { kind: 'purchase', name: ['物料采购', 'Purchase'], anyone: true, steps: [
    { name: ['主管', 'Supervisor'], above: null, upTo: null, role: 'supervisor', within: 'all' },
    { name: ['管理员', 'Administrator'], above: 100_000, upTo: null, role: 'admin', within: 'all' },
  ] },
  { kind: 'overtime', name: ['加班', 'Overtime'], anyone: true, steps: [
    { name: ['班长', 'Team lead'], above: null, upTo: null, role: 'lead', within: 'team' },
  ] },
]

export type Chore = {
  title: Pair
  text: Pair
  owner: string
  opener: string
  deputy?: string
  /** Minutes. */
  openedAgo: number
  /** Working minutes from now; minutes past when negative. */
  due: number
  doneAgo: number | null
  result?: Pair
  items: readonly (readonly [text: Pair, required: boolean, doneAgo: number | null])[]
  watchers: readonly string[]
  comments: readonly (readonly [who: string, ago: number, text: Pair, mentions: readonly string[]])[]
  /** Other chores that it points to. */
  shows: readonly number[]
}
export const chores: readonly Chore[] = [
  {
    title: ['整理夜间停水的应答口径', 'Write the answers for the night shut-off'],
    text: ['周六 22:00 至次日 06:00 主管检修，影响东湖、滨江两个片区。', 'Main repair on Saturday from 22:00 to 06:00; Donghu and Binjiang are affected.'],
    owner: 'agent', opener: 'lead', deputy: 'jiangyizhou', openedAgo: 300, due: 330, doneAgo: null,
    items: [
      [['核对停水范围和时间', 'Check area and times'], true, 240],
      [['写常见问题五条', 'Write five common answers'], true, 90],
      [['请水质科看水黄的说法', 'Have Water Quality check what we say about brown water'], true, null],
      [['加到常用语', 'Add them to the ready answers'], false, null],
    ],
    watchers: ['lead', 'supervisor'],
    comments: [
      ['lead', 200, ['@许知夏 先把送水点写上，老人多的小区问得最多', '@Xu Zhixia put the water points first, that is asked most'], ['agent']],
      ['agent', 150, ['送水点三处，已写。水黄的说法等傅瑶回复', 'Three water points, done. Waiting for Fu Yao on brown water'], []],
    ],
    shows: [1],
  },
  {
    title: ['确认周六检修的影响片区', 'Confirm the area of Saturday’s repair'],
    text: ['', ''],
    owner: 'linshen', opener: 'lead', openedAgo: 1_500, due: -1_100, doneAgo: 1_200, result: ['东湖、滨江两个片区，共 3,420 户，临时送水点三处。', 'Donghu and Binjiang, 3,420 households, three water points.'],
    items: [[['与调度核对阀门', 'Check the valves with control'], true, 1_300]],
    watchers: ['agent'], comments: [], shows: [],
  },
  {
    title: ['回访滨江花园水压偏低的三户', 'Call the three households with low pressure at Binjiang Garden'],
    text: ['上周调压后各回访一次，水压低于 0.14 MPa 的重新开单。', 'Call each once after last week’s adjustment; below 0.14 MPa open a ticket again.'],
    owner: 'agent', opener: 'supervisor', openedAgo: 1_600, due: -95, doneAgo: null,
    items: [
      [['3 幢 1102', 'House 3, 1102'], true, 400],
      [['5 幢 0801', 'House 5, 0801'], true, null],
      [['7 幢 1503', 'House 7, 1503'], true, null],
    ],
    watchers: ['supervisor'], comments: [], shows: [],
  },
  {
    title: ['复核二组上周的低分会话', 'Go through last week’s low ratings of team B'],
    text: ['每一条写明原因和改进办法。', 'Write cause and remedy for each.'],
    owner: 'chengyining', opener: 'supervisor', openedAgo: 2_100, due: 260, doneAgo: null,
    items: [[['列出会话', 'List them'], false, 1_700], [['与坐席谈', 'Talk with the agents'], true, null]],
    watchers: [],
    comments: [['chengyining', 1_650, ['共 6 条，其中 4 条是等待太久', 'Six in all, four because of the wait'], []]],
    shows: [],
  },
  {
    title: ['更换抢修一队对讲机电池', 'New batteries for the radios of crew 1'],
    text: ['', ''],
    owner: 'anlan', opener: 'field', deputy: 'field', openedAgo: 700, due: 900, doneAgo: null,
    items: [[['清点 12 台', 'Count the 12 radios'], false, 500], [['领电池', 'Fetch the batteries'], true, null]],
    watchers: [], comments: [], shows: [],
  },
  {
    title: ['抄表班交接表补签字', 'Missing signatures on the meter readers’ handover'],
    text: ['', ''],
    owner: 'gupan', opener: 'changning', openedAgo: 2_900, due: 480, doneAgo: 1_900, result: ['已补齐，扫描件交档案室。', 'Complete; the scans are with the archive.'],
    items: [], watchers: [], comments: [], shows: [],
  },
]

export type AskedFor = {
  kind: string
  title: Pair
  text: Pair
  yuan: number | null
  asker: string
  askedAgo: number
  due: number
  state: 'open' | 'approved' | 'refused' | 'recalled'
  steps: readonly { name: Pair; role?: Role; team?: 'webA' | 'webB'; person?: string; decided?: { by: string; for?: string; ago: number; refused?: true; reason?: Pair } }[]
  comments?: Chore['comments']
}
const lead = { name: ['班长', 'Team lead'], role: 'lead' } as const
const supervisor = { name: ['主管', 'Supervisor'], role: 'supervisor' } as const
const admin = { name: ['管理员', 'Administrator'], role: 'admin' } as const
export const requests: readonly AskedFor[] = [
  { kind: 'goodwill', title: ['东湖路 18 号爆管误工，减免当月水费', 'Donghu Road 18: waive a month after the burst'], text: ['停水 14 小时，比承诺晚 6 小时恢复，客户要求减免。', 'Fourteen hours without water, six more than promised.'], yuan: 168, asker: 'agent', askedAgo: 130, due: 300, state: 'open', steps: [{ ...lead, team: 'webA' }], comments: [
    ['lead', 96, ['停水时长以哪张工单为准？@许知夏', 'Which ticket shows how long the water was off? @Xu Zhixia'], ['agent']],
    ['agent', 80, ['抢修工单里有关阀和恢复的时间，共 14 小时。', 'The repair ticket has both times: shut at 6:10, back at 20:10.'], []],
  ] },
  { kind: 'goodwill', title: ['估抄错误，退还三个月差额', 'Refund three months of wrong estimates'], text: ['抄表班已确认估抄偏高，附现场读数。', 'The meter readers confirm that the estimates were too high.'], yuan: 860, asker: 'agent2', askedAgo: 420, due: -40, state: 'open', steps: [supervisor] },
  { kind: 'goodwill', title: ['小区二次供水故障集中补偿', 'Compensation for the failed pump of a whole estate'], text: ['共 42 户，每户 60 元。', '42 households, 60 yuan each.'], yuan: 2_520, asker: 'lead', askedAgo: 1_700, due: 200, state: 'open', steps: [{ ...supervisor, decided: { by: 'supervisor', ago: 1_300, reason: ['按上次标准', 'As last time'] } }, admin], comments: [
    ['supervisor', 1_290, ['上次是每户 50 元，这次停了两晚，60 元合适。', 'Last time it was 50 yuan each; two nights this time, 60 is right.'], []],
  ] },
  { kind: 'purchase', title: ['客服耳机 6 副', 'Six headsets'], text: ['一组三副听筒有杂音，另备三副。', 'Three of team A crackle; three to spare.'], yuan: 1_140, asker: 'lead', askedAgo: 6_000, due: 10, state: 'approved', steps: [{ ...supervisor, decided: { by: 'supervisor', ago: 5_600 } }, { ...admin, decided: { by: 'admin', ago: 4_400 } }] },
  { kind: 'overtime', title: ['周日值守在线客服', 'Sunday duty for web chat'], text: ['接替丁南星，8:30 到 17:30。', 'In place of Ding Nanxing, 8:30 to 17:30.'], yuan: null, asker: 'bailu', askedAgo: 3_100, due: 10, state: 'refused', steps: [{ ...lead, team: 'webA', decided: { by: 'lead', ago: 2_800, refused: true, reason: ['这个月已值守三次，换江一舟', 'Three times this month already; Jiang Yizhou does it'] } }] },
  { kind: 'overtime', title: ['夜间停水值守两小时', 'Two hours more for the night shut-off'], text: ['', ''], yuan: null, asker: 'songqinghe', askedAgo: 1_000, due: 10, state: 'approved', steps: [{ ...lead, team: 'webB', decided: { by: 'lead', for: 'chengyining', ago: 800 } }] },
  { kind: 'other', title: ['借大会议室做新人培训', 'The large meeting room for new colleagues'], text: ['周四下午，8 人。', 'Thursday afternoon, eight people.'], yuan: null, asker: 'agent', askedAgo: 2_600, due: 10, state: 'recalled', steps: [{ name: ['审批', 'Decision'], person: 'supervisor' }] },
]
