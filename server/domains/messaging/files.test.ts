import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { newId } from '#kernel/ids.ts'
import { openDoors } from '#testing/doors.ts'
import { answer, take } from './actions/answer.ts'

const doors = openDoors()
const { call, code, visit, begin } = doors

describe('files', () => {
  const crcs = Array.from({ length: 256 }, (_, n) => {
    let c = n
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
    return c >>> 0
  })
  const crc = (bytes: Buffer) => {
    let c = 0xffffffff
    for (const b of bytes) c = ((crcs[(c ^ b) & 255] ?? 0) ^ (c >>> 8)) >>> 0
    return (c ^ 0xffffffff) >>> 0
  }
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc(body))
    return Buffer.concat([length, body, sum])
  }
  const png = (width: number, height: number) => {
    const head = Buffer.alloc(13)
    head.writeUInt32BE(width, 0)
    head.writeUInt32BE(height, 4)
    head[8] = 8
    return Buffer.concat([
      Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
      chunk('IHDR', head),
      chunk('IDAT', deflateSync(Buffer.alloc(1000))),
      chunk('IEND', Buffer.alloc(0)),
    ])
  }
  /** A ZIP with one entry that claims to be so large when unpacked. */
  const zip = (name: string, unpacked: number) => {
    const [local, entry, end] = [Buffer.alloc(30), Buffer.alloc(46), Buffer.alloc(22)]
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(name.length, 26)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt32LE(unpacked, 24)
    entry.writeUInt16LE(name.length, 28)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt16LE(1, 10)
    end.writeUInt32LE(30 + name.length, 16)
    return Buffer.concat([local, Buffer.from(name), entry, Buffer.from(name), end])
  }
  const upload = (token: string, name: string, bytes: Buffer, url = '/api/widget/files') => {
    const edge = '----edge'
    const payload = Buffer.concat([
      Buffer.from(`--${edge}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: image/png\r\n\r\n`),
      bytes,
      Buffer.from(`\r\n--${edge}--\r\n`),
    ])
    return doors.house.app.inject({
      method: 'POST',
      url,
      headers: { authorization: `Bearer ${token}`, 'content-type': `multipart/form-data; boundary=${edge}` },
      payload,
    })
  }

  test('whoever uploads without end is slowed down, and others at the same address are not', async () => {
    const [one, other] = [await visit(), await visit()]
    for (let n = 0; n < 20; n++) expect((await upload(one.token, 'a.png', png(1, 1))).statusCode).toBe(200)
    const refused = await upload(one.token, 'a.png', png(1, 1))
    expect([refused.statusCode, refused.json().code]).toEqual([429, 'file.too_many_uploads'])
    expect((await upload(other.token, 'a.png', png(1, 1))).statusCode).toBe(200)
  })

  test('nor does anyone fill the disk: the bytes of a visitor are counted, too, and what is over is refused before it is read', async () => {
    const [one, other] = [await visit(), await visit()]
    const large = Buffer.alloc(19_900_000, 65)
    for (let n = 0; n < 5; n++) expect((await upload(one.token, 'a.txt', large)).statusCode).toBe(200)
    const refused = await upload(one.token, 'a.txt', large)
    expect([refused.statusCode, refused.json().code]).toEqual([429, 'file.too_many_uploads'])
    expect((await upload(other.token, 'a.png', png(1, 1))).statusCode).toBe(200)
    // 50 kB a second come back.
    await doors.house.pass(7)
    expect((await upload(one.token, 'a.txt', large)).statusCode).toBe(200)
  })

  test('a file of just 20 MB is taken, one byte more is not', async () => {
    const { token } = await visit()
    expect((await upload(token, 'a.txt', Buffer.alloc(20 * 1_048_576, 65))).statusCode).toBe(200)
    expect(await code(upload(token, 'a.txt', Buffer.alloc(20 * 1_048_576 + 1, 65)))).toBe('413 input.too_large')
  })

  test('a picture is kept, sent, seen by both sides, and served so that it can do no harm', async () => {
    const agent = await doors.desk.agent('收图', { ready: false })
    const { token } = await visit()
    const id = await begin(token)
    await doors.desk.as(agent, ctx => take(ctx, id))
    const card = (await upload(token, '../../水表<x>.html', png(40, 30))).json()
    expect(card).toMatchObject({ name: '水表x.png', type: 'image/png', width: 40, height: 30 })
    const sent = (await call('POST', '/widget/messages', { clientId: newId(), fileId: card.id }, token)).json()
    expect(sent).toMatchObject({ kind: 'file', file: { id: card.id } })
    expect((await call('GET', '/widget/messages?afterSeq=2', undefined, token)).json()).toMatchObject([
      { file: { id: card.id, url: sent.file.url } },
    ])
    expect(await code(call('POST', '/widget/messages', { clientId: newId(), fileId: card.id }, token))).toBe('409 file.already_used')

    const got = await doors.house.app.inject({ method: 'GET', url: sent.file.url })
    expect(got.rawPayload.equals(png(40, 30))).toBe(true)
    expect(got.headers).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'content-disposition': expect.stringMatching(/^inline; filename\*=UTF-8''/),
    })
    const part = await doors.house.app.inject({ method: 'GET', url: sent.file.url, headers: { range: 'bytes=1-3' } })
    expect([part.statusCode, part.body]).toEqual([206, 'PNG'])
    for (const url of [
      `/files/${card.id}`,
      `/files/${card.id}?t=x`,
      sent.file.url.replace(card.id, newId()),
      `${sent.file.url}x`,
      sent.file.url.replace(/t=\w{8}/, 't=00000000'),
    ])
      expect((await doors.house.app.inject({ method: 'GET', url })).statusCode, url).toBe(404)
    await doors.desk.as(agent, ctx => answer(ctx, id, { clientId: newId(), text: '收到' }))
  })

  test('bombs, disguises and strangers’ files are refused', async () => {
    const [a, b] = [await visit(), await visit()]
    const refusal = async (name: string, bytes: Buffer) => code(upload(a.token, name, bytes))
    expect(await refusal('bomb.png', png(60_000, 60_000))).toBe('413 file.picture_too_large')
    expect(await refusal('bomb.docx', zip('[Content_Types].xml', 4_000_000_000))).toBe('400 file.swells')
    expect(await refusal('half.docx', zip('word/document.xml', 10).subarray(0, 60))).toBe('400 file.broken')
    expect(await refusal('a.zip', zip('a.txt', 10))).toBe('400 file.type_refused')
    expect(await refusal('page.png', Buffer.from('<!doctype html><script>alert(1)</script>'))).toBe('400 file.type_refused')
    expect(await refusal('pic.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'))).toBe(
      '400 file.type_refused',
    )
    expect(await refusal('run.exe', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]))).toBe('400 file.type_refused')
    expect(await refusal('cut.png', png(10, 10).subarray(0, 12))).toMatch(/^400 file\.(broken|type_refused)$/)
    expect(await refusal('empty.png', Buffer.alloc(0))).toBe('400 file.empty')
    expect(await refusal('big.txt', Buffer.alloc(21 * 1_048_576, 65))).toBe('413 input.too_large')
    expect((await upload(a.token, 'log.txt', Buffer.from('水表读数 1234'))).json()).toMatchObject({ type: 'text/plain' })
    expect((await upload('nobody', 'a.png', png(1, 1))).statusCode).toBe(401)
    expect((await upload(a.token, 'a.png', png(1, 1), '/api/files')).statusCode).toBe(401)

    await begin(b.token)
    const { id } = (await upload(a.token, 'mine.png', png(2, 2))).json<{ id: string }>()
    expect(await code(call('POST', '/widget/messages', { clientId: newId(), fileId: id }, b.token))).toBe('404 file.not_found')
  })
})
