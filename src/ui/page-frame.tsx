/** Shows the pages: the present one, and hidden behind it those seen before, whose state and place stay as they were. */
import {
  Activity,
  type ComponentType,
  type LazyExoticComponent,
  lazy,
  Suspense,
  useEffect,
  useRef,
} from 'react';
import { usePage, useView } from './context.ts';
import { type PageId, pageOf } from './pages.ts';
import { showPage } from './store/view.ts';

/** What each page shows. Its code is loaded when it is first shown. A page holds one `h1` and one `main`. */
const COMPONENTS: Readonly<Record<PageId, LazyExoticComponent<ComponentType>>> = {
  lab: lazy(async () => ({ default: (await import('./lab-page.tsx')).LabPage })),
  microscope: lazy(async () => ({
    default: (await import('./microscope/microscope-page.tsx')).MicroscopePage,
  })),
  kernels: lazy(async () => ({
    default: (await import('./kernels/kernels-page.tsx')).KernelsPage,
  })),
  glossary: lazy(async () => ({
    default: (await import('./glossary/glossary-page.tsx')).GlossaryPage,
  })),
  runs: lazy(async () => ({ default: (await import('./stored/runs-page.tsx')).RunsPage })),
};

export function Pages() {
  const { view } = usePage();
  const page = useView((state) => state.page);
  const visited = useView((state) => state.visited);
  useEffect(() => {
    const onBack = () => showPage(view, pageOf(location.search));
    addEventListener('popstate', onBack);
    return () => removeEventListener('popstate', onBack);
  }, [view]);
  return visited.map((id) => (
    <Activity key={id} mode={id === page ? 'visible' : 'hidden'}>
      <Frame id={id} />
    </Activity>
  ));
}

function Frame({ id }: { id: PageId }) {
  const Component = COMPONENTS[id];
  return (
    <div className="page" data-page={id}>
      <Suspense fallback={<p className="page-wait quiet">Loading the page</p>}>
        <Component />
        <Arrival id={id} />
      </Suspense>
    </div>
  );
}

/** Moves the focus to a page's heading when a person has gone there, as a browser does between documents. */
function Arrival({ id }: { id: PageId }) {
  const ref = useRef<HTMLSpanElement>(null);
  const { view } = usePage();
  useEffect(() => {
    // The page that the app opens with takes no focus: nobody went there from another.
    if (view.getState().visited.length === 1) return;
    const heading = ref.current?.parentElement?.querySelector('h1');
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [view]);
  return <span ref={ref} hidden data-arrival={id} />;
}
