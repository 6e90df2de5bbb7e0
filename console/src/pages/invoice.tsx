// An invoice as its customer sees it, and as a file.
import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useParams } from "wouter";
import { documentOf, type Problem } from "../api/client";
import { Act } from "../parts/act";
import { Charges } from "../parts/charges";
import { nonce } from "../api/nonce";
import { Rows } from "../parts/rows";
import { Refused, Waiting } from "../parts/states";

// The page's policy holds in its frames too: the invoice's own styles are let through as the kit's are.
const withNonce = (html: string) => html.replaceAll("<style>", `<style nonce="${nonce}">`);

function useAddress(blob: Blob | undefined) {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!blob) return;
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return address;
}

export default function Invoice() {
  const { invoice } = useParams<{ invoice: string }>();
  const paper = useQuery<Blob, Problem>({
    queryKey: ["invoice", invoice, "pdf"],
    queryFn: () => documentOf("/v1/invoices/{invoice}", { invoice }, { format: "pdf" }, "application/pdf"),
  });
  const page = useQuery<string, Problem>({
    queryKey: ["invoice", invoice, "html"],
    queryFn: async () => (await documentOf("/v1/invoices/{invoice}", { invoice }, { format: "html" }, "text/html")).text(),
  });
  const address = useAddress(paper.data);
  return (
    <>
      <Group justify="space-between">
        <h1>{invoice}</h1>
        <Group gap="xs">
          <Act path="/v1/invoices/{invoice}/payments" parts={{ invoice }} label="Record a payment" ask={["amount", "on", "reference"]} />
          <Act path="/v1/invoices/{invoice}/credit" parts={{ invoice }} label="Credit it" confirm={invoice} />
          {address && (
            <Button component="a" href={address} download={`${invoice}.pdf`} variant="default" size="compact-sm">
              PDF
            </Button>
          )}
        </Group>
      </Group>
      {page.error && <Refused problem={page.error} />}
      {page.isPending ? <Waiting /> : <iframe className="paper" title={`Invoice ${invoice}`} sandbox="" srcDoc={withNonce(page.data ?? "")} />}
      <Charges invoice={invoice} />
      <Rows path="/v1/journal" query={{ about: invoice }} title="The facts behind it" />
    </>
  );
}
