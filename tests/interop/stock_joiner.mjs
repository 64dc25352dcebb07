// A stock Yjs client that joins a running Polycanvas with a ticket: y-websocket's provider, nothing of ours.
import * as Y from 'yjs'
import { WebsocketProvider } from 'y-websocket'
import WebSocket from 'ws'

const [address, path, mine, ...awaited] = process.argv.slice(2)
const url = new URL(address)
const at = url.pathname.lastIndexOf('/')
const doc = new Y.Doc()
const provider = new WebsocketProvider(url.origin + url.pathname.slice(0, at), url.pathname.slice(at + 1), doc, {
  WebSocketPolyfill: WebSocket, disableBc: true, params: Object.fromEntries(url.searchParams)
})
const until = condition => new Promise(done => {
  const look = () => { if (condition()) { doc.off('update', look); provider.off('sync', look); done() } }
  doc.on('update', look); provider.on('sync', look); look()
})
await until(() => provider.synced)
const file = [...doc.getMap('files')].find(([, entry]) => entry.path === path)[0]
const text = doc.getText(`file:${file}`)
text.insert(0, mine)
await until(() => awaited.every(words => text.toString().includes(words)))
console.log(JSON.stringify(text.toString()))
process.stdin.resume()
process.stdin.on('end', () => { provider.destroy(); process.exit(0) })
