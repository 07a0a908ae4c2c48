import { sql } from 'kysely'
import type { Group } from '#contract/conditions.ts'
import type { Ladder, LadderKind, LadderStep } from '#contract/segments.ts'
import type { Ctx } from '#kernel/work.ts'

const span = (days: number) => ({ minutes: days * 1440, working: false, calendarId: null })
const any = (...of: Group['of']): LadderStep['condition'] => ({ match: 'any', of }) as LadderStep['condition']
const all = (...of: Group['of']): LadderStep['condition'] => ({ match: 'all', of }) as LadderStep['condition']

/** What every organisation begins with: nothing moves before somebody has said by what, and switched it on. */
const first: Record<LadderKind, readonly LadderStep[]> = {
  tier: [
    { key: 'key', name: '重点', nameEn: 'Key', advice: '', adviceEn: '', condition: null },
    { key: 'gold', name: '金卡', nameEn: 'Gold', advice: '', adviceEn: '', condition: null },
    { key: 'silver', name: '银卡', nameEn: 'Silver', advice: '', adviceEn: '', condition: null },
    { key: 'normal', name: '普通', nameEn: 'Normal', advice: '', adviceEn: '', condition: null },
  ],
  stage: [
    {
      key: 'lead',
      name: '潜在',
      nameEn: 'Potential',
      advice: '三天内联系一次，问清用途和时间，定下一步。',
      adviceEn: 'Call within three days; ask what for and when; agree the next step.',
      condition: null,
    },
    {
      key: 'lost',
      name: '流失',
      nameEn: 'Lost',
      advice: '登记原因；半年后由负责人回访一次，看能否挽回。',
      adviceEn: 'Write down why; the owner calls once after half a year.',
      condition: null,
    },
    {
      key: 'at_risk',
      name: '流失风险',
      nameEn: 'At risk',
      advice: '班长两个工作日内致电，先解决未结事项，再问原因。',
      adviceEn: 'A team lead calls within two working days: settle what is open first, then ask why.',
      condition: any({ field: 'ratingWorst@90', op: 'atMost', value: 2 }, { field: 'ticketsLate', op: 'atLeast', value: 1 }),
    },
    {
      key: 'new',
      name: '新户',
      nameEn: 'New',
      advice: '开户一周内致欢迎，说明缴费、报修和水质查询方式。',
      adviceEn: 'Welcome them within a week: how to pay, to report a fault, to look up the quality of the water.',
      condition: all({ field: 'since', op: 'newerThan', value: span(90) }),
    },
    {
      key: 'quiet',
      name: '沉默',
      nameEn: 'Quiet',
      advice: '随账单附一份服务说明；不主动打扰。',
      adviceEn: 'Enclose a page about the service with the bill; do not disturb.',
      condition: all({ field: 'lastContactAt', op: 'olderThan', value: span(365) }),
    },
    {
      key: 'steady',
      name: '稳定期',
      nameEn: 'Steady',
      advice: '每年回访一次；推荐自动代扣和电子账单。',
      adviceEn: 'One call a year; offer direct debit and electronic bills.',
      condition: { match: 'all', of: [] },
    },
  ],
}

type Row = Omit<Ladder, 'steps'> & { steps: LadderStep[] }

export async function readLadder(ctx: Ctx, kind: LadderKind, { lock = false } = {}): Promise<Row> {
  const { rows } = await sql<Row>`select kind, active, steps, version, applied_at as "appliedAt", unasked from customers.ladder
    where tenant_id = ${ctx.tenantId} and kind = ${kind} ${lock ? sql`for update` : sql``}`.execute(ctx.db)
  return rows[0] ?? { kind, active: false, steps: [...first[kind]], version: 0, appliedAt: null, unasked: [] }
}

export const readSteps = async (ctx: Ctx, kind: LadderKind): Promise<readonly LadderStep[]> => (await readLadder(ctx, kind)).steps
