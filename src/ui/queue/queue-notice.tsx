/** Said in the lab once a visit: runs come from the queue, and more will. */
import { useState } from 'react';
import { useStore } from 'zustand';
import { Act, Notice } from '../components/notice.tsx';
import { PageLink } from '../components/page-link.tsx';
import { usePage } from '../context.ts';
import { plural } from '../format.ts';

export function QueueNotice() {
  const { queue, runner } = usePage();
  const { jobs, paused } = useStore(queue.store, (state) => state.queue);
  const mine = useStore(runner.store, (state) => state.mine);
  const [read, setRead] = useState(false);
  if (jobs.length === 0 || paused || !mine || read) return null;
  return (
    <Notice
      tone="info"
      title={`The queue runs here: ${plural(jobs.length, 'run')} left`}
      onClose={() => setRead(true)}
      acts={<Act onClick={() => void queue.change({ type: 'pause', on: true })}>Pause queue</Act>}
    >
      <p>
        One run follows the other. What you start yourself comes first.{' '}
        <PageLink to="runs">Show the queue</PageLink>
      </p>
    </Notice>
  );
}
