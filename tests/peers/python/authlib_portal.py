"""A portal in Flask with `authlib`: code with PKCE, ID token, userinfo, and a
refresh when the access token is over.

Input: issuer, client_id, client_secret, token_endpoint_auth_method,
redirect_uri."""

from urllib.parse import urlsplit

from authlib.integrations.flask_client import OAuth
from flask import Flask, jsonify

from conversation import came_back, heard, report

asked = heard()
app = Flask(__name__)
app.secret_key = "of this portal's own cookies"
refreshed = []
propusk = OAuth(app, update_token=lambda _name, token, **_old: refreshed.append(token)).register(
    "propusk",
    client_id=asked["client_id"],
    client_secret=asked["client_secret"],
    server_metadata_url=asked["issuer"] + "/.well-known/openid-configuration",
    client_kwargs={
        "scope": "openid profile offline_access",
        "code_challenge_method": "S256",
        "token_endpoint_auth_method": asked["token_endpoint_auth_method"],
    },
)


@app.get("/sign-in")
def sign_in():
    return propusk.authorize_redirect(asked["redirect_uri"])


@app.get(urlsplit(asked["redirect_uri"]).path)
def callback():
    token = propusk.authorize_access_token()
    about = propusk.userinfo(token=token)
    # As if its time were over: the library fetches the next by itself.
    again = propusk.userinfo(token={**token, "expires_at": 1})
    [fresh] = refreshed
    assert fresh["access_token"] != token["access_token"], "it was not refreshed"
    return jsonify(
        # `userinfo` of the token is what the checked ID token says.
        same_person=token["userinfo"]["sub"] == about["sub"],
        name=about["name"],
        name_after_refresh=again["name"],
    )


visitor = app.test_client()
back = came_back(visitor.get("/sign-in").location)
answer = visitor.get(urlsplit(back).path, query_string=urlsplit(back).query)
assert answer.status_code == 200, answer.text
report(**answer.json)
