import { mkdir, writeFile } from 'node:fs/promises'
import { widget } from '#contract/messaging.ts'
import { disperse, gather, keyFile, keyFolder, type Language, type Step } from './cast.ts'
import type { Client } from './client.ts'
import { theCustomerRates, theTicketIsDone, theWallboardMoves } from './settling.ts'
import { aCustomerWrites, itRings, theContactIsKnown, theProductStands } from './steps.ts'
import { theyTalk } from './talking.ts'

/** The main job from hello to satisfied, in eight steps; every one is told as soon as it has happened, and a step that fails throws. */
export async function play(
  base: string,
  { language, tenant, tell }: { language: Language; tenant?: string; tell: (step: Step) => void },
): Promise<void> {
  const stage = await gather(base, language, tenant)
  let visitor: Client | undefined
  try {
    await mkdir(keyFolder, { recursive: true, mode: 0o700 })
    const key = (who: string, token: string | undefined) =>
      writeFile(keyFile(who), `header = "authorization: Bearer ${token}"\n`, { mode: 0o600 })
    await key('supervisor', stage.lead.token)
    tell(await theProductStands(stage))
    const written = await aCustomerWrites(stage)
    visitor = written.visitor
    await key('visitor', visitor.token)
    tell(written.step)
    const known = await theContactIsKnown(stage, written.conversationId)
    tell(known.step)
    const so = { ...written, ...known }
    const rung = await itRings(stage, so)
    tell(rung.step)
    const talked = await theyTalk(stage, { ...so, agent: rung.agent })
    tell(talked.step)
    const story = { ...so, agent: talked.agent }
    const ticket = await theTicketIsDone(stage, story)
    await key('progress', ticket.link)
    tell(ticket.step)
    const rated = await theCustomerRates(stage, story)
    tell(rated.step)
    tell(await theWallboardMoves(stage, rated.ratedAt))
    story.visitorLive.close()
  } finally {
    // A story that broke off leaves no customer behind.
    await visitor?.call(widget.leave).catch(() => {})
    await disperse(stage)
  }
}
