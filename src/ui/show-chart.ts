/** Leads the eye and the focus to a chart. */
import type { StoreApi } from 'zustand/vanilla';
import type { View } from './store/view.ts';

/** Shows the charts, scrolls to the one with this id and gives it the focus. A chart that is not there changes nothing. */
export function showChart(view: StoreApi<View>, id: string): void {
  view.setState({ pane: 'charts' });
  requestAnimationFrame(() => {
    const charts = document.querySelectorAll<HTMLElement>('[data-chart]');
    const chart = [...charts].find(({ dataset }) => dataset.chart === id);
    if (!chart) return;
    chart.tabIndex = -1;
    chart.scrollIntoView({ block: 'center' });
    chart.focus({ preventScroll: true });
  });
}
