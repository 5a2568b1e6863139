"""A relying party with `idpyoidc`: code with PKCE, ID token, userinfo, refresh.

Input: issuer, client_id, client_secret, redirect_uri."""

from urllib.parse import parse_qsl, urlsplit

from idpyoidc.client.rp_handler import RPHandler

from conversation import came_back, heard, report

asked = heard()
issuer = asked["issuer"]
at = urlsplit(asked["redirect_uri"])
parties = RPHandler(
    base_url=f"{at.scheme}://{at.netloc}",
    # Kept in no file.
    key_conf={"key_defs": [{"type": "EC", "crv": "P-256", "use": ["sig"]}]},
    client_configs={
        issuer: {
            "client_type": "oidc",
            "issuer": issuer,
            "client_id": asked["client_id"],
            "client_secret": asked["client_secret"],
            "redirect_uris": [asked["redirect_uri"]],
            "response_types_supported": ["code"],
            "scopes_supported": ["openid", "profile", "offline_access"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "client_authn_methods": ["client_secret_basic", "bearer_header"],
            "add_ons": {
                "pkce": {
                    "function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
                    "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"},
                }
            },
        }
    },
)
address = parties.begin(issuer, req_args={"scope": ["openid", "profile", "offline_access"]})
back = urlsplit(came_back(address))
done = parties.finalize(issuer, dict(parse_qsl(back.query)))
assert "error" not in done, done
state = done["state"]
first = parties.get_valid_access_token(state)
fresh = parties.refresh_access_token(state)
assert fresh["access_token"] != first[0], "it was not refreshed"
again = parties.get_user_info(state, access_token=fresh["access_token"])
report(name=done["userinfo"]["name"], name_after_refresh=again["name"])
