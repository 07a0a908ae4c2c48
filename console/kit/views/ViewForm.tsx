import { Form, Input, Radio, Switch } from 'antd'
import { type Share, type View, views } from '#contract/views.ts'
import { useMay, useMe } from '../../app/me.ts'
import { call } from '../call.ts'
import { queryClient } from '../data.ts'
import { FormDrawer } from '../FormDrawer.tsx'
import type { SavedViews } from './useViews.ts'
import { v } from './words.ts'

type Values = { name: string; share: Share; pinned: boolean }

type Props = { of: SavedViews; view: View | null; open: boolean; close: () => void }
/** The name of a view, who sees it, and whether it is counted. */
export function ViewForm({ of, view, open, close }: Props) {
  const me = useMe()
  const may = useMay()
  const save = async ({ name, share, pinned }: Values) => {
    const { list, words: query, kept: columns } = of
    // With everybody is an act of its own; a place that is not mine stays as it is.
    const kept = view && share === view.share ? {} : { share: share === 'everybody' ? ('private' as const) : share }
    const saved = view
      ? await call(views.change, {
          id: view.id,
          body: { name, pinned, ...(view.share === 'everybody' && share === 'everybody' ? {} : kept) },
        })
      : await call(views.make, { body: { list, name, query, columns, pinned, ...kept } })
    const shared =
      share === 'everybody' && saved.share !== 'everybody' ? await call(views.publish, { id: saved.id, body: { shared: true } }) : saved
    await queryClient.invalidateQueries({ queryKey: ['views'] })
    if (!view) of.apply(shared)
  }
  const places: readonly { share: Share; name: string; open: boolean }[] = [
    { share: 'private', name: v.private, open: true },
    { share: 'team', name: v.team, open: Boolean(me?.user.teamId) || view?.share === 'team' },
    { share: 'department', name: v.department, open: Boolean(me?.user.departmentId) || view?.share === 'department' },
    { share: 'everybody', name: v.everybody, open: may('view:share') || view?.share === 'everybody' },
  ]
  return (
    <FormDrawer<Values>
      open={open}
      title={view?.name ?? v.newView}
      values={{ name: view?.name ?? '', share: view?.share ?? 'private', pinned: view?.pinned ?? true }}
      close={close}
      save={save}
      width={400}
    >
      <Form.Item name="name" label={v.name} rules={[{ required: true, whitespace: true, message: v.required }]}>
        <Input maxLength={40} autoFocus autoComplete="off" />
      </Form.Item>
      <Form.Item name="share" label={v.share} extra={v.shareHint}>
        <Radio.Group vertical options={places.filter(place => place.open).map(({ share, name }) => ({ value: share, label: name }))} />
      </Form.Item>
      <Form.Item name="pinned" label={v.pinned} extra={v.pinnedHint} valuePropName="checked">
        <Switch />
      </Form.Item>
    </FormDrawer>
  )
}
