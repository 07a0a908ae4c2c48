import { Button, Form, Switch } from 'antd'
import { useState } from 'react'
import { Grants, type Limits, type Role, rights } from '#contract/rights.ts'
import { CatalogTable } from '../kit/CatalogTable.tsx'
import { call } from '../kit/call.ts'
import { queryClient, useAct, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { IconPlus } from '../kit/icons.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { undoable } from '../kit/undo.tsx'
import { nameOf } from '../kit/words.ts'
import { NameField } from './fields.tsx'
import { GrantsField } from './GrantsField.tsx'
import { s } from './security.words.ts'
import { w } from './words.ts'

type Values = { name: string; nameEn?: string; grants: Grants; limits?: Limits; secondFactor?: boolean }

export default function RolesPage() {
  const listing = useFetch(rights.roles, {})
  const { act: change } = useAct(rights.changeRole, { also: ['me'] })
  const [open, setOpen] = useState<Role | 'new' | null>(null)
  const retire = async (role: Role, retired: boolean) => {
    if (!(await change({ id: role.id, body: { retired } }))) return
    undoable(retired ? w.wasRetired(nameOf(role)) : w.wasRestored(nameOf(role)), () => void retire(role, !retired))
  }
  const isAdministrator = open !== null && open !== 'new' && open.code === 'admin'
  return (
    <div className="page">
      <header>
        <h1>{s.roles}</h1>
        <span className="t3 cut">{s.rolesHint}</span>
        <Button className="end" type="primary" icon={<IconPlus size={16} />} onClick={() => setOpen('new')}>
          {s.addRole}
        </Button>
      </header>
      {listing.error && <Failure error={listing.error} retry={() => void listing.refetch()} readAt={listing.dataUpdatedAt} />}
      {listing.isPending ? (
        <Waiting />
      ) : (
        <CatalogTable<Role>
          rows={listing.data ?? []}
          open={setOpen}
          retire={role => (role.code === 'admin' || (role.people > 0 && !role.retired) ? null : () => void retire(role, !role.retired))}
          columns={[
            { key: 'name', title: w.role, show: role => <b className="m5">{nameOf(role)}</b> },
            {
              key: 'grants',
              title: s.grants,
              show: role => (
                <span className="t2">{role.code === 'admin' ? s.everything : s.grantCount(Object.keys(role.grants).length)}</span>
              ),
            },
            {
              key: 'second',
              title: s.secondStep,
              width: 128,
              show: role => role.secondFactor && <span className="tag ac">{s.required}</span>,
            },
            { key: 'people', title: s.people, width: 96, show: role => <span className="t2">{s.peopleCount(role.people)}</span> },
          ]}
        />
      )}
      <FormDrawer<Values>
        open={open !== null}
        width={560}
        title={open === 'new' || open === null ? s.addRole : nameOf(open)}
        values={open === 'new' || open === null ? { grants: {} } : valuesOf(open)}
        close={() => setOpen(null)}
        save={async ({ name, nameEn = '', grants, limits, secondFactor = false }) => {
          const body = { name, nameEn, secondFactor, ...(isAdministrator ? {} : { grants, limits: kept(limits) }) }
          if (open === 'new') await call(rights.addRole, { body: { ...body, grants } })
          else if (open) await call(rights.changeRole, { id: open.id, body })
          for (const noun of ['roles', 'me']) await queryClient.invalidateQueries({ queryKey: [noun] })
          tell(w.saved)
        }}
      >
        <NameField />
        <Form.Item name="secondFactor" label={s.secondStepRole} valuePropName="checked">
          <Switch />
        </Form.Item>
        {isAdministrator && (
          <div className="note" style={{ marginBottom: 16 }}>
            {s.administrator}
          </div>
        )}
        <GrantsField limits fixed={isAdministrator} />
      </FormDrawer>
    </div>
  )
}

/** What a later version granted is not known here and stays with the server. */
const valuesOf = ({ name, nameEn, grants, limits, secondFactor }: Role): Values => {
  const known = Grants.safeParse(grants)
  return { name, nameEn, grants: known.success ? known.data : {}, limits, secondFactor }
}
/** An emptied limit is no limit. */
const kept = (limits: Limits | undefined): Limits => {
  const perDay = limits?.['customer:reveal']
  return typeof perDay === 'number' ? { 'customer:reveal': perDay } : {}
}
