/**
 * Experiments as earlier builds wrote them: today's `method` was `objective`, and its `name` was `algorithm`. Old files and links keep
 * their meaning. Problems in them are reported under the names that they use.
 */

export interface Renamed {
  readonly json: object;
  /** The name of a field as the file has it. */
  readonly field: (now: string) => string;
}

/** The same experiment in today's form. An `objective` that is not an object, or that comes with a `method`, is left for the schema to refuse. */
export function asNow(json: object): Renamed {
  const { objective, ...rest } = json as { readonly objective?: unknown };
  const plain = typeof objective === 'object' && objective !== null && !Array.isArray(objective);
  if (!plain || Object.hasOwn(json, 'method') || Object.hasOwn(objective, 'name'))
    return { json, field: (now) => now };
  const { algorithm, ...settings } = objective as { readonly algorithm?: unknown };
  const name = algorithm === undefined ? {} : { name: algorithm };
  return { json: { ...rest, method: { ...settings, ...name } }, field: formerPath };
}

/** `method.epsilon` as `objective.epsilon`. */
export function formerPath(now: string): string {
  if (now === 'method.name') return 'objective.algorithm';
  return now.replace(/^method(?=\.|$)/, 'objective');
}

/**
 * An experiment, or the settings in which it differs from another, under the names of the first build. Marks and hashes are computed
 * from this form, so that old ones stay valid.
 */
export function asThen(experiment: { readonly method?: object }): object {
  const { method, ...rest } = experiment;
  if (!method) return experiment;
  const { name, ...settings } = method as { readonly name?: unknown };
  return { ...rest, objective: { ...settings, ...(name !== undefined && { algorithm: name }) } };
}
