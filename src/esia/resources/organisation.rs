//! `/rs/orgs/{oid}`: the organisation that a relying party is registered with,
//! to its own system.

use serde_json::{Map, Value, json};

use super::{Found, RsRefused, tagged};
use crate::esia::Esia;
use crate::esia::organisation::{BY_KEY, WHOLE, organisation_of, scope_of};
use crate::model::client::GrantType;
use crate::model::id::ClientId;
use crate::model::organisation::Organisation;
use crate::model::timestamp::Timestamp;

/// Collections and their scopes; nobody has anything in them yet.
const COLLECTIONS: [(&str, &str); 4] = [
    ("ctts", "org_ctts"),
    ("addrs", "org_addrs"),
    ("emps", "org_emps"),
    ("grps", "org_grps"),
];

impl Esia {
    /// `/rs/orgs/{oid}` and its collections.
    ///
    /// # Errors
    /// Why they are not told.
    pub async fn organisation(
        &self,
        token: Option<&str>,
        oid: i64,
        rest: &[&str],
        now: Timestamp,
    ) -> Result<Found, RsRefused> {
        let claims = self.live_claims(token, now)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let client = ClientId::from(text("client_id").unwrap_or_default());
        let client = self.client(client.as_str()).await?;
        let client = client.ok_or(RsRefused::InvalidToken)?;
        // Its rights, its organisation and its keys of today.
        let organisation = organisation_of(&client).filter(|one| one.oid == oid);
        let organisation = organisation.ok_or(RsRefused::NotAllowed)?;
        let is_of_today = |key| organisation.api_keys.iter().any(|of| of == key);
        if !client.may_use(GrantType::ClientCredentials)
            || text(BY_KEY).is_some_and(|key| !is_of_today(key))
        {
            return Err(RsRefused::InvalidToken);
        }
        let scopes = text("scope").unwrap_or_default().split(' ');
        let scopes = scopes.filter_map(scope_of).filter(|(_, of)| *of == oid);
        let scopes: Vec<&str> = scopes.map(|(name, _)| name).collect();
        let has = |scope: &str| scopes.iter().any(|of| *of == WHOLE || *of == scope);
        match rest {
            [] if !scopes.is_empty() => Ok(Found {
                body: tagged("EntityRoot", fields(organisation, has)),
                schema: "orgs/Organization-1",
                links: Vec::new(),
            }),
            [] => Err(RsRefused::NotAllowed),
            [name] => {
                let known = COLLECTIONS.iter().find(|(path, _)| path == name);
                let (_, scope) = known.ok_or(RsRefused::NotFound)?;
                if !has(scope) {
                    return Err(RsRefused::NotAllowed);
                }
                let empty = json!({ "size": 0, "elements": [] });
                Ok(Found {
                    body: tagged("hasSize", empty.as_object().cloned().unwrap_or_default()),
                    schema: "orgs/Collection-1",
                    links: Vec::new(),
                })
            }
            _ => Err(RsRefused::NotFound),
        }
    }
}

fn fields(organisation: &Organisation, has: impl Fn(&str) -> bool) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("oid".to_owned(), json!(organisation.oid));
    for (scope, name, value) in [
        ("org_fullname", "fullName", json!(organisation.full_name)),
        ("org_shortname", "shortName", json!(organisation.short_name)),
        ("org_ogrn", "ogrn", json!(organisation.ogrn)),
        ("org_inn", "inn", json!(organisation.inn)),
        (WHOLE, "kpp", json!(organisation.kpp)),
        ("org_type", "type", json!(organisation.kind)),
    ] {
        if has(scope) && !value.is_null() {
            fields.insert(name.to_owned(), value);
        }
    }
    fields
}
