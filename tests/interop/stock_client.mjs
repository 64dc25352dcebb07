// A stock Yjs client: y-websocket's provider, nothing of ours. Types, waits for the others, prints what it has.
import * as Y from 'yjs'
import { WebsocketProvider } from 'y-websocket'
import WebSocket from 'ws'

const [url, room, file, mine, theirs] = process.argv.slice(2)
const doc = new Y.Doc()
const provider = new WebsocketProvider(url, room, doc, { WebSocketPolyfill: WebSocket, disableBc: true, params: { ticket: 'stock' } })
provider.awareness.setLocalStateField('user', { name: 'Somebody else' })
const text = doc.getText(`file:${file}`)
const until = condition => new Promise(done => {
  const look = () => { if (condition()) { doc.off('update', look); provider.off('sync', look); provider.awareness.off('change', look); done() } }
  doc.on('update', look); provider.on('sync', look); provider.awareness.on('change', look); look()
})
await until(() => provider.synced)
for (const letter of [...mine].reverse()) text.insert(0, letter)
const undo = new Y.UndoManager(text)
text.insert(0, 'undone 😀')
undo.undo()
await until(() => text.toString().includes(theirs))
text.delete(text.toString().indexOf('gone'), 4)
const place = Buffer.from(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, 0))).toString('base64')
const by = { id: 'bo', name: 'Bo', hue: 200 }
doc.getMap('comments').set(file, { id: file, file, start: place, end: place, by, at: new Date().toISOString(), text: 'é', resolved: false })
await until(() => [...provider.awareness.getStates().values()].some(state => state.user?.name === 'Ana'))
console.log(JSON.stringify({ text: text.toString(), path: doc.getMap('files').get(file).path }))
process.stdin.resume()
process.stdin.on('end', () => { provider.destroy(); process.exit(0) })
