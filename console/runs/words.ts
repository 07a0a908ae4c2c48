import type { Run, RunState } from '#contract/runs.ts'
import { enterRefusals, language, words } from '../kit/words.ts'

export const w = words({
  title: ['进行中的工作', 'Long work'],
  mineTitle: ['我的导出和导入', 'My exports and imports'],
  everything: ['全部', 'All of them'],
  startedAt: ['开始', 'Begun'],
  endedAt: ['结束', 'Ended'],
  result: ['文件', 'File'],
  keptUntil: ['保留到', 'Kept until'],
  mineHint: ['可以离开页面，做好后在这里取', 'You may leave; results wait here'],
  nothing: ['没有进行中的工作', 'No long work'],
  nothingHint: ['导出和导入在这里看进度、取结果', 'Exports and imports show their progress and results here'],
  allTitle: ['后台工作', 'Long work'],
  allHint: ['所有人的导出、导入等，只看进度，不看内容', 'Exports, imports and the like of everybody: how far, not what is in them'],
  what: ['工作', 'Work'],
  by: ['发起人', 'Asked by'],
  state: ['状态', 'State'],
  askedAt: ['发起', 'Asked'],
  rows: ['行数', 'Rows'],
  any: ['全部', 'All'],
  waiting: ['排队中', 'Waiting'],
  running: ['进行中', 'Running'],
  done: ['已完成', 'Done'],
  failed: ['没做成', 'Failed'],
  cancelled: ['已取消', 'Cancelled'],
  cancel: ['取消', 'Cancel'],
  retry: ['接着做', 'Go on'],
  download: ['下载', 'Download'],
  problems: ['未导入的行', 'Rows left out'],
  kept: ['没有撤销的', 'What was kept'],
  expired: ['文件已过期删除', 'The file has expired'],
  leftUntil: [(day: string) => `清单保留到 ${day}`, (day: string) => `List kept until ${day}`],
  until: [(day: string) => `保留到 ${day}`, (day: string) => `Kept until ${day}`],
  rowsDone: [(n: string) => `${n} 行`, (n: string) => `${n} rows`],
  rowsOf: [(n: string, of: string) => `${n} / ${of} 行`, (n: string, of: string) => `${n} of ${of} rows`],
  open: [(n: number) => `${n} 项进行中`, (n: number) => (n === 1 ? '1 under way' : `${n} under way`)],
  ready: [(what: string) => `${what}：已完成`, (what: string) => `${what}: done`],
  notDone: [(what: string) => `${what}：没做成`, (what: string) => `${what}: failed`],
  system: ['系统', 'The system'],
})

export const x = words({
  export: ['导出', 'Export'],
  exportOf: [(what: string) => `导出${what}`, (what: string) => `Export ${what.toLowerCase()}`],
  format: ['格式', 'Format'],
  xlsx: ['Excel', 'Excel'],
  csv: ['CSV', 'CSV'],
  gb18030: ['CSV（GB18030）', 'CSV (GB18030)'],
  formatHint: ['旧软件打开 CSV 是乱码时选 GB18030', 'GB18030 is for older Chinese software that garbles CSV'],
  language: ['语言', 'Language'],
  zh: ['中文', '中文'],
  en: ['English', 'English'],
  columns: ['列', 'Columns'],
  all: ['全选', 'All'],
  none: ['全不选', 'None'],
  columnsNone: ['至少选一列', 'Choose at least one column'],
  masked: ['遮住', 'Masked'],
  maskedLegend: ['遮住，只露头尾', 'Masked: beginning and end'],
  sensitive: ['含敏感信息', 'Sensitive'],
  sensitiveLegend: ['含敏感信息，选了才导出', 'Sensitive: left out unless chosen'],
  carriesSensitive: [
    (columns: string) => `文件将含敏感信息：${columns}`,
    (columns: string) => `The file will hold sensitive columns: ${columns}`,
  ],
  hint: ['按当前筛选导出，号码与列表一样遮住', 'Exports the list as filtered; numbers are masked as in the list'],
  full: ['完整号码', 'Numbers in full'],
  fullHint: ['说明用途，记入审计', 'Say what for; it stands in the audit'],
  why: ['用途', 'What for'],
  fullOf: [(what: string) => `${what}（完整号码）`, (what: string) => `${what} (numbers in full)`],
  checkOf: [(what: string) => `${what}（检查）`, (what: string) => `${what} (check)`],
  more: ['更多', 'More'],
  begin: ['开始导出', 'Start'],
  begun: ['正在导出，做好会提示', 'Exporting; you will be told when it is ready'],
})

