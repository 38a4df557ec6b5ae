/** What is wrong with a delegation before it is sent: the field and the key of the text; undefined = nothing. */
export interface PeriodProblem {
  part: 'delegate' | 'from' | 'until';
  text: 'needDelegate' | 'needPeriod' | 'badPeriod' | 'pastPeriod';
}

/** Checks what the server would refuse anyway, to tell it beside the field. Times are RFC 3339, "" = missing. */
export function periodProblem(delegate: string, from: string, until: string, now: number): PeriodProblem | undefined {
  if (!delegate) return { part: 'delegate', text: 'needDelegate' };
  if (!from) return { part: 'from', text: 'needPeriod' };
  if (!until) return { part: 'until', text: 'needPeriod' };
  if (Date.parse(until) <= Date.parse(from)) return { part: 'until', text: 'badPeriod' };
  if (Date.parse(until) <= now) return { part: 'until', text: 'pastPeriod' };
  return undefined;
}

/** The browser and system of a User-Agent header, for people; "" for what is not known. */
export function deviceOf(agent: string): { browser: string; system: string } {
  const browsers: [RegExp, string][] = [
    [/DingTalk/i, 'DingTalk'],
    [/MicroMessenger/i, 'WeChat'],
    [/Edg(?:e|A|iOS)?\//, 'Edge'],
    [/OPR\//, 'Opera'],
    [/Firefox\/|FxiOS/, 'Firefox'],
    [/Chrome\/|CriOS/, 'Chrome'],
    [/Safari\//, 'Safari'],
  ];
  const systems: [RegExp, string][] = [
    [/iPhone/, 'iPhone'],
    [/iPad/, 'iPad'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/Mac OS X|Macintosh/, 'macOS'],
    [/Linux/, 'Linux'],
  ];
  const find = (list: [RegExp, string][]) => list.find(([re]) => re.test(agent))?.[1] ?? '';
  return { browser: find(browsers), system: find(systems) };
}
