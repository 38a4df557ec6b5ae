import { area, createTranslator } from '../../core/i18n';
import { useLang } from '../../texts';

const stats = area(
  {
    title: '流程分析',
    of: '{title} · 流程分析',
    period: '统计时间',
    days: '近 {n} 天',
    year: '近一年',
    range: '{from} 至 {until}，时长按工作时间计算',
    none: '这段时间没有结束的流程',
    noneNote: '换一个更长的统计时间试试',
    capped: '数据较多，只统计了最近的 {n} 条',
    count: '已结束',
    median: '时长中位数',
    p90: '90% 不超过',
    running: '进行中',
    overdue: '超时',
    returned: '被退回',
    rejected: '被拒绝',
    approved: '已通过',
    nodes: '各环节',
    node: '环节',
    visits: '处理次数',
    returnRate: '退回率',
    openNow: '正在等待',
    oldest: '最久等待',
    waiting: '等待谁',
    people: '各处理人',
    person: '处理人',
    handled: '已处理',
    weeks: '每周',
    week: '周',
    cases: '结束的流程',
    bottleneck: '当前瓶颈',
    case: '单据',
    since: '已等待',
    late: '已超时',
    minutes: '{n} 分钟',
    hours: '{n} 小时',
    slowest: '用时最长',
    unseen: '无权查看的单据',
  },
  {
    title: 'How the flow fares',
    of: '{title} · how the flow fares',
    period: 'Period',
    days: '{n} days',
    year: '1 year',
    range: '{from} to {until}; durations are working time',
    none: 'No approval ended in this time',
    noneNote: 'Try a longer period',
    capped: 'There is much data: only the newest {n} were counted',
    count: 'Ended',
    median: 'Median',
    p90: '90% take at most',
    running: 'Running',
    overdue: 'Overdue',
    returned: 'Returned',
    rejected: 'Rejected',
    approved: 'Approved',
    nodes: 'By step',
    node: 'Step',
    visits: 'Times',
    returnRate: 'Return rate',
    openNow: 'Waiting now',
    oldest: 'Longest wait',
    waiting: 'Waiting for',
    people: 'By person',
    person: 'Person',
    handled: 'Handled',
    weeks: 'By week',
    week: 'Week',
    cases: 'Ended',
    bottleneck: 'Where it waits now',
    case: 'Record',
    since: 'Waiting',
    late: 'overdue',
    minutes: '{n} min',
    hours: '{n} h',
    slowest: 'slowest',
    unseen: 'a record you may not see',
  },
);

/** The texts themselves, for the test that compares both languages. */
export const statsTexts = stats;

/** Translates the texts of the analytics page. */
export const ts = createTranslator({ stats });

/** The translate function; the component follows a change of language. */
export function useStatsT(): typeof ts {
  useLang();
  return ts;
}
