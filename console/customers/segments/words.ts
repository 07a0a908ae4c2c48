import type { MoveWay } from '#contract/segments.ts'
import { enterRefusals, words } from '../../kit/words.ts'

export const w = words({
  segments: ['客户分群', 'Segments'],
  hint: ['按条件实时圈定的客户，供筛选、导出、分派和规则使用', 'Customers by rule, as they are now: for lists, exports, routing and rules'],
  add: ['新建分群', 'New segment'],
  none: ['还没有分群', 'No segments yet'],
  noneHint: ['新建一个：写下条件，人数当场就看到', 'Make one: write what must be so, and see at once how many'],
  name: ['名称', 'Name'],
  nameEn: ['英文名', 'English name'],
  note: ['说明', 'Note'],
  condition: ['条件', 'Condition'],
  everybody: ['所有客户', 'Every customer'],
  customers: ['客户', 'Customers'],
  asOf: [(at: string) => `${at} 统计`, (at: string) => `Counted ${at}`],
  counting: ['统计中', 'Counting'],
  people: [(n: string) => `${n} 位客户`, (n: string) => `${n} customers`],
  members: ['查看客户', 'Open the list'],
  sample: ['例如', 'For example'],
  nobody: ['现在没有客户符合', 'Nobody fits at present'],
  unfinished: ['填完条件即显示人数', 'How many is shown once the conditions are filled in'],
  took: [(ms: number) => `${ms} 毫秒`, (ms: number) => `${ms} ms`],
  save: ['保存', 'Save'],
  saved: ['已保存', 'Saved'],
  retire: ['停用', 'Retire'],
  restore: ['恢复', 'Bring back'],
  retired: ['已停用', 'Retired'],
  back: ['全部分群', 'All segments'],
  newName: ['新分群', 'New segment'],
  andThen: ['；', '; '],
  or: [' 或 ', ' or '],
  noneOf: [(all: string) => `都不符合（${all}）`, (all: string) => `none of (${all})`],
  within: [(all: string) => `（${all}）`, (all: string) => `(${all})`],
  outOfUse: [(name: string) => `${name}（已停用）`, (name: string) => `${name} (retired)`],
  anySegment: ['全部分群', 'Any segment'],
  tagsAndSegments: ['标签与分群', 'Tags and segments'],
  inNone: ['不在任何分群', 'In no segment'],

  ladders: ['等级与阶段', 'Tiers and stages'],
  laddersHint: ['从上往下，第一个符合的就是；都不符合的不动', 'Top down: the first that holds is theirs; where none does, nothing moves'],
  tier: ['价值等级', 'Value tier'],
  stage: ['生命周期阶段', 'Stage of life'],
  byNight: ['每晚更新', 'Every night'],
  byNightHint: ['每晚按规则更新；手工设定的不动', 'Asked every night; what was set by hand stays'],
  step: ['步骤', 'Step'],
  addStep: ['加一个阶段', 'Add a stage'],
  key: ['代码', 'Code'],
  advice: ['在这一阶段做什么', 'What to do here'],
  adviceEn: ['英文', 'In English'],
  byHandOnly: ['仅手工设定', 'Only by hand'],
  byRule: ['按条件', 'By condition'],
  unasked: [
    '上次没算完：站在这一步的没有动。缩短天数或减少条件',
    'Took too long last time: who stands here stayed. Ask about fewer days or with fewer conditions',
  ],
  rest: ['其余客户', 'Everybody else'],
  preview: ['试算', 'Preview'],
  applyNow: ['立即应用', 'Apply now'],
  saveFirst: ['先保存再应用', 'Save first, then apply'],
  applied: [(at: string) => `${at} 更新过`, (at: string) => `Last applied ${at}`],
  neverApplied: ['还没应用过', 'Not applied yet'],
  started: ['已开始，完成后通知您', 'Begun; you are told when it is over'],
  stay: [(n: string) => `${n} 位不变`, (n: string) => `${n} stay`],
  pinnedMany: [(n: string) => `${n} 位手工设定，不动`, (n: string) => `${n} set by hand, left alone`],
  noMoves: ['没有客户要变动', 'Nobody would move'],
  up: ['上移', 'Up'],
  down: ['下移', 'Down'],
  remove: ['去掉', 'Remove'],
  unset: ['未定', 'Not set'],
  standing: ['价值与阶段', 'Value and stage'],
  setByHand: ['手工设定', 'Set by hand'],
  release: ['交还规则', 'Release to the rules'],
  reason: ['原因', 'Reason'],
  becomes: ['设为', 'Set to'],
  set: ['设定', 'Set'],
  historyOf: ['变动记录', 'Changes'],
  noHistory: ['还没有变动', 'No changes yet'],
  setBy: [(how: string) => `${how}，不随规则变`, (how: string) => `${how}, kept from the rules`],
  more: [(n: number) => `还有 ${n} 条`, (n: number) => `${n} more`],
})

