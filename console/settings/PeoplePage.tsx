import { Button, Form, Input, Select, Switch, Table } from 'antd'
import { useState } from 'react'
import { identity, type Person, teams } from '#contract/identity.ts'
import { useMay, useMe } from '../app/me.ts'
import { call } from '../kit/call.ts'
import { queryClient, useAct, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconPlus, IconSearch } from '../kit/icons.ts'
import { Avatar, Empty, Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { undoable } from '../kit/undo.tsx'
import { nameOf } from '../kit/words.ts'
import { DepartmentPick, useDepartments } from './fields.tsx'
import { w } from './words.ts'

type Values = { name: string; login: string; password?: string; departmentId?: string | null; teamId?: string | null; roleId: string }

export default function PeoplePage() {
  const me = useMe()
  const may = useMay()
  const listing = useFetch(identity.people, {})
  const roles = useFetch(identity.roles, {}, { enabled: may('identity:read') }).data ?? []
  const departments = useDepartments()
  const groups = useFetch(teams.list, { query: {} }).data ?? []
  const { act: change } = useAct(identity.changePerson)
  const [open, setOpen] = useState<Person | 'new' | null>(null)
  const [text, setText] = useState('')
  const [withRetired, setWithRetired] = useState(false)
  useHotkey('/', () => document.querySelector<HTMLInputElement>('#find-person')?.focus())
  const wanted = text.trim().toLowerCase()
  const rows = (listing.data ?? []).filter(
    p => (withRetired || !p.retired) && (p.name.toLowerCase().includes(wanted) || p.login.includes(wanted)),
  )
  const named = (all: readonly { id: string; name: string; nameEn?: string }[], id: string | null) => {
    const row = all.find(r => r.id === id)
    return row ? nameOf(row) : ''
  }
  const retire = async (person: Person, retired: boolean) => {
    if (!(await change({ id: person.id, body: { retired } }))) return
    undoable(retired ? w.wasRetired(person.name) : w.wasRestored(person.name), () => void retire(person, !retired))
  }
  return (
    <div className="page">
      <header>
        <h1>{w.people}</h1>
        <span className="t3 cut">{w.peopleHint}</span>
        <span className="end row wrap">
          <Input
            id="find-person"
            style={{ width: 176 }}
            value={text}
            allowClear
            prefix={<IconSearch size={16} />}
            placeholder={w.findPerson}
            aria-label={w.findPerson}
            onChange={e => setText(e.target.value)}
          />
          <span className="row f12 t3">
            <Switch size="small" checked={withRetired} onChange={setWithRetired} aria-label={w.withRetired} />
            {w.withRetired}
          </span>
          <Button type="primary" icon={<IconPlus size={16} />} onClick={() => setOpen('new')}>
            {w.addPerson}
          </Button>
        </span>
      </header>
      {listing.error && <Failure error={listing.error} retry={() => void listing.refetch()} readAt={listing.dataUpdatedAt} />}
      {listing.isPending ? (
        <Waiting />
      ) : (
        <div className="card">
          <Table<Person>
            rowKey="id"
            size="small"
            pagination={false}
            dataSource={rows}
            scroll={{ x: 'max-content' }}
            locale={{ emptyText: <Empty title={w.nobody} hint={w.nobodyHint} /> }}
            onRow={person => ({ onClick: () => setOpen(person), style: { cursor: 'pointer', opacity: person.retired ? 0.6 : 1 } })}
            columns={[
              {
                key: 'name',
                title: w.person,
                render: (_, p) => (
                  <span className="row nowrap">
                    <Avatar name={p.name} />
                    <b className="m5">{p.name}</b>
                    <span className="t3">{p.login}</span>
                  </span>
                ),
              },
              { key: 'role', title: w.role, width: 128, render: (_, p) => <span className="tag">{named(roles, p.roleId)}</span> },
              { key: 'department', title: w.department, render: (_, p) => named(departments, p.departmentId) },
              { key: 'team', title: w.team, render: (_, p) => <span className="t2">{named(groups, p.teamId)}</span> },
              {
                key: 'acts',
                align: 'end',
                width: 140,
                render: (_, p) => (
                  <span className="row" style={{ justifyContent: 'flex-end' }}>
                    {p.retired && <span className="tag">{w.retired}</span>}
                    <Button
                      type="text"
                      size="small"
                      disabled={p.id === me?.user.id}
                      onClick={e => {
                        e.stopPropagation()
                        void retire(p, !p.retired)
                      }}
                    >
                      {p.retired ? w.restore : w.retire}
                    </Button>
                  </span>
                ),
              },
            ]}
          />
        </div>
      )}
      <FormDrawer<Values>
        open={open !== null}
        title={open === 'new' || open === null ? w.addPerson : open.name}
        values={open === 'new' || open === null ? {} : open}
        close={() => setOpen(null)}
        save={async ({ name, login, password, departmentId, teamId, roleId }) => {
          const body = { name, login, roleId, departmentId: departmentId ?? null, teamId: teamId ?? null }
          if (open === 'new') await call(identity.addPerson, { body: { ...body, password: password ?? '' } })
          else if (open) await call(identity.changePerson, { id: open.id, body: { ...body, ...(password ? { password } : {}) } })
          await queryClient.invalidateQueries({ queryKey: ['people'] })
          tell(w.saved)
        }}
      >
        <Form.Item name="name" label={w.name} rules={[{ required: true, whitespace: true, message: w.required }]}>
          <Input maxLength={60} autoFocus autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="login"
          label={w.login}
          extra={w.loginBad}
          rules={[{ required: true, pattern: /^[a-z0-9][a-z0-9._@-]{1,63}$/, message: w.loginBad }]}
        >
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="password"
          label={open === 'new' ? w.passwordNew : w.passwordChange}
          {...(open === 'new' ? {} : { extra: w.passwordChangeHint })}
          rules={[{ required: open === 'new', min: 8, message: w.passwordShort }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item name="roleId" label={w.role} rules={[{ required: true, message: w.required }]}>
          <Select options={roles.map(r => ({ value: r.id, label: nameOf(r) }))} />
        </Form.Item>
        <DepartmentPick name="departmentId" label={w.department} />
        <TeamPick />
      </FormDrawer>
    </div>
  )
}

/** Only the teams of the chosen department. */
function TeamPick() {
  const departmentId: unknown = Form.useWatch('departmentId')
  const all = useFetch(teams.list, { query: {} }).data ?? []
  const here = all.filter(t => t.departmentId === departmentId)
  return (
    <Form.Item name="teamId" label={w.team}>
      <Select allowClear disabled={here.length === 0} placeholder={w.none} options={here.map(t => ({ value: t.id, label: t.name }))} />
    </Form.Item>
  )
}
