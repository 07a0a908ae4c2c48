import { Button, Form, Input, Segmented } from 'antd'
import { useState } from 'react'
import type { AnnouncementSounds, HeardSound } from '#contract/sounds.ts'
import { type Announcement, announcements } from '#contract/voiceSettings.ts'
import { CatalogHeader, retiring } from '../../kit/CatalogHeader.tsx'
import { CatalogTable } from '../../kit/CatalogTable.tsx'
import { call } from '../../kit/call.ts'
import { queryClient, useFetch } from '../../kit/data.ts'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { IconPlayerPlay } from '../../kit/icons.ts'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { clockText } from '../../kit/time.ts'
import { language, nameOf } from '../../kit/words.ts'
import { SoundPick } from './SoundPick.tsx'
import { hush, playSounds, useSounds } from './sounding.ts'
import { w } from './words.ts'

type Row = Announcement & { id: string; retired: boolean }
type Values = Omit<Announcement, 'fileId' | 'fileIdEn'> & { zh: HeardSound | null; en: HeardSound | null }
const retire = retiring(announcements.retire)

/** Words and music that flows play: brought as a file, recorded here, or spoken. */
export default function AnnouncementsPage() {
  const [withRetired, setWithRetired] = useState(false)
  const [open, setOpen] = useState<Row | 'new' | null>(null)
  const listing = useFetch(announcements.list, { query: { retired: withRetired } })
  const sounds = useSounds()
  const [form] = Form.useForm<Values>()
  const kind = Form.useWatch('kind', form)
  const row = open === 'new' ? null : open
  const had = row ? sounds.get(row.id) : undefined
  const refresh = () => {
    for (const noun of ['announcements', 'announcement-sounds']) void queryClient.invalidateQueries({ queryKey: [noun] })
  }
  return (
    <div className="page">
      <CatalogHeader
        title={w.announcements}
        hint={w.announcementsHint}
        retired={[withRetired, setWithRetired]}
        add={{ label: w.addAnnouncement, begin: () => setOpen('new') }}
      />
      {listing.error && <Failure error={listing.error} retry={() => void listing.refetch()} readAt={listing.dataUpdatedAt} />}
      {listing.isPending ? (
        <Waiting />
      ) : (
        <CatalogTable<Row>
          rows={listing.data ?? []}
          open={setOpen}
          retire={one => () => void retire(one, one.name, !one.retired).then(refresh)}
          empty={{ title: w.noAnnouncements, hint: w.noAnnouncementsHint }}
          columns={[
            {
              key: 'name',
              title: w.name,
              show: one => (
                <span className="col" style={{ maxWidth: 320 }}>
                  <b className="m5">{one.name}</b>
                  <span className="t3 f12 cut">{(language() === 'en' && one.textEn) || one.text}</span>
                </span>
              ),
            },
            {
              key: 'kind',
              title: w.kind,
              width: 72,
              show: one => <span className="t2">{one.kind === 'music' ? w.musicKind : w.prompt}</span>,
            },
            { key: 'sound', title: w.length, width: 216, show: one => <Heard name={one.name} sounds={sounds.get(one.id)} /> },
            {
              key: 'uses',
              title: w.usedIn,
              show: one => {
                const uses = sounds.get(one.id)?.uses ?? []
                return uses.length > 0 ? uses.map(nameOf).join(', ') : <span className="t3">{w.unused}</span>
              },
            },
          ]}
        />
      )}
      <FormDrawer<Values>
        form={form}
        open={open !== null}
        width={480}
        title={row ? row.name : w.addAnnouncement}
        values={row ? { ...row, zh: had?.zh ?? null, en: had?.en ?? null } : { kind: 'prompt', text: '', textEn: '', zh: null, en: null }}
        close={() => {
          hush()
          setOpen(null)
        }}
        save={async ({ zh, en, ...values }) => {
          const body = {
            ...values,
            text: values.text ?? '',
            textEn: values.textEn ?? '',
            fileId: zh?.fileId ?? null,
            fileIdEn: en?.fileId ?? null,
          }
          if (row) await call(announcements.change, { id: row.id, body })
          else await call(announcements.add, { body })
          refresh()
        }}
      >
        <Form.Item name="name" label={w.name} rules={[{ required: true, whitespace: true, message: w.required }]}>
          <Input maxLength={60} autoFocus />
        </Form.Item>
        <Form.Item name="kind" label={w.kind}>
          <Segmented
            options={[
              { value: 'prompt', label: w.prompt },
              { value: 'music', label: w.musicKind },
            ]}
          />
        </Form.Item>
        {kind !== 'music' && (
          <Form.Item name="text" label={`${w.said} · ${w.zh}`}>
            <Input.TextArea maxLength={1000} autoSize={{ minRows: 2, maxRows: 6 }} />
          </Form.Item>
        )}
        <Form.Item name="zh" label={kind === 'music' ? w.musicKind : `${w.announcement} · ${w.zh}`} extra={w.accepted}>
          <SoundPick language="zh" text={() => form.getFieldValue('text')} />
        </Form.Item>
        {kind !== 'music' && (
          <>
            <Form.Item name="textEn" label={`${w.said} · ${w.en}`}>
              <Input.TextArea maxLength={1000} lang="en" autoSize={{ minRows: 2, maxRows: 6 }} />
            </Form.Item>
            <Form.Item name="en" label={`${w.announcement} · ${w.en}`}>
              <SoundPick language="en" text={() => form.getFieldValue('textEn')} />
            </Form.Item>
          </>
        )}
      </FormDrawer>
    </div>
  )
}

function Heard({ name, sounds }: { name: string; sounds: AnnouncementSounds | undefined }) {
  if (!sounds?.zh && !sounds?.en) return <span className="t3">{w.noSound}</span>
  return (
    <span className="soundcell">
      {(['zh', 'en'] as const).map(language => {
        const sound = sounds[language]
        return (
          sound && (
            <Button
              key={language}
              size="small"
              type="text"
              icon={<IconPlayerPlay size={14} />}
              aria-label={w.play(`${name} ${w[language]}`)}
              onClick={e => {
                e.stopPropagation()
                void playSounds([sound.url])
              }}
            >
              {w[language]} {clockText(sound.seconds * 1000)}
            </Button>
          )
        )
      })}
    </span>
  )
}