const outcomes = words({
  rows: [(n: string) => `${n} 行`, (n: string) => `${n} rows`],
  made: [(n: string) => `新建 ${n}`, (n: string) => `${n} added`],
  changed: [(n: string) => `更新 ${n}`, (n: string) => `${n} changed`],
  skipped: [(n: string) => `跳过 ${n}`, (n: string) => `${n} skipped`],
  failed: [(n: string) => `有问题 ${n}`, (n: string) => `${n} with problems`],
  removed: [(n: string) => `删除 ${n}`, (n: string) => `${n} removed`],
  restored: [(n: string) => `恢复 ${n}`, (n: string) => `${n} as before`],
  kept: [(n: string) => `保留 ${n}`, (n: string) => `${n} kept`],
})
const kinds = words({
  'export.tickets': ['导出工单', 'Export tickets'],
  'export.customers': ['导出客户', 'Export customers'],
  'export.tasks': ['导出待办', 'Export tasks'],
  'export.work': ['导出待办', 'Export work'],
  'export.people': ['导出人员', 'Export people'],
  'export.ratings': ['导出评价', 'Export ratings'],
  'export.contacts': ['导出联系记录', 'Export contacts'],
  'export.counted': ['导出联系明细', 'Export contacts'],
  'export.figures': ['导出报表', 'Export figures'],
  'export.audit': ['导出审计', 'Export the audit'],
  'export.left_alone': ['导出免打扰名单', 'Export the do-not-contact register'],
  'export.messages': ['导出发件箱', 'Export the outbox'],
  'export.approvals': ['导出审批', 'Export approvals'],
  'export.documents': ['导出文档清单', 'Export the list of documents'],
  'export.standards': ['导出标准', 'Export standards'],
  'export.findings': ['导出改进', 'Export improvements'],
  'export.traces': ['导出规则记录', 'Export what rules did'],
  'export.failures': ['导出失败处理', 'Export failed reactions'],
  'import.customers': ['导入客户', 'Import customers'],
  'export.key-accounts': ['导出大客户', 'Export key accounts'],
  'import.receivables': ['导入应收账款', 'Import receivables'],
  'import.people': ['导入人员', 'Import people'],
  'taking_back.customers': ['撤销导入客户', 'Take back an import of customers'],
  'ladder.apply': ['按规则更新等级与阶段', 'Tiers and stages by rule'],
  'privacy.access': ['客户个人信息包', 'Package of a customer’s data'],
  'privacy.erase': ['删除客户个人信息', 'Erase a customer'],
  'privacy.sweep': ['清除各处提到的已删除客户', 'Look for what quotes erased customers'],
  'document.make': ['制作文档', 'Make a document'],
})

const isKnown = (kind: string): kind is keyof typeof kinds => kind in kinds
/** What a run is called; kinds of other rooms bring a title among their facts. */
export function runWord({ kind, facts }: Pick<Run, 'kind' | 'facts'>): string {
  if (isKnown(kind)) return facts.dry === true ? x.checkOf(kinds[kind]) : facts.revealed === true ? x.fullOf(kinds[kind]) : kinds[kind]
  const title = language() === 'en' ? (facts.titleEn ?? facts.title) : facts.title
  return typeof title === 'string' ? title : kind
}
export const stateWord = (state: RunState): string => w[state]
export const stateTone = (state: RunState): 'ok' | 'ba' | 'wa' | 'wr' =>
  state === 'done' ? 'ok' : state === 'failed' ? 'ba' : state === 'cancelled' ? 'wr' : 'wa'

const isOutcome = (key: string): key is keyof typeof outcomes => key in outcomes
export const count = (n: number): string => n.toLocaleString(language() === 'zh' ? 'zh-CN' : 'en-GB')
export const outcomeText = ({ outcome }: Pick<Run, 'outcome'>): string =>
  Object.entries(outcome)
    .flatMap(([key, n]) => (isOutcome(key) && (n > 0 || key === 'rows') ? [outcomes[key](count(n))] : []))
    .join(language() === 'zh' ? '，' : ', ')

enterRefusals({
  'run.not_found': ['没有这项工作', 'There is no such work'],
  'run.too_many': ['进行中的工作太多了，先等一等', 'Too much is under way; wait for some of it'],
  'run.is_over': ['这项工作已经结束', 'This is over already'],
  'run.carried_through': ['删除客户开始后不能中止', 'An erasure that has begun is carried through'],
  'run.not_failed': ['只有没做成的才能接着做', 'Only what failed can go on'],
  'run.broken': ['系统出错，多次没能做成。可以稍后接着做', 'Something broke several times. You can go on later'],
  'run.part_lost': ['做到一半的文件不见了，请重新发起', 'The half-made file is gone; please ask again'],
  'run.kind_gone': ['新版本不再有这种工作', 'This version has no such work any more'],
  'run.file_gone': ['文件已过期删除，请重新发起', 'The file has expired; please ask again'],
  'import.file_gone': [
    '这个表已经清除（超过一天，或刚删除过客户个人信息），请重新上传',
    'This table was removed: a day has passed, or a customer was erased meanwhile. Send it again',
  ],
  'import.field_unknown': ['列对应错了，请重新选择', 'A column is assigned to nothing; choose again'],
  'import.key_unknown': ['没有这种认法', 'Customers cannot be known by that'],
  'import.not_over': ['还在导入，先等它结束或取消', 'It is still under way; wait, or cancel it'],
  'import.not_remembered': ['这次导入不能撤销了', 'This import can no longer be taken back'],
  'import.being_taken_back': ['已经在撤销', 'It is being taken back already'],
  'export.nothing_masked': ['这个清单没有遮住的内容', 'Nothing of this list is masked'],
  'export.reveal_limited': ['您每天能看的号码有限，不能导出完整号码', 'You may look at a few numbers a day, so not export all in full'],
  'import.match_unknown': ['已有的不能这样处理', 'What is there already cannot be treated like this'],
  'file.zip64': ['文件太大或格式特殊，请另存为普通的 xlsx 或 CSV', 'Too large or unusual; save it as a plain xlsx or CSV'],
  'file.encrypted': ['文件有密码，请去掉密码再上传', 'The file has a password; take it off first'],
  'file.old_workbook': ['旧的 xls 格式，请另存为 xlsx', 'This is an old xls; save it as xlsx'],
  'sheet.not_found': ['没有这张表', 'There is no such sheet'],
  'sheet.encoding': [
    ({ line }) => `第 ${line} 行起读不出，请换一种编码`,
    ({ line }) => `Unreadable from line ${line}; choose another encoding`,
  ],
  'sheet.quote_open': [({ line }) => `第 ${line} 行的引号没有结束`, ({ line }) => `The quotes opened in line ${line} never close`],
  'export.column_unknown': ['没有这一列', 'There is no such column'],
  'export.too_large': ['内容超过 Excel 文件的上限，请改用 CSV', 'Too large for an Excel file; choose CSV'],
})
