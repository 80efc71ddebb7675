"use strict";
// Draws the reference from /openapi/v1.json. Everything is set as text, so that no word of the document can become markup.
(async () => {
  const main = document.getElementById("main");
  const tags = document.getElementById("tags");
  const verbs = ["get", "post", "put", "patch", "delete"];
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children.filter(child => child != null));
    return element;
  };

  let api;
  try {
    const response = await fetch("/openapi/v1.json");
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    api = await response.json();
  } catch (error) {
    main.replaceChildren(make("p", {}, `The reference could not be loaded: ${error.message}`));
    return;
  }

  const resolve = schema => schema && schema.$ref ? api.components.schemas[schema.$ref.split("/").pop()] ?? {} : schema ?? {};
  const typeOf = schema => {
    if (schema?.$ref) return schema.$ref.split(/[/.]/).pop();
    if (schema?.enum) return schema.enum.map(value => JSON.stringify(value)).join(" | ");
    if (schema?.type === "array") return `${typeOf(schema.items)}[]`;
    const options = schema?.oneOf ?? schema?.anyOf;
    if (options) return options.map(typeOf).join(" | ");
    return [schema?.type ?? "any"].flat().join(" | ") + (schema?.format ? ` (${schema.format})` : "");
  };
  const exampleOf = (schema, depth = 0) => {
    const found = resolve(schema);
    if (found.examples?.length) return found.examples[0];
    if (found.default !== undefined) return found.default;
    if (found.enum) return found.enum[0];
    const options = found.oneOf ?? found.anyOf ?? found.allOf;
    if (options) return exampleOf(options.find(option => option.type !== "null") ?? options[0], depth);
    const type = [found.type].flat().find(name => name && name !== "null");
    if (type === "array") return depth > 4 ? [] : [exampleOf(found.items, depth + 1)];
    if (type === "object" || found.properties) {
      return depth > 4 ? {} : Object.fromEntries(Object.entries(found.properties ?? {}).map(([name, property]) => [name, exampleOf(property, depth + 1)]));
    }
    if (type === "integer" || type === "number") return found.minimum ?? 1;
    if (type === "boolean") return true;
    if (found.format === "date-time") return "2026-03-02T08:00:00Z";
    if (found.format === "uuid") return "0195f3a0-0000-7000-8000-000000000000";
    return found.format === "email" ? "ada@example.com" : "…";
  };
  const contentOf = holder => {
    const [type, media] = Object.entries(holder?.content ?? {})[0] ?? [];
    return type ? { type, schema: media.schema, example: media.example ?? Object.values(media.examples ?? {})[0]?.value ?? (media.schema ? exampleOf(media.schema) : undefined) } : null;
  };
  const rows = list => make("table", {}, make("tbody", {}, ...list.map(cells => make("tr", {}, ...cells.map(cell => make("td", {}, cell ?? ""))))));
  const code = value => make("pre", { tabindex: "0" }, typeof value === "string" ? value : JSON.stringify(value, null, 2));

  const curlOf = (path, verb, operation, body) => {
    const open = operation.security && operation.security.length === 0;
    const lines = [`curl -X ${verb.toUpperCase()} ${location.origin}${path}`];
    if (!open) lines.push('  -H "Authorization: Bearer gopt_your_api_key"');
    if (body) lines.push(`  -H "Content-Type: ${body.type}"`, `  -d '${JSON.stringify(body.example ?? {})}'`);
    return lines.join(" \\\n");
  };

  const describe = (path, verb, operation) => {
    const body = contentOf(operation.requestBody);
    const holder = make("div", { class: "body" });
    if (operation.description && operation.description !== operation.summary) holder.append(make("p", {}, operation.description));
    holder.append(make("h4", {}, "Call"), code(curlOf(path, verb, operation, body)));
    const parameters = operation.parameters ?? [];
    if (parameters.length) {
      holder.append(make("h4", {}, "Parameters"), rows(parameters.map(p => [p.name, `${p.in}, ${typeOf(p.schema)}${p.required ? ", required" : ""}`, p.description])));
    }
    if (body) {
      const schema = resolve(body.schema);
      holder.append(make("h4", {}, "Body"));
      if (schema.properties) {
        holder.append(rows(Object.entries(schema.properties).map(([name, p]) => [name, `${typeOf(p)}${schema.required?.includes(name) ? ", required" : ""}`, p.description ?? resolve(p).description])));
      }
    }
    holder.append(make("h4", {}, "Answers"), rows(Object.entries(operation.responses ?? {}).map(([status, r]) => [status, r.description])));
    const success = Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith("2"));
    const answer = success && contentOf(success[1]);
    if (answer?.example !== undefined) holder.append(code(answer.example));
    return holder;
  };

  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths)) {
    for (const verb of verbs.filter(name => item[name])) {
      const operation = item[verb];
      const tag = operation.tags?.[0] ?? "Other";
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push({ path, verb, operation });
    }
  }

  const entries = [];
  main.replaceChildren(make("p", {}, `${api.info.title} ${api.info.version}. `, make("span", { class: "quiet" }, api.info.description)));
  for (const [tag, operations] of [...groups].sort(([a], [b]) => a.localeCompare(b))) {
    const id = tag.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    const section = make("section", {}, make("h2", { id }, tag));
    for (const { path, verb, operation } of operations) {
      const badge = operation["x-not-yet-available"] ? "planned" : operation.security?.length === 0 ? "no key" : null;
      const details = make("details", { id: operation.operationId }, make("summary", {},
        make("span", { class: `verb ${verb}` }, verb.toUpperCase()), make("span", { class: "path" }, path),
        make("span", { class: "hint" }, operation.summary ?? ""), badge && make("span", { class: "badge" }, badge)));
      details.addEventListener("toggle", () => {
        if (details.open && details.children.length === 1) details.append(describe(path, verb, operation));
      });
      section.append(details);
      entries.push({ details, section, words: `${verb} ${path} ${operation.summary ?? ""} ${tag}`.toLowerCase() });
    }
    main.append(section);
    tags.append(make("a", { href: `#${id}` }, tag));
  }

  document.getElementById("find").addEventListener("input", event => {
    const wanted = event.target.value.trim().toLowerCase().split(/\s+/);
    for (const entry of entries) entry.details.hidden = !wanted.every(word => entry.words.includes(word));
    for (const section of main.querySelectorAll("section")) section.hidden = !section.querySelector("details:not([hidden])");
  });
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) {
    if (target.tagName === "DETAILS") target.open = true;
    target.scrollIntoView();
  }
})();
