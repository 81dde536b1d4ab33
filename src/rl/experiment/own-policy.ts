/** Policies that a person has opened in the page. An experiment names one by an id that says which weights it means. */

const START = 'policies/own-';

/** Whether an id names a policy of the person's own; its files are kept in the browser, not bundled. */
export function isOwnPolicy(id: string): boolean {
  return /^policies\/own-[a-z0-9-]*[0-9a-f]{8}$/.test(id);
}

/** @param name of its file @param hash of model.safetensors, hex: other weights are another policy */
export function ownPolicyId(name: string, hash: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return `${START}${plain && `${plain}-`}${hash.slice(0, 8)}`;
}

/** What a person called it. */
export function ownPolicyName(id: string): string {
  return id.slice(START.length).replace(/-?[0-9a-f]{8}$/, '') || 'model';
}
