"""A portal with `esia-connector`, which was written for ESIA and knows nothing of
us: a sign-in with its token checked, and everything it can ask about a person.

Input: url, client_id, redirect_uri, certificate, key, scope, check_key (files)."""

from urllib.parse import parse_qs, urlsplit

from esia_connector.client import EsiaAuth, EsiaSettings

from conversation import came_back, heard, report

asked = heard()
auth = EsiaAuth(
    EsiaSettings(
        esia_client_id=asked["client_id"],
        redirect_uri=asked["redirect_uri"],
        certificate_file=asked["certificate"],
        private_key_file=asked["key"],
        esia_service_url=asked["url"],
        esia_scope=asked["scope"],
        esia_token_check_key=asked["check_key"],
    )
)
came = parse_qs(urlsplit(came_back(auth.get_auth_url())).query)
person = auth.complete_authorization(came["code"][0], came["state"][0])
report(
    oid=person.oid,
    main=person.get_person_main_info(),
    contacts=person.get_person_contacts(),
    documents=person.get_person_documents(),
    addresses=person.get_person_addresses(),
)
