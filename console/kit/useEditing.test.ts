import { expect, test } from 'vitest'
import { begun, onlyWords } from './useEditing.ts'

const draft = {
  title: 'A',
  blocks: [
    { kind: 'heading', text: 'x' },
    { kind: 'table', rows: 3 },
  ],
}

test.each([
  ['words in one place', { ...draft, title: 'AB' }, '/title'],
  ['words within a block', { ...draft, blocks: [{ kind: 'heading', text: 'xy' }, draft.blocks[1]] }, '/blocks/0/text'],
  ['nothing', { ...draft }, null],
  ['a number', { ...draft, blocks: [draft.blocks[0], { kind: 'table', rows: 4 }] }, null],
  ['blocks that changed places', { ...draft, blocks: [draft.blocks[1], draft.blocks[0]] }, null],
  ['a block more', { ...draft, blocks: [...draft.blocks, draft.blocks[0]] }, null],
  ['words in two places', { title: 'AB', blocks: [{ kind: 'heading', text: 'xy' }, draft.blocks[1]] }, null],
])('typing on joins one step of undo, all else is a step of its own: %s', (_, after, path) => {
  expect(onlyWords(draft, after)).toBe(path)
})

test('what was kept is saved over the version it was made of, not over what somebody saved since', () => {
  expect(begun({ version: 3, draft: { name: 'mine' } }, { version: 5, draft: { name: 'theirs' } })).toEqual({
    version: 3,
    draft: { name: 'mine' },
  })
  // The same in both is nothing kept.
  expect(begun({ version: 3, draft: { name: 'same' } }, { version: 5, draft: { name: 'same' } })).toMatchObject({ version: 5 })
  expect(begun(null, { version: 5, draft: { name: 'theirs' } })).toEqual({ version: 5, draft: { name: 'theirs' } })
})
