//! The fields of the person themselves.

use serde_json::{Map, Value, json};

use super::{Subject, date};
use crate::error::Result;
use crate::model::level::Level;

impl Subject<'_> {
    /// What the scopes let out.
    pub(super) fn own_fields(&self) -> Map<String, Value> {
        let profile = &self.person.profile;
        let level = self.person.level(self.now);
        // Before a registry knows them, numbers are anybody's.
        let is_checked = level >= Level::Standard;
        let mut fields = Map::new();
        let mut put = |scope: &str, name: &str, value: Option<Value>| {
            if let Some(value) = value
                && self.has(scope)
            {
                fields.insert(name.to_owned(), value);
            }
        };
        let text = |text: &str| (!text.is_empty()).then(|| json!(text));
        put("fullname", "firstName", text(&profile.given_name));
        put("fullname", "lastName", text(&profile.family_name));
        put("fullname", "middleName", text(&profile.middle_name));
        put("fullname", "trusted", Some(json!(level == Level::Verified)));
        put("fullname", "status", Some(json!("REGISTERED")));
        // No operator checks foreigners here, and no child has an account.
        put("fullname", "rfgUOperatorCheck", Some(json!(false)));
        put("fullname", "kidAccCreatedByParent", Some(json!(false)));
        let updated = self.person.updated_at.seconds();
        put("fullname", "updatedOn", Some(json!(updated)));
        put(
            "birthdate",
            "birthDate",
            date(&profile.birthdate).map(Value::from),
        );
        put("birthplace", "birthPlace", text(&profile.birthplace));
        let gender = match profile.gender.as_str() {
            "male" => Some(json!("M")),
            "female" => Some(json!("F")),
            _ => None,
        };
        put("gender", "gender", gender);
        let snils = self.person.snils.as_ref().filter(|_| is_checked);
        put(
            "snils",
            "snils",
            snils.map(|snils| json!(snils.value.formatted())),
        );
        let inn = profile.inn.as_ref().filter(|_| is_checked);
        put("inn", "inn", inn.map(|inn| json!(inn.as_str())));
        let passport = profile.passport.as_ref();
        // Passports that are kept here are of citizens of Russia.
        put("id_doc", "citizenship", passport.map(|_| json!("RUS")));
        let main = passport.filter(|_| is_checked);
        put("id_doc", "rIdDoc", main.map(|_| json!(self.passport_id())));
        fields
    }

    /// Whether registries are being asked about the person, and whether a letter
    /// with a code is on its way to them.
    pub(super) async fn under_way(&self) -> Result<[(&'static str, bool); 2]> {
        let accounts = &self.esia.provider.accounts;
        let is_waited_for = self.person.level(self.now) == Level::Standard;
        Ok([
            ("verifying", accounts.is_checked_now(&self.person.id).await?),
            (
                "containsUpCfmCode",
                is_waited_for
                    && accounts
                        .letter_is_outstanding(&self.person.id, self.now)
                        .await?,
            ),
        ])
    }
}
