import menu from "./menu.json" with { type: "json" };

const list = document.querySelector("#menu");
const button = document.querySelector("#order");
const order = new Map();

const price = (cents) => cents / 100;

function total() {
  let sum = 0;
  for (const dish of menu) sum += dish.cents * (order.get(dish.name) ?? 0);
  return sum;
}

function add(dish) {
  order.set(dish.name, (order.get(dish.name) ?? 0) + 1);
  show();
}

function row(dish) {
  const count = order.get(dish.name) ?? 0;
  const item = document.createElement("li");
  const pick = document.createElement("button");
  pick.className = "dish";
  pick.addEventListener("click", () => add(dish));
  for (const [part, text] of [
    ["name", dish.name],
    ["price", price(dish.cents)],
    ["note", dish.note],
    ["count", count ? `× ${count}` : ""],
  ]) {
    const span = document.createElement("span");
    span.className = part;
    span.textContent = text;
    pick.append(span);
  }
  item.append(pick);
  return item;
}

function show() {
  const focused = [...list.children].findIndex((item) => item.contains(document.activeElement));
  list.replaceChildren(...menu.map(row));
  if (focused >= 0) list.children[focused].firstChild.focus();
  button.disabled = order.size === 0;
  button.textContent = order.size ? `Order · ${price(total())}` : "Pick a dish";
}

button.addEventListener("click", () => {
  console.log(`Ordered for ${price(total())}`);
  order.clear();
  show();
});

show();
