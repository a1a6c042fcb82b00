// Files of the site: fetched from beside the page, or, in the single file that opens from disk,
// unpacked from inside it. Nobody else in the page knows the difference.

const packed = new Map();
for (const el of document.querySelectorAll('script[data-file]')) {
  packed.set(el.dataset.file, el);
}

export const single = packed.size > 0;

// response answers like fetch.
async function response(name) {
  const el = packed.get(name);
  if (!el) {
    const r = await fetch(name);
    if (!r.ok) throw new Error(`${name}: HTTP ${r.status}`);
    return r;
  }
  const raw = Uint8Array.from(atob(el.textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream('gzip'));
  const type = name.endsWith('.wasm') ? 'application/wasm' : 'text/plain';
  return new Response(stream, { headers: { 'Content-Type': type } });
}

export async function text(name) {
  return (await response(name)).text();
}

export async function json(name) {
  return (await response(name)).json();
}

export async function bytes(name) {
  return new Uint8Array(await (await response(name)).arrayBuffer());
}

// program compiles a WebAssembly file while it arrives. onBytes hears how many raw bytes have come:
// a clone of the answer is counted while the compiler eats the original. Content-Length would not
// do, it is of the compressed form.
export async function program(name, onBytes) {
  const r = await response(name);
  const count = async (reader) => {
    for (let n = 0; ;) {
      const { done, value } = await reader.read();
      if (done) return;
      n += value.length;
      onBytes(n);
    }
  };
  const counting = count(r.clone().body.getReader());
  const module = await WebAssembly.compileStreaming(r);
  await counting;
  return module;
}
