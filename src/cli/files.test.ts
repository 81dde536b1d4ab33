import { execFileSync, spawn } from 'node:child_process';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOptional, readText } from './files.ts';
import { scratchFolder } from './testing/lab.ts';

const folder = scratchFolder();

describe.runIf(existsSync('/dev/zero'))('what is no file but a device', () => {
  it('is not read as part of a model or a run', () => {
    symlinkSync('/dev/zero', join(folder, 'model.safetensors'));
    expect(() => readOptional('model', join(folder, 'model.safetensors'))).toThrow('is no file');
    expect(readOptional('model', join(folder, 'none'))).toBeNull();
  });

  it('is read as a text up to its largest size, and refused where it does not end', () => {
    expect(() => readText('input', '/dev/zero')).toThrow('has more bytes');
    expect(readText('input', '/dev/null')).toBe('');
  });
});

describe.runIf(process.platform !== 'win32')('a pipe', () => {
  it('is read to its end', () => {
    const text = '{"a":1}\n'.repeat(50_000);
    const [source, pipe] = [join(folder, 'text'), join(folder, 'pipe')];
    writeFileSync(source, text);
    execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
    const writer = spawn('sh', ['-c', 'cat "$0" > "$1"', source, pipe]);
    expect(readText('input', pipe)).toBe(text);
    writer.kill();
  });
});
