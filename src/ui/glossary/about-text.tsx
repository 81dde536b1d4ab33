/** The paragraph that a question mark opens. */
import { use } from 'react';
import { PageLink } from '../components/page-link.tsx';
import { PageContext } from '../context.ts';
import type { Asked } from './asked.ts';
import { type Entry, rangeText } from './entry.ts';
import { FormulaView } from './formula-view.tsx';
import { chartEntry, settingEntry, settingKey } from './glossary.ts';
import { WithNumbers } from './with-numbers.tsx';

export function AboutText({ asked }: { readonly asked: Asked }) {
  // Charts are drawn outside of a page too, where there is nowhere to go.
  const page = use(PageContext);
  const entry = 'chart' in asked ? chartEntry(asked.chart) : settingEntry(asked.setting);
  const help = 'chart' in asked ? asked.help : undefined;
  return (
    <>
      {entry ? <EntryText entry={entry} /> : null}
      {help ? <p>{help}</p> : null}
      {page ? (
        <WithNumbers term={'chart' in asked ? asked.chart : settingKey(asked.setting)} />
      ) : null}
      {page ? (
        <p>
          <PageLink to="glossary">All terms</PageLink>
        </p>
      ) : null}
    </>
  );
}

/** An entry, part by part. */
export function EntryText({ entry }: { readonly entry: Entry }) {
  const range = rangeText(entry);
  return (
    <>
      <p>{entry.what}</p>
      {entry.equation ? <FormulaView text={entry.equation} /> : null}
      <p>
        <b>Normal:</b> {entry.normal}
        {range ? <span className="faint"> {range}</span> : null}
      </p>
      <p>
        <b>What to do:</b> {entry.otherwise}
      </p>
      <p className="faint">Source: {entry.source}.</p>
    </>
  );
}
