// The charges of an invoice, and why each is what it is: terms, arithmetic, and the facts behind it.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { documentOf, type Problem } from "../api/client";
import { count, money } from "./cells";
import { Rows } from "./rows";
import { Loaded } from "./states";

interface Charge {
  what: string;
  period: string;
  quantity: string;
  unit: string;
  amount: string;
}

export function Charges({ invoice }: { invoice: string }) {
  const [chosen, setChosen] = useState<number>();
  const answer = useQuery<Charge[], Problem>({
    queryKey: ["invoice", invoice, "json"],
    queryFn: async () => {
      const blob = await documentOf("/v1/invoices/{invoice}", { invoice }, { format: "json" }, "application/json");
      return (JSON.parse(await blob.text()) as { lines: Charge[] }).lines;
    },
  });
  return (
    <section>
      <h2>Charges</h2>
      <Loaded of={answer}>
        {() => (
          <div className="rows" tabIndex={0} role="region" aria-label="Charges">
            <table>
              <thead>
                <tr>
                  <th scope="col">what</th>
                  <th scope="col">period</th>
                  <th scope="col" className="number">
                    quantity
                  </th>
                  <th scope="col" className="number">
                    amount
                  </th>
                  <th scope="col" className="actions">
                    <span className="unseen">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {answer.data!.map((charge, i) => (
                  <tr key={i} aria-selected={chosen === i + 1}>
                    <td>{charge.what}</td>
                    <td>{charge.period}</td>
                    <td className="number">{charge.quantity && `${count.format(Number(charge.quantity))} ${charge.unit}s`}</td>
                    <td className="number">{money(charge.amount)}</td>
                    <td className="actions">
                      <Button size="compact-xs" variant="default" aria-label={`Why ${charge.what}`} onClick={() => setChosen(i + 1)}>
                        Why
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
      {chosen !== undefined && <Rows path="/v1/invoices/{invoice}/explain" parts={{ invoice }} query={{ line: chosen }} title={`Why charge ${chosen} is what it is`} />}
    </section>
  );
}
