import { Link } from '@tanstack/react-router'
import { Select, Switch, Table } from 'antd'
import { firstShowing, type Masking, masking, Showing } from '#contract/masking.ts'
import { type SensitiveField, StandardField } from '#contract/sensitive.ts'
import { useMay } from '../../app/me.ts'
import { useAct, useFetch } from '../../kit/data.ts'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { tell } from '../../kit/tell.tsx'
import { nameOf } from '../../kit/words.ts'
import { m } from './masking.words.ts'

type Role = Masking['roles'][number]
const isStandard = (field: SensitiveField): field is StandardField => StandardField.options.some(one => one === field)

/** Which role sees which sensitive field in full, masked or not at all. */
export default function MaskingPage() {
  const may = useMay()
  const { data, error, refetch } = useFetch(masking.read, {})
  const decide = useAct(masking.decide, { also: ['customers'] })
  const reasons = useAct(masking.reasons)
  const word = (field: SensitiveField) => {
    if (isStandard(field)) return m[field]
    const own = data?.own.find(one => one.field === field)
    return own ? nameOf({ name: own.label, nameEn: own.labelEn }) : field
  }
  const fields: SensitiveField[] = [...StandardField.options, ...(data?.own.map(one => one.field) ?? [])]
  const showing = (role: Role, field: SensitiveField) =>
    data?.rules.find(rule => rule.role === role.role && rule.field === field)?.showing ?? firstShowing(field)
  /** Who does not see an own field at all has nothing to be masked. */
  const unseen = (role: Role, field: SensitiveField) => data?.own.find(one => one.field === field)?.seenBy.includes(role.role) === false
  const someUnseen = data?.own.some(one => data.roles.some(role => unseen(role, one.field))) ?? false
  return (
    <div className="page">
      <header>
        <h1>{m.masking}</h1>
        <span className="t3 cut">{m.hint}</span>
        {may('audit:read') && (
          <Link className="end" to="/settings/audit" search={{ what: 'masking.decided' }}>
            {m.history}
          </Link>
        )}
      </header>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Waiting rows={8} />}
      {data && (
        <>
          <section className="card">
            <Table<Role>
              rowKey="role"
              size="small"
              pagination={false}
              scroll={{ x: 112 + fields.length * 132 }}
              dataSource={data.roles}
              columns={[
                { key: 'role', title: m.role, width: 112, fixed: 'start', render: (_, role) => <b className="m5">{nameOf(role)}</b> },
                ...fields.map(field => ({
                  key: field,
                  title: word(field),
                  width: 132,
                  render: (_: unknown, role: Role) =>
                    unseen(role, field) ? (
                      <span className="t3" title={m.unseenHint}>
                        {m.unseen}
                      </span>
                    ) : (
                      <Select<Showing>
                        size="small"
                        variant="borderless"
                        aria-label={m.cell(nameOf(role), word(field))}
                        style={{ width: 108, marginInlineStart: -8 }}
                        value={showing(role, field)}
                        // What somebody decided stands out from what is so at first.
                        labelRender={({ label }) =>
                          showing(role, field) === firstShowing(field) ? <span className="t2">{label}</span> : <b>{label}</b>
                        }
                        options={Showing.options
                          .filter(how => isStandard(field) || how !== 'hidden')
                          .map(value => ({ value, label: m[value] }))}
                        onChange={async how => {
                          if (await decide.act({ body: { role: role.role, field, showing: how } }))
                            tell(m.saved(nameOf(role), word(field), m[how]))
                        }}
                      />
                    ),
                })),
              ]}
            />
          </section>
          <section className="card" style={{ marginTop: 12 }}>
            <div className="body col" style={{ gap: 12 }}>
              <label className="row" htmlFor="askwhy">
                <Switch
                  id="askwhy"
                  size="small"
                  checked={data.askWhy}
                  loading={reasons.acting}
                  onChange={askWhy => void reasons.act({ body: { askWhy } })}
                />
                <span className="col" style={{ gap: 0 }}>
                  <span>{m.askWhy}</span>
                  <span className="t3 f12">{m.askWhyHint}</span>
                </span>
              </label>
              <div className="col" style={{ gap: 4 }}>
                {Showing.options.map(how => (
                  <div key={how} className="row" style={{ alignItems: 'baseline', flexWrap: 'nowrap' }}>
                    <b className="m5" style={{ flex: '0 0 56px' }}>
                      {m[how]}
                    </b>
                    <span className="t2">{{ shown: m.shownLong, masked: m.maskedLong, hidden: m.hiddenLong }[how]}</span>
                  </div>
                ))}
                {someUnseen && (
                  <div className="row" style={{ alignItems: 'baseline', flexWrap: 'nowrap' }}>
                    <span className="t3" style={{ flex: '0 0 56px' }}>
                      {m.unseen}
                    </span>
                    <span className="t2">
                      {m.unseenLong}
                      {may('customer:configure') && (
                        <>
                          {' '}
                          <Link to="/settings/customer-fields">{m.toFields}</Link>
                        </>
                      )}
                    </span>
                  </div>
                )}
              </div>
              <span className="t3 f12">
                {m.everywhere} {data.own.length > 0 && m.ownFields}
              </span>
            </div>
          </section>
        </>
      )}
    </div>
  )
}
