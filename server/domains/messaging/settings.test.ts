import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CannedAnswer } from '#contract/messaging.ts'
import { RoutingRule, Sketch } from '#contract/routingRules.ts'
import { addRule, orderRules, retireRule, tryRules } from '#domains/routing/ruleBook.ts'
import type { User } from '#kernel/access.ts'
import { setTheDesk, type TheDesk } from '#testing/chat.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openVisit } from './actions/visit.ts'
import { addCanned, changeCanned, listCanned } from './canned.ts'
import { framers, isAllowed, originOf, siteOf } from './sites.ts'
import { changeWidget } from './widgets.ts'

let house: TestHouse
let desk: TheDesk
beforeAll(async () => {
  house = await openHouse()
  desk = await setTheDesk(house)
})
afterAll(() => house.close())
const codeOf = (error: { code: string }) => error.code

describe('the sites of a widget', () => {
  test.each([
    ['https://www.example.com', 'https://www.example.com'],
    [' HTTPS://Www.Example.com/帮助?x=1 ', 'https://www.example.com'],
    ['example.com', 'https://example.com'],
    ['https://*.example.com', 'https://*.example.com'],
    ['http://localhost:8080/', 'http://localhost:8080'],
    ['https://example.com:443', 'https://example.com'],
  ])('%s means %s', (typed, site) => expect(siteOf(typed)).toBe(site))

  test.each(['', 'javascript:alert(1)', 'https://', "https://a.com; script-src 'unsafe-inline'", 'https://a b.com', '*'])(
    '%s is no site',
    typed => expect(() => siteOf(typed)).toThrow(),
  )

  test.each([
    [[], 'https://any.example', true],
    [['https://a.example'], 'https://a.example', true],
    [['https://a.example'], 'http://a.example', false],
    [['https://*.a.example'], 'https://x.a.example', true],
    [['https://*.a.example'], 'https://nota.example', false],
    [['https://*.a.example'], 'https://a.example', false],
  ])('%j lets %s in: %s', (sites, origin, allowed) => expect(isAllowed(sites, origin)).toBe(allowed))

  test('the browser is told who may frame it, and a visit from elsewhere is refused', async () => {
    const { id } = desk.widget
    await house.work(ctx => changeWidget(ctx, id, { sites: ['https://www.example.com/a', ' ', 'https://www.example.com'] }))
    const page = await house.app.inject({ method: 'GET', url: `/widget/?key=${desk.key}` })
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'self' https://www.example.com")
    const visit = (from: string) =>
      house.work(ctx => openVisit(ctx, desk.key, { language: 'zh', page: from }, 'https://own.example')).then(() => 'in', codeOf)
    expect(await Promise.all(['https://www.example.com/x', 'https://own.example/site', '', 'https://evil.example/'].map(visit))).toEqual([
      'in',
      'in',
      'in',
      'widget.site_not_allowed',
    ])
    await house.work(ctx => changeWidget(ctx, id, { sites: [] }))
    const free = await house.app.inject({ method: 'GET', url: `/widget/?key=${desk.key}` })
    expect(free.headers['content-security-policy']).not.toContain('frame-ancestors')
    expect([framers([]), originOf('about:blank'), originOf('nonsense')]).toEqual([null, null, null])
  })

  test('choices name reasons that are there, and none stands twice', async () => {
    const choice = { key: 'a', label: '甲', labelEn: '', queueId: desk.ids.water, reasonId: null }
    const change = (choices: (typeof choice | (Omit<typeof choice, 'reasonId'> & { reasonId: string }))[]) =>
      house.work(ctx => changeWidget(ctx, desk.widget.id, { choices })).then(() => 'done', codeOf)
    expect(await change([choice, choice])).toBe('widget.choice_twice')
    expect(await change([{ ...choice, reasonId: crypto.randomUUID() }])).toBe('contact_reason.not_found')
  })
})

