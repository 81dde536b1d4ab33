/** The peers, and what a bench gets to work with. */
import type { Gpu } from '../../src/gpu/gpu.ts';
import type { Contestant, Group, Running } from './contestant.ts';
import type { Heads, Logits, Product } from './ours.ts';

/** A library, loaded: what it can do. */
export interface Peer {
  matmul?(product: Product): Promise<Running>;
  softmax?(logits: Logits): Promise<Running>;
  attention?(heads: Heads): Promise<Running>;
  train?(model: never): Promise<Running>;
  generate?(request: never): Promise<Running>;
}

/**
 * Peers by name: the kinds of work in which they take part (a library without training, say, is not in that table), and how they are
 * loaded on first use. If loading rejects, the library fails in every piece of work, with the reason.
 */
export type Peers = Readonly<
  Record<string, { readonly works: readonly (keyof Peer)[]; readonly load: () => Promise<Peer> }>
>;

export interface WorkOptions {
  readonly gpu: Gpu;
  readonly clock: () => number;
  readonly peers: Peers;
  /** Only these; all where empty. */
  readonly only: readonly Group[];
  /** Few and small, for work on the bench itself. */
  readonly quick: boolean;
  /** Reads a file of a bundled model. */
  readonly readModel: (folder: string, file: string) => Promise<Uint8Array | null>;
}

/** The peers of one kind of work. */
export function peersFor(peers: Peers, kind: keyof Peer, input: unknown): Contestant[] {
  const able = Object.entries(peers).filter(([, { works: kinds }]) => kinds.includes(kind));
  return able.map(([name, { load }]) => ({
    name,
    async open() {
      const peer = await load();
      const open = peer[kind] as ((input: unknown) => Promise<Running>) | undefined;
      if (!open) throw new Error(`${name} has nothing for this`);
      return open(input);
    },
  }));
}
