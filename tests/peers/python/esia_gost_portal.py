"""A portal of the second generation whose GOST is `gostcrypto`, which has
nothing in common with OpenSSL: it signs its requests, calls its certificate by
its hash, and checks our tokens by our certificate.

Input: url, client_id, redirect_uri, certificate (PEM file), key (PKCS #8 PEM
file), scope, our_certificate (DER file)."""

import base64
import datetime
import json
import uuid
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from gostcrypto import gosthash, gostsignature

from conversation import came_back, heard, report

asked = heard()
# The curve of CryptoPro's sets A and XchA.
CURVE = gostsignature.CURVES_R_1323565_1_024_2019["id-tc26-gost-3410-2012-256-paramSetB"]
gost = gostsignature.new(gostsignature.MODE_256, CURVE)


def unarmoured(path):
    with open(path, encoding="ascii") as file:
        lines = [line for line in file.read().split("\n") if "-----" not in line]
    return base64.b64decode("".join(lines))


def streebog(data):
    return bytes(gosthash.new("streebog256", data=bytearray(data)).digest())


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


certificate = unarmoured(asked["certificate"])
private = unarmoured(asked["key"])[-32:][::-1]
with open(asked["our_certificate"], "rb") as file:
    ours = file.read()


def sign(text):
    # The library reads the digest big-endian and puts r first.
    r_then_s = bytes(gost.sign(bytearray(private), bytearray(streebog(text.encode())[::-1])))
    return base64url(r_then_s[32:] + r_then_s[:32])


def is_ours(token):
    signed, signature = token.rsplit(".", 1)
    signature = base64.urlsafe_b64decode(signature + "==")
    at = ours.index(b"\x03\x43\x00\x04\x40") + 5
    point = ours[at : at + 32][::-1] + ours[at + 32 : at + 64][::-1]
    return gost.verify(
        bytearray(point),
        bytearray(streebog(signed.encode())[::-1]),
        bytearray(signature[32:] + signature[:32]),
    )


def claims(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y.%m.%d %H:%M:%S %z")


def request(names, **more):
    params = {
        "client_id": asked["client_id"],
        "scope": asked["scope"],
        "scope_org": "",
        "timestamp": now(),
        "state": str(uuid.uuid4()),
        "redirect_uri": asked["redirect_uri"],
        "client_certificate_hash": streebog(certificate).hex().upper(),
        **more,
    }
    params["client_secret"] = sign("".join(params[name] for name in names))
    return params


BASE = ["client_id", "scope", "scope_org", "timestamp", "state", "redirect_uri"]
first = request(BASE, response_type="code", access_type="offline")
came = parse_qs(urlsplit(came_back(asked["url"] + "/aas/oauth2/v2/ac?" + urlencode(first))).query)
assert came["state"][0] == first["state"]

token_url = asked["url"] + "/aas/oauth2/v3/te"
exchange = request(
    BASE + ["code"], code=came["code"][0], grant_type="authorization_code", token_type="Bearer"
)
tokens = requests.post(token_url, data=exchange, timeout=10).json()
assert tokens.get("state") == exchange["state"], tokens
oid = claims(tokens["access_token"])["urn:esia:sbj_id"]
data = asked["url"] + f"/rs/prns/{oid}"


def get(address, token):
    answer = requests.get(address, headers={"Authorization": "Bearer " + token}, timeout=10)
    answer.raise_for_status()
    return answer.json()


renewed = requests.post(
    token_url,
    data=request(BASE, refresh_token=tokens["refresh_token"], grant_type="refresh_token"),
    timeout=10,
).json()
report(
    oid=oid,
    tokens_are_ours=[is_ours(tokens[name]) for name in ("access_token", "id_token")],
    code_is_ours=is_ours(came["code"][0]),
    person=get(data, tokens["access_token"]),
    contacts=get(data + "/ctts?embed=(elements)", tokens["access_token"]),
    after_refresh=get(data, renewed["access_token"]),
    refresh_changed=renewed["refresh_token"] != tokens["refresh_token"],
    logout=asked["url"]
    + "/idp/ext/Logout?"
    + urlencode({"client_id": asked["client_id"], "redirect_url": asked["redirect_uri"]}),
)
