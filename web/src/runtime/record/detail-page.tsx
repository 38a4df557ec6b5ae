import { useLocation, useParams, useSearch } from 'wouter';
import { boxOf } from '../tasks/boxes';
import { RecordDetail } from './detail';

/** One record on a page of its own. */
export default function DetailPage() {
  const { form = '', id = '' } = useParams<{ form: string; id: string }>();
  const params = new URLSearchParams(useSearch());
  const [, go] = useLocation();
  const task = params.get('task') ?? undefined;
  const box = boxOf(params.get('box'));
  const back = task ? `/tasks?box=${box}` : `/f/${form}`;
  return (
    <RecordDetail
      key={`${form}/${id}`}
      form={form}
      id={id}
      task={task}
      box={box}
      onBack={() => go(back)}
      onDone={() => go(back, { replace: true })}
    />
  );
}
