import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WireError } from '../kit/wire.ts'
import { newUploads, type Transfer } from './uploading.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A line of which the test says what becomes of each transfer. */
function open() {
  const lines: { file: File; told: Parameters<Transfer>[1]; stopped: boolean }[] = []
  const forgotten: string[] = []
  const uploads = newUploads({
    transfer: (file, told) => {
      const line = { file, told, stopped: false }
      lines.push(line)
      return () => {
        line.stopped = true
      }
    },
    picture: file => `blob:${file.name}`,
    forget: picture => forgotten.push(picture),
    changed: () => {},
    patience: 30_000,
  })
  const last = () => lines[lines.length - 1] ?? expect.fail('nothing was sent')
  return { uploads, lines, forgotten, last }
}
const photo = new File(['水表'], 'meter.png')
const card = { id: '01', name: 'meter.png', type: 'image/png', size: 6, width: 1, height: 1, url: '/files/01' }

test('it says how far it is, and stays while one looks elsewhere', () => {
  const { uploads, last } = open()
  uploads.add('a', [photo])
  last().told.progress(0.4)
  expect(uploads.of('a')).toMatchObject([{ name: 'meter.png', share: 0.4, card: null, failed: null }])
  expect(uploads.of('b')).toEqual([])
  last().told.done(card)
  expect(uploads.of('a')).toMatchObject([{ share: 1, card }])
})

test('a line over which nothing moves is given up, and the file is sent again', () => {
  const { uploads, lines, last } = open()
  uploads.add('a', [photo])
  vi.advanceTimersByTime(29_000)
  last().told.progress(0.5)
  vi.advanceTimersByTime(29_000)
  expect(uploads.of('a')).toMatchObject([{ failed: null }])
  vi.advanceTimersByTime(1_000)
  expect(uploads.of('a')).toMatchObject([{ failed: 'network.away', again: true }])
  expect(last().stopped).toBe(true)
  const [one] = uploads.of('a')
  uploads.retry('a', one?.key ?? '')
  expect(lines.map(l => l.file)).toEqual([photo, photo])
  // The first line speaks up late: it is not listened to any more.
  lines[0]?.told.done({ ...card, id: '02' })
  last().told.done(card)
  expect(uploads.of('a')).toMatchObject([{ failed: null, card }])
})

test('cancelled it is stopped, and what comes late brings nothing back', () => {
  const { uploads, forgotten, last } = open()
  uploads.add('a', [photo])
  uploads.remove('a', uploads.of('a')[0]?.key ?? '')
  expect(last().stopped).toBe(true)
  last().told.done(card)
  vi.advanceTimersByTime(60_000)
  expect(uploads.of('a')).toEqual([])
  expect(forgotten).toEqual(['blob:meter.png'])
})

test('what is refused is told, and sent again only when that may help', () => {
  const { uploads, lines, last } = open()
  uploads.add('a', [photo])
  last().told.lost('file.type_refused', false)
  expect(uploads.of('a')).toMatchObject([{ failed: 'file.type_refused', again: false }])
  uploads.add('a', [new File([], 'empty.txt'), new File([new Uint8Array(20 * 1_048_576 + 1)], 'large.txt')])
  expect(lines).toHaveLength(1)
  expect(uploads.of('a').map(f => f.failed)).toEqual(['file.type_refused', 'file.empty', 'file.too_large'])
})

test('after sending, only what did not get through stays', () => {
  const { uploads, lines } = open()
  uploads.add('a', [photo, new File(['x'], 'x.txt')])
  lines[0]?.told.done(card)
  lines[1]?.told.lost('network.away', true)
  uploads.clear('a')
  expect(uploads.of('a').map(f => f.name)).toEqual(['x.txt'])
})

/** Keeps what arrives, as the test answers. */
function keeping() {
  const asked: { id: string; yes: () => void; no: (error: WireError) => void }[] = []
  const lost: string[] = []
  const keeper = {
    keep: ({ id }: { id: string }) => new Promise<void>((yes, no) => asked.push({ id, yes, no })),
    lost: (name: string, code: string) => lost.push(`${name} ${code}`),
  }
  return { asked, lost, keeper }
}
const settled = () => vi.advanceTimersByTimeAsync(0)

test('kept as soon as it has arrived, whoever looks; until it is kept it stays', async () => {
  const { uploads, last } = open()
  const { asked, keeper } = keeping()
  uploads.add('a', [photo], keeper)
  last().told.done(card)
  expect(asked.map(a => a.id)).toEqual(['01'])
  expect(uploads.of('a')).toMatchObject([{ share: 1, card: null, failed: null }])
  asked[0]?.yes()
  await settled()
  expect(uploads.of('a')).toEqual([])
})

test('not kept, it stays and says so; again keeps the same file and sends it no second time', async () => {
  const { uploads, lines, last } = open()
  const { asked, lost, keeper } = keeping()
  uploads.add('a', [photo], keeper)
  last().told.done(card)
  asked[0]?.no(new WireError('network.away'))
  await settled()
  expect(uploads.of('a')).toMatchObject([{ failed: 'network.away', again: true }])
  expect(lost).toEqual(['meter.png network.away'])
  const key = uploads.of('a')[0]?.key ?? ''
  uploads.retry('a', key)
  uploads.retry('a', key)
  expect([lines.length, asked.map(a => a.id)]).toEqual([1, ['01', '01']])
  asked[1]?.no(new WireError('access.denied', {}, 403))
  await settled()
  expect(uploads.of('a')).toMatchObject([{ failed: 'access.denied', again: false }])
  uploads.remove('a', key)
  expect(uploads.of('a')).toEqual([])
})
