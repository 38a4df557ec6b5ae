import { useState } from 'react';
import { ApiError, type FieldFault } from '../../core/api';
import { faultText } from '../../core/i18n';
import { textOf } from '../../kit';
import { ta } from './texts';

/** What is wrong, by the place in the form; "" is what belongs to no place. */
export type Problems = Record<string, string>;

type Key = Parameters<typeof ta>[0];

/** Texts where the place says more than the code alone. */
const own: Record<string, Key> = {
  '/login:duplicate': 'adm.loginTaken',
  '/login:pattern': 'adm.loginPattern',
  '/name:duplicate': 'adm.deptTaken',
  '/name:pattern': 'adm.deptPattern',
  '/parent:cycle': 'adm.below',
  '/parent:unknown': 'adm.goneDept',
  '/depts:unknown': 'adm.goneDept',
  '/manager:cycle': 'adm.ownManager',
  '/manager:unknown': 'adm.gonePerson',
  '/heads:unknown': 'adm.gonePerson',
  '/holders:unknown': 'adm.gonePerson',
  '/scopes:pattern': 'adm.scopePattern',
  '/scopes:length': 'adm.needScope',
  '/host:pattern': 'adm.hostPattern',
  '/host:duplicate': 'adm.hostTaken',
};

/** "/depts/0" is about the field depts. */
const placeOf = (e: FieldFault) => `/${e.path.split('/')[1] ?? ''}`;

/** Sorts a refusal into the places of a form; what it has no place for goes to "". */
export function problemsOf(x: unknown, places: string[]): Problems {
  if (!(x instanceof ApiError) || !x.errors.length) return { '': textOf(x) };
  const out: Problems = {};
  for (const e of x.errors) {
    const place = placeOf(e);
    const key = own[`${place}:${e.code}`];
    const name = place.slice(1);
    out[places.includes(name) ? name : ''] ??= key ? ta(key) : faultText(e);
  }
  return out;
}

/** Runs a save once at a time and keeps what the server found wrong, sorted into the places of the form. */
export function useSave(places: string[], sort = (x: unknown) => problemsOf(x, places)) {
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<Problems>({});
  const run = async (work: () => Promise<void>, found: Problems = {}) => {
    setProblems(found);
    if (busy || Object.keys(found).length) return;
    setBusy(true);
    try {
      await work();
    } catch (x) {
      setProblems(sort(x));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problems, run };
}
