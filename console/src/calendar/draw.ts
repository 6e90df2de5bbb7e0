// Draws a calendar: supply, promises as a stack, or each promise in a lane of its own.
import { DAY, stepAt, type Promise_, type Series, type Steps } from "./steps";

export interface View {
  from: number;
  until: number;
}

export interface Colors {
  text: string;
  line: string;
  supply: string;
  free: string;
  chosen: string;
  series: string[];
}

export interface Picture {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  colors: Colors;
  view: View;
}

export const LEFT = 64; // pixels for the amounts
export const BOTTOM = 22; // for the time
export const LANE = 22;

export const xOf = ({ view, width }: Pick<Picture, "view" | "width">, at: number) =>
  LEFT + ((at - view.from) / (view.until - view.from)) * (width - LEFT);
export const timeOf = ({ view, width }: Pick<Picture, "view" | "width">, x: number) =>
  view.from + ((x - LEFT) / (width - LEFT)) * (view.until - view.from);

// Spans between marks, so that a few fit.
const SPANS: [number, (at: Date) => string][] = [
  [DAY, (at) => at.toISOString().slice(5, 10)],
  [7 * DAY, (at) => at.toISOString().slice(5, 10)],
  [30.5 * DAY, (at) => at.toISOString().slice(0, 7)],
  [91.3 * DAY, (at) => `${at.getUTCFullYear()} Q${Math.floor(at.getUTCMonth() / 3) + 1}`],
  [365.25 * DAY, (at) => String(at.getUTCFullYear())],
];

function firstMark(from: number, span: number): Date {
  const at = new Date(from);
  if (span > 300 * DAY) return new Date(Date.UTC(at.getUTCFullYear(), 0));
  if (span > 80 * DAY) return new Date(Date.UTC(at.getUTCFullYear(), Math.floor(at.getUTCMonth() / 3) * 3));
  if (span > 20 * DAY) return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth()));
  return new Date(Math.floor(from / DAY) * DAY);
}

function nextMark(at: Date, span: number): Date {
  if (span > 300 * DAY) return new Date(Date.UTC(at.getUTCFullYear() + 1, 0));
  if (span > 80 * DAY) return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 3));
  if (span > 20 * DAY) return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1));
  return new Date(at.getTime() + span);
}

export function drawTime(picture: Picture, now: number): void {
  const { context, width, height, colors, view } = picture;
  const widest = (view.until - view.from) / Math.max(2, (width - LEFT) / 80);
  const [span, name] = SPANS.find(([length]) => length >= widest) ?? SPANS[SPANS.length - 1]!;
  context.font = "12px system-ui, sans-serif";
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (let at = firstMark(view.from, span); at.getTime() < view.until; at = nextMark(at, span)) {
    const x = xOf(picture, at.getTime());
    if (x < LEFT) continue;
    context.fillStyle = colors.line;
    context.fillRect(Math.round(x), 0, 1, height - BOTTOM + 5);
    context.fillStyle = colors.text;
    if (x + 40 < width) context.fillText(name(at), x + 4, height - BOTTOM / 2);
  }
  const x = xOf(picture, now);
  if (x < LEFT || x > width) return;
  context.fillStyle = colors.chosen;
  context.fillRect(Math.round(x) - 1, 0, 2, height - BOTTOM);
}

// One point a step, and where many steps fall on one pixel only the greatest.
function trace(picture: Picture, steps: Steps, yOf: (level: number) => number): void {
  const { context, view, width } = picture;
  let i = stepAt(steps, view.from);
  let y = yOf(steps.level[i] ?? 0);
  context.lineTo(LEFT, y);
  let pixel = LEFT;
  let least = y; // of this pixel: the highest on the screen
  for (++i; i < steps.at.length && steps.at[i]! < view.until; ++i) {
    const x = Math.max(LEFT, Math.round(xOf(picture, steps.at[i]!)));
    if (x !== pixel) {
      context.lineTo(pixel, least);
      context.lineTo(pixel, y);
      context.lineTo(x, y);
      pixel = x;
      least = y;
    }
    y = yOf(steps.level[i]!);
    least = Math.min(least, y);
  }
  context.lineTo(pixel, least);
  context.lineTo(pixel, y);
  context.lineTo(width, y);
}

export function drawStack(picture: Picture, supply: Steps, series: Series[], top: number): void {
  const { context, width, height, colors } = picture;
  const floor = height - BOTTOM;
  const yOf = (level: number) => floor - (level / top) * (floor - 8);
  context.font = "12px system-ui, sans-serif";
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (let part = 0; part <= 4; ++part) {
    const y = yOf((top * part) / 4);
    context.fillStyle = colors.line;
    context.fillRect(LEFT, Math.round(y), width - LEFT, 1);
    context.fillStyle = colors.text;
    context.fillText(Math.round((top * part) / 4).toLocaleString("en-US"), LEFT - 6, Math.max(7, y));
  }
  const fill = (steps: Steps, color: string) => {
    context.beginPath();
    context.moveTo(LEFT, floor);
    trace(picture, steps, yOf);
    context.lineTo(width, floor);
    context.closePath();
    context.fillStyle = color;
    context.fill();
  };
  fill(supply, colors.free);
  for (let i = series.length - 1; i >= 0; --i) fill(series[i]!.steps, colors.series[i % colors.series.length]!);
  context.beginPath();
  context.moveTo(LEFT, yOf(supply.level[stepAt(supply, picture.view.from)] ?? 0));
  trace(picture, supply, yOf);
  context.strokeStyle = colors.supply;
  context.lineWidth = 2;
  context.stroke();
}

/** Only the lanes that are in sight are drawn, however many there are. */
export function drawLanes(picture: Picture, lanes: Promise_[], scrolled: number, colorOf: (lane: Promise_) => string): void {
  const { context, width, height, colors, view } = picture;
  const floor = height - BOTTOM;
  context.save();
  context.beginPath();
  context.rect(0, 0, width, floor);
  context.clip();
  context.font = "12px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "left";
  const first = Math.max(0, Math.floor(scrolled / LANE));
  for (let i = first; i < lanes.length && i * LANE - scrolled < floor; ++i) {
    const lane = lanes[i]!;
    const y = i * LANE - scrolled;
    const from = Math.max(LEFT, xOf(picture, lane.from));
    const until = lane.until === Infinity ? width : Math.min(width, xOf(picture, lane.until));
    if (lane.from < view.until && until > LEFT) {
      context.fillStyle = colorOf(lane);
      context.fillRect(from, y + 3, Math.max(2, until - from), LANE - 6);
    }
    context.fillStyle = colors.text;
    const said = `${lane.line || "another's"}  ${lane.lessee}  ${lane.amount.toLocaleString("en-US")}`;
    const beside = until + 6 + said.length * 6 < width ? until + 6 : Math.max(LEFT + 4, from + 4);
    if (beside === until + 6) context.fillText(said, beside, y + LANE / 2);
    else {
      context.fillStyle = "#fff";
      context.fillText(said, beside, y + LANE / 2);
    }
  }
  context.restore();
}
