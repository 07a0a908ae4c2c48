import { Button, Tooltip } from 'antd'
import { type ClipboardEvent, type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react'
import type { Conversation } from '#contract/messaging.ts'
import { say } from '../app/live.ts'
import { FilePick } from '../kit/FilePick.tsx'
import { useDraft, useHotkey } from '../kit/hotkeys.ts'
import { IconFile, IconLock, IconPaperclip, IconSlash, IconX } from '../kit/icons.ts'
import { ProgressBar } from '../kit/ProgressBar.tsx'
import { Kbd } from '../kit/parts.tsx'
import { refusalText } from '../kit/words.ts'
import { ringsNow } from '../routing/presence.ts'
import { type Attachment, sizeText, type useAttachments } from './attach.ts'
import { send } from './outbox.ts'
import { filled, firstGap } from './placeholders.ts'
import { type Snippet, tokenAt } from './rules.ts'
import { useFacts, useSnippets } from './snippets.ts'
import { w } from './words.ts'

const most = 2000
const typingMs = 1_600
export type ComposerHandle = { focus: () => void; insert: (text: string) => void }

/** Where one writes. `answers`: this person may speak to the customer; otherwise only notes are written. */
export function Composer({
  c,
  answers,
  files: { files, add, retry, remove, clear },
  ref,
}: {
  c: Conversation
  answers: boolean
  files: ReturnType<typeof useAttachments>
  ref: Ref<ComposerHandle>
}) {
  const [text, write] = useDraft(`conversation.${c.id}`)
  const [asNote, setAsNote] = useState(false)
  const note = asNote || !answers
  const field = useRef<HTMLTextAreaElement>(null)
  const typedAt = useRef(0)
  const [caret, setCaret] = useState(0)
  const [chosen, setChosen] = useState(0)
  const [shut, setShut] = useState<string | null>(null)
  const token = note ? null : tokenAt(text, caret)
  const asked = token !== null && token.word !== shut
  const snippets = useSnippets(asked ? token.word : null)
  const listed = asked && snippets.length > 0
  const uploading = files.some(f => !f.card && !f.failed)
  const ready = files.filter(f => f.card)
  const over = text.length - most
  const facts = useFacts(c, listed)
  const gap = note ? null : firstGap(text)
  const maySend = !uploading && over <= 0 && gap === null && (text.trim() !== '' || ready.length > 0)

  const put = (next: string, at = next.length, to = at) => {
    write(next)
    setCaret(to)
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(at, to)
    })
  }
  // The conversation that was opened is the one that is written in; not on a phone, where the keyboard would cover it.
  useEffect(() => {
    const at = document.activeElement
    if (matchMedia('(min-width: 641px)').matches && !(at instanceof HTMLElement && at.closest('input, textarea, .ringing, .ant-drawer')))
      field.current?.focus()
  }, [])
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus(), insert: more => put(text ? `${text} ${more}` : more) }))
  useHotkey(
    'n',
    () => {
      setAsNote(true)
      field.current?.focus()
    },
    answers,
  )
  useHotkey(
    'r',
    () => {
      setAsNote(false)
      field.current?.focus()
    },
    answers,
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the words
  useEffect(() => {
    const el = field.current
    if (!el) return
    el.style.height = 'auto'
    el.style.height = `${Math.min(168, Math.max(42, el.scrollHeight))}px`
  }, [text, c.id])

  const submit = () => {
    if (!maySend) return
    // Each file is a message; the words go with the last one.
    for (const [n, f] of ready.entries()) send(c.id, { text: n === ready.length - 1 ? text.trim() : '', note, file: f.card })
    if (ready.length === 0) send(c.id, { text: text.trim(), note })
    write('')
    clear()
    setAsNote(false)
  }
  const insert = (snippet: Snippet) => {
    if (!token) return
    const words = filled(snippet.words, facts)
    const next = text.slice(0, token.from) + words + text.slice(caret)
    // What is not known is chosen, so that the next key replaces it.
    const open = firstGap(words)
    if (open) put(next, token.from + open.from, token.from + open.to)
    else put(next, token.from + words.length)
  }
  const key = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // Enter also chooses among candidates while Chinese is being typed; 229 is how older browsers say so.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (listed && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault()
      setChosen((chosen + (event.key === 'ArrowDown' ? 1 : snippets.length - 1)) % snippets.length)
    } else if (listed && (event.key === 'Enter' || event.key === 'Tab')) {
      event.preventDefault()
      const snippet = snippets[Math.min(chosen, snippets.length - 1)]
      if (snippet) insert(snippet)
    } else if (asked && event.key === 'Escape') {
      event.stopPropagation()
      setShut(token.word)
    } else if (event.key === 'Escape') {
      if (asNote) setAsNote(false)
      else field.current?.blur()
    } else if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      // With nothing written, the key with ⌘ belongs to the page, and to what rings in any case.
      if ((event.metaKey || event.ctrlKey) && (!maySend || ringsNow())) return
      event.preventDefault()
      event.stopPropagation()
      event.nativeEvent.stopImmediatePropagation()
      submit()
    }
  }
  const typed = (next: string, at: number) => {
    write(next)
    setCaret(at)
    setChosen(0)
    if (note || next === '' || Date.now() - typedAt.current < typingMs) return
    typedAt.current = Date.now()
    say('typing', { conversationId: c.id })
  }
  const paste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return
    event.preventDefault()
    add(event.clipboardData.files)
  }
  return (
    <div className={`comp ${note ? 'asnote' : ''}`}>
      {listed && <Snippets all={snippets} chosen={Math.min(chosen, snippets.length - 1)} pick={insert} />}
      {asked && !listed && (
        <div className="snippets t3 f12" role="status">
          {w.noSnippet}
        </div>
      )}
      <div className="tabs12 row f12" role="tablist">
        {answers && (
          <button
            type="button"
            role="tab"
            aria-selected={!note}
            onClick={() => {
              setAsNote(false)
              field.current?.focus()
            }}
          >
            {w.reply}
          </button>
        )}
        <button
          type="button"
          role="tab"
          aria-selected={note}
          onClick={() => {
            setAsNote(true)
            field.current?.focus()
          }}
        >
          {note && <IconLock size={12} />}
          {w.note}
          {answers && <kbd>N</kbd>}
        </button>
        {note && <span className="end t3">{w.noteHint}</span>}
      </div>
      <textarea
        ref={field}
        value={text}
        rows={2}
        aria-label={note ? w.note : w.reply}
        placeholder={note ? w.notePlaceholder : w.placeholder}
        {...(listed ? { 'aria-controls': 'snippets', 'aria-activedescendant': `snippet-${Math.min(chosen, snippets.length - 1)}` } : {})}
        onChange={event => typed(event.target.value, event.target.selectionStart)}
        onKeyDown={key}
        onPaste={paste}
        onSelect={event => setCaret(event.currentTarget.selectionStart)}
      />
      {files.length > 0 && (
        <ul className="attached">
          {files.map(f => (
            <Attached key={f.key} file={f} retry={() => retry(f.key)} remove={() => remove(f.key)} />
          ))}
        </ul>
      )}
      <div className="foot row">
        <FilePick pick={add}>
          {open => (
            <Tooltip title={w.attach}>
              <Button type="text" size="small" aria-label={w.attach} icon={<IconPaperclip size={16} stroke={1.75} />} onClick={open} />
            </Tooltip>
          )}
        </FilePick>
        {!note && (
          <Button
            type="text"
            size="small"
            icon={<IconSlash size={14} />}
            onClick={() => {
              setShut(null)
              put(text === '' || text.endsWith(' ') ? `${text}/` : `${text} /`)
            }}
          >
            {w.snippets}
          </Button>
        )}
        {gap && <span className="wac f12">{w.fillFirst(gap.word)}</span>}
        <span className={`end f12 ${over > 0 ? 'bac m5' : 't3'}`}>{over > 0 ? w.tooLong(over) : `${text.length} / ${most}`}</span>
        <Button type="primary" size="small" disabled={!maySend} onClick={submit}>
          {note ? w.keep : w.send} <Kbd>Enter</Kbd>
        </Button>
      </div>
    </div>
  )
}

