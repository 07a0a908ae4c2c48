import { by, either, type Holdings, holding, nothingPersonal, type Way } from '#kernel/holdings.ts'

const itself: Way = by('id')
/** The number a person had here is of no use to anybody who finds it on an old letter. */
const otherNumber = `case when t.erased_at is null then 'X' || upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 10)) else t.number end`
/** Everybody reads the tombstone in the language of the house. */
const tombstone = `case when (select language from identity.fact_tenant where tenant_id = t.tenant_id) = 'en' then 'Erased customer' else '已删除客户' end`

/** Declared here, erased first and in the same commit as the wish: from then on nobody knows the person any more. */
export const itsOwn = holding('customers.customer', ['客户档案', 'Customer'], itself, {
  reads:
    'number kind name tier phone email address district post_code note tags care balance_due since last_contact_at ext_id fields stage',
  erase: {
    number: otherNumber,
    name: tombstone,
    phone: 'null',
    phone_typed: 'null',
    email: 'null',
    address: `''`,
    post_code: `''`,
    note: `''`,
    tags: `'{}'`,
    care: `'{}'`,
    fields: `'{}'`,
    ext_id: 'null',
    owner_id: 'null',
    last_contact_at: 'null',
    search: `''::tsvector`,
    erased_at: 'coalesce(t.erased_at, now())',
  },
  // District and tier are counted in reports and say of nobody who they are.
  stays: 'kind tier district stage',
})
export const itsIdentities = holding('customers.customer_identity', ['号码和地址', 'Numbers and addresses'], by(), {
  reads: 'kind value typed label main since',
  erase: 'rows',
})

export const holdings: Holdings = {
  of: [
    itsIdentities,
    holding('customers.address', ['地址', 'Addresses'], by(), {
      reads: 'label main province city district street detail post_code since',
      erase: 'rows',
    }),
    holding('customers.relation', ['关系', 'Relations'], either(by(), by('to_id')), { reads: 'kind role main since', erase: 'rows' }),
    holding('customers.carer', ['协同', 'Care team'], by(), { reads: 'since', erase: 'rows', hasId: false }),
    holding('customers.record', ['名下记录', 'Records'], by(), {
      reads: 'number ext_id fields note since ended_at',
      erase: 'rows',
    }),
    holding('customers.consent', ['同意', 'Consents'], by(), {
      reads: 'purpose channel given source wording proof until at',
      erase: 'rows',
      hasId: false,
    }),
    holding('customers.consent_word', ['同意的历史', 'History of consents'], by(), {
      reads: 'purpose channel given source wording proof until at',
      erase: 'rows',
    }),
    holding('customers.note', ['备注', 'Notes'], by(), { reads: 'text pinned written_at changed_at', erase: 'rows' }),
    holding('customers.file', ['文件', 'Files'], by(), { reads: 'note added_at', erase: 'rows', files: 'array[t.file_id]' }),
    // What was billed stays a figure; the books' own numbers would lead back to the person.
    holding('customers.receivable', ['应收账款', 'Receivables'], by(), {
      reads: 'number kind period currency amount open_amount issued_on due_on settled_at',
      erase: { ext_id: `'erased ' || t.id`, number: `''` },
      stays: 'kind period currency hold source',
      open: 't.open_amount > 0 and t.settled_at is null',
    }),
    holding('customers.account', ['账务', 'Account'], by(), {
      reads: 'open_amount overdue_amount overdue_since balance billed heard_at',
      erase: 'figures',
      // Which system told it.
      stays: 'source',
      hasId: false,
    }),
    holding('customers.flag', ['标记', 'Marks'], by(), { reads: 'code name since until', erase: 'rows' }),
    holding('customers.care_plan', ['关怀计划', 'Plan of care'], by(), { reads: 'visit_days contact_days note', erase: 'rows' }),
    holding('customers.care_round', ['关怀记录', 'Rounds of care'], by(), { reads: 'kind due_on done_at', erase: 'rows' }),
    holding('customers.ladder_pin', ['等级与阶段的锁定', 'Pinned tiers and stages'], by(), {
      reads: 'kind reason at',
      erase: 'rows',
      hasId: false,
    }),
    holding('customers.ladder_step', ['等级与阶段', 'Tiers and stages'], by(), {
      reads: 'kind was becomes at',
      erase: { why: `''` },
      stays: 'kind was becomes way',
    }),
    holding('customers.segment_held', ['正在处理的分群名单', 'Members of a segment that is worked through'], by(), {
      reads: '',
      erase: 'rows',
      hasId: false,
    }),
    holding('customers.match_key', ['比对用的特征', 'What files are compared by'], by(), { reads: '', erase: 'rows', hasId: false }),
    holding('customers.match_look', ['上次比对的摘要', 'What was compared last'], by(), { reads: '', erase: 'rows', hasId: false }),
    holding('customers.duplicate', ['疑似重复', 'Likely duplicates'], either(by('a_id'), by('b_id')), { reads: 'found_at', erase: 'rows' }),
    holding('customers.merge', ['合并', 'Merges'], either(by('kept_id'), by('gone_id')), { reads: 'at apart_at', erase: 'rows' }),
    holding('customers.undisturbed', ['免打扰', 'Do not disturb'], by(), { reads: 'until reason since', erase: 'rows', hasId: false }),
    itsOwn,
  ],
  nothing: [
    nothingPersonal(
      'catalogues and counters',
      'customers.numbering customers.own_field customers.record_kind customers.keeping customers.segment customers.ladder customers.masking customers.reveal_policy',
    ),
    nothingPersonal('numbers that nobody is to contact: of who was erased only a digest', 'customers.left_alone'),
    nothingPersonal(
      'how far files were compared, and how far the day’s round of care has come',
      'customers.match_pass customers.care_sweep',
    ),
    nothingPersonal('that there was somebody whom an import brought', 'customers.gone'),
    nothingPersonal('why somebody may not be erased, or was', 'customers.hold customers.erasure', {
      'customers.hold': 'reason',
      'customers.erasure': 'reason',
    }),
  ],
}
