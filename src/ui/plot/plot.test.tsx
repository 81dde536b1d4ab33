// @vitest-environment happy-dom
import { render } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { linearScale } from './scale.ts';

const frame = { x: linearScale(0, 10), y: linearScale(0, 1), width: 300, height: 100 };
const line = {
  ...{ key: 'reward', className: 'ln', stroke: 'red', width: 1 },
  points: [
    { x: 0, y: 0 },
    { x: 10, y: 1 },
  ],
};
const heights = (of: Element) =>
  [...of.querySelectorAll('line')].map((one) => Number(one.getAttribute('y1'))).sort();

const Nothing = () => null;

/** A plot of a page that has loaded nothing yet. */
async function freshPlot() {
  vi.resetModules();
  return (await import('./plot.tsx')).Plot;
}

afterEach(() => vi.doUnmock('./marks.tsx'));

describe('a plot', () => {
  it('has its grid and loads no library where nothing is drawn', async () => {
    const loaded = vi.fn();
    vi.doMock('./marks.tsx', () => {
      loaded();
      return { Marks: Nothing };
    });
    const Plot = await freshPlot();
    const { container } = render(<Plot frame={frame} lines={[]} across={[0, 0.5, 1]} />);
    expect(heights(container)).toEqual([0, 50, 100].sort());
    expect(loaded).not.toHaveBeenCalled();
  });

  it('draws its lines once the library is there, and its grid until then and after', async () => {
    const Plot = await freshPlot();
    const { container, unmount } = render(
      <Plot frame={frame} lines={[line]} across={[0, 0.5, 1]} />,
    );
    expect(heights(container)).toEqual([0, 50, 100].sort());
    await vi.waitFor(() => expect(container.querySelector('.ln')).not.toBeNull(), 10_000);
    expect(heights(container)).toEqual([0, 50, 100].sort());
    unmount();
  });

  it('says that lines are missing where the library cannot be had, and keeps the page', async () => {
    vi.doMock('./marks.tsx', () => {
      throw new Error('offline');
    });
    const Plot = await freshPlot();
    const { container, findByText } = render(<Plot frame={frame} lines={[line]} across={[0, 1]} />);
    await findByText('The lines could not be loaded. Reload the page.');
    expect(heights(container)).toEqual([0, 100].sort());
  });
});
