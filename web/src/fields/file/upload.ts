import type { Api, FileInfo } from '../../core/api';

/** One file on its way. */
export interface Upload {
  key: string;
  name: string;
  size: number;
  /** 0–1. */
  progress: number;
  error?: unknown;
  file: File;
}

const tries = 3;

/**
 * Sends a file in parts. A part that fails is sent again, up to three times
 * with growing pauses; what was sent already is not sent twice.
 */
export async function upload(
  api: Api,
  file: File,
  onProgress: (p: number) => void,
  signal: AbortSignal,
): Promise<FileInfo> {
  const ticket = await api.startUpload({
    name: file.name,
    size: file.size,
    type: file.type || 'application/octet-stream',
  });
  const parts = Math.max(1, Math.ceil(file.size / ticket.part_size));
  for (let n = 1; n <= parts; n++) {
    const from = (n - 1) * ticket.part_size;
    await again(() => api.uploadPart(ticket.id, n, file.slice(from, from + ticket.part_size), { signal }), signal);
    onProgress(n / (parts + 1));
  }
  return again(() => api.completeUpload(ticket.id), signal);
}

async function again<T>(send: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await send();
    } catch (e) {
      if (n >= tries || signal.aborted) throw e;
      await new Promise((done) => setTimeout(done, 500 * 2 ** n));
    }
  }
}

/** Longest side of a picture after shrinking, in pixels. */
const longest = 2048;

/** Makes a photo smaller before it is sent; what is no photo, or small already, stays as it is. */
export async function shrink(file: File): Promise<File> {
  if (!/^image\/(jpe?g|png|webp)$/.test(file.type) || file.size < 1_000_000) return file;
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) return file;
  const ratio = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bitmap.width * ratio);
  canvas.height = Math.round(bitmap.height * ratio);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.85));
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg' });
}

/** Why a file may not be chosen; undefined = it may. */
export function refuse(
  file: File,
  accept: string[] | undefined,
  maxBytes: number | undefined,
): 'type' | 'size' | undefined {
  const ext = /\.[^.]+$/.exec(file.name.toLowerCase())?.[0] ?? '';
  const allowed = accept?.map((x) => (x.startsWith('.') ? x : `.${x}`).toLowerCase());
  if (allowed?.length && !allowed.includes(ext)) return 'type';
  if (maxBytes && file.size > maxBytes) return 'size';
  return undefined;
}
