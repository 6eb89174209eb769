"""Single sign-on: people sign in with the account of their own organisation (OpenID Connect).

Who may come and what they may do is decided in `claims` and in the model, without a word of the protocol;
`id_token`, `provider` and `door` speak it. It is written on PyJWT and not on django-allauth's provider, which
knows no nonce, believes a token's own word about how it was signed, and lets the address of the sign-in page
change what is asked of the provider.
"""
