'use strict';
// report.html in a browser: it asks for nothing, complains about nothing, can be used by keyboard and screen reader, on
// a phone, in the dark, without its script and on paper.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {execFileSync} = require('node:child_process');
const {after, before, describe, test} = require('node:test');
const axe = require('axe-core');

const {launch, open} = require('./lib/browser.js');
const {PICS} = require('./lib/bench.js');
const {executable, project} = require('./lib/program.js');

// A charge point that fails some cases and calls itself by markup.
const DEFECTS = [
  'refuse-remote-stop',
  'alter:StopTransaction.reason="Local"',
  'alter:BootNotification.chargePointModel="<script>alert(1)</script>"',
  'alter:BootNotification.firmwareVersion="\\" onload=alert(2) x=\\""',
  'alter:StatusNotification.info="</code><img src=x onerror=alert(3)>"',
];

// Passed, failed and inconclusive ones; few, because axe looks at every element.
const CASES = 'TC_001_CS,TC_007_CS,TC_010_CS,TC_012_CS,TC_016_CS,TC_031_CS';

let browser, folder, report;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'plugproof-report-'));
  try {
    execFileSync(executable, ['run', '--pics', PICS, '--out', folder, '--name', 'run', '--quiet', '--only', CASES,
                              ...DEFECTS.flatMap(defect => ['--defect', defect])], {cwd: project, stdio: 'ignore'});
    assert.fail('the defects went unnoticed');
  } catch (error) {
    assert.equal(error.status, 1, 'some case must fail');
  }
  report = path.join(folder, 'run', 'report.html');
  browser = await launch();
});
after(async () => {
  await browser?.close();
  fs.rmSync(folder, {recursive: true, force: true});
});

const WIDTHS = [['Phone', 360], ['Desk', 1280]];
const SCHEMES = [['Light', 'light'], ['Dark', 'dark']];
const size = width => ({viewport: {width, height: 900}});
const unfold = page => page.evaluate(() => document.querySelectorAll('details').forEach(box => { box.open = true; }));

