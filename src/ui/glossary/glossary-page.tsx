/** The Glossary page: every chart and every setting with its entry, and a search. */
import { useMemo, useState } from 'react';
import './glossary.css';
import { EntryText } from './about-text.tsx';
import { type Listed, listedCharts, listedSettings, searchListed } from './glossary.ts';
import { WithNumbers } from './with-numbers.tsx';

export function GlossaryPage() {
  const all = useMemo(() => [...listedCharts(), ...listedSettings()], []);
  const [text, setText] = useState('');
  const found = useMemo(() => searchListed(all, text), [all, text]);
  const places = [...new Set(found.map(({ place }) => place))];
  return (
    <main className="glossary">
      <header>
        <h1>Glossary</h1>
        <p className="quiet">
          What each chart and each setting is, what is normal, and what to do when it is not. The
          same stands behind the question marks of the lab.
        </p>
        <input
          className="input"
          type="search"
          aria-label="Search the glossary"
          placeholder="Search"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <p className="small quiet" role="status">
          {found.length === 1 ? '1 entry' : `${found.length} entries`}
        </p>
      </header>
      {places.map((place) => (
        <Place key={place} place={place} listed={found.filter((one) => one.place === place)} />
      ))}
    </main>
  );
}

function Place({ place, listed }: { readonly place: string; readonly listed: readonly Listed[] }) {
  return (
    <section>
      <h2>{place}</h2>
      {listed.map(({ key, title, entry }) => (
        <article key={key}>
          <h3>{title}</h3>
          <p className="small">
            <code>{key}</code>
          </p>
          <EntryText entry={entry} />
          <WithNumbers term={key} />
        </article>
      ))}
    </section>
  );
}
