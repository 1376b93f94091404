// Buys a product through the client that openapi-fetch makes of the generated types. Prints the order as JSON.
import createClient from "openapi-fetch";
import type { paths } from "./api.js";

const [gateway, email, promoCode] = process.argv.slice(2) as [string, string, string];
const api = createClient<paths>({ baseUrl: gateway });

/** The answer, or an end of the program with the refusal's code. */
function ok<T, E extends { code: string; detail?: string }>(answer: { data?: T; error?: E }): NonNullable<T> {
  if (answer.error !== undefined) throw new Error(`${answer.error.code}: ${answer.error.detail}`);
  return answer.data as NonNullable<T>;
}

const session = ok(await api.POST("/api/users/register", { body: { email, password: "a-long-enough-secret", firstName: "Rosa", lastName: "Exemple" } }));
const headers = { Authorization: `Bearer ${session.token}` };

const page = ok(await api.GET("/api/products", { params: { query: { inStock: true, limit: 5 } } }));
const product = page.products[0];
if (!product) throw new Error("There is nothing to buy.");

const cart = ok(await api.PUT("/api/cart/items/{productId}", { headers, params: { path: { productId: product.productId } }, body: { quantity: 2 } }));
const checked = ok(await api.POST("/api/promotions/validate", { headers, body: { promoCode, cartTotal: cart.totalAmount } }));
if (!checked.isValid) throw new Error(`The code is not valid: ${checked.reason}`);

const placed = ok(await api.POST("/api/orders", {
  headers: { ...headers, "Idempotency-Key": crypto.randomUUID() },
  body: {
    items: cart.items.map(({ productId, quantity }) => ({ productId, quantity })),
    promoCode,
    shippingAddress: { name: "Rosa Exemple", line1: "1 rue de l'Exemple", postalCode: "75000", city: "Paris", country: "FR" },
    payment: { method: "card", cardToken: "tok_visa" },
  },
}));
const order = ok(await api.GET("/api/orders/{orderId}", { headers, params: { path: { orderId: placed.orderId } } }));

// What the types promise: money and quantities are numbers.
const paid: number = order.finalAmount;
const bought: number = order.items.reduce((sum, item) => sum + item.quantity, 0);
console.log(JSON.stringify({ status: order.status, paid, bought, discount: checked.discountAmount }));
