import type {
  CaseAction,
  CaseCommandKind,
  CompiledForm,
  DataPatch,
  RecordView,
  TaskAction,
  TaskResult,
} from '../../core/api';
import { isEmptyPatch } from '../../core/form';
import { api } from '../api';
import type { Intent } from '../record/intent';
import type { bodyOf } from './plan';

/** Actions whose address is the case, also where they are about one task. */
const onCase = /^(withdraw|resubmit|urge|cancel|comment|terminate|suspend|resume|retry|skip|jump|reassign)$/;

/** Carries an action out: on the task it belongs to, else on the case. */
export function send(
  of: { form: CompiledForm; record: RecordView; action: CaseAction },
  body: ReturnType<typeof bodyOf>,
  patch: DataPatch | undefined,
  intent: Intent,
): Promise<TaskResult> {
  const { form, record, action } = of;
  if (onCase.test(action.kind)) {
    const key = intent.keyFor([action.kind, body]);
    return api.caseAct(form.ref, record.id, action.kind as CaseCommandKind, body, key);
  }
  const data = patch && !isEmptyPatch(patch) ? patch : undefined;
  const rev = action.rev ?? record.tasks?.find((x) => x.id === action.task)?.rev ?? 0;
  const full = { rev, record_rev: data ? record.rev : undefined, ...body, task: undefined, data };
  return api.act(action.task ?? '', action.kind as TaskAction, full, intent.keyFor([action.kind, full]));
}
