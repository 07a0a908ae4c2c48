import { AutoComplete, Form, Input, Segmented, Select } from 'antd'
import { useRef, useState } from 'react'
import type * as z from 'zod'
import { cannedAnswers } from '#contract/messaging.ts'
import { useMay, useMe } from '../app/me.ts'
import { CatalogHeader, retiring } from '../kit/CatalogHeader.tsx'
import { CatalogTable } from '../kit/CatalogTable.tsx'
import { call } from '../kit/call.ts'
import { queryClient, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { IconSearch } from '../kit/icons.ts'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { language, nameOf } from '../kit/words.ts'
import { filled, placeholders, written } from '../messaging/placeholders.ts'
import { b } from './business.words.ts'
import { TeamPick, useTeams } from './fields.tsx'
import { w } from './words.ts'

type Answer = z.output<typeof cannedAnswers.Row>
type Whose = 'shared' | 'team' | 'own'
type Values = Pick<Answer, 'shortcut' | 'topic' | 'text' | 'textEn'> & { whose: Whose; teamId?: string | null }
const whoseOf = (a: Pick<Answer, 'teamId' | 'ownerId'>): Whose => (a.ownerId ? 'own' : a.teamId ? 'team' : 'shared')

const retire = retiring(cannedAnswers.retire)

export default function CannedPage() {
  const me = useMe()
  const may = useMay()
  const teams = useTeams()
  const [withRetired, setWithRetired] = useState(false)
  const [open, setOpen] = useState<Answer | 'new' | null>(null)
  const [seek, setSeek] = useState('')
  const [whose, setWhose] = useState<Whose | 'all'>('all')
  const listing = useFetch(cannedAnswers.list, { query: { retired: withRetired } })
  const setsUp = may('conversation:configure')
  const leads = may('conversation:supervise')
  const mayChange = (a: Answer) => a.ownerId !== null || setsUp || (leads && a.teamId !== null && a.teamId === me?.user.teamId)
  const all = listing.data ?? []
  const topics = [...new Set(all.map(a => a.topic).filter(t => t !== ''))]
  const word = seek.trim().toLowerCase()
  const rows = all.filter(
    a =>
      (whose === 'all' || whoseOf(a) === whose) &&
      (word === '' || [a.shortcut, a.topic, a.text, a.textEn].some(t => t.toLowerCase().includes(word))),
  )
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['canned-answers'] })
  const whoseWord = { shared: b.shared, team: b.ofTeam, own: b.own }
  const choosable: Whose[] = [
    ...(setsUp ? (['shared'] as const) : []),
    ...(setsUp || (leads && me?.user.teamId) ? (['team'] as const) : []),
    'own',
  ]
  const facts = { customer: b.sampleName, agent: me?.user.name ?? '', ticket: 'BX-0618-0187', organisation: me ? nameOf(me.tenant) : '' }
  return (
    <div className="page">
      <CatalogHeader
        title={w.canned}
        hint={w.cannedHint}
        retired={[withRetired, setWithRetired]}
        add={{ label: b.addCanned, begin: () => setOpen('new') }}
      />
      <div className="row wrap part">
        <Input
          value={seek}
          onChange={e => setSeek(e.target.value)}
          prefix={<IconSearch size={16} />}
          placeholder={b.findCanned}
          aria-label={b.findCanned}
          allowClear
          style={{ width: 240 }}
        />
        <Segmented<Whose | 'all'>
          value={whose}
          onChange={setWhose}
          options={[
            { value: 'all', label: b.everyWhose },
            { value: 'shared', label: b.shared },
            { value: 'team', label: b.ofTeam },
            { value: 'own', label: b.own },
          ]}
        />
      </div>
      {listing.error && <Failure error={listing.error} retry={() => void listing.refetch()} readAt={listing.dataUpdatedAt} />}
      {listing.isPending ? (
        <Waiting />
      ) : rows.length === 0 && all.length > 0 ? (
        <Empty title={b.noneFits} hint={b.noneFitsHint} />
      ) : (
        <CatalogTable<Answer>
          rows={rows}
          open={a => mayChange(a) && setOpen(a)}
          retire={a => (mayChange(a) ? () => void retire(a, a.shortcut, !a.retired) : null)}
          empty={{ title: b.noCanned, hint: b.noCannedHint }}
          columns={[
            { key: 'topic', title: b.topic, width: 112, show: a => <span className="t2">{a.topic || b.noTopic}</span> },
            { key: 'shortcut', title: w.shortcut, width: 120, show: a => <span className="tag">/{a.shortcut}</span> },
            {
              key: 'text',
              title: w.text,
              show: a => (
                <div className="answer">
                  <span className="clip2">{a.text}</span>
                  {a.textEn && (
                    <span className="clip2 t3 f12" lang="en">
                      {a.textEn}
                    </span>
                  )}
                </div>
              ),
            },
            {
              key: 'whose',
              title: b.whose,
              width: 112,
              show: a => (
                <span className="t2">{a.teamId ? (teams.find(t => t.id === a.teamId)?.name ?? b.ofTeam) : whoseWord[whoseOf(a)]}</span>
              ),
            },
          ]}
        />
      )}
      <FormDrawer<Values>
        open={open !== null}
        title={open === 'new' ? b.addCanned : b.editCanned(open ? `/${open.shortcut}` : '')}
        values={open === 'new' || open === null ? { whose: choosable[0] ?? 'own', topic: '' } : { ...open, whose: whoseOf(open) }}
        close={() => setOpen(null)}
        save={async ({ whose: kept, teamId, shortcut, topic, text, textEn }) => {
          const body = {
            ...{ shortcut, topic: topic ?? '', text, textEn: textEn ?? '' },
            teamId: kept === 'team' ? (setsUp ? (teamId ?? null) : (me?.user.teamId ?? null)) : null,
            ownerId: kept === 'own' ? (me?.user.id ?? null) : null,
          }
          if (open === 'new') await call(cannedAnswers.add, { body })
          else if (open) await call(cannedAnswers.change, { id: open.id, body })
          await refresh()
        }}
      >
        <Form.Item name="whose" label={b.whose}>
          <Segmented options={choosable.map(value => ({ value, label: whoseWord[value] }))} />
        </Form.Item>
        {setsUp && <TeamOf />}
        <div className="pairs">
          <Form.Item
            name="shortcut"
            label={w.shortcut}
            extra={w.shortcutHint}
            rules={[{ required: true, whitespace: true, message: w.required }]}
          >
            <Input prefix="/" maxLength={40} autoFocus />
          </Form.Item>
          <Form.Item name="topic" label={b.topic} extra={b.topicHint}>
            <AutoComplete options={topics.map(value => ({ value }))} maxLength={40} />
          </Form.Item>
        </div>
        <Words name="text" label={w.text} must facts={facts} />
        <Words name="textEn" label={w.textEn} facts={facts} />
      </FormDrawer>
    </div>
  )
}

