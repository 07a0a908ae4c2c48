import { Form, Input, Radio, Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type * as z from 'zod'
import type { Schema } from '#contract/endpoint.ts'
import { departments } from '#contract/people.ts'
import { type NewTicket, Priority, type Ticket, ticketCategories, ticketKinds, tickets } from '#contract/tickets.ts'
import { call } from '../kit/call.ts'
import { queryClient, useFetch } from '../kit/data.ts'
import { FieldInput } from '../kit/FieldInput.tsx'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { newClientId } from '../kit/ids.ts'
import { Failure, PriorityBars } from '../kit/parts.tsx'
import { nameOf } from '../kit/words.ts'
import { w } from './form.words.ts'
// What the server may refuse about a ticket, for pages that open no other part of this domain.
import './words.ts'
import { type Guess, guess, guessFields, titleFrom } from './guess.ts'

type New = z.output<typeof NewTicket>
type Values = Pick<New, 'kindId' | 'categoryId' | 'title' | 'text' | 'place' | 'priority' | 'departmentId'> & {
  fields: Record<string, unknown>
}
export type TicketSeed = {
  customerId?: string | null
  customerName?: string
  conversationId?: string | null
  interactionId?: string | null
  place?: string /** What the customer wrote. */
  said?: readonly string[]
  subject?: string
  /** The call it comes out of, in words. */
  call?: string
}

const kept = { query: {} }

/** A new ticket, prefilled from where it comes from. Everything is reached by Tab and arrows; ⌘Enter opens it. */
export function TicketForm({
  open,
  seed,
  close,
  opened,
  head,
}: {
  open: boolean
  seed: TicketSeed
  close: () => void
  opened: (ticket: Ticket) => void
  /** Above the fields, within the form: who it is for, where that is not known yet. */
  head?: React.ReactNode
}) {
  const kinds = useFetch(ticketKinds.list, kept, { staleTime: 300_000 })
  const categories = useFetch(ticketCategories.list, kept, { staleTime: 300_000 })
  const units = useFetch(departments.list, kept, { staleTime: 300_000 })
  // Made when the form opens: sending the same form again opens no second ticket.
  const [clientId] = useState(newClientId)
  const error = kinds.error ?? categories.error ?? units.error
  if (error)
    return (
      <Failure
        error={error}
        retry={() => {
          void kinds.refetch()
          void categories.refetch()
          void units.refetch()
        }}
      />
    )
  if (!kinds.data || !categories.data || !units.data) return null

  const live = kinds.data.filter(k => !k.retired).sort((a, b) => a.position - b.position)
  const sorts = categories.data.filter(c => !c.retired).sort((a, b) => a.position - b.position)
  const said = [...(seed.said ?? []), ...(seed.subject ? [seed.subject] : [])]
  const found = guess(live, sorts, said.join('\n'))
  const category = sorts.find(c => c.id === found?.categoryId)
  const values: Values = {
    kindId: found?.kindId ?? live[0]?.id ?? '',
    categoryId: category?.id ?? null,
    title: titleFrom(seed.said ?? [], w.greeting) || (seed.subject ?? ''),
    text: (seed.said ?? []).join('\n').slice(0, 4000),
    place: seed.place ?? '',
    priority: category?.priority ?? 'normal',
    departmentId: category?.departmentId ?? null,
    fields: guessFields(live.find(k => k.id === found?.kindId)?.fields ?? [], said.join('\n')),
  }
  const save = async ({ fields, ...form }: Values) => {
    const own = live.find(k => k.id === form.kindId)?.fields ?? []
    const filled = Object.fromEntries(
      own.flatMap(f => {
        const value = fields?.[f.key]
        return value === undefined || value === null || value === '' ? [] : [[f.key, value]]
      }),
    )
    const ticket = await call(tickets.open, {
      body: {
        ...form,
        categoryId: form.categoryId ?? null,
        departmentId: form.departmentId ?? null,
        fields: filled,
        customerId: seed.customerId ?? null,
        conversationId: seed.conversationId ?? null,
        ...(seed.interactionId ? { interactionId: seed.interactionId } : {}),
        clientId,
      },
    })
    for (const noun of ['tickets', 'customers']) void queryClient.invalidateQueries({ queryKey: [noun] })
    opened(ticket)
  }
  return (
    <FormDrawer<Values> open={open} title={w.title} values={values} save={save} close={close} saveWord={w.open} width={480}>
      {head}
      <Fields
        kinds={live}
        categories={sorts}
        units={units.data.filter(d => !d.retired && d.takesTickets)}
        guessed={found}
        customerName={seed.customerName}
        call={seed.call}
      />
    </FormDrawer>
  )
}

type Rows<E extends { list: { reply: Schema } }> = z.output<E['list']['reply']>
type Parts = {
  kinds: Rows<typeof ticketKinds>
  categories: Rows<typeof ticketCategories>
  units: Rows<typeof departments>
  guessed: Guess | null
  customerName: string | undefined
  call: string | undefined
}

function Fields({ kinds, categories, units, guessed, customerName, call: ofCall }: Parts) {
  const form = Form.useFormInstance<Values>()
  const kindId = Form.useWatch('kindId', form)
  const kind = kinds.find(k => k.id === kindId)
  const top = useRef<HTMLDivElement>(null)
  // Beside the drawer's own focus, which comes with its opening.
  useEffect(() => {
    const timer = setTimeout(() => top.current?.querySelector<HTMLInputElement>('input:checked')?.focus(), 260)
    return () => clearTimeout(timer)
  }, [])
  const sorts = categories.filter(c => c.kindId === kindId)
  const sort = (id: string | null) => {
    const chosen = categories.find(c => c.id === id)
    if (chosen) form.setFieldsValue({ priority: chosen.priority, departmentId: chosen.departmentId })
  }
  const categoryId = Form.useWatch('categoryId', form)
  const label = (text: string, isGuess: boolean) => (
    <>
      {text}
      {guessed && isGuess && (
        <span className="tag ac" style={{ marginInlineStart: 6 }} title={w.guessedWhy(guessed.word)}>
          {w.guessed}
        </span>
      )}
    </>
  )
  return (
    <>
      {[
        [w.customer, customerName],
        [w.call, ofCall],
      ].map(
        ([name, value]) =>
          value && (
            <p key={name} className="t3" style={{ marginBottom: 12 }}>
              {name}{' '}
              <b className="m5" style={{ color: 'var(--t1)' }}>
                {value}
              </b>
            </p>
          ),
      )}
      <div ref={top}>
        <Form.Item name="kindId" label={label(w.kind, guessed?.kindId === kindId)} rules={[{ required: true, message: w.must }]}>
          <Radio.Group
            optionType="button"
            options={kinds.map(k => ({ value: k.id, label: nameOf(k) }))}
            onChange={() => form.setFieldsValue({ categoryId: null, priority: 'normal', departmentId: null })}
          />
        </Form.Item>
      </div>
      {sorts.length > 0 && (
        <Form.Item name="categoryId" label={label(w.category, guessed?.categoryId != null && guessed.categoryId === categoryId)}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={w.noCategory}
            options={leavesOf(sorts).map(({ category, path }) => ({ value: category.id, label: path }))}
            onChange={sort}
          />
        </Form.Item>
      )}
      {kind?.fields.map(f => (
        <FieldInput key={`${kind.id}.${f.key}`} field={f} />
      ))}
      <Form.Item name="title" label={w.name} rules={[{ required: true, whitespace: true, message: w.must }]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="place" label={w.place}>
        <Input maxLength={200} />
      </Form.Item>
      <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 12 }}>
        <Form.Item name="priority" label={w.priority}>
          <Select
            options={Priority.options.map(p => ({
              value: p,
              label: (
                <span className="row">
                  <PriorityBars priority={p} />
                  {w[p]}
                </span>
              ),
            }))}
          />
        </Form.Item>
        <Form.Item name="departmentId" label={w.department}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={w.noDepartment}
            options={units.map(d => ({ value: d.id, label: nameOf(d) }))}
          />
        </Form.Item>
      </div>
      <Form.Item name="text" label={w.text}>
        <Input.TextArea maxLength={10_000} autoSize={{ minRows: 3, maxRows: 10 }} />
      </Form.Item>
    </>
  )
}

/** Categories that have none below them, by their whole path: 漏水 › 户内. */
function leavesOf(sorts: Rows<typeof ticketCategories>): { category: Rows<typeof ticketCategories>[number]; path: string }[] {
  const walk = (parentId: string | null, path: string): ReturnType<typeof leavesOf> =>
    sorts
      .filter(c => c.parentId === parentId)
      .flatMap(category => {
        const whole = path ? `${path} › ${nameOf(category)}` : nameOf(category)
        const below = walk(category.id, whole)
        return below.length > 0 ? below : [{ category, path: whole }]
      })
  return walk(null, '')
}
