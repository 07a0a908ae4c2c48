import { expect, test } from 'vitest'
import { contactsWord, openWord } from './bounds.ts'

test('a figure at the bound of what is counted says that it may be more', () => {
  expect([contactsWord(49), contactsWord(50), openWord(99), openWord(100)]).toEqual(['49', '50+', '99', '100+'])
})
