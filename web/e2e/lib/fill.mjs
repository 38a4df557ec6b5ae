// Filling forms by hand: what a field needs on each device.

/** The control of a field, or of a column in a row (0 = the first). */
export async function control(p, key, row, column) {
  if (row === undefined) return p.page.locator(`[id="f-${key}"]`);
  const boxes = p.page.locator(`[id^="f-${key}-"][id$="-${column}"]`);
  return boxes.nth(row);
}

/** Types into a text or number field, as fingers do. */
export async function type(p, target, text) {
  await p.press(target);
  await target.press('ControlOrMeta+a');
  if (/^[\x20-\x7e]*$/.test(text)) await p.page.keyboard.type(text);
  // An input method hands over whole words.
  else await p.page.keyboard.insertText(text);
}

/** Chooses in a searched list: a sheet on a phone, a drop-down on a desktop. */
export async function choose(p, target, query, text) {
  await p.press(target);
  if (p.phone) {
    if (query) await type(p, p.sheet.getByRole('searchbox'), query);
    const option = p.sheet.getByRole('option', { name: text }).first();
    await p.press(option);
    await option.waitFor({ state: 'detached' });
    return;
  }
  if (query) await p.page.keyboard.insertText(query);
  await p.press(p.page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: text }).first());
}

/** The text a field shows now. */
export async function shown(p, key) {
  const box = p.page.locator(`[id="f-${key}-box"] .fw-field-body`);
  return (await box.innerText()).trim();
}

/** Adds a row to a sub-table. */
export const addRow = (p, key) =>
  p.press(p.page.locator(`[id="f-${key}-box"]`).getByRole('button', { name: /^添加一行|^Add a row/ }));
