import { Rows } from "../parts/rows";

export default function Access() {
  return (
    <>
      <h1>Keys and people</h1>
      <Rows path="/v1/keys" title="Keys" />
      <Rows path="/v1/users" title="People who may sign in" empty="Nobody may yet." />
      <Rows path="/v1/webhooks" title="Webhooks" empty="Nobody is told." />
    </>
  );
}
