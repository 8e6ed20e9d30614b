// Shows answers in a real browser, as a host would, and prints what was seen of each.
//
//   node browser/look.ts <cases.json> <folder for pictures> <chromium>
import { createRequire } from "node:module";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, type Frame, type Page, chromium } from "playwright-core";
import { build } from "vite";
import type { Shown } from "./host.ts";

/** The content policy of a host that allows nothing: what is not in the file itself is not loaded. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

interface Case {
  name: string;
  theme: "light" | "dark";
  width: number;
  /** Whether the host says its theme, or leaves it to the system's. */
  themed?: boolean;
  variables?: Record<string, string>;
  keys?: string[];
  press?: string[];
  shown: Omit<Shown, "context">;
}

async function bundled(): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      lib: { entry: join(import.meta.dirname, "host.ts"), formats: ["iife"], name: "host" },
    },
  });
  const outputs = Array.isArray(made) ? made : [made];
  const first = "output" in outputs[0]! ? outputs[0].output[0] : undefined;
  if (!first) throw new Error("The host page was not bundled.");
  return first.code;
}

async function look(browser: Browser, script: string, app: string, axe: string, one: Case, pictures: string) {
  // The system's scheme is the other one, so that what is seen is the host's.
  const other = one.theme === "light" ? "dark" : "light";
  const context = await browser.newContext({
    viewport: { width: one.width, height: 900 },
    colorScheme: one.themed === false ? one.theme : other,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => complaints.push(`not loaded: ${request.url()}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.route("**/*", (route) => {
    const { hostname, pathname } = new URL(route.request().url());
    if (hostname === "app.test" && pathname === "/charts.html") {
      return route.fulfill({
        body: app,
        contentType: "text/html; charset=utf-8",
        headers: { "content-security-policy": POLICY },
      });
    }
    if (hostname === "host.test" && pathname === "/") {
      return route.fulfill({
        body: `<!doctype html><html lang="en"><title>host</title><body style="margin:0"></body>`,
        contentType: "text/html; charset=utf-8",
      });
    }
    return pathname === "/favicon.ico" ? route.fulfill({ status: 204 }) : route.abort();
  });
  await page.goto("http://host.test/");
  await page.evaluate(script);
  const hostContext = {
    ...(one.themed === false ? {} : { theme: one.theme }),
    ...(one.variables ? { styles: { variables: one.variables } } : {}),
  };
  await page.evaluate((shown) => window.show(shown as Shown), { ...one.shown, context: hostContext });
  const frame = page.frames().find((f) => f.url().startsWith("http://app.test/"));
  if (!frame) throw new Error(`${one.name}: the frame is not there.`);
  const ended = one.shown.result !== undefined || one.shown.cancelled !== undefined;
  await settled(page, frame, ended);

  const said: string[] = [];
  const plot = frame.locator(".plot").first();
  if (one.keys?.length && (await plot.count())) {
    await plot.focus();
    for (const key of one.keys) {
      await page.keyboard.press(key);
      said.push((await frame.locator("[aria-live]").first().textContent())?.trim() ?? "");
    }
  }
  for (const name of one.press ?? []) {
    await frame.getByRole("button", { name }).first().click();
    await settled(page, frame, ended);
  }
  const picture = join(pictures, `${one.name}-${one.theme}-${one.width}.png`);
  const seen = await measured(frame);
  // A frame taller than the window would be pictured before it is painted.
  await page.setViewportSize({ width: one.width, height: Math.max(200, Math.ceil(seen.height)) });
  await settled(page, frame, ended);
  await page.screenshot({ path: picture });
  const told = await page.evaluate(() => window.told);
  await frame.evaluate(axe);
  const axeSaid = await frame.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> } };
    const { violations } = await axe.run();
    return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 200)} ${n.failureSummary ?? ""}`));
  });
  const overflow = await overflows(page);
  await context.close();
  return { name: one.name, theme: one.theme, width: one.width, ...seen, said, told, axe: axeSaid, complaints, overflow, picture };
}

/** Wait until what was sent is drawn, nothing is asked any more, and the host knows how high that is. */
async function settled(page: Page, frame: Frame, ended: boolean): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const height = await frame.evaluate(async (answered) => {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const drawn = document.querySelector(".card[aria-busy=false]") !== null;
      const waits = document.querySelector(".waiting") !== null;
      return drawn && waits !== answered ? Math.ceil(document.documentElement.getBoundingClientRect().height) : -1;
    }, ended);
    const told = await page.evaluate(() => window.told.sizes.at(-1)?.height);
    if (height >= 0 && told === height) return;
    await page.waitForTimeout(25);
  }
  throw new Error("The frame did not come to rest.");
}

/** Count what is drawn, and read what is written. */
function measured(frame: Frame) {
  return frame.evaluate(() => {
    const texts = (selector: string, within: ParentNode = document) =>
      [...within.querySelectorAll(selector)].map((node) => node.textContent?.trim() ?? "");
    const seen = (node: Element) => {
      const { width, height } = node.getBoundingClientRect();
      return width > 0 && height > 0;
    };
    const panels = [...document.querySelectorAll("figure")].map((figure) => ({
      marks: [...figure.querySelectorAll("[data-mark]")].filter(seen).length,
      parts: [...figure.querySelectorAll("[data-mark] [data-part], [data-mark] .bar")].filter(seen).length,
      unfinished: figure.querySelectorAll(".unfinished").length,
      gaps: figure.querySelectorAll("[data-gap]").length,
      averages: figure.querySelectorAll("[data-average]").length,
      dense: Number(figure.querySelector("[data-marks]")?.getAttribute("data-marks") ?? 0),
      total: texts(".total strong", figure)[0] ?? "",
      table: [...figure.querySelectorAll("tr")].map((row) => texts("th, td", row)),
    }));
    return {
      panels,
      text: document.body.innerText,
      buttons: texts("button"),
      background: getComputedStyle(document.documentElement).backgroundColor,
      origin: window.origin,
      tables: document.querySelectorAll(".table table").length,
      height: document.documentElement.getBoundingClientRect().height,
    };
  });
}

async function overflows(page: Page): Promise<boolean> {
  const wide = await Promise.all(
    page.frames().map((f) => f.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)),
  );
  return wide.some(Boolean);
}

const [cases = "", pictures = "", executablePath = ""] = process.argv.slice(2);
const app = await readFile(join(import.meta.dirname, "../dist/charts.html"), "utf8");
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const script = await bundled();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--force-color-profile=srgb"] });
try {
  const waiting = (JSON.parse(await readFile(cases, "utf8")) as Case[]).entries();
  const seen: unknown[] = [];
  const looks = async () => {
    for (const [at, one] of waiting) seen[at] = await look(browser, script, app, axe, one, pictures);
  };
  await Promise.all([looks(), looks()]);
  await writeFile(join(pictures, "seen.json"), JSON.stringify(seen));
} finally {
  await browser.close();
}