describe('report.html', () => {
  for (const [device, width] of WIDTHS)
    for (const [name, colorScheme] of SCHEMES) {
      test(`ReportHtml__${device}${name}__NoComplaintNoRequestNothingCutOff`, async () => {
        const page = await open(browser, report, {...size(width), colorScheme});
        await unfold(page);
        const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(needed <= given, `the page needs ${needed} px of ${given}`);
        assert.deepEqual(page.complaints, []);
        assert.deepEqual(page.requests, [`file://${report}`]);
        await page.context().close();
      });

      test(`ReportHtml__${device}${name}__NothingSeriousForAxe`, async () => {
        const page = await open(browser, report, {...size(width), colorScheme});
        await unfold(page);
        await page.evaluate(axe.source);
        const {violations} = await page.evaluate(() => axe.run(document, {resultTypes: ['violations']}));
        const told = violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
                         .map(v => `${v.id}: ${v.nodes.length} x ${v.nodes[0].html.slice(0, 200)} ${v.nodes[0].failureSummary}`);
        assert.deepEqual(told, []);
        await page.context().close();
      });
    }

  test('ReportHtml__TextsOfAHostileChargePoint__ShownAsTextAndNeverRun', async () => {
    const page = await open(browser, report, size(1280));
    await unfold(page);
    assert.equal(await page.evaluate(() => document.querySelectorAll('img, iframe, [onload], [onerror]').length), 0);
    assert.equal(await page.evaluate(() => document.scripts.length), 1);
    const text = await page.evaluate(() => document.body.innerText);
    assert.ok(text.includes('<script>alert(1)</script>') && text.includes('<img src=x onerror=alert(3)>'));
    // What slipped through the escape would still not run.
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "taken over"';
      document.body.append(script);
    });
    assert.notEqual(await page.title(), 'taken over');
    await page.context().close();
  });

  test('ReportHtml__KeyboardAlone__SkipLinkSectionsAndFoldedPartsReached', async () => {
    const page = await open(browser, report, size(1280));
    const focused = () => page.evaluate(() => document.activeElement.textContent.trim());
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Skip to the result');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'content');

    const links = await page.evaluate(() => [...document.querySelectorAll('.contents a')].map(a => a.hash.slice(1)));
    assert.ok(links.length >= 7, links.join());
    await page.evaluate(() => document.querySelector('.contents a').focus());
    for (const id of links) {
      assert.equal(await page.evaluate(() => document.activeElement.hash), `#${id}`);
      assert.ok(await page.locator(`#${id}`).count() === 1, id);
      await page.keyboard.press('Tab');
    }

    await page.evaluate(() => document.querySelector('.chip.pass').focus());
    await page.keyboard.press('Enter');
    const id = await page.evaluate(() => location.hash.slice(1));
    await page.waitForFunction(wanted => Math.abs(document.getElementById(wanted).getBoundingClientRect().top) < 200, id);
    // The next stop is in that case.
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.closest('section.case')?.id), id);
    const folded = await page.evaluateHandle(() => document.activeElement.closest('details'));
    const was = await folded.evaluate(box => box.open);
    await page.keyboard.press('Enter');
    assert.equal(await folded.evaluate(box => box.open), !was);
    await page.context().close();
  });

  test('ReportHtml__Structure__LandmarksOneH1AndHeadingsInOrder', async () => {
    const page = await open(browser, report, size(1280));
    const found = await page.evaluate(() => ({
      landmarks: ['header', 'nav', 'main', 'footer'].map(name => document.querySelectorAll(`body > ${name}`).length),
      levels: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(h => Number(h.tagName[1])),
      bare: [...document.querySelectorAll('table')].filter(t => !t.caption || !t.querySelector('th[scope]')).length,
      language: document.documentElement.lang,
    }));
    assert.deepEqual(found.landmarks, [1, 1, 1, 1]);
    assert.equal(found.levels.filter(level => level === 1).length, 1);
    found.levels.reduce((above, level) => {
      assert.ok(level <= above + 1, `a heading of level ${level} follows one of level ${above}`);
      return level;
    }, 0);
    assert.equal(found.bare, 0, 'every table has a caption and headers with scope');
    assert.equal(found.language, 'en');
    await page.context().close();
  });

  test('ReportHtml__Filter__HidesCasesAndALinkBringsThemBack', async () => {
    const page = await open(browser, report, size(1280));
    const shown = () => page.locator('section.case:visible').count();
    const all = await shown();
    await page.uncheck('input[value=pass]');
    const rest = await shown();
    assert.ok(rest > 0 && rest < all, `${rest} of ${all}`);
    assert.equal(await page.textContent('#filter-state'), `${rest} of ${all} cases shown`);
    await page.click('.chip.pass >> nth=0');
    await page.waitForFunction(() => !document.querySelector(location.hash).hidden);
    assert.equal(await shown(), all);
    await page.context().close();
  });

  test('ReportHtml__LinkToAFrameInAFoldedPart__UnfoldedAndInSight', async () => {
    const page = await open(browser, report, size(1280));
    const link = page.locator('section.case.fail .ladder a').first();
    await link.click();
    await page.waitForFunction(() => {
      const box = document.querySelector(location.hash).getBoundingClientRect();
      return box.height > 0 && box.top >= 0 && box.top < innerHeight;
    });
    await page.context().close();
  });

  test('ReportHtml__WithoutScript__EveryCaseThereAndNoDeadControl', async () => {
    const page = await open(browser, report, {...size(1280), javaScriptEnabled: false});
    assert.equal(await page.locator('#filter:visible').count(), 0);
    const cases = await page.locator('section.case').count();
    assert.equal(cases, CASES.split(',').length);
    assert.equal(await page.locator('section.case:visible').count(), cases);
    await page.context().close();
  });

  test('ReportHtml__OnPaper__UnfoldedMarkedAndWithoutControls', async () => {
    const page = await open(browser, report, {...size(1280), javaScriptEnabled: false});
    await page.emulateMedia({media: 'print'});
    assert.equal(await page.locator('.contents:visible, #filter:visible').count(), 0);
    assert.equal(await page.locator('.watermark:visible').count(), 1);
    const frames = page.locator('section.case.pass ol.frames > li').first();
    assert.ok((await frames.boundingBox()).height > 0, 'folded frames are printed');
    const pdf = await page.pdf({format: 'A4', printBackground: true});
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
    await page.context().close();
  });
});
