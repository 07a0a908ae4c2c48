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
    holding('customers.carer', ['维护人', 'Carers'], by(), { reads: 'since', erase: 'rows', hasId: false }),
    holding('customers.record', ['名下记录', 'Records'], by(), {
      reads: 'number ext_id fields note since ended_at',
      erase: 'rows',
    }),
    holding('customers.consent', ['同意', 'Consents'], by(), {
      reads: 'purpose channel given source proof at',
      erase: 'rows',
      hasId: false,
    }),
    holding('customers.undisturbed', ['免打扰', 'Do not disturb'], by(), { reads: 'until reason since', erase: 'rows', hasId: false }),
    itsOwn,
  ],
  nothing: [
    nothingPersonal('catalogues and counters', 'customers.numbering customers.own_field customers.record_kind customers.keeping'),
    nothingPersonal('numbers that nobody is to contact: of who was erased only a digest', 'customers.left_alone'),
    nothingPersonal('why somebody may not be erased, or was', 'customers.hold customers.erasure'),
  ],
}
