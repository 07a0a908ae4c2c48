import { randomBytes } from 'node:crypto'
import { generateSecret, generateURI, verifySync } from 'otplib'
import { asUser, secretHash } from '#kernel/access.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { seal, unseal } from '#kernel/secrets.ts'
import type { Ctx } from '#kernel/work.ts'
import { checkOwnPassword } from './credentials.ts'
import { recoveryCodesRenewed, recoveryCodeUsed, secondFactorOff, secondFactorOn } from './events.ts'
import { policyOf } from './policy.ts'
import { tenantCard } from './queries.ts'
import { checkMayGive } from './roles.ts'

const codes = 10

export async function secondFactorState(ctx: Ctx) {
  const { id, secondFactorDue } = asUser(ctx.actor)
  const [factor, left, required] = await Promise.all([
    confirmed(ctx, id),
    ctx.db
      .selectFrom('identity.recoveryCode')
      .select(row => row.fn.countAll<number>().as('n'))
      .where('personId', '=', id)
      .executeTakeFirstOrThrow(),
    isRequired(ctx, id),
  ])
  return { on: factor !== undefined, due: secondFactorDue === true, required, codesLeft: left.n }
}

const confirmed = (ctx: Ctx, personId: string) =>
  ctx.db
    .selectFrom('identity.secondFactor')
    .select(['secret', 'lastStep'])
    .where('personId', '=', personId)
    .where('confirmedAt', 'is not', null)
    .forUpdate()
    .executeTakeFirst()

async function isRequired(ctx: Ctx, personId: string): Promise<boolean> {
  const role = await ctx.db
    .selectFrom('identity.person as p')
    .innerJoin('identity.role as r', 'r.id', 'p.roleId')
    .select('r.secondFactor')
    .where('p.id', '=', personId)
    .executeTakeFirst()
  return role?.secondFactor === true || (await policyOf(ctx)).secondFactor === 'required'
}

/** A secret to show the authenticator; signing in stays as it is until a code has confirmed it. */
export async function beginSecondFactor(ctx: Ctx, password: string): Promise<{ secret: string; uri: string }> {
  const { id, login } = await checkOwnPassword(ctx, password)
  if (await confirmed(ctx, id)) throw new Refusal('conflict', 'second_factor.already_on')
  const secret = generateSecret()
  const sealed = seal(ctx.house.key, secret)
  await ctx.db
    .insertInto('identity.secondFactor')
    .values({ personId: id, secret: sealed, confirmedAt: null, lastStep: 0 })
    .onConflict(conflict => conflict.columns(['personId']).doUpdateSet({ secret: sealed, lastStep: 0 }))
    .execute()
  const { name } = await tenantCard(ctx)
  return { secret, uri: generateURI({ issuer: `回音 ${name}`, label: login, secret }) }
}

export async function confirmSecondFactor(ctx: Ctx, code: string): Promise<{ codes: string[] }> {
  const { id } = asUser(ctx.actor)
  const begun = await ctx.db.selectFrom('identity.secondFactor').selectAll().where('personId', '=', id).forUpdate().executeTakeFirst()
  if (!begun) throw new Refusal('conflict', 'second_factor.not_begun')
  if (begun.confirmedAt) throw new Refusal('conflict', 'second_factor.already_on')
  const lastStep = stepOf(ctx, begun.secret, code, 0)
  if (lastStep === null) throw new Refusal('forbidden', 'access.code_wrong')
  await ctx.db.updateTable('identity.secondFactor').set({ confirmedAt: ctx.now, lastStep }).where('personId', '=', id).execute()
  await ctx.emit(secondFactorOn, { id }, {})
  return { codes: await freshCodes(ctx, id) }
}

export async function renewCodes(ctx: Ctx, password: string): Promise<{ codes: string[] }> {
  const { id } = await checkOwnPassword(ctx, password)
  if (!(await confirmed(ctx, id))) throw new Refusal('conflict', 'second_factor.not_begun')
  await ctx.emit(recoveryCodesRenewed, { id }, {})
  return { codes: await freshCodes(ctx, id) }
}

export async function removeSecondFactor(ctx: Ctx, password: string): Promise<void> {
  const { id } = await checkOwnPassword(ctx, password)
  if (await isRequired(ctx, id)) throw new Refusal('conflict', 'second_factor.required')
  await forget(ctx, id)
}

/** For someone who lost the telephone and the codes. Only who may all that they may can do it: it weakens their door. */
export async function removeSecondFactorOf(ctx: Ctx, personId: string): Promise<void> {
  const person = found(
    await ctx.db.selectFrom('identity.person').select('roleId').where('id', '=', personId).executeTakeFirst(),
    'person',
    personId,
  )
  await checkMayGive(ctx, person.roleId)
  await forget(ctx, personId)
}

async function forget(ctx: Ctx, personId: string): Promise<void> {
  await ctx.db.deleteFrom('identity.secondFactor').where('personId', '=', personId).execute()
  await ctx.db.deleteFrom('identity.recoveryCode').where('personId', '=', personId).execute()
  await ctx.emit(secondFactorOff, { id: personId }, {})
}

/** What the second step says of a code: none is needed, it is missing, wrong, or right. A right one never opens again. */
export async function judgeCode(ctx: Ctx, personId: string, code: string | undefined): Promise<'none' | 'missing' | 'wrong' | 'right'> {
  const factor = await confirmed(ctx, personId)
  if (!factor) return 'none'
  if (code === undefined) return 'missing'
  const step = stepOf(ctx, factor.secret, code, factor.lastStep)
  if (step !== null) {
    await ctx.db.updateTable('identity.secondFactor').set({ lastStep: step }).where('personId', '=', personId).execute()
    return 'right'
  }
  const used = await ctx.db
    .deleteFrom('identity.recoveryCode')
    .where('personId', '=', personId)
    .where('codeHash', '=', codeHash(personId, code))
    .returning('codeHash')
    .executeTakeFirst()
  if (!used) return 'wrong'
  await ctx.emit(recoveryCodeUsed, { id: personId }, {})
  return 'right'
}

/** The time step of a right code, one step of drift either way, never one at or before `last`. */
function stepOf(ctx: Ctx, sealed: string, code: string, last: number): number | null {
  const token = code.replaceAll(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return null
  const secret = unseal(ctx.house.key, sealed)
  const epoch = Math.floor(ctx.now.getTime() / 1000)
  const result = verifySync({ secret, token, epoch, epochTolerance: 30, ...(last > 0 ? { afterTimeStep: last } : {}) })
  return result.valid ? Math.floor(epoch / 30) + result.delta : null
}

/** Sixty random bits each behind the same lock-out as the password: a plain hash is enough. */
async function freshCodes(ctx: Ctx, personId: string): Promise<string[]> {
  const fresh = Array.from({ length: codes }, () =>
    randomBytes(10)
      .toString('hex')
      .replace(/(.{5})(?=.)/g, '$1-')
      .slice(0, 17),
  )
  await ctx.db.deleteFrom('identity.recoveryCode').where('personId', '=', personId).execute()
  await ctx.db
    .insertInto('identity.recoveryCode')
    .values(fresh.map(code => ({ personId, codeHash: codeHash(personId, code) })))
    .execute()
  return fresh
}
const codeHash = (personId: string, code: string) => secretHash(`${personId} ${code.toLowerCase().replaceAll(/[^0-9a-f]/g, '')}`)
