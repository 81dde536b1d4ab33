/** How the parts of the Kernels page reach its store. */
import { createContext, use } from 'react';
import { useStore } from 'zustand';
import type { Kernels, KernelsState } from './kernels-store.ts';

export const KernelsContext = createContext<Kernels | null>(null);

export function useKernels(): Kernels {
  const kernels = use(KernelsContext);
  if (kernels === null) throw new Error('A part of the Kernels page stands outside it');
  return kernels;
}

/** A value that is the same object as long as the state it comes from is. */
export function useKernelsState<T>(select: (state: KernelsState) => T): T {
  return useStore(useKernels().store, select);
}
