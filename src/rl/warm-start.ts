/** What a policy was trained on before it came here: its recipe says so, which every bundled policy has beside its weights. */
import type { FileReader } from '../model/load.ts';
import { parseRecipe } from './pretrain-recipe.ts';
import { createTask } from './tasks/index.ts';
import type { Task } from './tasks/task.ts';

/** A recipe is a few kilobytes. */
const MOST_BYTES = 2 ** 20;

/**
 * The tasks of a model's warm start, the one of its card and those that were practised; null where nothing is known: there is no recipe.json, it
 * cannot be read, or it is of some other program. An evaluation then goes on without saying what is new to the policy.
 */
export async function warmStartTasks(read: FileReader): Promise<readonly Task[] | null> {
  try {
    const bytes = await read('recipe.json');
    if (bytes === null || bytes.length > MOST_BYTES) return null;
    const { task, practice } = parseRecipe(JSON.parse(new TextDecoder().decode(bytes)));
    return [task, ...practice].map((config) => createTask(config));
  } catch {
    return null;
  }
}