function Snippets({ all, chosen, pick }: { all: readonly Snippet[]; chosen: number; pick: (snippet: Snippet) => void }) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <div className="snippets">
      <div id="snippets" role="listbox" ref={list} aria-label={w.snippets}>
        {all.map((s, n) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field that owns the list
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field
          <div
            key={s.id}
            id={`snippet-${n}`}
            role="option"
            aria-selected={n === chosen}
            onMouseDown={event => event.preventDefault()}
            onClick={() => pick(s)}
          >
            <b className="m5">/{s.shortcut}</b>
            <span className="cut t2">{s.words}</span>
          </div>
        ))}
      </div>
      <div className="t3 f12 hint">{w.snippetKeys}</div>
    </div>
  )
}

function Attached({ file, retry, remove }: { file: Attachment; retry: () => void; remove: () => void }) {
  return (
    <li className={file.failed ? 'failed' : ''}>
      {file.picture ? <img src={file.picture} alt="" /> : <IconFile size={20} stroke={1.75} />}
      <span className="grow">
        <span className="cut">{file.name}</span>
        {file.failed ? (
          <span className="bac f12" role="alert">
            {refusalText(file.failed)}
          </span>
        ) : file.card ? (
          <span className="t3 f12">{sizeText(file.size)}</span>
        ) : (
          <ProgressBar share={file.share} label={w.uploading(Math.round(file.share * 100))} />
        )}
      </span>
      {file.again && (
        <Button type="link" size="small" aria-label={`${w.retry} ${file.name}`} onClick={retry}>
          {w.retry}
        </Button>
      )}
      <Button type="text" size="small" aria-label={`${w.remove} ${file.name}`} icon={<IconX size={14} />} onClick={remove} />
    </li>
  )
}
