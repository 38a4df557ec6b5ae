// Plain ES5, runs before any module: fills what Chrome 69 lacks, and tells the
// user of an older web view in plain HTML what to do.
(() => {
  if (!('noModule' in document.createElement('script')) || typeof Promise !== 'function' || !window.ResizeObserver) {
    document.addEventListener('DOMContentLoaded', () => {
      document.body.innerHTML =
        '<p style="padding:48px 24px;font:16px/1.6 sans-serif">浏览器版本过低，请升级钉钉或换用新版浏览器后再打开。<br>' +
        'This browser is too old. Please update DingTalk or use a current browser.</p>';
    });
    return;
  }
  function def(target, name, value) {
    if (!target[name]) Object.defineProperty(target, name, { value: value, writable: true, configurable: true });
  }
  def(window, 'globalThis', window);
  def(window, 'queueMicrotask', (f) => {
    Promise.resolve().then(f);
  });
  def(Object, 'fromEntries', (pairs) => {
    var out = {};
    Array.from(pairs).forEach((p) => {
      out[p[0]] = p[1];
    });
    return out;
  });
  def(Promise, 'allSettled', (list) =>
    Promise.all(
      Array.from(list).map((p) =>
        Promise.resolve(p).then(
          (value) => ({ status: 'fulfilled', value: value }),
          (reason) => ({ status: 'rejected', reason: reason }),
        ),
      ),
    ),
  );
  def(String.prototype, 'replaceAll', function (what, by) {
    return what instanceof RegExp ? this.replace(what, by) : this.split(what).join(by);
  });
  def(String.prototype, 'matchAll', function (re) {
    var out = [];
    this.replace(re, function () {
      // biome-ignore lint/complexity/noArguments: ES5 has no rest parameters
      var args = Array.prototype.slice.call(arguments);
      var at = args.findIndex((x) => typeof x === 'number');
      var m = args.slice(0, at);
      m.index = args[at];
      out.push(m);
      return '';
    });
    return out[Symbol.iterator]();
  });
  function at(i) {
    return this[i < 0 ? this.length + i : i];
  }
  def(Array.prototype, 'at', at);
  def(String.prototype, 'at', at);
  def(Object, 'hasOwn', (o, k) => Object.hasOwn(o, k));
})();