function TeamOf() {
  return Form.useWatch('whose') === 'team' ? <TeamPick name="teamId" label={b.ofTeam} required /> : null
}

/** An answer with its placeholders, and how the customer reads it. */
function Words({
  name,
  label,
  must = false,
  facts,
}: {
  name: 'text' | 'textEn'
  label: string
  must?: boolean
  facts: Record<string, string>
}) {
  const form = Form.useFormInstance<Values>()
  const text: unknown = Form.useWatch(name)
  const field = useRef<HTMLDivElement>(null)
  const tongue = name === 'text' ? language() : 'en'
  const put = (word: string) => {
    const area = field.current?.querySelector('textarea')
    const before = typeof text === 'string' ? text : ''
    const at = area?.selectionStart ?? before.length
    form.setFieldValue(name, before.slice(0, at) + word + before.slice(area?.selectionEnd ?? at))
    requestAnimationFrame(() => {
      area?.focus()
      area?.setSelectionRange(at + word.length, at + word.length)
    })
  }
  const shown = typeof text === 'string' ? filled(text, facts) : ''
  return (
    <div ref={field}>
      <Form.Item
        name={name}
        label={label}
        extra={must ? b.insertHint : w.textEnHint}
        rules={must ? [{ required: true, whitespace: true, message: w.required }] : []}
      >
        <Input.TextArea autoSize={{ minRows: 3, maxRows: 12 }} maxLength={4000} {...(must ? {} : { lang: 'en' })} />
      </Form.Item>
      <div className="row wrap part">
        <Select<string>
          size="small"
          value={null}
          placeholder={b.insert}
          aria-label={b.insert}
          style={{ width: 128 }}
          options={placeholders.map(key => ({ value: written(key, tongue), label: written(key, tongue) }))}
          onChange={put}
        />
        {shown !== text && shown !== '' && (
          <span className="t2 f12">
            {b.previewAs} {shown}
          </span>
        )}
      </div>
    </div>
  )
}