const kinds = words({ tier: ['价值等级', 'Value tier'], stage: ['阶段', 'Stage'] })
type Detail = Record<string, unknown>
const kindSaid = (d: Detail) => (d.kind === 'tier' ? kinds.tier : kinds.stage)
export const ways = words({
  rule: ['按规则', 'by rule'],
  person: ['手工', 'by hand'],
  import: ['导入', 'imported'],
  feed: ['接口写入', 'by another system'],
  taken_back: ['撤回导入', 'import taken back'],
  merged: ['合并档案', 'files merged'],
  parted: ['拆开档案', 'files taken apart'],
})
const known: readonly MoveWay[] = ['person', 'import', 'feed', 'taken_back', 'merged', 'parted']
const waySaid = (d: Detail) => ways[known.find(way => way === d.way) ?? 'rule']
export const eventWords = words({
  'customer.moved': [
    (d: Detail) => `${kindSaid(d)}变为${d.name}（${waySaid(d)}）`,
    (d: Detail) => `${kindSaid(d)} is now ${d.nameEn || d.name} (${waySaid(d)})`,
  ],
  'customer.released': [(d: Detail) => `${kindSaid(d)}交还规则`, (d: Detail) => `${kindSaid(d)} released to the rules`],
})

type Facts = Readonly<Record<string, unknown>>
function conditionWrong({ name, nameEn, field, reason }: Facts): [string, string] {
  if (reason === 'too_many') return ['条件太多，最多 40 个', 'Too many conditions: at most 40']
  if (reason === 'empty_group') return ['「任一满足」下面还没有条件', 'Nothing is asked yet of which any must be so']
  const [zh, en] = [name || field, nameEn || name || field]
  if (reason === 'value' && field === 'segments') return [`「${zh}」还没选，或选的已停用`, `${en}: none chosen yet, or one that is retired`]
  if (reason === 'value') return [`「${zh}」还没选值`, `${en}: no value chosen yet`]
  return reason === 'operator'
    ? [`「${zh}」不能这样问`, `${en} cannot be asked like this`]
    : [`没有「${zh}」这一项`, `There is nothing called ${en}`]
}

enterRefusals({
  'segment.not_found': ['没有这个分群', 'There is no such segment'],
  'segment.taken': ['已有同名分群', 'Another segment has this name'],
  'segment.too_many': [f => `最多 ${f.most} 个分群，先停用不用的`, f => `At most ${f.most} segments; retire some first`],
  'segment.too_slow': [
    f => `${f.seconds} 秒内没算完：缩短天数或减少条件`,
    f => `Too slow: not counted within ${f.seconds} s. Ask about fewer days or with fewer conditions`,
  ],
  'segment.too_deep': [f => `连同引用的分群超过 ${f.most} 个条件`, f => `More than ${f.most} conditions with the segments it names`],
  'segment.too_deep_in': [
    f => `“${f.name}”引用了它，连同它会超过 ${f.most} 个条件`,
    f => `${f.nameEn || f.name} names it and would come to more than ${f.most} conditions`,
  ],
  'segment.circle': [f => `分群互相引用成圈：${f.name}`, f => `Segments name one another in a circle: ${f.nameEn || f.name}`],
  'segment.condition_wrong': [f => conditionWrong(f)[0], f => conditionWrong(f)[1]],
  'segment.field_closed': [
    f => `“${f.name}”不对您的角色完整显示，不能用作条件`,
    f => `Your role does not see ${f.nameEn || f.name} in full: it cannot be asked about`,
  ],
  'segment.changed_meanwhile': ['别人刚改过，选一份再保存', 'Someone changed it meanwhile; choose one, then save'],
  'segment.field_gone': [
    '条件里的字段或分群已不能查询（停用或只对部分角色可见），请先改条件',
    'A condition asks about a field or segment that is retired or closed to some roles. Change the condition first',
  ],
  'segment.in_use': [f => `还有用到它的：${f.by}`, f => `Still used by ${f.by}`],
  'ladder.not_found': ['没有这种分级', 'There is no such ladder'],
  'ladder.step_twice': ['两步代码相同', 'Two steps have one code'],
  'ladder.tiers_only': ['等级只有普通、银卡、金卡、重点', 'Tiers are normal, silver, gold and key'],
  'ladder.asks_itself': [f => `“${f.name}”的条件问的是它自己`, f => `The condition of ${f.name} asks about itself`],
  'ladder.changed_meanwhile': ['别人刚改过，刷新后再来', 'Someone changed it meanwhile; reload first'],
  'ladder.step_taken': [f => `还有客户在“${f.name}”，先移走再去掉`, f => `Customers still stand at ${f.name}; move them first`],
  'ladder.step_unknown': [f => `没有这一步：${f.step}`, f => `There is no such step: ${f.step}`],
})
