import { useEffect, useState } from 'react';
import type { CompiledForm } from '../core/api';
import { loadFunctions } from '../core/formula';

/** Whether the functions that the form's formulas use are there. Without a network the server is asked for them. */
export function useLibrary(form: CompiledForm | undefined): boolean {
  const [ready, setReady] = useState<CompiledForm>();
  useEffect(() => {
    let gone = false;
    if (!form) return;
    const done = () => {
      if (!gone) setReady(form);
    };
    loadFunctions(form).then(done, done);
    return () => {
      gone = true;
    };
  }, [form]);
  return !!form && ready === form;
}
