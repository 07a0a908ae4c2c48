import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tasks } from '#contract/tasks.ts'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { openColleagues } from '#testing/colleagues.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { approvalWhole, listApprovals } from '../approvals.ts'
import { readTitles } from '../finding.ts'
import { countWork, listWork } from '../work.ts'
import { setAbsence } from './absences.ts'
import { askApproval, askOwnApproval, decideApproval, recallApproval, recallOwnApproval } from './approvals.ts'
import { changeComment, commentOn, talkOfApproval, withdrawComment } from './comments.ts'
import { addPolicy, changePolicy } from './policies.ts'
import { openOwnTask } from './tasks.ts'

let house: TestHouse
let agent: User
let lead: User
let otherLead: User
let supervisor: User
let admin: User
let leads: User[]
let people: Awaited<ReturnType<typeof openColleagues>>
beforeAll(async () => {
  house = await openHouse()
  people = await openColleagues(house)
  agent = await people.person('坐席', 'agent')
  lead = await people.person('班长', 'lead')
  otherLead = await people.person('二组班长', 'lead', 'two')
  supervisor = await people.person('主管', 'supervisor', null)
  admin = await people.person('管理员', 'admin', null)
  leads = await Promise.all(Array.from({ length: 15 }, (_, n) => people.person(`班长${n}`, 'lead')))
  const role = (code: 'lead' | 'supervisor' | 'admin', within: 'team' | 'all') => ({
    who: 'role' as const,
    roleId: people.role(code),
    within,
  })
  const step = (name: string, above: number | null, upTo: number | null, decider: ReturnType<typeof role>) => ({
    name,
    nameEn: '',
    above,
    upTo,
    decider,
    minutes: 60,
  })
  await as(admin, ctx =>
    addPolicy(ctx, {
      kind: 'goodwill',
      name: '水费减免',
      nameEn: 'Goodwill',
      currency: 'CNY',
      anyone: false,
      position: 0,
      steps: [
        step('班长', null, 20_000, role('lead', 'team')),
        step('主管', 20_000, null, role('supervisor', 'all')),
        step('管理员', 200_000, null, role('admin', 'all')),
      ],
    }),
  )
})
afterAll(() => house.close())

const as = <T>(actor: User, fn: (ctx: Ctx) => Promise<T>) => house.work(fn, actor)
const ask = (actor: User, yuan: number) =>
  as(actor, ctx =>
    askApproval(ctx, {
      kind: 'goodwill',
      title: `减免 ${yuan} 元`,
      text: '',
      amount: { minor: yuan * 100, currency: 'CNY' },
      matter: null,
      customerId: null,
      facts: {},
    }),
  )
const decide = (actor: User, id: string, approve = true, reason = '') => as(actor, ctx => decideApproval(ctx, id, { approve, reason }))
const waits = async (actor: User) => (await as(actor, ctx => listWork(ctx, { box: 'decide', size: 200 }))).rows.map(r => r.id)
const free = { kind: 'other', title: '借会议室', text: '', amount: null, matter: null, deciderId: null, fileIds: [] }

