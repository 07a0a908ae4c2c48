import { expect, test } from 'vitest'
import type { View } from '#contract/views.ts'
import { newOpening } from './opening.ts'

const view: View = {
  ...{ id: 'mine', list: 'customers', name: 'Mine', ownerId: 'me', ownerName: null, share: 'private', shareId: null },
  ...{ query: { tier: 'gold' }, columns: null, pinned: false, mayChange: true, opens: true, count: null },
}
const other = { ...view, id: 'other', opens: false }

test('a bare list opens with what its person chose, once', () => {
  const opening = newOpening()
  expect(opening({}, undefined)).toBeUndefined()
  expect(opening({}, [other, view])).toBe(view)
  // Back to the bare list stays there.
  expect(opening({ tier: 'gold', view: 'mine' }, [other, view])).toBeUndefined()
  expect(opening({}, [other, view])).toBeUndefined()
})

test('a filter chosen before the views have come is not written over, nor when it is taken back', () => {
  const opening = newOpening()
  expect(opening({}, undefined)).toBeUndefined()
  expect(opening({ q: '陈' }, undefined)).toBeUndefined()
  expect(opening({ q: '陈' }, [view])).toBeUndefined()
  expect(opening({}, [view])).toBeUndefined()
})

test('an address that says something, and a list without such a view, stay as they are', () => {
  expect(newOpening()({ sort: 'name' }, [view])).toBeUndefined()
  const opening = newOpening()
  expect(opening({}, [other])).toBeUndefined()
  // Chosen later as the one to open with: from the next time on.
  expect(opening({}, [view])).toBeUndefined()
})
