import type * as z from 'zod'
import type { identity } from '#contract/identity.ts'
import { newSecret, readToken, secretHash, writeToken } from '#kernel/access.ts'
import type { House } from '#kernel/house.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { type Ctx, work } from '#kernel/work.ts'
import { newPassword } from './credentials.ts'
import { passwordChanged, passwordLinkMade } from './events.ts'
import { policyOf } from './policy.ts'
import { tenantCard } from './queries.ts'
import { checkMayGive } from './roles.ts'
import { linkLife } from './rules.ts'
import { endSessionsOf } from './sessions.ts'

/** Whoever makes it hands it over; it opens once, and an earlier one no more. */
export async function makePasswordLink(ctx: Ctx, personId: string): Promise<{ token: string; expiresAt: Date }> {
  const person = found(
    await ctx.db.selectFrom('identity.person').select(['roleId', 'retired']).where('id', '=', personId).forUpdate().executeTakeFirst(),
    'person',
    personId,
  )
  if (person.retired) throw new Refusal('conflict', 'person.retired')
  await checkMayGive(ctx, person.roleId)
  await ctx.db.deleteFrom('identity.passwordLink').where('personId', '=', personId).execute()
  const [link] = await writeLinks(ctx, [personId])
  await ctx.emit(passwordLinkMade, { id: personId }, {})
  return found(link, 'person', personId)
}

export async function writeLinks(ctx: Ctx, people: readonly string[]): Promise<{ token: string; expiresAt: Date }[]> {
  const expiresAt = new Date(ctx.now.getTime() + linkLife)
  const links = people.map(personId => ({ personId, secret: newSecret() }))
  await ctx.db
    .insertInto('identity.passwordLink')
    .values(links.map(({ personId, secret }) => ({ id: newId(), personId, tokenHash: secretHash(secret), madeAt: ctx.now, expiresAt })))
    .execute()
  return links.map(({ secret }) => ({ token: writeToken({ kind: 'p', tenantId: ctx.tenantId, secret }), expiresAt }))
}

/** One more link beside those there are, to go by mail; null for whoever has left. `first`: the person has no password yet. */
export async function linkForMail(ctx: Ctx, personId: string): Promise<{ token: string; first: boolean } | null> {
  const person = await ctx.db
    .selectFrom('identity.person')
    .select(['retired', 'passwordHash'])
    .where('id', '=', personId)
    .executeTakeFirst()
  if (!person || person.retired) return null
  const [link] = await writeLinks(ctx, [personId])
  return link ? { token: link.token, first: person.passwordHash === null } : null
}

type Link = { id: string; personId: string; name: string; login: string }

export const lookAtLink = (house: House, token: string): Promise<z.output<typeof identity.lookAtPasswordLink.reply>> =>
  byLink(house, token, async (ctx, { name, login }) => {
    const [{ passwordLength }, tenant] = await Promise.all([policyOf(ctx), tenantCard(ctx)])
    return { name, login, organisation: tenant.name, organisationEn: tenant.nameEn, least: passwordLength }
  })

export const useLink = (house: House, { token, password }: z.output<typeof identity.usePasswordLink.body>): Promise<void> =>
  byLink(house, token, async (ctx, { id, personId, name, login }) => {
    const { passwordLength } = await policyOf(ctx)
    const passwordHash = await newPassword(password, { login, name }, passwordLength)
    ctx.actor = { kind: 'link', tenantId: ctx.tenantId, id, noun: 'person', about: personId }
    await ctx.db.updateTable('identity.person').set({ passwordHash }).where('id', '=', personId).execute()
    await ctx.db.deleteFrom('identity.passwordLink').where('personId', '=', personId).execute()
    // Whoever holds the link is the owner of the login: guesses of others lock nobody out any longer.
    await ctx.db.deleteFrom('identity.signInFailure').where('login', '=', login).execute()
    await ctx.emit(passwordChanged, { id: personId }, {})
    await endSessionsOf(ctx, personId)
  })

function byLink<T>(house: House, text: string, fn: (ctx: Ctx, link: Link) => Promise<T>): Promise<T> {
  const token = readToken(text)
  if (token?.kind !== 'p') throw new Refusal('gone', 'password_link.over')
  return work(house, { kind: 'anyone', tenantId: token.tenantId }, async ctx => {
    const link = await ctx.db
      .selectFrom('identity.passwordLink as l')
      .innerJoin('identity.person as p', 'p.id', 'l.personId')
      .select(['l.id', 'l.personId', 'p.name', 'p.login'])
      .where('l.tokenHash', '=', secretHash(token.secret))
      .where('l.expiresAt', '>', ctx.now)
      .where('p.retired', '=', false)
      .forUpdate('l')
      .executeTakeFirst()
    if (!link) throw new Refusal('gone', 'password_link.over')
    return fn(ctx, link)
  })
}
