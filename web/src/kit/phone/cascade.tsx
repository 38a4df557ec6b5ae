import { useState } from 'react';
import { useT } from '../../texts';
import { OptionList } from '../shared/option-list';
import { Sheet } from '../shared/sheet';
import type { Choice, MultiSelectProps } from '../types';
import { Trigger } from './trigger';

/** A path through levels of options: each pick goes one level down, the last closes. */
export function Cascade({ choices, value, onChange, ...rest }: MultiSelectProps) {
  const t = useT();
  const [path, setPath] = useState<string[] | null>(null);
  const levels = path ? walk(choices, path) : [];
  const level = levels[levels.length - 1] ?? choices;
  return (
    <>
      <Trigger
        {...rest}
        text={textOf(choices, value)}
        open={!!path}
        onClick={() => setPath([])}
        onClear={rest.required ? undefined : () => onChange([])}
      />
      <Sheet open={!!path} title={rest.label || t('common.select')} onClose={() => setPath(null)}>
        <div className="fw-crumbs">
          {path?.map((v, i) => (
            <button key={v} type="button" className="fw-link" onClick={() => setPath(path.slice(0, i))}>
              {levels[i]?.find((c) => c.value === v)?.text}
            </button>
          ))}
          <span className="fw-placeholder">{t('common.select')}</span>
        </div>
        <OptionList
          key={path?.length}
          choices={level}
          chosen={value}
          label={rest.label ?? ''}
          arrow={level.some((c) => c.children?.length)}
          onPick={(c) => {
            const next = [...(path ?? []), c.value];
            if (c.children?.length) return setPath(next);
            onChange(next);
            setPath(null);
          }}
        />
      </Sheet>
    </>
  );
}

/** The lists of options along a path, the first level first. */
function walk(choices: Choice[], path: string[]): Choice[][] {
  const out = [choices];
  for (const v of path) out.push(out[out.length - 1]?.find((c) => c.value === v)?.children ?? []);
  return out;
}

function textOf(choices: Choice[], path: string[]): string {
  const levels = walk(choices, path);
  return path.map((v, i) => levels[i]?.find((c) => c.value === v)?.text ?? v).join(' / ');
}
