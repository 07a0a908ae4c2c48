import { Checkbox, Form, InputNumber, Select } from 'antd'
import { limited, type PermissionName, permissions, Scope, unscoped } from '#contract/rights.ts'
import { useMe } from '../app/me.ts'
import { groupOf, permissionWord, scopeWords } from '../identity/permissions.words.ts'
import { s } from './security.words.ts'

type Given = Partial<Record<PermissionName, Scope>>
const reach = Scope.options

/** Every permission there is, by business, each with how far it reaches. What one may not oneself cannot be given. */
export function GrantsField({ limits = false, fixed = false }: { limits?: boolean; fixed?: boolean }) {
  return (
    <Form.Item name="grants" label={s.grants}>
      <Grants limits={limits} fixed={fixed} />
    </Form.Item>
  )
}

function Grants({
  value = {},
  onChange,
  limits,
  fixed,
}: {
  value?: Given
  onChange?: (value: Given) => void
  limits: boolean
  fixed: boolean
}) {
  const mine = useMe()?.permissions ?? {}
  const groups = [...new Set(permissions.map(groupOf))]
  const give = (permission: PermissionName, scope: Scope | null) => {
    const { [permission]: _, ...rest } = value
    onChange?.(scope === null ? rest : { ...rest, [permission]: scope })
  }
  return (
    <div className="grants">
      {groups.map(group => (
        <fieldset key={group}>
          <legend>{group}</legend>
          {permissions
            .filter(permission => groupOf(permission) === group)
            .map(permission => {
              const most = mine[permission]
              const scope = value[permission]
              const wholly = unscoped.includes(permission)
              return (
                <div key={permission}>
                  <Checkbox
                    checked={scope !== undefined}
                    disabled={fixed || (most === undefined && scope === undefined)}
                    onChange={e => give(permission, e.target.checked ? (wholly ? 'all' : (most ?? 'own')) : null)}
                  >
                    {permissionWord(permission)}
                  </Checkbox>
                  {scope !== undefined && limits && permission in limited && !fixed && (
                    <Form.Item name={['limits', permission]} noStyle>
                      <InputNumber
                        min={0}
                        max={100_000}
                        precision={0}
                        size="small"
                        placeholder={s.noLimit}
                        aria-label={s.perDay}
                        suffix={s.times}
                        style={{ width: 112 }}
                      />
                    </Form.Item>
                  )}
                  {permission.endsWith(':configure') && (
                    <span className="t3 f12" title={s.wholeHouseHint}>
                      {s.wholeHouse}
                    </span>
                  )}
                  {scope !== undefined && !wholly && (
                    <Select
                      size="small"
                      value={scope}
                      disabled={fixed}
                      aria-label={permissionWord(permission)}
                      style={{ width: 96 }}
                      onChange={next => give(permission, next)}
                      options={reach.map(each => ({
                        value: each,
                        label: scopeWords[each],
                        disabled: most === undefined || reach.indexOf(each) > reach.indexOf(most),
                      }))}
                    />
                  )}
                </div>
              )
            })}
        </fieldset>
      ))}
    </div>
  )
}