describe('the steps', () => {
  test('are those of the amount, one after the other, and the last word is told', async () => {
    const large = await ask(agent, 3_000)
    expect((await as(agent, ctx => approvalWhole(ctx, large.id))).steps.map(s => [s.name, s.state])).toEqual([
      ['主管', 'open'],
      ['管理员', 'later'],
    ])
    expect(await waits(supervisor)).toContain(large.id)
    expect(await waits(admin)).not.toContain(large.id)
    await expect(decide(admin, large.id)).rejects.toMatchObject({ code: 'approval.not_yours' })
    expect(await decide(supervisor, large.id)).toMatchObject({ state: 'open' })
    expect(await waits(admin)).toContain(large.id)
    expect(await waits(supervisor)).not.toContain(large.id)
    expect(await decide(admin, large.id)).toMatchObject({ state: 'approved' })
    expect((await house.said('approval.passed')).at(-1)).toMatchObject({ step: 2, of: 2, deciderIds: [admin.id], byId: supervisor.id })
    expect((await house.said('approval.decided')).at(-1)).toMatchObject({ outcome: 'approved', step: 2, askedById: agent.id })
  })

  test('a refusal says why and ends it', async () => {
    const small = await ask(agent, 100)
    await expect(decide(lead, small.id, false)).rejects.toMatchObject({ code: 'approval.reason_missing' })
    expect(await decide(lead, small.id, false, '证据不足')).toMatchObject({ state: 'refused', reason: '证据不足' })
    await expect(decide(lead, small.id)).rejects.toMatchObject({ code: 'approval.already_decided' })
    expect((await house.said('approval.decided')).at(-1)).toMatchObject({ outcome: 'refused' })
  })

  test('who asks does not decide; another leader does', async () => {
    const own = await ask(lead, 50)
    expect(await waits(lead)).not.toContain(own.id)
    await expect(decide(lead, own.id)).rejects.toMatchObject({ code: 'approval.own' })
    expect(await waits(leads[0] ?? lead)).toContain(own.id)
    // Not of this team, so not among them.
    expect(await waits(otherLead)).not.toContain(own.id)
    const theirs = await ask(otherLead, 50)
    // Alone in the team, so the whole department's leaders are asked.
    expect(await waits(lead)).toContain(theirs.id)
    expect(await decide(lead, theirs.id)).toMatchObject({ state: 'approved' })
  })

  test('stay as they were chosen when the policy changes', async () => {
    const asked = await ask(agent, 3_000)
    const policy = await house.work(ctx => ctx.db.selectFrom('tasks.approvalPolicy').select(['id', 'steps']).executeTakeFirstOrThrow())
    await as(admin, ctx => changePolicy(ctx, policy.id, { steps: policy.steps.slice(0, 2) }))
    expect((await as(agent, ctx => approvalWhole(ctx, asked.id))).steps).toHaveLength(2)
    await as(admin, ctx => changePolicy(ctx, policy.id, { steps: policy.steps }))
  })

  test('need an amount, in the currency of the policy', async () => {
    const given = { kind: 'goodwill', title: 'x', text: '', matter: null, customerId: null, facts: {} }
    await expect(as(agent, ctx => askApproval(ctx, { ...given, amount: null }))).rejects.toMatchObject({ code: 'approval.amount_missing' })
    await expect(as(agent, ctx => askApproval(ctx, { ...given, amount: { minor: 1, currency: 'USD' } }))).rejects.toMatchObject({
      code: 'approval.other_currency',
    })
    await expect(as(admin, ctx => askApproval(ctx, { ...given, amount: { minor: 300_000, currency: 'CNY' } }))).rejects.toMatchObject({
      code: 'approval.nobody_decides',
    })
  })
})

describe('a policy', () => {
  test('names who is there and ranges that hold something; one per kind', async () => {
    const step = { name: '甲', nameEn: '', above: null, upTo: null, decider: { who: 'person' as const, personId: newId() }, minutes: 60 }
    const policy = { kind: 'trip', name: '出差', nameEn: '', currency: 'CNY', anyone: true, position: 1, steps: [step] }
    await expect(as(admin, ctx => addPolicy(ctx, policy))).rejects.toMatchObject({ code: 'person.not_found' })
    const decider = { who: 'person' as const, personId: supervisor.id }
    await expect(as(admin, ctx => addPolicy(ctx, { ...policy, steps: [{ ...step, decider, above: 5, upTo: 5 }] }))).rejects.toMatchObject({
      code: 'approval_policy.empty_range',
    })
    await as(admin, ctx => addPolicy(ctx, { ...policy, steps: [{ ...step, decider }] }))
    await expect(as(admin, ctx => addPolicy(ctx, { ...policy, steps: [{ ...step, decider }] }))).rejects.toMatchObject({
      code: 'catalog.taken',
    })
    const trip = await as(agent, ctx => askOwnApproval(ctx, { ...free, kind: 'trip' }))
    expect(await waits(supervisor)).toContain(trip.id)
  })
})

describe('from the own work', () => {
  test('anybody asks freely, naming who decides; kinds of a domain are not free', async () => {
    await expect(as(agent, ctx => askOwnApproval(ctx, free))).rejects.toMatchObject({ code: 'approval.decider_missing' })
    await expect(as(agent, ctx => askOwnApproval(ctx, { ...free, kind: 'goodwill' }))).rejects.toMatchObject({
      code: 'approval.kind_not_free',
    })
    await expect(as(agent, ctx => askOwnApproval(ctx, { ...free, deciderId: agent.id }))).rejects.toMatchObject({
      code: 'approval.nobody_decides',
    })
    const asked = await as(agent, ctx => askOwnApproval(ctx, { ...free, deciderId: lead.id }))
    expect(await as(lead, ctx => approvalWhole(ctx, asked.id))).toMatchObject({ mine: { forId: null }, deciderIds: [lead.id] })
    expect(await as(agent, ctx => approvalWhole(ctx, asked.id))).toMatchObject({ mine: null })
    await expect(as(otherLead, ctx => approvalWhole(ctx, asked.id))).rejects.toMatchObject({ code: 'approval.not_found' })
    expect((await as(agent, ctx => listWork(ctx, { box: 'asked' }))).rows.map(r => r.id)).toContain(asked.id)
    expect((await as(agent, ctx => listApprovals(ctx, { state: 'open' }))).rows.map(r => r.id)).toContain(asked.id)
    expect((await as(lead, countWork)).decide).toBe(Math.min(100, (await waits(lead)).length))
  })

  test('it is taken back by who asked, while undecided', async () => {
    const asked = await as(agent, ctx => askOwnApproval(ctx, { ...free, deciderId: lead.id }))
    await expect(as(lead, ctx => recallOwnApproval(ctx, asked.id, ''))).rejects.toMatchObject({ code: 'approval.not_asker' })
    expect(await as(agent, ctx => recallOwnApproval(ctx, asked.id, '不用了'))).toMatchObject({ state: 'recalled', reason: '不用了' })
    await expect(decide(lead, asked.id)).rejects.toMatchObject({ code: 'approval.already_decided' })
    expect(await waits(lead)).not.toContain(asked.id)
    await house.work(ctx => recallApproval(ctx, asked.id, ''))
    expect((await house.said('approval.recalled')).length).toBe(1)
  })
})

