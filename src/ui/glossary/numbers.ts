/** Which terms of the glossary stand, with a run's own numbers, in which microscope. */

/** By the key of an entry, a chart's id or a setting's path; the microscope by its id. */
const NUMBERS: Readonly<Record<string, 'phases' | 'losses'>> = {
  reward: 'phases',
  'no-signal': 'phases',
  'method.scale_rewards': 'phases',
  loss: 'losses',
  kl: 'losses',
  clip: 'losses',
  'method.loss_type': 'losses',
  'method.importance_sampling_level': 'losses',
  'method.epsilon': 'losses',
  'method.epsilon_high': 'losses',
  'method.beta': 'losses',
};

/** @param key as the glossary lists it: a path, and after it the methods that alone have the setting */
export function numbersOf(key: string): 'phases' | 'losses' | undefined {
  const [path, ...methods] = key.split(' ');
  // What another method calls by the same name is something else.
  if (methods.length > 0 && !methods.includes('grpo')) return undefined;
  return NUMBERS[path];
}

export const TERMS_WITH_NUMBERS: readonly string[] = Object.keys(NUMBERS);
