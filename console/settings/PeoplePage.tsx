import { Button, Form, Input, Modal, Select, Switch } from 'antd'
import { useState } from 'react'
import { identity, type Person, secondFactor, teams } from '#contract/identity.ts'
import { useMay, useMe } from '../app/me.ts'
import { CatalogTable } from '../kit/CatalogTable.tsx'
import { call } from '../kit/call.ts'
import { queryClient, useAct, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconFile, IconPlus, IconSearch } from '../kit/icons.ts'
import { Avatar, Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { undoable } from '../kit/undo.tsx'
import { nameOf } from '../kit/words.ts'
import { DepartmentPick, useDepartments } from './fields.tsx'
import { ImportPeople } from './ImportPeople.tsx'
import { linkOf, Once } from './Once.tsx'
import { s } from './security.words.ts'
import { w } from './words.ts'

type Values = { name: string; login: string; departmentId?: string | null; teamId?: string | null; roleId: string }

export default function PeoplePage() {
  const me = useMe()
  const may = useMay()
  const listing = useFetch(identity.people, {})
  const roles = useFetch(identity.roles, {}, { enabled: may('identity:read') }).data ?? []
  const departments = useDepartments()
  const groups = useFetch(teams.list, { query: {} }).data ?? []
  const { act: change } = useAct(identity.changePerson)
  const [open, setOpen] = useState<Person | 'new' | 'import' | null>(null)
  const [link, setLink] = useState<{ name: string; token: string } | null>(null)
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
  const person = open === 'new' || open === 'import' ? null : open
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
          <Button icon={<IconFile size={16} />} onClick={() => setOpen('import')}>
            {s.importPeople}
          </Button>
          <Button type="primary" icon={<IconPlus size={16} />} onClick={() => setOpen('new')}>
            {w.addPerson}
          </Button>
        </span>
      </header>
      {listing.error && <Failure error={listing.error} retry={() => void listing.refetch()} readAt={listing.dataUpdatedAt} />}
      {listing.isPending ? (
        <Waiting />
      ) : (
        <CatalogTable<Person>
          rows={rows}
          open={setOpen}
          retire={p => (p.id === me?.user.id ? null : () => void retire(p, !p.retired))}
          empty={{ title: w.nobody, hint: w.nobodyHint }}
          columns={[
            {
              key: 'name',
              title: w.person,
              show: p => (
                <span className="row nowrap">
                  <Avatar name={p.name} />
                  <b className="m5">{p.name}</b>
                  <span className="t3">{p.login}</span>
                  {!p.hasPassword && <span className="tag wa">{s.noPassword}</span>}
                </span>
              ),
            },
            { key: 'role', title: w.role, width: 128, show: p => <span className="tag">{named(roles, p.roleId)}</span> },
            { key: 'department', title: w.department, show: p => named(departments, p.departmentId) },
            { key: 'team', title: w.team, show: p => <span className="t2">{named(groups, p.teamId)}</span> },
            { key: 'second', title: s.secondStep, width: 96, show: p => p.secondFactor && <span className="tag ok">{s.on}</span> },
          ]}
        />
      )}
      <FormDrawer<Values>
        open={open === 'new' || person !== null}
        title={person ? person.name : w.addPerson}
        values={person ?? {}}
        close={() => setOpen(null)}
        save={async ({ name, login, departmentId, teamId, roleId }) => {
          const body = { name, login, roleId, departmentId: departmentId ?? null, teamId: teamId ?? null }
          if (person) await call(identity.changePerson, { id: person.id, body })
          else {
            const { id } = await call(identity.addPerson, { body })
            setLink({ name, token: (await call(identity.makePasswordLink, { id })).token })
          }
          await queryClient.invalidateQueries({ queryKey: ['people'] })
          if (person) tell(w.saved)
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
        <Form.Item name="roleId" label={w.role} rules={[{ required: true, message: w.required }]}>
          <Select options={roles.filter(r => !r.retired).map(r => ({ value: r.id, label: nameOf(r) }))} />
        </Form.Item>
        <DepartmentPick name="departmentId" label={w.department} />
        <TeamPick />
        {person && !person.retired && <Door person={person} shown={token => setLink({ name: person.name, token })} />}
      </FormDrawer>
      <ImportPeople open={open === 'import'} close={() => setOpen(null)} />
      <Modal
        open={link !== null}
        title={link && s.linkFor(link.name)}
        onCancel={() => setLink(null)}
        footer={<Button onClick={() => setLink(null)}>{s.done}</Button>}
        mask={{ closable: false }}
      >
        {link && <Once text={linkOf(link.token)} hint={s.linkHint} />}
      </Modal>
    </div>
  )
}

/** How this person comes in: a new password by a link, and the way out for who lost the telephone. */
function Door({ person, shown }: { person: Person; shown: (token: string) => void }) {
  const link = useAct(identity.makePasswordLink, { also: ['people'], done: made => shown(made.token) })
  const off = useAct(secondFactor.removeOf, { done: () => tell(s.takenOff) })
  return (
    <>
      <Form.Item label={s.link} extra={s.linkHint}>
        <Button loading={link.acting} onClick={() => void link.act({ id: person.id })}>
          {s.makeLink}
        </Button>
      </Form.Item>
      {person.secondFactor && (
        <Form.Item label={s.secondStep} extra={s.lostPhoneHint}>
          <Button loading={off.acting} onClick={() => void off.act({ id: person.id })}>
            {s.lostPhone}
          </Button>
        </Form.Item>
      )}
    </>
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
