import { Button, Form, Input, type InputRef, Modal, Select, Switch } from 'antd'
import { useRef, useState } from 'react'
import { peopleExports } from '#contract/lists.ts'
import { accounts, type Person, peopleImports, teams } from '#contract/people.ts'
import { rights } from '#contract/rights.ts'
import { secondFactor } from '#contract/security.ts'
import { useMay, useMe } from '../app/me.ts'
import { CatalogTable, type Column } from '../kit/CatalogTable.tsx'
import { call } from '../kit/call.ts'
import { queryClient, useAct, useFetch, useListing } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { useFilters } from '../kit/filters.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconPlus } from '../kit/icons.ts'
import { ListFoot } from '../kit/ListFoot.tsx'
import { SeekBox } from '../kit/ListParts.tsx'
import { Avatar, Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { undoable } from '../kit/undo.tsx'
import { inView, useViews } from '../kit/views/useViews.ts'
import { ViewBar, ViewTools } from '../kit/views/ViewBar.tsx'
import { nameOf } from '../kit/words.ts'
import { ExportButton } from '../runs/ExportButton.tsx'
import { ImportButton } from '../runs/ImportButton.tsx'
import { DepartmentPick, useDepartments } from './fields.tsx'
import { linkOf, Once } from './Once.tsx'
import { s } from './security.words.ts'
import { w } from './words.ts'

type Values = { name: string; login: string; email?: string | null; departmentId?: string | null; teamId?: string | null; roleId: string }

export default function PeoplePage() {
  const me = useMe()
  const may = useMay()
  const [filters, filter] = useFilters(accounts.people)
  const listing = useListing(accounts.people, filters)
  const roles = useFetch(rights.roles, {}, { enabled: may('identity:read') }).data ?? []
  const departments = useDepartments()
  const groups = useFetch(teams.list, { query: {} }).data ?? []
  const { act: change } = useAct(accounts.changePerson)
  const [open, setOpen] = useState<Person | 'new' | null>(null)
  const [link, setLink] = useState<{ name: string; token: string } | null>(null)
  const seek = useRef<InputRef>(null)
  useHotkey('/', () => seek.current?.focus())
  const named = (all: readonly { id: string; name: string; nameEn?: string }[], id: string | null) => {
    const row = all.find(r => r.id === id)
    return row ? nameOf(row) : ''
  }
  const columns: Column<Person>[] = [
    {
      key: 'name',
      title: w.person,
      order: 'name',
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
  ]
  const views = useViews('people', accounts.people, columns)
  const retire = async (person: Person, retired: boolean) => {
    if (!(await change({ id: person.id, body: { retired } }))) return
    undoable(retired ? w.wasRetired(person.name) : w.wasRestored(person.name), () => void retire(person, !retired))
  }
  const person = open === 'new' ? null : open
  return (
    <div className="page">
      <header>
        <h1>{w.people}</h1>
        <span className="t3 cut">{w.peopleHint}</span>
        <span className="end row wrap">
          <ExportButton of={peopleExports} filter={filters} what={w.people} />
          <ImportButton of={peopleImports} what={w.people} known={s.importKnown} />
          <Button type="primary" icon={<IconPlus size={16} />} onClick={() => setOpen('new')}>
            {w.addPerson}
          </Button>
        </span>
      </header>
      <ViewBar of={views} first={w.people} />
      <div className="row wrap">
        <div style={{ width: 240 }}>
          <SeekBox hint={w.findPerson} text={filters.q ?? ''} seek={q => filter({ q })} field={seek} />
        </div>
        <Choice all={s.anyTeam} value={filters.teamId} among={groups} choose={teamId => filter({ teamId })} />
        <Choice all={s.anyRole} value={filters.roleId} among={roles} choose={roleId => filter({ roleId })} />
        <span className="row f12 t3">
          <Switch
            size="small"
            checked={filters.state === 'all'}
            onChange={on => filter({ state: on ? 'all' : undefined })}
            aria-label={w.withRetired}
          />
          {w.withRetired}
        </span>
        <ViewTools of={views} />
      </div>
      {listing.error && <Failure error={listing.error} retry={listing.refetch} readAt={listing.readAt} />}
      {listing.first ? (
        <Waiting />
      ) : (
        <>
          <CatalogTable<Person>
            rows={listing.rows}
            views={views}
            open={setOpen}
            retire={p => (p.id === me?.user.id ? null : () => void retire(p, !p.retired))}
            empty={{ title: w.nobody, hint: w.nobodyHint }}
            columns={inView(views, columns)}
          />
          <ListFoot list={listing} />
        </>
      )}
      <FormDrawer<Values>
        open={open === 'new' || person !== null}
        title={person ? person.name : w.addPerson}
        values={person ?? {}}
        close={() => setOpen(null)}
        save={async ({ name, login, email, departmentId, teamId, roleId }) => {
          const body = { name, login, email: email || null, roleId, departmentId: departmentId ?? null, teamId: teamId ?? null }
          if (person) await call(accounts.changePerson, { id: person.id, body })
          else {
            const { id } = await call(accounts.addPerson, { body })
            setLink({ name, token: (await call(accounts.makePasswordLink, { id })).token })
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
        <Form.Item name="email" label={s.email} extra={s.emailHint} rules={[{ type: 'email', message: s.emailBad }]}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item name="roleId" label={w.role} rules={[{ required: true, message: w.required }]}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            options={roles.filter(r => !r.retired).map(r => ({ value: r.id, label: nameOf(r) }))}
          />
        </Form.Item>
        <DepartmentPick name="departmentId" label={w.department} />
        <TeamPick />
        {person && !person.retired && <Door person={person} shown={token => setLink({ name: person.name, token })} />}
      </FormDrawer>
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

/** One of these, or any. */
function Choice({
  all,
  value,
  among,
  choose,
}: {
  all: string
  value: string | undefined
  among: readonly { id: string; name: string; nameEn?: string; retired: boolean }[]
  choose: (id: string | undefined) => void
}) {
  return (
    <Select
      style={{ width: 144 }}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      placeholder={all}
      aria-label={all}
      value={value ?? null}
      onChange={id => choose(id ?? undefined)}
      options={among.filter(row => !row.retired).map(row => ({ value: row.id, label: nameOf(row) }))}
    />
  )
}

/** How this person comes in: a new password by a link, and the way out for who lost the telephone. */
function Door({ person, shown }: { person: Person; shown: (token: string) => void }) {
  const link = useAct(accounts.makePasswordLink, { also: ['people'], done: made => shown(made.token) })
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
