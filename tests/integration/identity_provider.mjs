// An identity provider: the npm package oidc-provider, whose own pages let anybody sign in as the
// address that they type. Addresses of unverified.example are not vouched for.
//   node identity_provider.mjs PACKAGE PORT REDIRECT SECRET
const [library, port, redirect, secret] = process.argv.slice(2);
const { default: Provider } = await import(library);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "leasehold", client_secret: secret, redirect_uris: [redirect] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  findAccount: (context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, email_verified: !id.endsWith("@unverified.example") }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
