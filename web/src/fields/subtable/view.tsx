import './subtable.css';
import type { Field } from '../../core/api';
import { Decimal } from '../../core/formula/decimal';
import { useMode } from '../../kit';
import { useT } from '../../texts';
import { asRows, CellView, isNumeric, type ViewProps } from '../view';

/** The sum (or other summary) of a column over rows, as a wire value; undefined when there is nothing to sum. */
export function summarize(fn: string, values: unknown[]): string | undefined {
  const numbers = values.flatMap((v) =>
    v === undefined || v === null || v === '' ? [] : (Decimal.parse(String(v)) ?? []),
  );
  if (fn === 'count') return String(numbers.length);
  const [first, ...rest] = numbers;
  if (!first) return undefined;
  if (fn === 'min' || fn === 'max')
    return rest.reduce((a, b) => ((fn === 'min' ? b.cmp(a) < 0 : b.cmp(a) > 0) ? b : a), first).toString();
  const sum = rest.reduce((a, b) => a.add(b), first);
  if (fn !== 'avg') return sum.toString();
  return sum.div(Decimal.of(numbers.length))?.round(6).trim().toString();
}

/** A card of a row leaves out what is not filled: cards have no columns to keep. */
const isBlank = (v: unknown) => v === undefined || v === null || v === '' || (Array.isArray(v) && !v.length);

/** Rows read: a table on a desktop, cards on a phone. */
export default function SubtableView({ field, value }: ViewProps) {
  const mode = useMode();
  const rows = asRows(value);
  const columns = (field.columns ?? []).filter((c) => !c.hidden);
  if (mode === 'desktop') return <ViewTable field={field} columns={columns} rows={rows} />;
  return (
    <div className="fw-rows-view">
      {rows.map((row, i) => (
        <dl key={row.id ?? i} className="fw-row-card">
          {columns
            .filter((c) => !isBlank(row[c.key]))
            .map((c) => (
              <div key={c.key}>
                <dt>{c.title}</dt>
                <dd>
                  <CellView field={c} value={row[c.key]} />
                </dd>
              </div>
            ))}
        </dl>
      ))}
      <Totals field={field} columns={columns} rows={rows} />
    </div>
  );
}

function ViewTable({ field, columns, rows }: { field: Field; columns: Field[]; rows: ReturnType<typeof asRows> }) {
  const t = useT();
  const totals = field.summary ?? {};
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <div className="fw-table-scroll" tabIndex={0} role="region" aria-label={field.title}>
      <table className="fw-table">
        <thead>
          <tr>
            <th className="fw-col-no">#</th>
            {columns.map((c) => (
              <th key={c.key} className={isNumeric(c) ? 'fw-align-right' : undefined}>
                {c.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={row.id ?? i}>
              <td className="fw-col-no">{i + 1}</td>
              {columns.map((c) => (
                <td key={c.key} className={isNumeric(c) ? 'fw-align-right' : undefined}>
                  <CellView field={c} value={row[c.key]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {Object.keys(totals).length > 0 && (
          <tfoot>
            <tr>
              <th scope="row" className="fw-col-no">
                {t('form.sum')}
              </th>
              {columns.map((c) => (
                <td key={c.key} className={isNumeric(c) ? 'fw-align-right' : undefined}>
                  {totals[c.key] && (
                    <CellView
                      field={c}
                      value={summarize(
                        totals[c.key] ?? '',
                        rows.map((r) => r[c.key]),
                      )}
                    />
                  )}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

/** The summaries of a subtable in one line. */
export function Totals({ field, columns, rows }: { field: Field; columns: Field[]; rows: ReturnType<typeof asRows> }) {
  const t = useT();
  return (
    <p className="fw-totals">
      <span>{t('form.rowCount', { n: rows.length })}</span>
      {columns.flatMap((c) => {
        const fn = field.summary?.[c.key];
        if (!fn) return [];
        return (
          <span key={c.key}>
            {c.title} {t(`form.${fn}`)}{' '}
            <b>
              <CellView
                field={c}
                value={summarize(
                  fn,
                  rows.map((r) => r[c.key]),
                )}
              />
            </b>
          </span>
        );
      })}
    </p>
  );
}
