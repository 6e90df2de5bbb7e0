// Goes to any moment, past or planned: what was known then, or will be true.
import { Button, Slider, TextInput } from "@mantine/core";
import { useState } from "react";
import { useMoment } from "../api/moment";
import { DAY, dayOf } from "../calendar/steps";

const BACK = 730; // days
const AHEAD = 3650;

export function MomentChooser() {
  const { at, setAt, me } = useMoment();
  const now = Math.floor(Date.parse(me.now) / DAY) * DAY;
  const days = at ? Math.round((Date.parse(at) - now) / DAY) : 0;
  const [dragged, setDragged] = useState<number>();
  const go = (day: number) => {
    setDragged(undefined);
    setAt(day === 0 ? undefined : dayOf(now + day * DAY));
  };
  const shown = dayOf(now + (dragged ?? days) * DAY);
  return (
    <div className={at ? "moment elsewhere" : "moment"}>
      <Slider
        w={220}
        size="sm"
        min={-BACK}
        max={AHEAD}
        value={dragged ?? days}
        onChange={setDragged}
        onChangeEnd={go}
        label={shown}
        thumbLabel="The moment that is shown"
        marks={[{ value: 0 }]}
      />
      <TextInput
        type="date"
        size="xs"
        aria-label="The day that is shown, in UTC"
        value={shown}
        onChange={(event) => {
          const day = Date.parse(event.currentTarget.value);
          if (!Number.isNaN(day)) go(Math.round((day - now) / DAY));
        }}
      />
      <Button size="compact-sm" variant="default" disabled={!at} onClick={() => go(0)}>
        Now
      </Button>
    </div>
  );
}
