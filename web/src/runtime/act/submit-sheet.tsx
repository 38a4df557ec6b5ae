import './act.css';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { CaseAction, Choose, CompiledForm, Display, RecordData, RecordView } from '../../core/api';
import { flatten } from '../../core/flow';
import { FieldsProvider } from '../../fields/context';
import { Button, Sheet } from '../../kit';
import { useT } from '../../texts';
import { api } from '../api';
import { merged } from '../merged';
import { ChoosePart } from './parts';
import { countProblem, type Problem } from './plan';
import { useActT } from './texts';

/** What a submit carries beside the record. */
export interface Extra {
  choose?: Record<string, string[]>;
  /** Resubmit: straight back to the node that returned it. */
  back?: boolean;
}

interface Asked {
  choose: Choose[];
  /** The node a resubmit may go straight back to. */
  back?: { node: string; title: string };
  display: Display;
}

/** Finds out what is still to be asked; nothing when the server cannot tell now: it checks anyway. */
async function ask(form: string, data: RecordData, record: RecordView | undefined, resubmit: boolean): Promise<Asked> {
  const [prediction, view] = await Promise.all([
    api.predict(form, data).catch(() => undefined),
    resubmit && record ? api.case(form, record.id).catch(() => undefined) : undefined,
  ]);
  const action = view?.actions.find((x) => x.kind === 'resubmit');
  const own = action?.choose ?? prediction?.choose ?? [];
  const choose = own.filter((c) => !c.by || c.by === 'initiator');
  return {
    choose,
    back: action?.back ? backOf(action, view?.tree ?? []) : undefined,
    display: merged([prediction?.display, view?.display]),
  };
}

function backOf(action: CaseAction, tree: Parameters<typeof flatten>[0]): Asked['back'] {
  const to = action.return_to?.[0];
  return to && { node: to.node, title: to.title || (flatten(tree).find((n) => n.node === to.node)?.title ?? to.node) };
}

/** Asks what only the initiator can tell before a submit; asks nothing where there is nothing to ask. */
export default function SubmitSheet(props: {
  form: CompiledForm;
  record?: RecordView;
  data: RecordData;
  resubmit: boolean;
  onReady(extra: Extra): void;
  onClose(): void;
}) {
  const [asked, setAsked] = useState<Asked>();
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    let gone = false;
    const { form, data, record, resubmit, onReady } = latest.current;
    void ask(form.ref, data, record, resubmit).then((a) => {
      if (gone) return;
      if (a.choose.length || a.back) setAsked(a);
      else onReady({});
    });
    return () => {
      gone = true;
    };
  }, []);
  return asked ? <Ask {...props} asked={asked} /> : null;
}

function Ask(props: { form: CompiledForm; asked: Asked; onReady(extra: Extra): void; onClose(): void }) {
  const t = useT();
  const a = useActT();
  const id = useId();
  const { asked } = props;
  const [chosen, setChosen] = useState<Record<string, string[]>>({});
  const [back, setBack] = useState(true);
  const [problem, setProblem] = useState<Problem>();
  const [learnt, learn] = useState<Display>({});
  const display = useMemo(() => merged([asked.display, learnt]), [asked.display, learnt]);
  // Straight back nobody new is asked.
  const choose = asked.back && back ? [] : asked.choose;
  const send = () => {
    for (const c of choose) {
      const bad = countProblem(`choose-${c.node}`, chosen[c.node]?.length ?? 0, c.min ?? 1, c.max || 50);
      setProblem(bad);
      if (bad) return document.getElementById(`${id}-${bad.part}`)?.focus();
    }
    props.onReady({ choose: choose.length ? chosen : undefined, back: asked.back ? back : undefined });
  };
  return (
    <Sheet
      open
      title={a(asked.back ? 'act.backWay' : 'act.chooseTitle')}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" onClick={send}>
            {asked.back ? t('task.resubmit') : a('act.submit')}
          </Button>
        </>
      }
    >
      <FieldsProvider value={{ api, form: props.form, display, learn: (d) => learn((o) => merged([o, d])) }}>
        <div className="fw-action">
          {asked.back && <BackWay id={id} title={asked.back.title} value={back} onChange={setBack} />}
          {choose.length > 0 && <p className="fw-action-note">{a('act.chooseNote')}</p>}
          {choose.map((c) => (
            <ChoosePart
              key={c.node}
              id={`${id}-choose-${c.node}`}
              choose={c}
              invalid={problem?.part === `choose-${c.node}`}
              describedBy={`${id}-err`}
              value={chosen[c.node] ?? []}
              onChange={(ids) => {
                setProblem(undefined);
                setChosen((m) => ({ ...m, [c.node]: ids }));
              }}
            />
          ))}
          <p id={`${id}-err`} className="fw-field-error" role="alert">
            {problem && a(`act.${problem.text as 'needPeople'}`, { n: problem.n })}
          </p>
        </div>
      </FieldsProvider>
    </Sheet>
  );
}

/** After a return: straight back, or through everything again. */
function BackWay(props: { id: string; title: string; value: boolean; onChange(v: boolean): void }) {
  const a = useActT();
  const ways = [
    { back: true, text: a('act.backTo', { node: props.title }), note: a('act.backToNote') },
    { back: false, text: a('act.backStart'), note: a('act.backStartNote') },
  ];
  return (
    <div className="fw-where fw-where-rows" role="radiogroup" aria-label={a('act.backWay')}>
      {ways.map((w) => (
        <label key={String(w.back)} className="fw-where-item" data-on={props.value === w.back || undefined}>
          <input
            type="radio"
            name={`${props.id}-way`}
            checked={props.value === w.back}
            onChange={() => props.onChange(w.back)}
          />
          <span>
            <b>{w.text}</b>
            <small>{w.note}</small>
          </span>
        </label>
      ))}
    </div>
  );
}
