// Does on a sign-in page what a person does, in headless Chromium, and prints what they see in the end.
//
// Usage: node click.mjs URL LABEL [CODE]: enters CODE where it is asked for, then presses the button LABEL.

import puppeteer from 'puppeteer-core';

const [url, label, code] = process.argv.slice(2);
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(url);
  const press = async (text) => {
    const button = await page.waitForSelector(`::-p-xpath(//button[normalize-space()="${text}"])`);
    await Promise.all([page.waitForNavigation(), button.click()]);
  };
  if (code) {
    await page.type('input[name=code]', code);
    await press('Next');
  }
  await press(label);
  if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT });
  console.log(await page.evaluate(() => document.body.innerText));
} finally {
  await browser.close();
}
