import { sql } from 'kysely'
import { by, type Holdings, holding, nothingPersonal, through, type Way } from '#kernel/holdings.ts'

/** Their calls, and those from their number that nobody knew yet. */
const calls: Way = (alias, tenantId, is, who) =>
  sql<boolean>`(${by()(alias, tenantId, is, who)} ${
    who ? sql`or ${sql.raw(alias)}.customer_id is null and ${sql.raw(alias)}.other_end = any(${who.phones.map(reversed)}::text[])` : sql``
  })`
const reversed = (phone: string) => [...phone].reverse().join('')
const ofCall = through('call_id', 'voice.call', calls)

export const holdings: Holdings = {
  of: [
    holding('voice.recording', ['录音和留言', 'Recordings and voicemail'], ofCall, {
      reads: 'kind state started_at seconds file_id',
      erase: { state: `'removed'`, file_id: 'null', bytes: 'null', peaks: 'null' },
      stays: 'kind state reason pauses',
      files: 'array[t.file_id]',
      open: `t.state in ('running', 'paused', 'storing')`,
    }),
    holding('voice.leg', ['通话各方', 'Legs of calls'], ofCall, {
      reads: 'party number started_at answered_at ended_at',
      erase: { number: `case when t.party = 'agent' then t.number else '' end` },
      stays: 'party cause quality',
      kept: { as: 'call_numbers', over: 't.ended_at is not null' },
      live: `t.ended_at is null and exists (select 1 from voice.call c where c.tenant_id = t.tenant_id and c.id = t.call_id and c.stage <> 'over')`,
    }),
    holding('voice.forwarded', ['通话指令', 'Orders of calls'], ofCall, { reads: '', erase: 'rows' }),
    holding('voice.call', ['通话', 'Calls'], calls, {
      reads: 'direction caller called started_at answered_at ended_at rating',
      erase: {
        caller: `case when t.direction = 'in' then '' else t.caller end`,
        called: `case when t.direction = 'out' then '' else t.called end`,
        customer_name: `''`,
        machine: `'{}'`,
        recorded: 'exists (select 1 from voice.recording r where r.tenant_id = t.tenant_id and r.call_id = t.id and r.file_id is not null)',
      },
      stays: 'direction stage line cause other_end',
      kept: { as: 'call_numbers', over: `t.stage = 'over'` },
      open: `t.stage <> 'over'`,
      live: `t.stage <> 'over'`,
    }),
  ],
  nothing: [
    nothingPersonal(
      'settings, lines and sounds of the house',
      `voice.announcement voice.flow voice.flow_version voice.number voice.queue voice.speech voice.spoken voice.trunk`,
    ),
  ],
}
