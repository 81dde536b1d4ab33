/** A button that opens a policy of one's own. */
import { useStore } from 'zustand';
import type { OwnPolicy } from '../../lab/own-policies.ts';
import type { Option } from '../../rl/experiment/field.ts';
import { Icon } from '../components/icon.tsx';
import { usePage } from '../context.ts';
import { openOwnPolicy } from './open-own-policy.ts';

const TITLE =
  'Open a policy of your own: a .tar that Baton saved, or config.json, tokenizer.json and model.safetensors together. It stays in this browser.';

interface Props {
  /** Told of its id once it is open. */
  readonly onOpened?: (id: string) => void;
}

export function OpenPolicy({ onOpened }: Props) {
  const page = usePage();
  return (
    <label className="btn icon-only ownfile" title={TITLE}>
      <Icon name="folder" />
      <input
        className="sr"
        type="file"
        multiple
        aria-label="Open a policy of your own"
        accept=".tar,.safetensors,.json"
        onChange={async ({ target }) => {
          const files = [...(target.files ?? [])];
          target.value = '';
          if (files.length === 0) return;
          const id = await openOwnPolicy(page, files);
          if (id !== null) onOpened?.(id);
        }}
      />
    </label>
  );
}

/** The person's own policies, as a choice offers them. */
export function useOwnPolicies(): readonly Option[] {
  return useStore(usePage().ownPolicies.store).map(ownOption);
}

const ownOption = ({ id, name }: OwnPolicy): Option => ({
  value: id,
  label: `${name} (your own)`,
});