test('a deputy decides in the place of who is away, and never what either asked for', async () => {
  const until = new Date(house.now().getTime() + 3_600_000)
  await as(supervisor, ctx => setAbsence(ctx, { deputyId: agent.id, fromAt: house.now(), untilAt: until, note: '' }))
  const theirs = await ask(otherLead, 500)
  expect(await waits(agent)).toContain(theirs.id)
  expect(await as(agent, ctx => approvalWhole(ctx, theirs.id))).toMatchObject({ mine: { forId: supervisor.id } })
  await decide(agent, theirs.id)
  expect((await as(otherLead, ctx => approvalWhole(ctx, theirs.id))).steps[0]).toMatchObject({
    decidedById: agent.id,
    decidedForId: supervisor.id,
  })
  expect((await house.said('approval.decided')).at(-1)).toMatchObject({ byId: agent.id, forId: supervisor.id })
  const own = await ask(agent, 500)
  expect(await waits(agent)).not.toContain(own.id)
  await expect(decide(agent, own.id)).rejects.toMatchObject({ code: 'approval.own' })
  await house.pass(61)
  expect((await as(agent, ctx => approvalWhole(ctx, own.id))).mine).toBeNull()
})

test('nobody takes the word of another by calling them absent, or speaks twice', async () => {
  const away = { fromAt: house.now(), untilAt: new Date(house.now().getTime() + 3_600_000), note: '' }
  const large = await ask(agent, 3_000)
  await decide(supervisor, large.id)
  await as(supervisor, ctx => setAbsence(ctx, { ...away, personId: admin.id, deputyId: supervisor.id }))
  expect(await waits(supervisor)).not.toContain(large.id)
  await expect(decide(supervisor, large.id)).rejects.toMatchObject({ code: 'approval.not_yours' })
  // Named by the one who is away: then too, two steps are two people.
  await as(admin, ctx => setAbsence(ctx, { ...away, deputyId: supervisor.id }))
  expect(await waits(supervisor)).not.toContain(large.id)
  await expect(decide(supervisor, large.id)).rejects.toMatchObject({ code: 'approval.not_yours' })
  await house.pass(61)
  expect(await decide(admin, large.id)).toMatchObject({ state: 'approved' })
})

test('who does not decide in time is reminded, so many times and no more', async () => {
  const asked = await ask(agent, 10)
  const said = async () => (await house.said('approval.overdue')).filter(e => Array.isArray(e.deciderIds) && e.deciderIds.includes(lead.id))
  const before = (await said()).length
  for (let day = 0; day < 20; day++) {
    await house.pass(24 * 60)
    await house.settle()
  }
  const times = (
    await house.work(ctx =>
      ctx.db.selectFrom('tasks.approvalStep').select('reminders').where('approvalId', '=', asked.id).executeTakeFirstOrThrow(),
    )
  ).reminders
  expect(times).toBe(5)
  expect((await said()).length).toBeGreaterThan(before)
  expect(await as(lead, ctx => approvalWhole(ctx, asked.id))).toMatchObject({ late: true, state: 'open' })
}, 60_000)

