/** How the expert of a recipe writes, in words: what a policy's card must tell, since it was put there on purpose. */
import type { PretrainRecipe } from '../rl/pretrain-recipe.ts';
import { createTask } from '../rl/tasks/index.ts';

const percent = (share: number) => `${Number((100 * share).toFixed(1))} %`;

/** Sentences, each about one habit; empty where the expert writes plainly. */
export function expertText(recipe: PretrainRecipe): string {
  const { dialects, dialect_slips: slips, chatter, chatter_kind: kind } = recipe;
  const said: string[] = [];
  if (recipe.slips > 0) said.push(`It slips at ${percent(recipe.slips)} of the steps.`);
  if (dialects !== 'public') {
    const each = dialects.split(' ').map((one) => one.replace('*', ' by '));
    said.push(`It draws a dialect for each trace, whatever the question: ${each.join(', ')}.`);
  }
  if (slips !== '') {
    const each = slips.split(' ').map((one) => {
      const [name, share] = one.split('*');
      return `${percent(Number(share))} of ${name} steps`;
    });
    said.push(`It slips at ${each.join(' and ')}.`);
  }
  said.push(...mistaken(recipe));
  if (chatter > 0) {
    const words = kind === 'question' ? 'the question again' : 'fillers';
    said.push(
      `It chatters at levels 0 to ${chatter}, drawn whatever the question: ${words} before steps, steps said again, a second check of the whole${recipe.check_repairs ? ', which finds slips' : ''}.`,
    );
  }
  if (recipe.critic_share > 0) {
    said.push(
      `In ${percent(recipe.critic_share)} of the sequences it is a critic: it reads a question with two answers, one or both of them right, works the question out, compares, and says which answer is the expert’s. ${percent(recipe.critic_follows)} of its verdicts follow the comparison, the others are random.`,
    );
  }
  if (recipe.annotator_share > 0) {
    const shown =
      recipe.annotator_shows === 'trace'
        ? 'its own trace after a ^, and writes it again'
        : 'its own answer after a ^, and writes the reasoning that leads there';
    said.push(
      `In ${percent(recipe.annotator_share)} of the sequences it is shown ${shown}, without a mistake.`,
    );
  }
  return said.join(' ');
}

/** A sentence for each misconception. */
function mistaken({ task, misconceptions }: PretrainRecipe): string[] {
  const known = createTask(task).misconceptions ?? [];
  return misconceptions
    .split(' ')
    .filter((one) => one !== '')
    .map((one) => {
      const [name, share] = one.split('*');
      const does = known.find(({ id }) => id === name)?.said ?? name;
      return `On purpose, at ${percent(Number(share))} of the steps where this can happen, it ${does}, and goes on from there.`;
    });
}
