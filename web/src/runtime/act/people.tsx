import './act.css';
import { useFields } from '../../fields/context';
import { recall, remember } from '../../fields/org/recent';
import { useMissingTitles } from '../../fields/titles';
import { CheckboxGroup, type Found, type FoundPage, RadioGroup, RemoteSelect } from '../../kit';
import { api } from '../api';

/** Up to this many, the people are all shown at once. */
const few = 12;
/** So many of a given group can be offered; the server names no more at once. */
const most = 200;

/** People found by name, pinyin or department. */
export async function loadUsers(q: string, cursor: string, signal: AbortSignal): Promise<FoundPage> {
  const page = await api.org('users', { q, cursor: cursor || undefined }, { signal });
  return { items: page.items.map((x): Found => ({ value: x.id, text: x.name, note: x.dept })), next: page.next_cursor };
}

/** People of a given group whose name has the words. */
async function loadAmong(from: string[], q: string, signal: AbortSignal): Promise<FoundPage> {
  const page = await api.org('users', { ids: from.slice(0, most) }, { signal });
  const word = q.toLowerCase();
  const hits = page.items.filter((x) => `${x.name} ${x.dept ?? ''}`.toLowerCase().includes(word));
  return { items: hits.map((x): Found => ({ value: x.id, text: x.name, note: x.dept })) };
}

export interface PeoplePickerProps {
  id: string;
  title: string;
  value: string[];
  onChange(ids: string[]): void;
  multiple: boolean;
  invalid?: boolean;
  describedBy?: string;
  required?: boolean;
  /** Only these; absent = everybody. */
  from?: string[];
  note?: string;
}

/** Chooses people: among all, or among a few who are given. */
export function PeoplePicker(props: PeoplePickerProps) {
  const { id, title, value, onChange, multiple, invalid, from, describedBy, required = true } = props;
  const { display, learn } = useFields();
  const titleOf = (u: string) => display.users?.[u] ?? u;
  const shown = !!from && from.length <= few;
  useMissingTitles(
    shown ? from : value,
    display.users,
    async (ids) => Object.fromEntries((await api.org('users', { ids })).items.map((x) => [x.id, x.name])),
    (users) => learn({ users }),
  );
  const common = { id, labelId: `${id}-l`, label: title, invalid, describedBy, required };
  const choices = (shown ? from : []).map((u) => ({ value: u, text: titleOf(u) }));
  const Name = shown ? 'span' : 'label';
  return (
    <div className="fw-action-part">
      <Name id={`${id}-l`} htmlFor={shown ? undefined : id}>
        {title}
      </Name>
      {props.note && <p className="fw-action-note">{props.note}</p>}
      {shown && multiple && <CheckboxGroup {...common} value={value} onChange={onChange} choices={choices} />}
      {shown && !multiple && (
        <RadioGroup {...common} value={value[0] ?? ''} onChange={(v) => onChange(v ? [v] : [])} choices={choices} />
      )}
      {!shown && (
        <div className="fw-action-input" data-invalid={invalid || undefined}>
          <RemoteSelect
            {...common}
            multiple={multiple}
            value={value}
            titleOf={titleOf}
            avatar
            recent={from ? undefined : recall('users')}
            load={(q, cursor, signal) => (from ? loadAmong(from, q, signal) : loadUsers(q, cursor, signal))}
            onChange={(ids, picked) => {
              learn({ users: Object.fromEntries(picked.map((p) => [p.value, p.text])) });
              remember('users', picked);
              onChange(ids);
            }}
          />
        </div>
      )}
    </div>
  );
}
