"""Single sign-on for a provider that speaks SAML 2.0 and no OpenID Connect: an extra, on by the setting SAML.

The portal asks by the redirect binding, and takes one thing: an assertion that the provider signed itself, in
answer to what was asked here. Whether a signature is right, and what it covers, signxml says; what the
assertion has to say, `answer` reads off what signxml hands back, and off nothing else. What it means is
decided in `claims` and the model, as for OpenID Connect.
"""
