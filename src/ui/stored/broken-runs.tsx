/** Stored runs of which nothing can be shown in numbers: damaged ones, and those of another build. */
import type { SeedRun } from '../../lab/run-groups/seed-run.ts';
import type { Listed } from '../../lab/run-store/run-shelf.ts';
import { usePage } from '../context.ts';
import { formatBytes } from '../format.ts';

interface Props {
  readonly runs: readonly Listed[];
  readonly seeds: readonly SeedRun[];
}

export function Broken({ runs, seeds }: Props) {
  const { stored } = usePage();
  const known = new Set(seeds.map((run) => run.stored));
  const broken = runs.filter(({ id, problem }) => problem !== null && !known.has(id));
  const foreign = runs.filter(({ id, seal }) => seal && seeds.length > 0 && !known.has(id));
  const rows = [
    ...broken.map((run) => ({ run, name: run.id, why: run.problem?.message ?? '' })),
    ...foreign.map((run) => ({
      ...{ run, name: run.seal?.about.title ?? run.id },
      why: 'Its settings are not ones of this build',
    })),
  ];
  if (rows.length === 0) return null;
  return (
    <section className="broken" aria-label="Runs that cannot be read">
      <h2>Cannot be read</h2>
      <ul>
        {rows.map(({ run: { id, bytes, held }, name, why }) => (
          <li key={id}>
            <b className="medium">{name}</b>
            <span className="small faint">
              {why}; {formatBytes(bytes)}
            </span>
            {!held && (
              <button
                className="btn"
                type="button"
                aria-label={`Delete ${name}`}
                onClick={() => void stored.removeSoon([id], name)}
              >
                Delete
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
