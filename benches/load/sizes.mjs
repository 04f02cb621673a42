// How large things are, in kB (10³ bytes).
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { FULL_STACK_WASM, SITE, SMALLEST_WASM } from './settings.mjs';

const PACKAGE = join(SITE, 'pkg');

function wasmFiles() {
  const files = existsSync(PACKAGE) ? readdirSync(PACKAGE).filter((file) => file.endsWith('.wasm')) : [];
  if (files.length === 0) throw new Error(`there is no WASM in ${PACKAGE}; make bench builds it`);
  return files;
}

/** The name of the part of the browser's half that every page loads: the one with a script of its name. */
export function mainWasm() {
  const main = wasmFiles().find((file) => existsSync(join(PACKAGE, file.replace(/\.wasm$/, '.js'))));
  if (!main) throw new Error(`no WASM in ${PACKAGE} has a script of its name`);
  return main;
}

/** All parts together, as they lie on disk. */
export const allWasm = () => wasmFiles().reduce((sum, file) => sum + statSync(join(PACKAGE, file)).size, 0) / 1000;

/** A file as it is, and compressed as well as brotli can. */
export function sizes(path) {
  const bytes = readFileSync(path);
  const options = {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  };
  return { raw: bytes.length / 1000, brotli: brotliCompressSync(bytes, options).length / 1000 };
}

export const ourWasm = () => sizes(join(PACKAGE, mainWasm()));

/** The smallest Leptos applications, with their names; they must have been built. */
export function smallestWasm() {
  const found = { 'the smallest app': SMALLEST_WASM, 'the smallest full-stack app': FULL_STACK_WASM };
  return Object.entries(found).map(([name, path]) => {
    if (!existsSync(path)) throw new Error(`${path} is missing; build it with make smallest-app`);
    return { name, ...sizes(path) };
  });
}
