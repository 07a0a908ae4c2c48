import { afterAll, beforeAll, expect, test } from 'vitest'
import { mailTo, openMailServer, provider } from '#testing/outgoing.ts'
import { onStage, type Page, phone, sees, unprovoked } from './stage.ts'

const stage = onStage({ PRIVATE_HOSTS: '127.0.0.1' })
let post: Awaited<ReturnType<typeof openMailServer>>
beforeAll(async () => {
  post = await openMailServer()
})
afterAll(() => post.close())

const said = {
  zh: {
    question: '您对这次服务满意吗？', poor: '较差', more: '还有什么想告诉我们的？', send: '提交', thanks: '已收到，谢谢您', answered: '这次服务您已经评价过了', wrong: '这个链接打不开',
    rated: '已评 2 分', unsubscribe: '不再接收满意度调查邮件？', confirm: '确认退订', done: '已退订', declined: '客户已拒绝', notAsked: '未邀请', wishes: '联系意愿', chip: '邮件 拒绝',
    settings: '评价邀请', saved: '已保存', save: '保存',
  },
  en: {
    question: 'How satisfied are you with this service?', poor: 'Poor', more: 'Anything else to tell us?', send: 'Send', thanks: 'Received, thank you', answered: 'You have rated this service already',
    wrong: 'This link does not open', rated: 'Rated 2 of 5', unsubscribe: 'No more mails with surveys?', confirm: 'Unsubscribe', done: 'Unsubscribed', declined: 'Declined', notAsked: 'Not asked',
    wishes: 'Contact wishes', chip: 'Mail Declines', settings: 'Survey invitations', saved: 'Saved', save: 'Save',
  },
} as const // biome-ignore format: a table of words

async function api<T>(page: Page, method: 'get' | 'post' | 'put', address: string, data?: object): Promise<T> {
  const csrf = (await page.context().cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? ''
  const reply = await page.request[method](`${stage.url}/api${address}`, { ...(data ? { data } : {}), headers: { 'x-csrf': csrf } })
  expect(reply.ok(), `${method} ${address}: ${reply.status()} ${await reply.text()}`).toBe(true)
  return reply.status() === 204 ? (undefined as T) : ((await reply.json()) as T)
}

/** Mail goes to our own server, links lead to this stage, and whoever's ticket is closed is asked at once. */
async function prepared(page: Page) {
  const ways = await api<{ id: string; channel: string; enabled: boolean; settings: { kind: string } }[]>(page, 'get', '/providers')
  if (!ways.some(w => w.enabled && w.settings.kind === 'smtp')) {
    for (const { id, ...way } of ways.filter(w => w.channel === 'mail'))
      await api(page, 'put', `/providers/${id}`, { name: 'Practice', rate: 50, connections: 2, position: 9, ...way, enabled: false })
    await api(page, 'post', '/providers', provider('mail', mailTo(post.port), { name: 'Mail' }))
  }
  const policy = await api<object>(page, 'get', '/outgoing-policy')
  await api(page, 'put', '/outgoing-policy', { ...policy, quietFrom: 0, quietTo: 0, ticketSteps: [], linkBase: stage.url })
  const inviting = await api<{ tickets: object }>(page, 'get', '/invitations/policy')
  await api(page, 'put', '/invitations/policy', {
    ...inviting,
    tickets: { ...inviting.tickets, on: true, kindIds: [], afterMinutes: 0, share: 100 },
    pauseDays: 0,
  })
}
async function closedTicket(page: Page, customerId: string): Promise<string> {
  const kinds = await api<{ id: string; code: string }[]>(page, 'get', '/ticket-kinds')
  const kindId = kinds.find(k => k.code === 'BX')?.id
  const { id } = await api<{ id: string }>(page, 'post', '/tickets', {
    kindId,
    title: '海棠里 3 幢无水',
    customerId,
    fields: { symptom: 'none' },
  })
  await api(page, 'post', `/tickets/${id}/resolution`, { text: '已恢复' })
  await api(page, 'post', `/tickets/${id}/closure`, { text: '' })
  return id
}
const wordsOf = (raw: string) =>
  [...raw.matchAll(/base64\r\n\r\n([A-Za-z0-9+/=\r\n]+)/g)].map(m => Buffer.from(m[1] ?? '', 'base64').toString('utf8')).join('\n')

test.each(['zh', 'en'] as const)(
  'a customer is asked after a ticket, answers on a phone and wants no more mails (%s)',
  async language => {
    const w = said[language]
    const { page } = await stage.colleague('admin', '/settings/survey-invitations', { language })
    await page.getByRole('heading', { name: w.settings }).waitFor()
    await prepared(page)
    await page.reload()
    await page.getByRole('button', { name: w.save }).click()
    await sees(page, w.saved)
    const email = `asked-${language}@example.cn`
    const customer = await api<{ id: string }>(page, 'post', '/customers', { name: language === 'zh' ? '沈一鸣' : 'Shen Yiming', email })
    const ticket = await closedTicket(page, customer.id)
    const letter = () => post.letters.find(l => l.to.includes(email))?.raw ?? ''
    await expect.poll(letter, { timeout: 60_000, interval: 500 }).not.toBe('')
    const link = /https?:\/\/\S+\/survey#[\w.-]+/.exec(wordsOf(letter()))?.[0] ?? ''

    const them = await stage.somebody('the customer', { size: phone, language })
    await them.page.goto(link)
    await sees(them.page, w.question)
    expect(await them.page.getByRole('button', { name: w.send }).isDisabled()).toBe(true)
    await them.page.getByRole('radio', { name: w.poor, exact: false }).nth(language === 'en' ? 1 : 0).check({ force: true }) // biome-ignore format: one click
    await them.page.getByLabel(w.more).fill('来了三次才修好')
    expect(await them.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone.width)
    await them.page.getByRole('button', { name: w.send }).click()
    await sees(them.page, w.thanks)
    await them.page.reload()
    await sees(them.page, w.answered)
    await them.page.goto('about:blank')
    await them.page.goto(`${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`)
    await sees(them.page, w.wrong)

    await page.goto(`${stage.url}/tickets/${ticket}`)
    await sees(page, w.rated)
    await sees(page, '来了三次才修好')
    const tasks = await api<{ rows: { kind: string }[] }>(page, 'get', `/tasks?box=open&matterId=${ticket}`)
    expect(tasks.rows.map(t => t.kind)).toEqual(['winback'])

    const list = /^List-Unsubscribe: <(.+)>/im.exec(letter())?.[1] ?? ''
    await them.page.goto(list)
    await sees(them.page, w.unsubscribe)
    await them.page.getByRole('button', { name: w.confirm }).click()
    await sees(them.page, w.done)
    await page.goto(`${stage.url}/customers/${customer.id}`)
    await page.getByRole('region', { name: w.wishes }).getByRole('button', { name: w.chip }).waitFor()

    // Asked no more, and the ticket says why.
    const second = await closedTicket(page, customer.id)
    await page.goto(`${stage.url}/tickets/${second}`)
    await sees(page, w.notAsked, 60_000)
    await sees(page, w.declined)
    expect(unprovoked(stage.faults, [/401 GET \/api\/invitation/])).toEqual([])
  },
  180_000,
)
