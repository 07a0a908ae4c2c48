import { DatePicker, Drawer, Form, Input, Segmented, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { interactions } from '#contract/interactions.ts'
import { ConsentSource, type ConsentWord, consentStanding, reaching } from '#contract/outgoing.ts'
import { profile } from '#contract/profile.ts'
import { useMay } from '../../app/me.ts'
import { call } from '../../kit/call.ts'
import { queryClient, useFetch } from '../../kit/data.ts'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { channelWord, Failure, Waiting } from '../../kit/parts.tsx'
import { tell } from '../../kit/tell.tsx'
import { day, full } from '../../kit/time.ts'
import type { Cell } from './Wishes.tsx'
import { x } from './wishes.words.ts'

type Props = { customerId: string; cell: Cell | null; writes: boolean; close: () => void }
type Values = {
  given: boolean
  source: ConsentWord['source']
  wording: string
  proof: string
  keptId?: string
  interactionId?: string
  until: Dayjs | null
  at: Dayjs | null
}
const sources = ConsentSource.options.filter(source => source !== 'import')

/** One purpose on one channel: a new word with its proof, and what was said before. Without a cell: all that was ever said. */
export default function WishDrawer({ customerId, cell, writes, close }: Props) {
  if (!cell || !writes)
    return (
      <Drawer open size={440} title={cell ? `${x[cell.purpose]} ${x[cell.channel]}` : `${x.reach} ${x.history}`} onClose={close}>
        <Words customerId={customerId} cell={cell} />
      </Drawer>
    )
  return (
    <FormDrawer<Values>
      open
      title={`${x[cell.purpose]} ${x[cell.channel]}`}
      values={{ given: true, source: 'phone', wording: '', proof: '', until: null, at: null }}
      saveWord={x.record}
      close={close}
      save={async ({ until, at, ...said }) => {
        await call(reaching.consent, {
          id: customerId,
          body: {
            ...cell,
            ...said,
            wording: said.wording ?? '',
            proof: said.proof ?? '',
            keptId: said.keptId ?? null,
            interactionId: said.interactionId ?? null,
            until: until?.endOf('day').toDate() ?? null,
            ...(at && !at.isSame(dayjs(), 'day') ? { at: at.startOf('day').toDate() } : {}),
          },
        })
        await queryClient.invalidateQueries({ queryKey: ['customers'] })
        tell(x.recorded)
      }}
    >
      <Form.Item name="given">
        <Segmented
          options={[
            { value: true, label: x.agreed },
            { value: false, label: x.refused },
          ]}
        />
      </Form.Item>
      <div className="two">
        <Form.Item name="source" label={x.source}>
          <Select options={sources.map(value => ({ value, label: x[value] }))} />
        </Form.Item>
        <Form.Item name="at" label={x.today}>
          <DatePicker placeholder={x.justNow} maxDate={dayjs()} style={{ width: '100%' }} />
        </Form.Item>
      </div>
      <div className="two">
        <Form.Item name="wording" label={x.wording} extra={x.wordingHint}>
          <Input maxLength={120} />
        </Form.Item>
        <Form.Item name="until" label={x.until}>
          <DatePicker placeholder={x.forever} minDate={dayjs()} style={{ width: '100%' }} />
        </Form.Item>
      </div>
      <Form.Item name="proof" label={x.proof} extra={x.proofHint}>
        <Input maxLength={300} />
      </Form.Item>
      <Evidence customerId={customerId} />
      <h4>{x.history}</h4>
      <Words customerId={customerId} cell={cell} />
    </FormDrawer>
  )
}

/** What of theirs shows it: a kept file, a contact. */
function Evidence({ customerId }: { customerId: string }) {
  const may = useMay()
  const files = useFetch(profile.files, { id: customerId, query: {} }).data?.rows ?? []
  const contacts = useFetch(interactions.list, { query: { customerId, size: 20 } }, { enabled: may('interaction:read') }).data?.rows ?? []
  return (
    <>
      {files.length > 0 && (
        <Form.Item name="keptId" label={x.file}>
          <Select allowClear placeholder={x.fileHint} options={files.map(f => ({ value: f.id, label: f.file?.name ?? f.note }))} />
        </Form.Item>
      )}
      {contacts.length > 0 && (
        <Form.Item name="interactionId" label={x.contact}>
          <Select
            allowClear
            options={contacts.map(i => ({ value: i.id, label: `${channelWord(i.channel)} ${full(i.startedAt)} ${i.subject}` }))}
          />
        </Form.Item>
      )}
    </>
  )
}

function Words({ customerId, cell }: { customerId: string; cell: Cell | null }) {
  const { data, error, refetch } = useFetch(reaching.words, { id: customerId }, { keep: false })
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Waiting rows={3} />
  const words = data.filter(one => !cell || (one.purpose === cell.purpose && one.channel === cell.channel))
  if (words.length === 0) return <span className="t3">{x.noHistory}</span>
  /** A no after a yes takes it back. */
  const actOf = (word: ConsentWord, n: number) => {
    if (word.given) return x.agreed
    const before = words.slice(n + 1).find(one => one.purpose === word.purpose && one.channel === word.channel)
    return before?.given ? x.withdrawn : x.refused
  }
  return (
    <ul className="wishwords">
      {words.map((word, n) => (
        <li key={word.id}>
          <div className="row wrap">
            {!cell && (
              <span>
                {x[word.purpose]} {x[word.channel]}
              </span>
            )}
            <span className={`tag ${word.given ? 'ok' : 'ba'}`}>{actOf(word, n)}</span>
            {consentStanding(word, new Date()) === 'expired' && <span className="tag">{x.expired}</span>}
            <time className="t3 f12 end" dateTime={word.at.toISOString()}>
              {full(word.at)}
            </time>
          </div>
          <div className="t2 f12">
            {[x[word.source], word.byName, word.wording, word.proof, word.until && `${x.until} ${day(word.until)}`]
              .filter(Boolean)
              .join(' / ')}
            {word.interactionId && ` / ${x.contact}`}
          </div>
          {word.file && (
            <a className="f12" href={word.file.url} target="_blank" rel="noreferrer">
              {word.file.name}
            </a>
          )}
        </li>
      ))}
    </ul>
  )
}
