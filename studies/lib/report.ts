/** A report as blocks, and as Markdown. */
import type { Figure } from './svg/figure.ts';

export type Block =
  | { readonly kind: 'heading'; readonly text: string; readonly level: 2 | 3 }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'figure'; readonly figure: Figure };

export const heading = (text: string): Block => ({ kind: 'heading', text, level: 2 });
export const subheading = (text: string): Block => ({ kind: 'heading', text, level: 3 });
export const text = (words: string): Block => ({ kind: 'text', text: words });
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): Block => ({
  kind: 'table',
  head,
  rows,
});
export const figure = (drawn: Figure): Block => ({ kind: 'figure', figure: drawn });

const cell = (words: string) => words.replaceAll('|', '\\|');

function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** @param folder of the figures, relative to the Markdown file */
export function toMarkdown(blocks: readonly Block[], folder: string): string {
  return `${blocks.map((block) => blockText(block, folder)).join('\n\n')}\n`;
}

function blockText(block: Block, folder: string): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${block.text}`;
    case 'text':
      return block.text;
    case 'table':
      return tableText(block.head, block.rows);
    case 'figure': {
      const { title, name, caption } = block.figure;
      return `![${title}](${folder}/${name}.svg)\n\n*${caption}*`;
    }
  }
}
