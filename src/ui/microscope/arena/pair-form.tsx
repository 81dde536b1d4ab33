/** A pair of a person's own. */
import { type ChangeEvent, type FormEvent, useId, useState } from 'react';
import { LONGEST_ANSWER } from './arena.ts';
import { useArenaScope } from './arena-context.tsx';
import type { ArenaPair } from './pair.ts';

export function PairForm({ pair }: { readonly pair: ArenaPair }) {
  const arena = useArenaScope();
  const id = useId();
  const [first, setFirst] = useState(pair.first);
  const [second, setSecond] = useState(pair.second);
  // A one-line field would join the lines of an answer.
  const lines = Math.max(...[pair.first, pair.second].map((text) => text.split('\n').length));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    arena.write(first, second);
  };
  const field = (label: string, value: string, set: (text: string) => void) => {
    const shared = {
      ...{ id: `${id} ${label}`, className: 'input mono', value, spellCheck: false },
      ...{ maxLength: 4 * LONGEST_ANSWER, autoComplete: 'off' },
      onChange: ({ target }: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
        set(target.value),
    };
    return (
      <label htmlFor={shared.id}>
        <span className="label">{label}</span>
        {lines > 1 ? <textarea {...shared} rows={lines} /> : <input {...shared} />}
      </label>
    );
  };
  return (
    <form className={lines > 1 ? 'pairform lines' : 'pairform'} onSubmit={submit} noValidate>
      {field('Answer 1', first, setFirst)}
      {field('Answer 2', second, setSecond)}
      <button className="btn" type="submit">
        Take this pair
      </button>
    </form>
  );
}
