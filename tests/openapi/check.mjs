// node check.mjs BASE_URL: validates /-/openapi.json, makes requests out of it and sees that the
// answers fit. Prints what is wrong and exits with 1, or one line of figures.
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const base = process.argv[2].replace(/\/$/, "");
const problems = [];
let requests = 0;

const text = await (await fetch(base + "/-/openapi.json")).text();
const document = JSON.parse(text);
const validation = await new Validator().validate(JSON.parse(text));
if (!validation.valid) problems.push("not valid: " + JSON.stringify(validation.errors).slice(0, 2000));

// The answers' schemas refer to components: one schema that holds them all.
const ajv = new Ajv({ strict: false, allErrors: false });
addFormats(ajv);
ajv.addSchema({ $id: "api", components: document.components });
const compiled = new Map();

function validatorOf(schema) {
  const key = JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/');
  if (!compiled.has(key)) compiled.set(key, ajv.compile(JSON.parse(key)));
  return compiled.get(key);
}

const resolve = (part) =>
  part.$ref ? part.$ref.split("/").slice(1).reduce((at, name) => at[name], document) : part;

const operations = [];
const ids = new Set();
for (const [path, methods] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    if (ids.has(operation.operationId)) problems.push("twice: " + operation.operationId);
    ids.add(operation.operationId);
    operations.push({ path, method, operation });
  }
}

async function look(operation, path, query, expected = 200) {
  const address = base + path + (query ? "?" + query : "");
  // One connection each: nginx may close a kept one just as the next request goes out.
  requests += 1;
  let answer, body;
  try {
    answer = await fetch(address, { headers: { connection: "close" } });
    body = await answer.text();
  } catch (error) {
    problems.push(`${address}: ${error.cause ?? error}`);
    return null;
  }
  if (answer.status !== expected) {
    // A table that SQLite cannot read now, or a query whose SQL is wrong, says so.
    const described = operation.responses[answer.status];
    if (!described || expected !== 200) {
      problems.push(`${address}: ${answer.status}, expected ${expected}`);
      return null;
    }
  }
  const response = resolve(operation.responses[answer.status]);
  const type = answer.headers.get("content-type").split(";")[0];
  const media = response.content[type];
  if (!media) {
    if (answer.status === 200) problems.push(`${address}: ${type} is not described`);
    return null;
  }
  if (!/[/+]json$/.test(type)) return body;
  const parsed = JSON.parse(body);
  const validate = validatorOf(media.schema);
  if (!validate(parsed)) {
    problems.push(`${address}: ${ajv.errorsText(validate.errors)}\n${body.slice(0, 300)}`);
  }
  return answer.status === 200 ? parsed : null;
}

const pair = (name, value) => encodeURIComponent(name) + "=" + encodeURIComponent(value);

// Bytes of a name as Datasette writes them in addresses.
const tilde = (value) =>
  [...new TextEncoder().encode(String(value))]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      if (/[A-Za-z0-9_-]/.test(letter)) return letter;
      return byte === 0x20 ? "+" : "~" + byte.toString(16).toUpperCase().padStart(2, "0");
    })
    .join("");

const tables = new Map();
for (const { path, method, operation } of operations) {
  if (method === "post") {
    const answer = await fetch(base + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ sql: "select 1 as one" }),
    });
    requests += 1;
    if (answer.status !== 200) problems.push(`POST ${path}: ${answer.status}`);
    continue;
  }
  if (path.includes("{")) continue;
  const parameters = (operation.parameters ?? []).map(resolve);
  const required = parameters
    .filter((parameter) => parameter.required)
    .map((parameter) => pair(parameter.name, parameter.schema.examples[0]))
    .join("&");
  const document_ = await look(operation, path, required);
  if (operation.operationId.startsWith("rows.")) tables.set(path.replace(/\.json$/, ""), document_);
  for (const parameter of parameters) {
    for (const value of parameter.schema.enum ?? parameter.schema.examples ?? []) {
      // Not for tables without a key; said in the manual.
      if (parameter.name === "_shape" && value === "object") continue;
      await look(operation, path, [required, pair(parameter.name, value)].filter(Boolean).join("&"));
    }
  }
}

// Rows that the tables' pages have named.
for (const { path, operation } of operations) {
  if (!path.includes("{row}")) continue;
  const page = tables.get(path.replace("/{row}.json", ""));
  const keys = resolve(operation.parameters[0]).description.split(": ")[1].split(",");
  for (const row of page?.rows?.slice(0, 3) ?? []) {
    const values = keys.map((key) => row[key]);
    if (values.some((value) => value === null || typeof value === "object")) continue;
    // Long keys are cut in no page but may not fit an address.
    await look(operation, path.replace("{row}", values.map(tilde).join(",")));
  }
  await look(operation, path.replace("{row}", "~01no~01such~01row"), "",
    keys.length === 1 ? 404 : 400);
}

if (problems.length) {
  console.error(problems.slice(0, 20).join("\n"));
  console.error(`${problems.length} problems`);
  process.exit(1);
}
console.log(`${operations.length} operations, ${requests} requests`);
