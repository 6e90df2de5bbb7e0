import { Rows } from "../parts/rows";
import { Quotes } from "../parts/quotes";

export default function Leases() {
  return (
    <>
      <h1>Leases</h1>
      <Rows path="/v1/leases" title="Lines of leases" empty="None runs at this moment." />
      <Quotes />
      <Rows path="/v1/subleases" title="Lines of subleases" empty="None runs at this moment." />
      <Rows path="/v1/commitments" title="Spend commitments" />
    </>
  );
}
