// biome-ignore-all format: a table of words reads better one entry per line
import type { RoleCode } from '#domains/identity/index.ts'

/** Chinese and English of the same words. */
export type Pair = readonly [zh: string, en: string]

/** A water utility that does not exist. Everything in it is made up; telephone numbers have 0000 in their middle. */
export const slug = 'qingyuan'
export const tenantName: Pair = ['清源供水', 'Clearspring Water']
export const brand = '#0B7575'
export const timezone = 'Asia/Shanghai'
/** One for all sample accounts, shown on the sign-in page. */
export const samplePassword = 'clearwater'
/** With which the sample utility's site signs its customers. Known to all, like the password. */
export const widgetSecret = 'qingyuan-sample-site-signs-with-this'
export const widgetKey = 'qingyuan-site'
export const hallWidgetKey = 'qingyuan-hall'
/** Through it only simulated customers come: their contacts say so in `source`. */
export const simulationWidgetKey = 'qingyuan-simulation'

export const departments = {
  centre: ['客服中心', 'Service Centre'],
  crew1: ['抢修一队', 'Crew 1'],
  crew2: ['抢修二队', 'Crew 2'],
  crew3: ['抢修三队', 'Crew 3'],
  quality: ['水质科', 'Water Quality'],
  billing: ['账务科', 'Billing'],
  hall: ['营业厅', 'Business Office'],
  pump: ['二供班组', 'Pump Crew'],
  works: ['工程部', 'Engineering'],
  meter: ['抄表班', 'Meter Reading'],
} as const satisfies Record<string, Pair>
export type DepartmentKey = keyof typeof departments

export const teams = {
  webA: ['网页一组', 'Web team A'],
  webB: ['网页二组', 'Web team B'],
} as const satisfies Record<string, Pair>

type Person = { login: string; name: Pair; role: RoleCode; department: DepartmentKey; team?: keyof typeof teams; /** Levels of web, repairs, billing, services, quality. */ skills?: readonly number[]; chats?: number }

export const people: readonly Person[] = [
  { login: 'agent', name: ['许知夏', 'Xu Zhixia'], role: 'agent', department: 'centre', team: 'webA', skills: [5, 5, 3, 3, 3], chats: 5 },
  { login: 'agent2', name: ['何若谷', 'He Ruogu'], role: 'agent', department: 'centre', team: 'webB', skills: [4, 3, 5, 4, 2], chats: 5 },
  { login: 'jiangyizhou', name: ['江一舟', 'Jiang Yizhou'], role: 'agent', department: 'centre', team: 'webA', skills: [4, 4, 2, 2, 1], chats: 4 },
  { login: 'bailu', name: ['白露', 'Bai Lu'], role: 'agent', department: 'centre', team: 'webA', skills: [3, 3, 3, 1, 2], chats: 4 },
  { login: 'dingnanxing', name: ['丁南星', 'Ding Nanxing'], role: 'agent', department: 'centre', team: 'webA', skills: [3, 4, 1, 1, 4], chats: 3 },
  { login: 'yezhiqiu', name: ['叶知秋', 'Ye Zhiqiu'], role: 'agent', department: 'centre', team: 'webA', skills: [4, 2, 4, 3, 1], chats: 4 },
  { login: 'songqinghe', name: ['宋清禾', 'Song Qinghe'], role: 'agent', department: 'centre', team: 'webB', skills: [4, 1, 5, 3, 1], chats: 4 },
  { login: 'luyunfan', name: ['陆云帆', 'Lu Yunfan'], role: 'agent', department: 'centre', team: 'webB', skills: [3, 3, 2, 4, 1], chats: 4 },
  { login: 'qisiyuan', name: ['齐思远', 'Qi Siyuan'], role: 'agent', department: 'centre', team: 'webB', skills: [2, 2, 3, 5, 1], chats: 3 },
  { login: 'mengwanqiu', name: ['孟晚秋', 'Meng Wanqiu'], role: 'agent', department: 'centre', team: 'webB', skills: [3, 3, 3, 3, 3], chats: 3 },
  { login: 'lead', name: ['罗一宁', 'Luo Yining'], role: 'lead', department: 'centre', team: 'webA', skills: [5, 5, 5, 5, 4], chats: 2 },
  { login: 'chengyining', name: ['程以宁', 'Cheng Yining'], role: 'lead', department: 'centre', team: 'webB', skills: [5, 4, 5, 5, 3], chats: 2 },
  { login: 'supervisor', name: ['温言', 'Wen Yan'], role: 'supervisor', department: 'centre' },
  { login: 'admin', name: ['秦朗', 'Qin Lang'], role: 'admin', department: 'centre' },
  { login: 'field', name: ['韩大川', 'Han Dachuan'], role: 'handler', department: 'crew1' },
  { login: 'anlan', name: ['安澜', 'An Lan'], role: 'handler', department: 'crew1' },
  { login: 'field2', name: ['谢长风', 'Xie Changfeng'], role: 'handler', department: 'crew2' },
  { login: 'muyang', name: ['沐阳', 'Mu Yang'], role: 'handler', department: 'crew2' },
  { login: 'zhuyu', name: ['祝余', 'Zhu Yu'], role: 'handler', department: 'crew3' },
  { login: 'jingxing', name: ['景行', 'Jing Xing'], role: 'handler', department: 'crew3' },
  { login: 'quality', name: ['傅瑶', 'Fu Yao'], role: 'handler', department: 'quality' },
  { login: 'yunshu', name: ['云舒', 'Yun Shu'], role: 'handler', department: 'quality' },
  { login: 'billing', name: ['纪青禾', 'Ji Qinghe'], role: 'handler', department: 'billing' },
  { login: 'qiaoan', name: ['乔安', 'Qiao An'], role: 'handler', department: 'billing' },
  { login: 'hall', name: ['苏木', 'Su Mu'], role: 'handler', department: 'hall' },
  { login: 'xiazhi', name: ['夏至', 'Xia Zhi'], role: 'handler', department: 'hall' },
  { login: 'zhuoran', name: ['卓然', 'Zhuo Ran'], role: 'handler', department: 'pump' },
  { login: 'rongyu', name: ['容与', 'Rong Yu'], role: 'handler', department: 'pump' },
  { login: 'linshen', name: ['林深', 'Lin Shen'], role: 'handler', department: 'works' },
  { login: 'yanqing', name: ['晏清', 'Yan Qing'], role: 'handler', department: 'works' },
  { login: 'changning', name: ['常宁', 'Chang Ning'], role: 'handler', department: 'meter' },
  { login: 'gupan', name: ['顾盼', 'Gu Pan'], role: 'handler', department: 'meter' },
]

/** Who is offered on the sign-in page, with what they are for. */
export const accounts: readonly { login: string; role: Pair }[] = [
  { login: 'agent', role: ['坐席', 'Agent'] },
  { login: 'agent2', role: ['坐席', 'Agent'] },
  { login: 'lead', role: ['班长', 'Team lead'] },
  { login: 'supervisor', role: ['主管', 'Supervisor'] },
  { login: 'field', role: ['抢修一队', 'Crew 1'] },
  { login: 'admin', role: ['管理员', 'Administrator'] },
]
