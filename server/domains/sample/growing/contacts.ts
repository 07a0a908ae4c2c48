import type pg from 'pg'
import type { Grown } from './grow.ts'

const batchOf = 60_000

/** Chance that repeats itself, in the database: a UUIDv7 of an instant out of any text. */
export const idAt = `create or replace function pg_temp.id_at(at timestamptz, seed text) returns uuid language sql immutable as $$
  select (substr(t, 1, 8) || '-' || substr(t, 9, 4) || '-7' || substr(m, 1, 3) || '-8' || substr(m, 4, 3) || '-' || substr(m, 7, 12))::uuid
  from (select lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') as t, md5(seed) as m offset 0) s
$$`

/** Every contact that is there again and again, each time of another customer and another minute, with what hangs on it. */
export async function growContacts(client: pg.Client, { tenantId, amount, now, first, tell }: Grown): Promise<boolean> {
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from interactions.interaction where tenant_id = $1', [
    tenantId,
  ])
  const there = rows[0]?.n ?? 0
  const missing = amount.contacts - there
  if (missing < amount.contacts * 0.01) return false
  await client.query(idAt)
  await client.query(
    `create temp table cast_of on commit drop as select (row_number() over ()) - 1 as n, id from customers.customer where tenant_id = '${tenantId}';
     create unique index on cast_of (n); analyze cast_of;
     create temp table model on commit drop as select row_number() over (order by started_at, id) as n, * from interactions.interaction
       where tenant_id = '${tenantId}' and state in ('done', 'abandoned');
     create unique index on model (n); analyze model`,
  )
  const models = (await client.query<{ n: number }>('select count(*)::int as n from model')).rows[0]?.n ?? 0
  const copies = missing / Math.max(1, models)
  const step = Math.max(1, Math.floor(batchOf / copies))
  for (let from = 1; from <= models; from += step) {
    await client.query(lot, [from, from + step, Math.floor(copies), Math.floor((copies % 1) * 1000), now, first, amount.customers])
    for (const statement of filling) await client.query(statement)
    await client.query('drop table lot')
    tell('contacts', Math.min(models, from + step - 1) * copies, missing)
  }
  return true
}

// An hour earlier or later, but neither before the history begins nor after now. Some customers write often, most hardly ever.
const lot = `create temp table lot on commit drop as
  select pg_temp.id_at(m.started_at + shift, m.id::text || k) as new_id, m.*, c.id as whose
  from (
    select m.*, case when m.started_at < $6::timestamptz + interval '2 hours' then abs(s) when coalesce(m.wrapped_at, m.ended_at) > $5::timestamptz - interval '2 hours' then -abs(s) else s end * interval '1 second' as shift
    from (
      select m.*, k, hashtextextended(m.id::text, k) as h, (hashtextextended(m.id::text, k) & 8191)::int - 4096 as s
      from model m cross join lateral generate_series(1, $3::int + case when m.n * 7919 % 1000 < $4::int then 1 else 0 end) k where m.n >= $1 and m.n < $2
    ) m
  ) m
  left join cast_of c on (m.h >> 13 & 127) < 112 and c.n = floor(power((m.h >> 20 & 1048575) / 1048576.0::float8, 1.6::float8) * $7::int)::bigint`

const filling = [
  `insert into interactions.interaction (tenant_id, id, channel, direction, state, customer_id, queue_id, agent_id, subject, source, started_at, queued_at, answered_at, ended_at, wrapped_at, reason_id, outcome_id, note, rating)
   select tenant_id, new_id, channel, direction, state, whose, queue_id, agent_id, subject, source, started_at + shift, queued_at + shift, answered_at + shift, ended_at + shift, wrapped_at + shift, reason_id, outcome_id, note, rating
   from lot order by new_id`,
  `insert into surveys.rating (tenant_id, id, interaction_id, customer_id, agent_id, queue_id, score, rated_at)
   select tenant_id, pg_temp.id_at(ended_at + shift, new_id::text || 'rating'), new_id, whose, agent_id, queue_id, rating, ended_at + shift from lot where rating is not null and ended_at is not null`,
  `insert into kernel.event (tenant_id, id, name, about, at, actor_kind, actor_id, customer_id, interaction_id, seen_by, detail)
   select tenant_id, pg_temp.id_at(at, new_id::text || 'event'), case state when 'done' then 'interaction.wrapped' else 'interaction.abandoned' end, new_id, at,
     case state when 'done' then 'user' else 'system' end, agent_id, whose, new_id, 'interaction:read',
     case state when 'done' then jsonb_build_object('channel', channel, 'queueId', queue_id, 'agentId', agent_id, 'reasonId', reason_id, 'outcomeId', outcome_id)
       else jsonb_build_object('channel', channel, 'queueId', queue_id, 'waitedSeconds', round(extract(epoch from ended_at - queued_at))) end
   from (select *, coalesce(wrapped_at, ended_at) + shift as at from lot) l order by 2`,
]
