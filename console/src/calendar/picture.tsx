// The picture that is panned, zoomed and asked with: dragged it moves, with Shift dragged it chooses
// a window. It draws on the next frame and leaves React alone.
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useImperativeHandle, useMemo, useRef, type Ref } from "react";
import { BOTTOM, drawLanes, drawStack, drawTime, LANE, LEFT, timeOf, xOf, type Colors, type View } from "./draw";
import { PALETTE } from "../parts/palette";
import { DAY, highest, type Promise_, type Series, type Steps } from "./steps";

const LIGHT: Colors = {
  text: "#343a40",
  line: "#dee2e6",
  supply: "#212529",
  free: "#c3e6d3",
  chosen: "#c92a2a",
  series: PALETTE,
};
const DARK: Colors = { ...LIGHT, text: "#dee2e6", line: "#3b3d42", supply: "#f1f3f5", free: "#1f4a38", chosen: "#ffa8a8" };

export interface Calendar {
  supply: Steps;
  series: Series[];
  lanes: Promise_[];
}

export interface Handle {
  show: (days: number) => void;
}

interface Props {
  calendar: Calendar;
  now: number;
  asLanes: boolean;
  height: number;
  label: string;
  chosen: View | undefined;
  choose: (window: View) => void;
  handle: Ref<Handle>;
  /** A lane was clicked. */
  open: (lane: Promise_) => void;
}

class Pane {
  view: View;
  scrolled = 0;
  chosen: View | undefined;
  asLanes = false;
  colors = LIGHT;
  calendar: Calendar;
  private due = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    calendar: Calendar,
    private readonly now: number,
  ) {
    this.calendar = calendar;
    this.view = { from: now - 365 * DAY, until: now + 4 * 365 * DAY };
  }

  soon() {
    this.due ||= requestAnimationFrame(() => {
      this.due = 0;
      this.draw();
    });
  }

  private draw() {
    const { canvas } = this;
    const [width, height, dense] = [canvas.clientWidth, canvas.clientHeight, devicePixelRatio];
    if (canvas.width !== Math.round(width * dense)) canvas.width = Math.round(width * dense);
    if (canvas.height !== Math.round(height * dense)) canvas.height = Math.round(height * dense);
    const context = canvas.getContext("2d", { alpha: true })!;
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, width, height);
    const picture = { context, width, height, colors: this.colors, view: this.view };
    const { supply, series, lanes } = this.calendar;
    if (this.asLanes) {
      const names = new Map(series.map(({ name }, i) => [name, this.colors.series[i % this.colors.series.length]!]));
      const last = this.colors.series[this.colors.series.length - 1]!;
      drawTime(picture, this.now);
      drawLanes(picture, lanes, this.scrolled, (lane) => names.get(lane.kind === "hold" ? "on hold" : lane.lessee || "another's") ?? last);
    } else {
      const top = Math.max(1, highest(supply), ...series.slice(-1).map(({ steps }) => highest(steps)));
      drawStack(picture, supply, series, top);
      drawTime(picture, this.now);
    }
    if (!this.chosen) return;
    const [from, until] = [Math.max(LEFT, xOf(picture, this.chosen.from)), xOf(picture, this.chosen.until)];
    context.fillStyle = this.colors.chosen;
    context.globalAlpha = 0.18;
    context.fillRect(from, 0, until - from, height - BOTTOM);
    context.globalAlpha = 1;
  }

  private get size() {
    return { view: this.view, width: this.canvas.clientWidth };
  }
  laneAt(y: number): Promise_ | undefined {
    return this.asLanes ? this.calendar.lanes[Math.floor((y + this.scrolled) / LANE)] : undefined;
  }
  timeAt(x: number) {
    return timeOf(this.size, x);
  }
  pan(pixels: number) {
    const by = (pixels / (this.canvas.clientWidth - LEFT)) * (this.view.until - this.view.from);
    this.view = { from: this.view.from - by, until: this.view.until - by };
    this.soon();
  }
  scroll(pixels: number) {
    const most = Math.max(0, this.calendar.lanes.length * LANE - (this.canvas.clientHeight - BOTTOM));
    this.scrolled = Math.min(most, Math.max(0, this.scrolled + pixels));
    this.soon();
  }
  // From one day to ten years and some.
  zoom(times: number, around: number) {
    const length = Math.min(12 * 365 * DAY, Math.max(DAY, (this.view.until - this.view.from) * times));
    const share = (around - this.view.from) / (this.view.until - this.view.from);
    this.view = { from: around - share * length, until: around + (1 - share) * length };
    this.soon();
  }
  show(days: number) {
    const middle = (this.view.from + this.view.until) / 2;
    this.zoom((days * DAY) / (this.view.until - this.view.from), days < 400 ? this.now : middle);
  }
}

