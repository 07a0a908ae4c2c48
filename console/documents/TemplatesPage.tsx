import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { TemplateContent } from '#contract/documentBlocks.ts'
import { documents, type TemplateLine } from '#contract/documents.ts'
import { useFresh } from '../app/live.ts'
import { call } from '../kit/call.ts'
import { col } from '../kit/columns.tsx'
import { DataTable } from '../kit/DataTable.tsx'
import { queryClient, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { IconPlus } from '../kit/icons.ts'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { language, nameOf } from '../kit/words.ts'
import { w } from './words.ts'

export default function TemplatesPage() {
  const reading = useFetch(documents.templates, { query: {} })
  const sources = useFetch(documents.sources, {}).data ?? []
  const [adding, setAdding] = useState(false)
  const go = useNavigate()
  useFresh('documentTemplate', 'document-templates')
  const sourceName = (name: string) => {
    const source = sources.find(s => s.name === name)
    return source ? (language() === 'en' ? source.en : source.zh) : name
  }
  return (
    <div className="page">
      <header>
        <h1>{w.templates}</h1>
        <span className="t3 cut">{w.templatesHint}</span>
        <Button className="end" type="primary" icon={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          {w.addTemplate}
        </Button>
      </header>
      {reading.error && !reading.data ? (
        <Failure error={reading.error} retry={() => void reading.refetch()} />
      ) : !reading.data ? (
        <Waiting />
      ) : reading.data.length === 0 ? (
        <Empty title={w.noTemplates} />
      ) : (
        <DataTable<TemplateLine>
          rowKey="id"
          pagination={false}
          dataSource={reading.data}
          columns={[
            {
              key: 'name',
              title: w.template,
              render: (_, t) => (
                <Link className="m5" to={`/documents/templates/${t.id}`}>
                  {nameOf(t)}
                </Link>
              ),
            },
            { key: 'source', title: w.source, width: 176, render: (_, t) => <span className="t2">{sourceName(t.source)}</span> },
            {
              key: 'languages',
              title: w.language,
              width: 120,
              render: (_, t) => <span className="t2">{t.languages.map(l => w[l]).join(' / ')}</span>,
            },
            {
              key: 'inUse',
              title: w.inUse,
              width: 208,
              render: (_, t) => (
                <span className="row">
                  {t.published === null ? <span className="t3">{w.notYet}</span> : w.version(t.published)}
                  {t.changed && t.published !== null && <span className="tag wa">{w.changed}</span>}
                </span>
              ),
            },
            { ...col.time<TemplateLine>('changedAt', w.changedAt), key: 'changedAt' },
          ]}
        />
      )}
      <FormDrawer<{ name: string; nameEn: string; source: string }>
        open={adding}
        close={() => setAdding(false)}
        title={w.addTemplate}
        values={{ nameEn: '' }}
        save={async values => {
          const title = { kind: 'heading' as const, level: 1 as const, text: '{{document.title}}' }
          const made = await call(documents.addTemplate, {
            body: { ...values, draft: TemplateContent.parse({ zh: [title], en: [title] }) },
          })
          void queryClient.invalidateQueries({ queryKey: ['document-templates'] })
          void go({ to: `/documents/templates/${made.id}` })
        }}
      >
        <Form.Item name="name" label={w.nameZh} rules={[{ required: true, message: w.required }]}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="nameEn" label={w.nameEn}>
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="source" label={w.source} rules={[{ required: true, message: w.required }]}>
          <Select options={sources.map(s => ({ value: s.name, label: language() === 'en' ? s.en : s.zh }))} />
        </Form.Item>
      </FormDrawer>
    </div>
  )
}
