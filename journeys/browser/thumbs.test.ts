import { expect, test } from 'vitest'
import { onStage, type Page, phone } from './stage.ts'

const stage = onStage()

/** What is filled in and chosen, as the eye sees it: its frame, not the line within. */
const fields =
  'textarea.ant-input:not(.ant-input-borderless, [aria-hidden]), input.ant-input:not(.ant-input-affix-wrapper > *), .ant-input-affix-wrapper, .ant-input-number, .ant-picker, .ant-select, .ant-radio-button-wrapper, .ant-segmented'
/** Fields lower than a thumb, and whether something reaches beyond the width of the telephone. */
const small = (page: Page) =>
  page.evaluate(
    ({ fields, width }) => ({
      low: [...document.querySelectorAll(fields)]
        .map(field => ({ field: `${field.className} ${field.textContent}`.slice(0, 80), height: field.getBoundingClientRect().height }))
        .filter(({ height }) => height > 0 && height < 43.5),
      beyond: document.documentElement.scrollWidth > width,
    }),
    { fields, width: phone.width },
  )

test('on a phone everything that is filled in or chosen is as high as a thumb, and nothing reaches beyond the glass', async () => {
  const { page } = await stage.colleague('admin', null, { size: phone })
  const places: [address: string, button?: RegExp][] = [
    ['/settings/queues', /新增|新建|添加/],
    ['/settings/calendars', /新增|新建|添加/],
    ['/settings/sign-in-rules'],
    ['/settings/rating-policy'],
    ['/settings/ticket-kinds', /新增|新建|添加/],
    ['/settings/customer-fields', /新增|新建|添加/],
    ['/settings/ladders'],
    ['/settings/sending-rules'],
    ['/settings/routing-rules', /新增|新建|添加/],
    ['/settings/staffing'],
    ['/settings/audit'],
    ['/settings/privacy'],
    ['/segments/new'],
    ['/customers'],
    ['/opportunities', /登记/],
  ]
  const wrong: unknown[] = []
  for (const [address, button] of places) {
    await page.goto(stage.url + address)
    await page.getByRole('main').waitFor()
    await page.waitForLoadState('networkidle')
    if (button)
      await page
        .getByRole('button', { name: button })
        .first()
        .click({ timeout: 5_000 })
        .catch(() => wrong.push(`${address}: no button`))
    if (button)
      await page
        .getByRole('dialog')
        .first()
        .waitFor({ timeout: 5_000 })
        .catch(() => {})
    const { low, beyond } = await small(page)
    if (low.length > 0 || beyond) wrong.push({ address, low, beyond })
    const folder = process.env.JOURNEY_PICTURES
    if (folder) await page.screenshot({ path: `${folder}/thumb${address.replaceAll('/', '-')}.png` })
  }
  expect(wrong).toEqual([])
  expect(stage.faults).toEqual([])
}, 180_000)