const STILL = 4; // pixels that a click may move

function listen(canvas: HTMLCanvasElement, pane: Pane, choose: (window: View) => void, open: (lane: Promise_) => void): () => void {
  let dragged: { x: number; y: number; start: number | undefined; far: number } | undefined;
  const ended = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(name: K, act: (event: HTMLElementEventMap[K]) => void) =>
    canvas.addEventListener(name, act, { signal: ended.signal, passive: false });
  const xIn = (event: MouseEvent) => event.clientX - canvas.getBoundingClientRect().left;
  on("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    dragged = { x: event.clientX, y: event.clientY, start: event.shiftKey ? pane.timeAt(xIn(event)) : undefined, far: 0 };
  });
  on("pointermove", (event) => {
    if (!dragged) return;
    if (dragged.start !== undefined) {
      const there = pane.timeAt(xIn(event));
      pane.chosen = { from: Math.min(dragged.start, there), until: Math.max(dragged.start, there) };
      return pane.soon();
    }
    pane.pan(event.clientX - dragged.x);
    if (pane.asLanes) pane.scroll(dragged.y - event.clientY);
    const far = dragged.far + Math.abs(event.clientX - dragged.x) + Math.abs(event.clientY - dragged.y);
    dragged = { ...dragged, x: event.clientX, y: event.clientY, far };
  });
  on("pointerup", (event) => {
    if (dragged?.start === undefined && (dragged?.far ?? STILL) < STILL) {
      const lane = pane.laneAt(event.clientY - canvas.getBoundingClientRect().top);
      if (lane) open(lane);
    }
    if (dragged?.start !== undefined && pane.chosen) {
      const day = (at: number) => Math.floor(at / DAY) * DAY;
      const from = day(pane.chosen.from);
      choose({ from, until: Math.max(from + DAY, day(pane.chosen.until)) });
    }
    dragged = undefined;
  });
  on("wheel", (event) => {
    event.preventDefault();
    if (pane.asLanes && !event.ctrlKey) return pane.scroll(event.deltaY);
    pane.zoom(Math.exp(event.deltaY / 400), pane.timeAt(xIn(event)));
  });
  on("keydown", (event) => {
    const middle = (pane.view.from + pane.view.until) / 2;
    const acts: Record<string, () => void> = {
      ArrowLeft: () => pane.pan(80),
      ArrowRight: () => pane.pan(-80),
      ArrowUp: () => pane.scroll(-LANE * 3),
      ArrowDown: () => pane.scroll(LANE * 3),
      "+": () => pane.zoom(1 / 1.4, middle),
      "-": () => pane.zoom(1.4, middle),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]!();
  });
  const sized = new ResizeObserver(() => pane.soon());
  sized.observe(canvas);
  return () => {
    ended.abort();
    sized.disconnect();
  };
}

export function CalendarPicture({ calendar, now, asLanes, height, label, chosen, choose, handle, open }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pane = useRef<Pane>(null);
  const dark = useComputedColorScheme("light") === "dark";
  const tells = useRef({ choose, open });
  tells.current = { choose, open };
  useEffect(() => {
    const made = new Pane(canvas.current!, calendar, now);
    pane.current = made;
    return listen(
      canvas.current!,
      made,
      (window) => tells.current.choose(window),
      (lane) => tells.current.open(lane),
    );
    // The pane outlives what it shows: that is set below.
  }, [now]);
  useEffect(() => {
    Object.assign(pane.current!, { calendar, asLanes, chosen, colors: dark ? DARK : LIGHT });
    pane.current!.soon();
  }, [calendar, asLanes, chosen, dark, now]);
  useImperativeHandle(handle, () => ({ show: (days) => pane.current?.show(days) }), []);
  const legend = useMemo(() => calendar.series.map(({ name }, i) => [name, LIGHT.series[i % LIGHT.series.length]!] as const), [calendar]);
  return (
    <div className="picture">
      <canvas ref={canvas} style={{ height }} tabIndex={0} role="img" aria-label={label} />
      <div className="legend">
        {legend.map(([name, color]) => (
          <span key={name}>
            <i style={{ background: color }} />
            {name}
          </span>
        ))}
        <span>
          <i style={{ background: dark ? DARK.free : LIGHT.free }} />
          free
        </span>
      </div>
    </div>
  );
}
