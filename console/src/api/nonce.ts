/** What the page's policy lets its own styles through by: each page that the server gives has another. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name="nonce"]')?.content ?? "";
