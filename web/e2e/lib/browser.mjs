// The browser, and the two devices people use.
import { chromium } from 'playwright-core';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const devices = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  desktop: { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 },
};

/** Starts Chromium with a fresh profile; FORMWORK_CHROMIUM names another one than the system's. */
export const launch = () =>
  chromium.launch({ executablePath: process.env.FORMWORK_CHROMIUM ?? '/usr/bin/chromium', args: flags });

/** A browser profile of its own on a device: own cookies, own storage. */
export function newContext(browser, device, options = {}) {
  return browser.newContext({
    ...devices[device],
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    // Pictures and positions are of the end of a movement, not of its middle.
    reducedMotion: 'reduce',
    ...options,
  });
}
