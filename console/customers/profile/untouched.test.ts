import { describe, expect, test } from 'vitest'
import { nowhere } from '#contract/addresses.ts'
import { untouched } from './untouched.ts'

const full = { ...nowhere, city: '杭州市', street: '长河街道', detail: '海棠里 3 幢' }
const masked = { ...full, street: '****', detail: '****' }
const values = { ...full, label: '', main: false }

describe('an address that is masked on the page and was shown in full for its form', () => {
  test('goes back masked where nobody changed it, so what a colleague wrote meanwhile stays', () => {
    expect(untouched({ ...values, label: '住宅' }, full, masked)).toEqual({ ...masked, label: '住宅', main: false })
  })
  test('goes as it was typed where somebody did', () => {
    expect(untouched({ ...values, detail: '海棠里 5 幢' }, full, masked)).toMatchObject({ street: '****', detail: '海棠里 5 幢' })
    expect(untouched({ ...values, street: '' }, full, masked)).toMatchObject({ street: '', detail: '****' })
  })
  test('goes in full where the page shows it so', () => {
    expect(untouched(values, full, full)).toEqual(values)
    expect(untouched(values, full, undefined)).toEqual(values)
  })
})
