import { sql } from 'kysely'
import { by, either, type Holdings, holding, known, nothingPersonal, through, unclaimed, type Way } from '#kernel/holdings.ts'

/** Whoever wrote before anybody knew who they are. */
const visitors = either(by(), unclaimed)
const unknown: Way = (alias, tenantId, is, who) =>
  sql<boolean>`(${sql.raw(alias)}.customer_id is null and ${through('visitor_id', 'messaging.visitor', visitors)(alias, tenantId, is, who)})`
const conversations = either(by(), unknown)
const ofConversation = through('conversation_id', 'messaging.conversation', conversations)
const uploaded: Way = (alias, tenantId, is, who) =>
  sql<boolean>`(${sql.raw(alias)}.owner_kind = 'visitor' and ${through('owner_id', 'messaging.visitor', visitors)(alias, tenantId, is, who)})`
/** Barred by who they are, by an address, or by what they said where. */
const barred: Way = (alias, tenantId, is, who) =>
  sql<boolean>`(${known('subject', 'phones')(alias, tenantId, is, who)} or ${known('subject', 'emails')(alias, tenantId, is, who)}
    or ${sql.raw(alias)}.subject = any(${[...(who?.ids ?? [])]}::text[]) or ${ofConversation(alias, tenantId, is, who)})`
const byNumber: Way = (alias, _, __, who) => sql<boolean>`${sql.raw(alias)}.audience -> 'numbers' ?| ${[...(who?.numbers ?? [])]}::text[]`
const cancelled = (was: string) => `case when t.state = 'waiting' then ${was} else t.${was === `'cancelled'` ? 'state' : 'ended_at'} end`

export const holdings: Holdings = {
  of: [
    holding('kernel.file', ['聊天中上传的文件', 'Files sent in chats'], uploaded, {
      reads: 'name type size created_at',
      erase: 'rows',
      files: 'array[t.id]',
    }),
    holding('messaging.message', ['聊天内容', 'Messages of chats'], ofConversation, {
      reads: 'author author_name kind text sent_at file_id',
      erase: {
        text: `''`,
        author_name: `case when t.author = 'customer' then '' else t.author_name end`,
        kind: `case when t.kind in ('file', 'card') then 'text' else t.kind end`,
        facts: `case when t.kind = 'notice' then t.facts end`,
        file_id: 'null',
      },
      stays: 'author code client_id',
      kept: {
        as: 'contact_texts',
        over: `(select c.state in ('done', 'abandoned') from messaging.conversation c where c.tenant_id = t.tenant_id and c.id = t.conversation_id)`,
      },
      files: 'array[t.file_id]',
    }),
    holding('messaging.block', ['屏蔽', 'Blocks'], barred, { reads: 'kind reason state until proposed_at', erase: 'rows' }),
    holding('messaging.conversation', ['聊天', 'Chats'], conversations, {
      reads: 'channel subject page started_at answered_at ended_at rating',
      erase: { customer_name: `''`, subject: `''`, page: `''`, preview: `''`, handing_note: `''`, visitor_id: 'null' },
      stays: 'channel state tier last_author',
      open: `t.state in ('waiting', 'active', 'wrap')`,
      live: `t.state in ('waiting', 'active', 'wrap')`,
    }),
    holding('messaging.visitor', ['网站访客', 'Visitors of the site'], visitors, {
      reads: 'language page name phone email seen_at created_at',
      erase: 'rows',
    }),
    holding('messaging.outgoing', ['发出的消息', 'Messages sent'], by(), {
      reads: 'channel purpose name address subject text state made_at handed_at',
      erase: {
        name: `''`,
        address: 'null',
        subject: `''`,
        text: `''`,
        variables: `'{}'`,
        sealed: 'null',
        file_ids: `'{}'`,
        detail: 'null',
        state: cancelled(`'cancelled'`),
        ended_at: cancelled('now()'),
      },
      stays: 'channel purpose template language vendor_code state provider_ref reason key',
      files: 't.file_ids',
      kept: { as: 'outgoing_texts', over: `t.state not in ('waiting', 'sending')` },
    }),
    holding('messaging.notice', ['群发名单', 'Lists of recipients'], byNumber, {
      reads: '',
      erase: { audience: `t.audience - 'numbers'` },
      forMany: true,
      stays: 'name purpose channel template language subject text vendor_code variables state by_name client_id forgotten',
    }),
    holding(
      'messaging.suppression',
      ['停发地址', 'Addresses written to no more'],
      either(known('address', 'phones'), known('address', 'emails')),
      {
        reads: 'channel address reason since',
        erase: 'rows',
      },
    ),
    holding('messaging.reach', ['联系频次', 'How often reached'], by(), { reads: 'at', erase: 'rows', hasId: false }),
  ],
  nothing: [
    nothingPersonal(
      'settings and catalogues',
      `messaging.bounce_box messaging.canned_answer messaging.outgoing_policy messaging.pace messaging.provider messaging.template messaging.widget`,
    ),
    nothingPersonal('what providers told, by their own reference', 'messaging.receipt messaging.receipt_call'),
  ],
}
