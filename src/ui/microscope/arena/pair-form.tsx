/** A pair of a person's own. */
import { type FormEvent, useId, useState } from 'react';
import { LONGEST_ANSWER } from './arena.ts';
import { useArenaScope } from './arena-context.tsx';
import type { ArenaPair } from './pair.ts';

export function PairForm({ pair }: { readonly pair: ArenaPair }) {
  const arena = useArenaScope();
  const id = useId();
  const [first, setFirst] = useState(pair.first);
  const [second, setSecond] = useState(pair.second);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    arena.write(first, second);
  };
  const field = (label: string, value: string, set: (text: string) => void) => (
    <label htmlFor={`${id} ${label}`}>
      <span className="label">{label}</span>
      <input
        id={`${id} ${label}`}
        className="input mono"
        value={value}
        maxLength={4 * LONGEST_ANSWER}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => set(event.target.value)}
      />
    </label>
  );
  return (
    <form className="pairform" onSubmit={submit} noValidate>
      {field('Answer 1', first, setFirst)}
      {field('Answer 2', second, setSecond)}
      <button className="btn" type="submit">
        Take this pair
      </button>
    </form>
  );
}
