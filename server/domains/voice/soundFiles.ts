import { access, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { dropFile, placeOf } from '#kernel/files.ts'
import type { House } from '#kernel/house.ts'
import type { Ctx } from '#kernel/work.ts'
import { toLine } from './audio/laying.ts'

export const soundBytes = (house: House, tenantId: string, fileId: string): Promise<Buffer> => readFile(placeOf(house, tenantId, fileId))

const laidOut = (house: House, tenantId: string, fileId: string) => path.join(house.settings.filesFolder, tenantId, 'sounds', fileId)
const isThere = (place: string) =>
  access(place).then(
    () => true,
    () => false,
  )

const under = new Map<string, Promise<void>>()

/** Where a switch on this machine finds a file of the organisation: `.ulaw`, and `.wav16` as it was brought. It is laid out there when it is first asked for, once for all who ask. */
export async function soundFilePlace(house: House, tenantId: string, fileId: string): Promise<string> {
  const place = laidOut(house, tenantId, fileId)
  if (await isThere(`${place}.ulaw`)) return place
  const laying = under.get(place) ?? layOut(house, tenantId, fileId, place).finally(() => under.delete(place))
  under.set(place, laying)
  await laying
  return place
}

/** Whole or not at all: what stands there is played. */
async function layOut(house: House, tenantId: string, fileId: string, place: string): Promise<void> {
  const ulaw = await toLine(await soundBytes(house, tenantId, fileId))
  await mkdir(path.dirname(place), { recursive: true })
  await link(placeOf(house, tenantId, fileId), `${place}.wav16`).catch(() => {})
  const half = `${place}.${process.pid}.half`
  await writeFile(half, ulaw)
  await rename(half, `${place}.ulaw`)
}

/** A sound that nobody hears any more goes with what was laid out of it for switches. */
export async function dropSound(ctx: Ctx, fileId: string): Promise<void> {
  await dropFile(ctx, fileId)
  ctx.afterCommit('remove what was laid out of a sound', async house => {
    const place = laidOut(house, ctx.tenantId, fileId)
    for (const ending of ['ulaw', 'wav16']) await rm(`${place}.${ending}`, { force: true })
  })
}
