// Hocuspocus with its database extension over SQLite, durable as its documentation shows.
import { DatabaseSync } from "node:sqlite";
import { Server } from "@hocuspocus/server";
import { Database } from "@hocuspocus/extension-database";

const [, , port, file] = process.argv;
const db = new DatabaseSync(file);
db.exec("create table if not exists documents (name text primary key, body blob)");
const get = db.prepare("select body from documents where name = ?");
const put = db.prepare("insert into documents values (?, ?) on conflict (name) do update set body = excluded.body");

const server = new Server({
  port: Number(port),
  address: "127.0.0.1",
  quiet: true,
  extensions: [
    new Database({
      fetch: async ({ documentName }) => get.get(documentName)?.body ?? null,
      store: async ({ documentName, state }) => void put.run(documentName, state),
    }),
  ],
});
await server.listen();
