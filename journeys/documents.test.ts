import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSample } from '#domains/sample/making.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
  await makeSample(house.house, house.url, { size: 'S', language: 'zh', now: house.now() })
}, 120_000)
afterAll(() => house.close())

async function signIn(login: string) {
  const reply = await house.app.inject({
    method: 'POST',
    url: '/api/session',
    payload: { tenant: 'qingyuan', login, password: 'clearwater', bearer: true },
  })
  const headers = { authorization: `Bearer ${reply.json().bearer}` }
  return async (method: 'GET' | 'POST', url: string, payload?: object) =>
    house.app.inject({ method, url: `/api${url}`, headers, ...(payload ? { payload } : {}) })
}

test('a supervisor makes the report of a month; it is a page, a Word file and a PDF, and an agent does not find it', {
  timeout: 120_000,
}, async () => {
  const supervisor = await signIn('supervisor')
  const templates: { id: string; code: string | null }[] = (await supervisor('GET', '/document-templates')).json()
  const templateId = templates.find(t => t.code === 'service-report')?.id
  const on = new Date(house.now().getTime() - 40 * 86_400_000).toISOString().slice(0, 10)
  for (const language of ['zh', 'en']) {
    const asked = await supervisor('POST', '/documents', {
      templateId,
      title: language === 'zh' ? '月度服务报告' : 'Monthly report',
      language,
      params: { period: 'month', on },
      inputs: {},
    })
    expect(asked.statusCode, asked.body).toBe(200)
    const { id } = asked.json()
    await house.settle()
    const made = (await supervisor('GET', `/documents/${id}`)).json()
    expect(made, JSON.stringify(made.history)).toMatchObject({ state: 'made', madeByName: expect.any(String) })
    const page = (await supervisor('GET', `/documents/${id}/versions/1/page`)).json().html
    expect(page).toContain(language === 'zh' ? '服务水平' : 'Service level')
    expect(page).toContain('<svg')
    const word = await supervisor('GET', `/documents/${id}/versions/1/file/docx`)
    expect(strFromU8(unzipSync(word.rawPayload)['word/document.xml'] ?? new Uint8Array())).toContain(
      language === 'zh' ? '月度服务报告' : 'Monthly report',
    )
    const pdf = await supervisor('GET', `/documents/${id}/versions/1/file/pdf`)
    expect(pdf.headers['content-type']).toContain('application/pdf')
    expect(pdf.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')

    const agent = await signIn('agent')
    expect((await agent('GET', `/documents/${id}`)).statusCode).toBe(404)
    expect((await agent('GET', `/documents/${id}/versions/1/file/pdf`)).statusCode).toBe(404)
    expect((await agent('POST', '/documents', { templateId, title: 'x', language, params: { period: 'month', on } })).statusCode).toBe(403)
  }
  const rows: { title: string; state: string; madeByName: string | null }[] = (await supervisor('GET', '/documents')).json().rows
  // The sample's own four are the supervisor's as well.
  expect(rows.map(r => r.madeByName)).toEqual(rows.map(() => '温言'))
  expect(rows.length).toBe(6)
  expect(rows.every(r => r.state === 'made')).toBe(true)
  const pageOf = async (title: string) => {
    const found: { id: string }[] = (await supervisor('GET', `/documents?q=${encodeURIComponent(title)}`)).json().rows
    return String((await supervisor('GET', `/documents/${found[0]?.id}/versions/1/page`)).json().html)
  }
  // What standards came to, and an improvement with its test, of the year of the sample.
  expect(await pageOf('服务标准达成报告')).toMatch(/达成率.*<svg/s)
  const improved = await pageOf('改进报告')
  for (const words of ['行动前写明的检验', '之前', '预期达到', '<svg']) expect(improved).toContain(words)
  const recurring: { title: string; nextAt: string | null }[] = (await supervisor('GET', '/document-schedules')).json()
  expect(recurring).toMatchObject([{ title: '服务月报', nextAt: expect.any(String) }])
})

test('a template with an unknown variable is refused with its name', async () => {
  const supervisor = await signIn('supervisor')
  const draft = { zh: [{ kind: 'paragraph', text: '{{ticket.nmuber}}' }] }
  const refused = await supervisor('POST', '/document-templates', { name: '错字', source: 'tickets.ticket', draft })
  expect(refused.statusCode).toBe(400)
  expect(refused.json()).toMatchObject({ code: 'document.variable_unknown', facts: { path: 'ticket.nmuber' } })
})
