import type { Calendar, Spans } from '../../core/api/admin-security';
import { dayText, parseDay } from '../../core/formula/zone';

/** A text that cannot be read: which line, counted from 1, or which span. */
export class Unreadable extends Error {
  constructor(
    readonly kind: 'span' | 'date',
    readonly text: string,
    readonly line = 0,
  ) {
    super(text);
  }
}

const span = /^([01]\d|2[0-3]):([0-5]\d)-(([01]\d|2[0-3]):([0-5]\d)|24:00)$/;

/** "09:00-12:00 13:30-18:00" as spans, in order and apart; a dash may be ~ or –, the gap a comma. */
export function parseSpans(text: string): Spans {
  const out: Spans = [];
  let last = '';
  for (const word of text.split(/[\s,，、;；]+/).filter(Boolean)) {
    const m = span.exec(word.replace(/[~～–—－至]/, '-').replace(/：/g, ':'));
    const [from, to] = [m ? `${m[1]}:${m[2]}` : '', m?.[3] ?? ''];
    if (!m || from >= to || from < last) throw new Unreadable('span', word);
    out.push([from, to]);
    last = to;
  }
  return out;
}

export const spansText = (spans: Spans): string => spans.map((s) => s.join('-')).join(' ');

/** The longest run of days one line may name: nobody is off longer. */
const maxRun = 366;

const line = /^(\d{4}-\d{1,2}-\d{1,2})(?:\s*[~～至到]\s*(\d{4}-\d{1,2}-\d{1,2}))?(?:\s+(.*))?$/;

/** "2026-10-01~2026-10-07 国庆节", a line each, as single days. */
export function parseDays(text: string): { date: string; title: string }[] {
  return text.split('\n').flatMap((raw, i) => {
    if (!raw.trim()) return [];
    const m = line.exec(raw.trim());
    const first = m && day(m[1] ?? '');
    const last = m?.[2] ? day(m[2]) : first;
    if (!m || first == null || last == null || last < first || last - first > maxRun) {
      throw new Unreadable('date', raw, i + 1);
    }
    const title = (m[3] ?? '').trim();
    return Array.from({ length: last - first + 1 }, (_, n) => ({ date: dayText(first + n), title }));
  });
}

const day = (text: string) => {
  const [y, m = '', d = ''] = text.split('-');
  return parseDay(`${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`);
};

/** The same days as text; days in a row of one name become one line. */
export function daysText(days: { date: string; title?: string }[]): string {
  const runs: { from: string; to: string; next: number; title: string }[] = [];
  for (const d of [...days].sort((a, b) => a.date.localeCompare(b.date))) {
    const n = parseDay(d.date) ?? 0;
    const before = runs.at(-1);
    const title = d.title ?? '';
    if (before && before.next === n && before.title === title) Object.assign(before, { to: d.date, next: n + 1 });
    else runs.push({ from: d.date, to: d.date, next: n + 1, title });
  }
  return runs.map((r) => `${r.from === r.to ? r.from : `${r.from}~${r.to}`} ${r.title}`.trim()).join('\n');
}

/** Lines like "2026-10-10 调休 09:00-12:00". */
export function parseWorkdays(text: string): Calendar['workdays'] {
  return text.split('\n').flatMap((raw, i) => {
    if (!raw.trim()) return [];
    const words = raw.trim().split(/\s+/);
    const at = words.findIndex((w, n) => n > 0 && /^\d{1,2}[:：]\d/.test(w));
    const hours = at < 0 ? undefined : parseSpans(words.slice(at).join(' '));
    try {
      const days = parseDays(words.slice(0, at < 0 ? undefined : at).join(' '));
      return days.map((d) => ({ ...d, ...(hours && { hours }) }));
    } catch {
      throw new Unreadable('date', raw, i + 1);
    }
  });
}

export const workdaysText = (days: Calendar['workdays']): string =>
  days.map((d) => [d.date, d.title, d.hours && spansText(d.hours)].filter(Boolean).join(' ')).join('\n');
