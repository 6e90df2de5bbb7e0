// Makes what the console knows of the API from the API's own document: the types of every request
// and answer, what the columns of each answer hold, and what each change has to be told.
//   node tools/types.mjs OPENAPI.JSON FOLDER
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";

const [documentPath, folder] = process.argv.slice(2);
const document = JSON.parse(readFileSync(documentPath, "utf8"));
mkdirSync(folder, { recursive: true });

writeFileSync(join(folder, "schema.d.ts"), astToString(await openapiTS(document)));

const columns = {};
const areas = {};
for (const [path, methods] of Object.entries(document.paths)) {
  const schema = methods.get?.responses["200"].content?.["application/json"]?.schema;
  const properties = schema?.properties?.data?.items?.properties;
  if (!properties) continue;
  areas[path] = { area: methods.get["x-area"], whole: methods.get["x-audience"] === "cloud" };
  columns[path] = Object.entries(properties).map(([key, column]) => ({
    key,
    title: column.title,
    holds: column["x-holds"],
  }));
}
writeFileSync(
  join(folder, "columns.ts"),
  `// Made by tools/types.mjs.
export type Holds = "text" | "number" | "share" | "power" | "money" | "moment";
export interface Column {
  readonly key: string;
  readonly title: string;
  readonly holds: Holds;
}
export const columns = ${JSON.stringify(columns, null, 1)} as const satisfies Record<string, readonly Column[]>;

/** Who sees an answer: a role sees areas, and a party's people nothing that is of the whole cloud. */
export const areas: Record<string, { area: string; whole: boolean }> = ${JSON.stringify(areas, null, 1)};
`,
);

const kinds = { boolean: "flag", array: "list" };
const actions = {};
for (const [path, methods] of Object.entries(document.paths)) {
  const schema = methods.post?.requestBody?.content["application/json"].schema;
  if (!schema || !methods.post["x-area"]) continue;
  actions[path] = {
    summary: methods.post.summary,
    area: methods.post["x-area"],
    whole: methods.post["x-audience"] === "cloud",
    fields: Object.entries(schema.properties).map(([name, field]) => ({
      name,
      help: field.description,
      kind: kinds[field.type] ?? (field.type.includes("object") ? "file" : "text"),
      required: schema.required?.includes(name) ?? false,
    })),
  };
}
writeFileSync(
  join(folder, "actions.ts"),
  `// Made by tools/types.mjs.
export interface Field {
  readonly name: string;
  readonly help: string;
  readonly kind: "text" | "list" | "flag" | "file";
  readonly required: boolean;
}
export interface Action {
  readonly summary: string;
  readonly area: string;
  readonly whole: boolean;
  readonly fields: readonly Field[];
}
export const actions = ${JSON.stringify(actions, null, 1)} as const satisfies Record<string, Action>;
`,
);