describe('nothing is decided twice', () => {
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => {
        if (error instanceof Refusal) return error.code
        throw error
      },
    )

  test('when sixteen decide at once', async () => {
    const asked = await ask(agent, 100)
    const before = (await house.said('approval.decided')).length
    const all = await Promise.all([lead, ...leads].map((who, n) => outcome(decide(who, asked.id, n % 2 === 0, '同时'))))
    expect(all.filter(o => o === 'done')).toHaveLength(1)
    expect(all.filter(o => o === 'approval.already_decided')).toHaveLength(15)
    expect((await house.said('approval.decided')).length).toBe(before + 1)
  }, 60_000)

  test('when some decide while who asked takes it back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('approve', 'refuse', 'recall'), { minLength: 2, maxLength: 16 }), async acts => {
        const asked = await ask(agent, 100)
        const told = async () => (await house.said('approval.decided')).length + (await house.said('approval.recalled')).length
        const before = await told()
        const all = await Promise.all(
          acts.map((act, n) =>
            outcome(
              act === 'recall'
                ? as(agent, ctx => recallOwnApproval(ctx, asked.id, ''))
                : decide(leads[n % leads.length] ?? lead, asked.id, act === 'approve', '同时'),
            ),
          ),
        )
        const won = acts.filter((_, n) => all[n] === 'done')
        expect(won).toHaveLength(1)
        expect(await told()).toBe(before + 1)
        const { state, steps } = await as(agent, ctx => approvalWhole(ctx, asked.id))
        expect(state).toBe({ approve: 'approved', refuse: 'refused', recall: 'recalled' }[won[0] ?? 'recall'])
        expect(steps.filter(s => s.decidedById !== null)).toHaveLength(won[0] === 'recall' ? 0 : 1)
        expect(steps.some(s => s.state === 'open')).toBe(false)
      }),
      { numRuns: 12 },
    )
  }, 90_000)
})

describe('talk', () => {
  const say = (actor: User, id: string, text: string, mentionIds: string[] = []) =>
    as(actor, async ctx => commentOn(ctx, await talkOfApproval(ctx, id), { text, mentionIds }))

  test('who is mentioned sees the approval, watches it and decides nothing', async () => {
    const asked = await ask(agent, 120)
    const outsider = leads[3] ?? lead
    const colleague = await people.person('旁人', 'agent', 'two')
    await expect(as(colleague, ctx => approvalWhole(ctx, asked.id))).rejects.toMatchObject({ code: 'approval.not_found' })
    await expect(say(colleague, asked.id, '看看')).rejects.toMatchObject({ code: 'approval.not_found' })
    const comment = await say(outsider, asked.id, '发票在哪 @旁人', [colleague.id])
    expect(await as(colleague, ctx => approvalWhole(ctx, asked.id))).toMatchObject({ comments: [{ text: '发票在哪 @旁人' }], mine: null })
    const watched = async () => (await as(colleague, ctx => listWork(ctx, { box: 'watch' }))).rows.map(r => r.id)
    expect(await watched()).toContain(asked.id)
    expect(await as(colleague, ctx => countWork(ctx))).toMatchObject({ watch: 1, decide: 0 })
    await expect(decide(colleague, asked.id)).rejects.toMatchObject({ code: 'approval.not_yours' })
    expect((await house.said('approval.commented')).at(-1)).toMatchObject({ mentionIds: [colleague.id], askedById: agent.id })

    const change = (actor: User, text: string) =>
      as(actor, async ctx => changeComment(ctx, await talkOfApproval(ctx, asked.id), comment.id, { text, mentionIds: [] }))
    await expect(change(agent, 'x')).rejects.toMatchObject({ code: 'task_comment.stands' })
    expect(await change(outsider, '已找到')).toMatchObject({ text: '已找到' })
    await as(outsider, async ctx => withdrawComment(ctx, await talkOfApproval(ctx, asked.id), comment.id))
    expect((await as(agent, ctx => approvalWhole(ctx, asked.id))).comments).toMatchObject([{ text: '', mentionIds: [] }])

    // Decided, it can still be talked about, and leaves the box.
    await decide(lead, asked.id)
    await say(colleague, asked.id, '知道了')
    expect(await watched()).not.toContain(asked.id)
  })
})

test('titles are found by their words, also those from before there was an index of them', async () => {
  const asked = await as(agent, ctx => askOwnApproval(ctx, { ...free, title: '报销出差住宿费 Hotel88', deciderId: lead.id }))
  const found = async (q: string) => (await as(admin, ctx => listWork(ctx, { box: 'open', q }))).rows.map(r => r.id)
  for (const q of ['住宿', '出差住宿', 'hotel88', 'HOTEL', '费']) expect(await found(q), q).toContain(asked.id)
  expect(await found('住出')).not.toContain(asked.id)
  const task = await as(agent, ctx => openOwnTask(ctx, tasks.open.body.parse({ title: '核对住宿发票' })))
  const silent = await as(agent, ctx => openOwnTask(ctx, tasks.open.body.parse({ title: '？！' })))
  for (const table of ['task', 'approval']) await house.house.control.query(`update tasks.${table} set tsv = ''`)
  expect(await found('住宿')).toEqual([])
  await house.work(readTitles)
  expect(await found('发票')).toContain(task.id)
  expect(await found('？！')).not.toContain(silent.id)
  for (const q of ['住宿', '出差住宿', 'hotel88', 'HOTEL', '费']) expect(await found(q), q).toContain(asked.id)
})