describe('canned answers', () => {
  const teamId = crypto.randomUUID()
  const agent = (grants: [`${string}:${string}`, 'own' | 'team' | 'all'][], more: Partial<User> = {}): User =>
    house.user({ teamId, grants: new Map(grants), ...more })
  const add = (user: User, more: object) =>
    house.as(user).work(ctx => addCanned(ctx, CannedAnswer.parse({ shortcut: '您好', text: '您好', ...more })))

  test('are everyone’s, a team’s, or one’s own, and each sees and changes what is theirs', async () => {
    const [one, other] = [agent([['conversation:write', 'own']]), agent([['conversation:write', 'own']], { teamId: null })]
    const lead = agent([
      ['conversation:write', 'own'],
      ['conversation:supervise', 'team'],
    ])
    const admin = agent([['conversation:configure', 'all']], { teamId: null })
    const shared = await add(admin, {})
    const ofTeam = await add(lead, { teamId, text: '班组' })
    const own = await add(one, { ownerId: one.id, text: '自己' })
    const seenBy = async (user: User) => (await house.as(user).work(ctx => listCanned(ctx, false))).map(a => a.id).sort()
    const all = (...rows: { id: string }[]) => rows.map(r => r.id).sort()
    expect(await seenBy(one)).toEqual(all(shared, ofTeam, own))
    expect(await seenBy(other)).toEqual(all(shared))
    expect(await seenBy(admin)).toEqual(all(shared, ofTeam))
    expect(await add(one, {}).catch(codeOf)).toBe('canned_answer.not_yours')
    expect(await add(one, { teamId }).catch(codeOf)).toBe('canned_answer.not_yours')
    expect(await add(one, { ownerId: other.id }).catch(codeOf)).toBe('canned_answer.not_yours')
    const change = (user: User, id: string, more: object) =>
      house
        .as(user)
        .work(ctx => changeCanned(ctx, id, more))
        .then(() => 'done', codeOf)
    expect(await change(admin, own.id, { text: '看不到' })).toBe('canned_answer.not_found')
    expect(await change(one, own.id, { ownerId: null })).toBe('canned_answer.not_yours')
    expect(await change(one, own.id, { text: '改了' })).toBe('done')
    expect(await add(admin, {}).catch(codeOf)).toBe('catalog.taken')
  })
})

describe('routing rules', () => {
  const rule = (more: object) => house.work(ctx => addRule(ctx, RoutingRule.parse({ name: '规则', conditions: {}, ...more })))
  const queueOf = async (text: string, more: { choice?: string } = {}) => {
    const id = await desk.start((await desk.visit()).actor, text, more)
    return house.work(async ctx => {
      const c = await ctx.db
        .selectFrom('messaging.conversation')
        .select(['queueId', 'interactionId'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      const w = await ctx.db.selectFrom('routing.waiting').selectAll().where('id', '=', c.interactionId).executeTakeFirst()
      return { queueId: c.queueId, priority: w?.priority, extra: w?.extra }
    })
  }

  test('the first that fits a new chat chooses its queue, its priority and what is demanded; without one all is as before', async () => {
    const { water, billing } = desk.ids
    expect((await queueOf('账单不对')).queueId).toBe(water)
    const skillId = crypto.randomUUID()
    await house.work(ctx => ctx.db.insertInto('routing.skill').values({ id: skillId, name: '账务' }).execute())
    const demands = [{ skillId, level: 2, relaxAfter: 30 }]
    const bills = await rule({ conditions: { words: ['账单'] }, queueId: billing, priority: 20, demands })
    const urgent = await rule({ conditions: { words: ['账单', '爆管'] }, priority: 40 })
    const routed = await queueOf('账单不对')
    expect(routed).toMatchObject({ queueId: billing, priority: 20, extra: [{ level: 2, relaxAfter: 30 }] })
    expect((await house.said('conversation.started')).at(-1)).toMatchObject({ ruleId: bills.id })
    expect(await queueOf('爆管了')).toMatchObject({ queueId: water, priority: 40, extra: [] })
    expect(await queueOf('你好')).toMatchObject({ queueId: water, priority: 0 })

    await house.work(ctx => orderRules(ctx, [urgent.id]))
    expect(await queueOf('账单不对')).toMatchObject({ queueId: water, priority: 40 })
    const trial = await house.work(ctx =>
      tryRules(ctx, { ...Sketch.parse({ text: '账单', widgetId: desk.widget.id, choice: 'repair' }), at: null }),
    )
    expect(trial).toEqual({ ruleId: urgent.id, queueId: water, steps: [{ ruleId: urgent.id, missed: null }] })
    await house.work(ctx => retireRule(ctx, urgent.id, true))
    expect(await queueOf('账单不对')).toMatchObject({ queueId: billing })
  })

  test('name queues, teams, skills and calendars that are there', async () => {
    const nowhere = crypto.randomUUID()
    expect(await rule({ queueId: nowhere }).catch(codeOf)).toBe('queue.not_found')
    expect(await rule({ teamId: nowhere }).catch(codeOf)).toBe('team.not_found')
    expect(await rule({ demands: [{ skillId: nowhere, level: 1 }] }).catch(codeOf)).toBe('skill.not_found')
    expect(await rule({ conditions: { hours: 'open', calendarId: nowhere } }).catch(codeOf)).toBe('calendar.not_found')
    expect(await rule({ conditions: { channels: ['mail'] }, queueId: desk.ids.water }).catch(codeOf)).toBe('queue.other_channel')
  })
})
