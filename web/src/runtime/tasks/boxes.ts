import type { TaskBox } from '../../core/api';

/** The boxes of the task centre, in the order they are shown. */
export const boxes: TaskBox[] = ['todo', 'done', 'mine', 'cc', 'delegated'];

/** The box of an address; what is none is the first. */
export const boxOf = (text: string | null): TaskBox => boxes.find((b) => b === text) ?? 'todo';
