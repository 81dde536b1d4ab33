/** On the Runs page: the policies of one's own that this browser keeps. */
import { useStore } from 'zustand';
import { toReport } from '../../errors.ts';
import { usePage } from '../context.ts';
import { formatBytes } from '../format.ts';
import { showToast } from '../store/view.ts';

export function OwnPoliciesList() {
  const { ownPolicies, view } = usePage();
  const policies = useStore(ownPolicies.store);
  if (policies.length === 0) return null;
  return (
    <section className="broken" aria-label="Your own policies">
      <h2>Your own policies</h2>
      <ul>
        {policies.map(({ id, name, bytes }) => (
          <li key={id}>
            <b className="medium">{name}</b>
            <span className="small faint">
              {id.slice(-8)}, {formatBytes(bytes)}. Runs that begin from it need it to be resumed.
            </span>
            <button
              className="btn"
              type="button"
              aria-label={`Delete the policy ${name}`}
              onClick={() =>
                void ownPolicies
                  .remove(id)
                  .catch((error) => showToast(view, toReport(error).message))
              }
            >
              Delete
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
